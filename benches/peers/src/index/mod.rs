//! What a specialist would write for exactly this workload: the ruler for all others.
//!
//! Campaigns are numbered by rank, so that a bitmap is read in the order in which campaigns go. Of each attribute there is
//! one row of bits for each stretch of its values: the campaigns that this attribute does not rule out. A campaign that
//! asks for tags stands in the posting list of its rarest one; the others stand in a bitmap of their own. A block of ranks
//! is then some words of nine rows *and*ed with what the customer's posting lists and that bitmap allow. Blocks start small,
//! because the answer is most often among the first campaigns, and double.
//!
//! It knows what a general engine cannot know: that nothing else is ever asked, that these zones have one offset, that all
//! touches of the history are past.

mod answer;
mod calendar;
mod key;
mod ladder;
mod seat;
mod whole;
mod whole_seat;

use chrono::{DateTime, Utc};

use crate::workload::{self, Spec, Test};
pub(crate) use answer::{Answer, Reason};
use calendar::Calendar;
pub(crate) use calendar::Slot;
use ladder::{Bound, Ladder, set};
pub(crate) use seat::Seat;
pub(crate) use whole::WholeIndex;
pub(crate) use whole_seat::WholeSeat;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
const LOOK_AHEAD_DAYS: i64 = 7;
/// 2026-11-01 at midnight in Shanghai, from which the days of windows count.
const FIRST_DAY: i64 = 1_793_462_400 * SECOND;
/// No window starts before day 0 or ends after this one.
const LAST_DAY: i64 = 60;
const WORD: usize = 64;
/// Words of a first and of a largest block.
const SMALL: usize = 8;
const LARGE: usize = 64;

pub(crate) struct Index {
    campaigns: Vec<Ranked>,
    /// Words of a row: whole small blocks.
    words: usize,
    /// All rows, one after the other.
    rows: Vec<u64>,
    age: Ladder<i64>,
    spend: Ladder<f64>,
    orders: Ladder<i64>,
    born: Ladder<i64>,
    /// Time since joining, in microseconds; the two ways to ask are apart, because time undoes only one of them.
    joined_at_least: Ladder<i64>,
    joined_below: Ladder<i64>,
    /// Start of the rows by level and, doubled, by whether the customer is a VIP.
    standing: usize,
    /// Start of the rows by city, with the temperature there.
    city: usize,
    /// Start of the rows by day: whose window is open at some time of the look-ahead from then.
    open: usize,
    tagless: Vec<u64>,
    /// Ranks by rarest tag, and where the list of each tag starts.
    posted: Vec<u32>,
    lists: Vec<u32>,
    /// The other tests on tags, where those of each rank start, and which ranks have any.
    others: Vec<Tagged>,
    first_others: Vec<u32>,
    tested: Vec<u64>,
}

/// A campaign, as far as placing it is concerned.
struct Ranked {
    start: i64,
    end: i64,
    joined_at_least: i64,
    joined_below: i64,
    channels: [u8; 2],
    options: u8,
}

#[derive(Clone, Copy)]
struct Tagged {
    tag: u16,
    wanted: bool,
}

/// The rows that a question reads.
type Asked = [usize; 8];

