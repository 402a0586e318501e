//! A customer made ready for whole answers.

use smol_str::SmolStr;

use crate::workload::{CHANNELS, Person};

use super::{Index, Seat, calendar::MONTH, key::Head};

pub(crate) struct WholeSeat {
    pub(crate) seat: Seat,
    pub(super) customer: SmolStr,
    pub(super) head: Head,
    /// The touches of each channel, the oldest first.
    history: [Vec<i64>; CHANNELS.len()],
}

impl WholeSeat {
    pub(crate) fn new(index: &Index, person: &Person) -> Self {
        let mut history: [Vec<i64>; CHANNELS.len()] = Default::default();
        for (at, channel) in &person.history {
            history[*channel].push(at.timestamp_micros());
        }
        Self {
            seat: Seat::new(index, person),
            customer: SmolStr::new(&person.id),
            head: Head::new(&[&person.id]),
            history,
        }
    }

    /// How many touches the fullest thirty days hold in which one more would be too many for its channel, if there are
    /// any; `placed` are those after `now`.
    pub(super) fn used(&self, channel: usize, placed: &[i64], now: i64) -> Option<usize> {
        let [last_but_one, _] = self.seat.recent[channel];
        if placed.is_empty() && last_but_one + MONTH <= now {
            return None;
        }
        let history = &self.history[channel];
        let since = |end: i64| history.len() - history.partition_point(|&at| at <= end - MONTH);
        let ends = [now].into_iter().chain(placed.iter().copied());
        let held = ends.enumerate().map(|(ahead, end)| ahead + since(end));
        held.max().filter(|&used| used >= 2)
    }

    /// Whether one more touch now would be too many for a placed one: then thirty days hold both and one more.
    pub(super) fn displaces(&self, channel: usize, placed: &[i64]) -> bool {
        let [_, last] = self.seat.recent[channel];
        match placed {
            [] => false,
            [at] => at - last < MONTH,
            _ => true,
        }
    }
}
