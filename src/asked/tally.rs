//! What caps count: found once for a question, and kept as touches are placed.

use std::cell::{Cell, RefCell};

use smallvec::SmallVec;

use super::{
    bound::Mark,
    cap::{Full, Times},
    reserve::Placed,
    view::{Ask, View},
};
use crate::{
    clock::instant::{HORIZON, Instant},
    compiled::{rule::Cap, symbols::Symbol},
    written::rule::GroupedBy,
};

/// How many answers are kept; then the oldest go.
const MOST_KNOWN: usize = 32;

/// The touches that caps count from the time of the question on, by cap and group.
#[derive(Debug, Default)]
pub(crate) struct Tally<'a> {
    counts: RefCell<SmallVec<[Count<'a>; 4]>>,
    respects: RefCell<SmallVec<[Respects; 4]>>,
}

/// For the touches of a channel and purpose, among so many placed ones: from an instant on they would displace some, and
/// from a later one on, at first, none.
#[derive(Debug, Clone, Copy)]
struct Respects {
    channel: Symbol,
    purpose: Symbol,
    placed: usize,
    from: Instant,
    /// [`Instant::MAX`] is never.
    until: Instant,
}

#[derive(Debug)]
struct Count<'a> {
    cap: &'a Cap,
    group: Option<(GroupedBy, Symbol)>,
    /// How many of the placed touches are in it, where they count.
    placed: usize,
    /// Sorted.
    times: Times,
    /// What was found of the cap among these, for the next who asks the same.
    found: Cell<Found>,
}

/// What was last asked of a cap, and the answer.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    /// At an instant: how it refuses.
    refuses: Option<(Instant, Option<Full>)>,
    /// From an instant to a later one it refuses all the while, and then it does not. Of never, the latter is
    /// [`Instant::MAX`].
    passes: Option<(Instant, Instant)>,
}

/// What caps count in some group, with what was found of it before.
pub(crate) struct Counted<'t> {
    pub(crate) times: &'t [Instant],
    found: Option<&'t Cell<Found>>,
}

impl Counted<'_> {
    /// As [`Cap::refuses`].
    pub(crate) fn refuses(&self, cap: &Cap, view: &View<'_, '_>, t: Instant) -> Option<Full> {
        let Some(found) = self.found else {
            return cap.refuses(view, self.times, t);
        };
        let known = found.get();
        if let Some((at, refuses)) = known.refuses
            && at == t
        {
            return refuses;
        }
        let refuses = cap.refuses(view, self.times, t);
        found.set(Found {
            refuses: Some((t, refuses)),
            ..known
        });
        refuses
    }

    /// The first instant from `t` on, up to `limit`, at which the cap does not refuse.
    pub(crate) fn passes_from(
        &self,
        cap: &Cap,
        view: &View<'_, '_>,
        t: Instant,
        limit: Instant,
    ) -> Option<Instant> {
        let known = self.found.and_then(|found| found.get().passes);
        let passes = match known {
            Some((from, passes)) if from <= t && t <= passes => passes,
            _ => {
                let mut passes = t;
                // No further than any question goes, so that the answer serves the next.
                let limit = view.ask.now.plus(HORIZON).max(limit);
                while let Some(full) = cap.refuses(view, self.times, passes) {
                    passes = full.until;
                    if passes > limit {
                        passes = Instant::MAX;
                        break;
                    }
                }
                if let Some(found) = self.found {
                    found.set(Found {
                        passes: Some((t, passes)),
                        ..found.get()
                    });
                }
                passes
            }
        };
        (passes <= limit).then_some(passes)
    }
}

impl<'a> Count<'a> {
    fn new(cap: &'a Cap, group: Option<(GroupedBy, Symbol)>) -> Self {
        Self {
            cap,
            group,
            placed: 0,
            times: Times::new(),
            found: Cell::default(),
        }
    }

    fn holds(&self, mark: &Mark) -> bool {
        self.cap.counts(self.group, mark)
    }