impl Index {
    pub(crate) fn new(ranked: &[Spec]) -> Self {
        let words = ranked.len().div_ceil(WORD * SMALL) * SMALL;
        let mut rows = Vec::new();
        let ladder = |pick: &dyn Fn(Test) -> Option<Bound<i64>>, rows: &mut Vec<u64>| {
            Ladder::new(ranked, words, rows, pick)
        };
        let age = ladder(
            &|test| match test {
                Test::AgeAtLeast(age) => Some(Bound::AtLeast(age)),
                Test::AgeBelow(age) => Some(Bound::Below(age)),
                _ => None,
            },
            &mut rows,
        );
        let orders = ladder(
            &|test| match test {
                Test::OrdersAtLeast(orders) => Some(Bound::AtLeast(orders)),
                _ => None,
            },
            &mut rows,
        );
        let born = ladder(
            &|test| match test {
                Test::BornSince(year) => Some(Bound::AtLeast(year)),
                _ => None,
            },
            &mut rows,
        );
        let joined_at_least = ladder(
            &|test| match test {
                Test::JoinedAtLeast(days) => Some(Bound::AtLeast(days * DAY)),
                _ => None,
            },
            &mut rows,
        );
        let joined_below = ladder(
            &|test| match test {
                Test::JoinedBelow(days) => Some(Bound::Below(days * DAY)),
                _ => None,
            },
            &mut rows,
        );
        let spend = Ladder::new(ranked, words, &mut rows, &|test| match test {
            Test::SpendAtLeast(spend) => Some(Bound::AtLeast(spend)),
            Test::SpendBelow(spend) => Some(Bound::Below(spend)),
            _ => None,
        });
        let standing = rows_of(20, words, &mut rows, ranked, |row, spec| {
            spec.audience.iter().all(|&test| match test {
                Test::Vip => row % 2 == 1,
                Test::LevelAtMost(level) => ((row / 2) as i64) < level,
                _ => true,
            })
        });
        let city = rows_of(workload::CITIES.len(), words, &mut rows, ranked, |row, spec| {
            spec.audience.iter().all(|&test| match test {
                Test::CityIs(city) => row == city,
                Test::CityIn(a, b) => row == a || row == b,
                Test::WarmerThan(degrees) => workload::temperature(row) >= degrees,
                _ => true,
            })
        });
        let open = rows_of(OPEN_ROWS, words, &mut rows, ranked, |row, spec| {
            let day = row as i64 - LOOK_AHEAD_DAYS - 1;
            spec.window
                .is_none_or(|(start, length)| start <= day + LOOK_AHEAD_DAYS && start + length > day)
        });
        let mut index = Self {
            campaigns: Vec::with_capacity(ranked.len()),
            words,
            rows,
            age,
            spend,
            orders,
            born,
            joined_at_least,
            joined_below,
            standing,
            city,
            open,
            tagless: vec![0; words],
            posted: Vec::new(),
            lists: Vec::new(),
            others: Vec::new(),
            first_others: Vec::with_capacity(ranked.len() + 1),
            tested: vec![0; words],
        };
        index.post(ranked);
        index.rows.shrink_to_fit();
        index
    }

