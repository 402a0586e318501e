//! A customer made ready for questions.

use chrono::{Datelike, Offset, TimeZone};

use crate::workload::{self, HELD, Person};

use super::{Index, SECOND, WORD, ladder::set};

const TAG_WORDS: usize = (workload::TAGS as usize).div_ceil(WORD);

pub(crate) struct Seat {
    /// Where the rows of age, spend, orders, birth, standing and city start.
    pub(super) rows: [usize; 6],
    /// Where the posting lists of the held tags start and end.
    pub(super) lists: [(u32, u32); HELD],
    tags: [u64; TAG_WORDS],
    pub(super) joined: i64,
    /// What the wall clock is ahead of UTC, in microseconds.
    pub(super) offset: i64,
    /// The last touch but one and the last of each channel: no other can matter to two in thirty days.
    pub(super) recent: [[i64; 2]; 4],
    pub(super) last_touch: i64,
}

/// Long ago, and far from overflow.
const NEVER: i64 = i64::MIN / 4;

impl Seat {
    pub(crate) fn new(index: &Index, person: &Person) -> Self {
        let words = index.words;
        let mut tags = [0; TAG_WORDS];
        let mut lists = [(0, 0); HELD];
        for (list, &tag) in lists.iter_mut().zip(&person.tags) {
            set(&mut tags, tag as usize);
            *list = (index.lists[tag as usize], index.lists[tag as usize + 1]);
        }
        let mut recent = [[NEVER; 2]; 4];
        for &(at, channel) in &person.history {
            recent[channel] = [recent[channel][1], at.timestamp_micros()];
        }
        let standing = 2 * (person.level as usize - 1) + usize::from(person.vip);
        let offset = person.tz().offset_from_utc_datetime(&workload::now().naive_utc());
        Self {
            rows: [
                index.age.row(person.age, words),
                index.spend.row(person.spend, words),
                index.orders.row(person.orders, words),
                index.born.row(i64::from(person.birthday.year()), words),
                index.standing + standing * words,
                index.city + person.city * words,
            ],
            lists,
            tags,
            joined: person.joined_at.timestamp_micros(),
            offset: i64::from(offset.fix().local_minus_utc()) * SECOND,
            recent,
            last_touch: person
                .history
                .last()
                .map_or(NEVER, |(at, _)| at.timestamp_micros()),
        }
    }

    pub(super) fn holds(&self, tag: u16) -> bool {
        let tag = usize::from(tag);
        self.tags[tag / WORD] >> (tag % WORD) & 1 == 1
    }
}