    /// The history, as far as it can share a window with what comes from now on.
    fn begin(&mut self, ask: &Ask<'_>) {
        self.placed = 0;
        self.times.clear();
        self.found.take();
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
                self.found.take();
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
        read: impl FnOnce(Counted<'_>) -> R,
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
            return read(Counted {
                times: &[],
                found: None,
            });
        };
        if found.is_none() || count.placed > placed.len() {
            count.begin(ask);
        }
        count.add(placed.get(count.placed..).unwrap_or_default());
        read(Counted {
            times: &count.times,
            found: Some(&count.found),
        })
    }
}

impl Tally<'_> {
    /// From when on touches of a channel and purpose displace none of so many placed ones, from `t` on, if that was asked.
    pub(crate) fn respects(
        &self,
        channel: Symbol,
        purpose: Symbol,
        placed: usize,
        t: Instant,
    ) -> Option<Instant> {
        self.known(channel, purpose, t, |known| known == placed)
    }

    /// An instant before which touches of a channel and purpose displace some of so many placed ones, from `t` on, if it
    /// was asked of fewer: what was displaced among these still is, for those that came later respect it.
    pub(crate) fn displaces(
        &self,
        channel: Symbol,
        purpose: Symbol,
        placed: usize,
        t: Instant,
    ) -> Option<Instant> {
        self.known(channel, purpose, t, |known| known < placed)
    }

    fn known(
        &self,
        channel: Symbol,
        purpose: Symbol,
        t: Instant,
        placed: impl Fn(usize) -> bool,
    ) -> Option<Instant> {
        let known = self.respects.borrow();
        let known = known.iter().filter(|known| {
            (known.channel, known.purpose) == (channel, purpose)
                && placed(known.placed)
                && known.from <= t
                && t <= known.until
        });
        known.map(|known| known.until).max()
    }

    /// Notes what [`Tally::respects`] was asked.
    pub(crate) fn note_respects(
        &self,
        channel: Symbol,
        purpose: Symbol,
        placed: usize,
        from: Instant,
        until: Instant,
    ) {
        let mut known = self.respects.borrow_mut();
        // What this one is found from is not needed any more.
        known.retain(|known| {
            (known.channel, known.purpose) != (channel, purpose) || known.from > from || known.until < from
        });
        if known.len() >= MOST_KNOWN {
            known.remove(0);
        }
        known.push(Respects {
            channel,
            purpose,
            placed,
            from,
            until,
        });
    }
}

impl Cap {
    /// Whether the cap counts a touch in a group.
    #[inline]
    pub(crate) fn counts(&self, group: Option<(GroupedBy, Symbol)>, mark: &Mark) -> bool {
        let counts = if self.bit != 0 {
            mark.caps & self.bit != 0
        } else {
            mark.counted() && self.counting.holds(mark.channel, mark.purpose, mark.campaign)
        };
        counts && group.is_none_or(|(by, symbol)| mark.dimension(by) == symbol)
    }
}

impl<'a> View<'a, '_> {
    /// Hands over the counted touches, of the history and placed, that a cap counts against a
    /// candidate with this content at `t` or later, as far as they can share a window with it. `None` where a cap by
    /// content has no content to count by.
    pub(crate) fn capped_times<R>(
        &self,
        cap: &'a Cap,
        content: Option<Symbol>,
        t: Instant,
        read: impl FnOnce(Counted<'_>) -> R,
    ) -> Option<R> {
        let group = self.group(cap.grouped_by, content)?;
        if let Some((tally, placed, without)) = self.seen.tallied() {
            return Some(tally.times(self.ask, cap, group, placed, |counted| {
                match without.filter(|mark| cap.counts(group, mark)) {
                    None => read(counted),
                    Some(mark) => {
                        let mut times = Times::from_slice(counted.times);
                        if let Ok(place) = times.binary_search(&mark.at) {
                            times.remove(place);
                        }
                        read(Counted {
                            times: &times,
                            found: None,
                        })
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
        Some(read(Counted {
            times: &times,
            found: None,
        }))
    }
}

#[cfg(test)]
mod tests;
