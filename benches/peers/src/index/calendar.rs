//! The eight days of the look-ahead, and from when on each channel is free on each of them.
//!
//! Within a day a channel is free from some instant on, or not at all: what comes later in the look-ahead binds the whole
//! day, and what came before lets go at one instant.

use super::{DAY, LOOK_AHEAD_DAYS, Seat};

pub(crate) const DAYS: usize = 8;
const HOUR: i64 = DAY / 24;
pub(super) const MONTH: i64 = 30 * DAY;
const CHANNELS: usize = 4;

/// A place in the calendar for the campaign of a rank.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Slot {
    pub(crate) rank: usize,
    pub(crate) channel: usize,
    pub(crate) at: i64,
}

pub(super) struct Calendar<'a> {
    seat: &'a Seat,
    /// Eight in the morning of the first day.
    morning: i64,
    /// When the last day is cut off.
    end: i64,
    pub(super) now: i64,
    /// A bit for each day without a touch.
    days: u8,
    placed: bool,
    /// The channels, each looked up when it is first asked about.
    channels: [Option<Channel>; CHANNELS],
}

struct Channel {
    /// The touches that matter, sorted.
    touches: [i64; 2 + DAYS],
    count: usize,
    /// When each day is free, and a bit for each day on which it is.
    free: [i64; DAYS],
    open: u8,
}

impl<'a> Calendar<'a> {
    pub(super) fn new(seat: &'a Seat, now: i64) -> Self {
        let today = (now + seat.offset).div_euclid(DAY);
        let touched_today = (seat.last_touch + seat.offset).div_euclid(DAY) == today;
        Self {
            seat,
            morning: today * DAY - seat.offset + 8 * HOUR,
            end: now + LOOK_AHEAD_DAYS * DAY + 1,
            now,
            days: if touched_today { 0b1111_1110 } else { 0b1111_1111 },
            placed: false,
            channels: [const { None }; CHANNELS],
        }
    }

    /// The answer most often given, with nothing looked up: nothing is placed yet, and the campaign can go at once.
    pub(super) fn goes_now(&self, rank: usize, options: &[u8], from: i64, until: i64) -> Option<Slot> {
        let now = self.now;
        let awake = self.morning <= now && now < self.evening(0);
        if self.placed || self.days & 1 == 0 || !awake || now < from || until <= now {
            return None;
        }
        let free = |channel: &usize| self.seat.recent[*channel][0] + MONTH <= now;
        let channel = options.iter().map(|&option| usize::from(option)).find(free)?;
        Some(Slot {
            rank,
            channel,
            at: now,
        })
    }

    /// Whether anything can go at once.
    pub(super) fn lets_go_now(&self) -> bool {
        let now = self.now;
        let awake = self.morning <= now && now < self.evening(0);
        let free = |number: usize| match &self.channels[number] {
            Some(channel) => channel.open & 1 != 0 && channel.free[0] <= now,
            None => self.seat.recent[number][0] + MONTH <= now,
        };
        awake && self.days & 1 != 0 && (0..CHANNELS).any(free)
    }

    /// What is placed on a channel, sorted.
    pub(super) fn placed_on(&self, channel: usize) -> &[i64] {
        match &self.channels[channel] {
            Some(channel) => &channel.touches[2..channel.count],
            None => &[],
        }
    }

    /// The earliest instant at which anything can be placed.
    pub(super) fn free_from(&mut self) -> i64 {
        let mut free_from = i64::MAX;
        for number in 0..CHANNELS {
            let days = self.days;
            let channel = self.channel(number);
            let day = (channel.open & days).trailing_zeros() as usize;
            free_from = free_from.min(channel.free.get(day).copied().unwrap_or(i64::MAX));
        }
        free_from
    }

    /// Takes what is found.
    pub(super) fn place(&mut self, rank: usize, options: &[u8], from: i64, until: i64) -> Option<Slot> {
        let slot = self.find(rank, options, from, until)?;
        self.take(slot);
        Some(slot)
    }

    /// The earliest instant from `from` on and before `until`; of equals that of the first option.
    #[inline]
    pub(super) fn find(&mut self, rank: usize, options: &[u8], from: i64, until: i64) -> Option<Slot> {
        let mut best: Option<Slot> = None;
        for &channel in options {
            let channel = usize::from(channel);
            let at = self.earliest(channel, from, until);
            if at < best.map_or(i64::MAX, |best| best.at) {
                best = Some(Slot { rank, channel, at });
            }
        }
        best
    }

    #[inline]
    pub(super) fn take(&mut self, slot: Slot) {
        self.placed = true;
        self.days &= !(1 << self.day(slot.at));
        let Some(mut channel) = self.channels[slot.channel].take() else {
            return;
        };
        channel.touches[channel.count] = slot.at;
        channel.count += 1;
        channel.touches[..channel.count].sort_unstable();
        self.reopen(&mut channel);
        self.channels[slot.channel] = Some(channel);
    }

    fn channel(&mut self, number: usize) -> &Channel {
        if self.channels[number].is_none() {
            let mut channel = Channel {
                touches: [0; 2 + DAYS],
                count: 2,
                free: [0; DAYS],
                open: 0,
            };
            channel.touches[..2].copy_from_slice(&self.seat.recent[number]);
            self.reopen(&mut channel);
            self.channels[number] = Some(channel);
        }
        self.channels[number].as_ref().expect("just filled in")
    }

    fn day(&self, at: i64) -> usize {
        // Only times between morning and evening are asked about.
        ((at - self.morning).max(0) / DAY) as usize
    }

    fn earliest(&mut self, channel: usize, from: i64, until: i64) -> i64 {
        let days = self.days;
        let channel = self.channel(channel);
        let (free, mut open) = (channel.free, channel.open & days);
        while open != 0 {
            let day = open.trailing_zeros() as usize;
            let at = free[day].max(from);
            if at < self.evening(day).min(until) {
                return at;
            }
            open &= open - 1;
        }
        i64::MAX
    }

    fn evening(&self, day: usize) -> i64 {
        (self.morning + day as i64 * DAY + 14 * HOUR).min(self.end)
    }

    /// Finds out anew when a channel is free.
    fn reopen(&self, channel: &mut Channel) {
        let touches = &channel.touches[..channel.count];
        channel.open = 0;
        for day in 0..DAYS {
            let evening = self.evening(day);
            // Two always lie before: those of the history.
            let before = touches.partition_point(|&touch| touch < evening);
            // One more is one too many where two are within thirty days of each other and of it.
            let bound = match touches[before..] {
                [] => false,
                [next] => next - touches[before - 1] < MONTH,
                _ => true,
            };
            let morning = (self.morning + day as i64 * DAY).max(self.now);
            let free = morning.max(touches[before - 2] + MONTH);
            if self.days & 1 << day != 0 && !bound && free < evening {
                channel.free[day] = free;
                channel.open |= 1 << day;
            }
        }
    }
}