    /// Gives every campaign its place among the posting lists.
    fn post(&mut self, ranked: &[Spec]) {
        let mut popularity = vec![0_u32; workload::TAGS as usize];
        let tags = ranked.iter().flat_map(|spec| &spec.audience);
        for tag in tags.filter_map(|test| wanted_tag(*test)) {
            popularity[tag] += 1;
        }
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); popularity.len()];
        for (rank, spec) in ranked.iter().enumerate() {
            let wanted = spec.audience.iter().filter_map(|test| wanted_tag(*test));
            let door = wanted.min_by_key(|&tag| popularity[tag]);
            match door {
                Some(tag) => lists[tag].push(rank as u32),
                None => set(&mut self.tagless, rank),
            }
            let first = self.others.len();
            self.first_others.push(first as u32);
            self.others
                .extend(spec.audience.iter().filter_map(|test| match *test {
                    Test::Tag(tag) if Some(tag as usize) == door => None,
                    Test::Tag(tag) => Some(Tagged {
                        tag: tag as u16,
                        wanted: true,
                    }),
                    Test::NoTag(tag) => Some(Tagged {
                        tag: tag as u16,
                        wanted: false,
                    }),
                    _ => None,
                }));
            if self.others.len() > first {
                set(&mut self.tested, rank);
            }
            self.campaigns.push(Ranked::new(spec));
        }
        self.first_others.push(self.others.len() as u32);
        for list in &lists {
            self.lists.push(self.posted.len() as u32);
            self.posted.extend(list);
        }
        self.lists.push(self.posted.len() as u32);
    }

    /// How many campaigns have the customer in their audience, whatever their windows.
    pub(crate) fn count(&self, seat: &Seat, now: DateTime<Utc>) -> usize {
        let mut count = 0;
        self.each(seat, now, |_| count += 1);
        count
    }

    /// Tells the ranks of the campaigns that have the customer in their audience, whatever their windows.
    pub(crate) fn each(&self, seat: &Seat, now: DateTime<Utc>, mut told: impl FnMut(usize)) {
        let asked = self.asked(seat, now.timestamp_micros(), 0);
        self.scan(seat, &asked, None, |rank| {
            told(rank);
            true
        });
    }

    /// The first campaign that has the customer in its audience, whatever its window.
    pub(crate) fn first(&self, seat: &Seat, now: DateTime<Utc>) -> Option<usize> {
        let mut first = None;
        self.scan(seat, &self.asked(seat, now.timestamp_micros(), 0), None, |rank| {
            first = Some(rank);
            false
        });
        first
    }

    /// The touch that comes first, ties by rank.
    pub(crate) fn decide(&self, seat: &Seat, now: DateTime<Utc>) -> Option<Slot> {
        let mut best: Option<Slot> = None;
        self.plan(seat, now, true, |slot, calendar| {
            let earliest = best.filter(|best| best.at <= slot.at).unwrap_or(slot);
            best = Some(earliest);
            // What is placed from here on ranks lower: it only matters if it is earlier.
            earliest.at > calendar.now && earliest.at > calendar.free_from()
        });
        best
    }

    /// Everything that is placed, by instant: one touch a day at most.
    pub(crate) fn agenda(&self, seat: &Seat, now: DateTime<Utc>) -> ([Slot; calendar::DAYS], usize) {
        let mut slots = [Slot::default(); calendar::DAYS];
        let mut placed = 0;
        self.plan(seat, now, false, |slot, _| {
            slots[placed] = slot;
            placed += 1;
            true
        });
        slots[..placed].sort_unstable_by_key(|slot| slot.at);
        (slots, placed)
    }

    /// Places campaign by campaign, and tells each place, until it is told to stop or nothing has a place any more.
    fn plan(
        &self,
        seat: &Seat,
        now: DateTime<Utc>,
        stops_at_now: bool,
        mut goes_on: impl FnMut(Slot, &mut Calendar<'_>) -> bool,
    ) {
        let now = now.timestamp_micros();
        let open = self.open_from(now);
        let asked = self.asked(seat, now, LOOK_AHEAD_DAYS * DAY);
        // Most customers of a small house have no match, and need no calendar.
        let mut calendar = None;
        self.scan(seat, &asked, Some(open), |rank| {
            let calendar = calendar.get_or_insert_with(|| Calendar::new(seat, now));
            let campaign = &self.campaigns[rank];
            let (from, until) = campaign.time_for(seat);
            let options = campaign.options();
            if stops_at_now && let Some(slot) = calendar.goes_now(rank, options, from, until) {
                return goes_on(slot, calendar);
            }
            let placed = calendar.place(rank, options, from, until);
            placed.is_none_or(|slot| goes_on(slot, calendar)) && calendar.free_from() != i64::MAX
        });
    }

    /// Where the row starts of whose window is open at some time of the look-ahead.
    fn open_from(&self, now: i64) -> usize {
        let day = (now - FIRST_DAY)
            .div_euclid(DAY)
            .clamp(-LOOK_AHEAD_DAYS - 1, LAST_DAY);
        self.open + (day + LOOK_AHEAD_DAYS + 1) as usize * self.words
    }

    fn asked(&self, seat: &Seat, now: i64, ahead: i64) -> Asked {
        let [age, spend, orders, born, standing, city] = seat.rows;
        let joined = now - seat.joined;
        [
            age,
            spend,
            orders,
            born,
            standing,
            city,
            self.joined_at_least.row(joined + ahead, self.words),
            self.joined_below.row(joined, self.words),
        ]
    }

    /// Visits what the rows, the tags and one row more allow, by rank, until it is told to stop.
    #[inline]
    fn scan(&self, seat: &Seat, asked: &Asked, open: Option<usize>, mut visit: impl FnMut(usize) -> bool) {
        let mut lists = seat.lists;
        let (mut first, mut width) = (0, SMALL);
        while first < self.words {
            width = width.min(self.words - first);
            let mut block = [0_u64; LARGE];
            let block = &mut block[..width];
            block.copy_from_slice(&self.tagless[first..first + width]);
            let end = ((first + width) * WORD) as u32;
            for (at, last) in &mut lists {
                let list = &self.posted[*at as usize..*last as usize];
                let inside = list.iter().take_while(|&&rank| rank < end);
                for &rank in inside {
                    set(block, rank as usize - first * WORD);
                    *at += 1;
                }
            }
            for row in asked.iter().copied().chain(open) {
                let row = &self.rows[row + first..row + first + width];
                for (word, allowed) in block.iter_mut().zip(row) {
                    *word &= allowed;
                }
            }
            let tested = &self.tested[first..first + width];
            for (number, (&word, tested)) in block.iter().zip(tested).enumerate() {
                let mut word = word;
                while word != 0 {
                    let bit = word.trailing_zeros();
                    word &= word - 1;
                    let rank = (first + number) * WORD + bit as usize;
                    let fits = tested >> bit & 1 == 0 || self.fits(rank, seat);
                    if fits && !visit(rank) {
                        return;
                    }
                }
            }
            first += width;
            width = (2 * width).min(LARGE);
        }
    }

    fn fits(&self, rank: usize, seat: &Seat) -> bool {
        let (first, last) = (self.first_others[rank], self.first_others[rank + 1]);
        self.others[first as usize..last as usize]
            .iter()
            .all(|other| seat.holds(other.tag) == other.wanted)
    }
}

