//! What caps count: found once for a question, and kept as touches are placed.

use std::cell::RefCell;

use smallvec::SmallVec;

use super::{
    bound::Mark,
    cap::Times,
    reserve::Placed,
    view::{Ask, View},
};
use crate::{
    clock::instant::Instant,
    compiled::{rule::Cap, symbols::Symbol},
    written::rule::GroupedBy,
};

/// The touches that caps count from the time of the question on, by cap and group.
#[derive(Debug, Default)]
pub(crate) struct Tally<'a> {
    counts: RefCell<SmallVec<[Count<'a>; 4]>>,
}

#[derive(Debug)]
struct Count<'a> {
    cap: &'a Cap,
    group: Option<(GroupedBy, Symbol)>,
    /// How many of the placed touches are in it, where they count.
    placed: usize,
    /// Sorted.
    times: Times,
}

impl<'a> Count<'a> {
    fn new(cap: &'a Cap, group: Option<(GroupedBy, Symbol)>) -> Self {
        Self {
            cap,
            group,
            placed: 0,
            times: Times::new(),
        }
    }

    fn holds(&self, mark: &Mark) -> bool {
        self.cap.counts(self.group, mark)
    }

    /// The history, as far as it can share a window with what comes from now on.
    fn begin(&mut self, ask: &Ask<'_>) {
        self.placed = 0;
        self.times.clear();
        let (after, _) = self.cap.reach(ask.now);
        let first = ask.marks.partition_point(|mark| mark.at <= after);
        for mark in ask.marks.iter().skip(first) {
            if self.holds(mark) {
                self.times.push(mark.at);
            }
        }
    }

    fn add(&mut self, placed: &[Placed<'_>]) {
        for Placed { mark, .. } in placed {
            if self.holds(mark) {
                let place = self.times.partition_point(|&at| at <= mark.at);
                self.times.insert(place, mark.at);
            }
            self.placed = self.placed.saturating_add(1);
        }
    }
}

impl<'a> Tally<'a> {
    /// Hands over the instants of what a cap counts in a group, of the history and these placed touches.
    pub(crate) fn times<R>(
        &self,
        ask: &Ask<'_>,
        cap: &'a Cap,
        group: Option<(GroupedBy, Symbol)>,
        placed: &[Placed<'_>],
        read: impl FnOnce(&[Instant]) -> R,
    ) -> R {
        let mut counts = self.counts.borrow_mut();
        let found = counts
            .iter()
            .position(|count| std::ptr::eq(count.cap, cap) && count.group == group);
        let number = found.unwrap_or(counts.len());
        if found.is_none() {
            counts.push(Count::new(cap, group));
        }
        let Some(count) = counts.get_mut(number) else {
            return read(&[]);
        };
        if found.is_none() || count.placed > placed.len() {
            count.begin(ask);
        }
        count.add(placed.get(count.placed..).unwrap_or_default());
        read(&count.times)
    }
}

impl Cap {
    /// Whether the cap counts a touch in a group.
    pub(crate) fn counts(&self, group: Option<(GroupedBy, Symbol)>, mark: &Mark) -> bool {
        mark.counted()
            && self.counting.holds(mark.channel, mark.purpose, mark.campaign)
            && group.is_none_or(|(by, symbol)| mark.dimension(by) == symbol)
    }
}

impl<'a> View<'a, '_> {
    /// Hands over the sorted instants of the counted touches, of the history and placed, that a cap counts against a
    /// candidate with this content at `t` or later, as far as they can share a window with it. `None` where a cap by
    /// content has no content to count by.
    pub(crate) fn capped_times<R>(
        &self,
        cap: &'a Cap,
        content: Option<Symbol>,
        t: Instant,
        read: impl FnOnce(&[Instant]) -> R,
    ) -> Option<R> {
        let group = self.group(cap.grouped_by, content)?;
        if let Some((tally, placed, without)) = self.seen.tallied() {
            return Some(tally.times(self.ask, cap, group, placed, |times| {
                match without.filter(|mark| cap.counts(group, mark)) {
                    None => read(times),
                    Some(mark) => {
                        let mut times = Times::from_slice(times);
                        if let Ok(place) = times.binary_search(&mark.at) {
                            times.remove(place);
                        }
                        read(&times)
                    }
                }
            }));
        }
        let mut times = Times::new();
        let (after, _) = cap.reach(t);
        let marks: &[Mark] = &self.ask.marks;
        // The latest are last, and what is near is at the end.
        let near = marks.iter().rev().take_while(|mark| mark.at > after).count();
        for mark in marks.get(marks.len().saturating_sub(near)..).unwrap_or_default() {
            if cap.counts(group, mark) {
                times.push(mark.at);
            }
        }
        let known = times.len();
        for mark in self.seen.marks() {
            if mark.at > after && cap.counts(group, mark) {
                times.push(mark.at);
            }
        }
        if times.len() > known {
            times.sort_unstable();
        }
        Some(read(&times))
    }
}