/// Days from before the first window can be seen to after the last one is over.
const OPEN_ROWS: usize = (LAST_DAY + LOOK_AHEAD_DAYS + 2) as usize;

fn wanted_tag(test: Test) -> Option<usize> {
    match test {
        Test::Tag(tag) => Some(tag as usize),
        _ => None,
    }
}

/// Adds rows, and says where the first starts.
fn rows_of(
    count: usize,
    words: usize,
    rows: &mut Vec<u64>,
    ranked: &[Spec],
    allows: impl Fn(usize, &Spec) -> bool,
) -> usize {
    let start = rows.len();
    rows.resize(start + count * words, 0);
    for number in 0..count {
        let row = &mut rows[start + number * words..][..words];
        let allowed = ranked.iter().enumerate().filter(|(_, spec)| allows(number, spec));
        allowed.for_each(|(rank, _)| set(row, rank));
    }
    start
}

impl Ranked {
    fn new(spec: &Spec) -> Self {
        let (start, end) = spec.window.map_or((i64::MIN, i64::MAX), |(start, length)| {
            (FIRST_DAY + start * DAY, FIRST_DAY + (start + length) * DAY)
        });
        let mut joined_at_least = 0;
        let mut joined_below = i64::MAX;
        for test in &spec.audience {
            match test {
                Test::JoinedAtLeast(days) => joined_at_least = joined_at_least.max(days * DAY),
                Test::JoinedBelow(days) => joined_below = joined_below.min(days * DAY),
                _ => {}
            }
        }
        let mut channels = [0; 2];
        for (place, &channel) in channels.iter_mut().zip(&spec.channels) {
            *place = channel as u8;
        }
        Self {
            start,
            end,
            joined_at_least,
            joined_below,
            channels,
            options: spec.channels.len() as u8,
        }
    }

    /// From when on and until when it may go to a customer whom nothing else keeps from it.
    fn time_for(&self, seat: &Seat) -> (i64, i64) {
        let from = self.start.max(seat.joined + self.joined_at_least);
        let until = self.end.min(seat.joined.saturating_add(self.joined_below));
        (from, until)
    }

    fn options(&self) -> &[u8] {
        &self.channels[..usize::from(self.options)]
    }
}
