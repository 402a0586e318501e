//! Holds after what customers did, or did not do.

use smallvec::SmallVec;

use super::{bound::Mark, view::View};
use crate::{
    clock::instant::Instant,
    compiled::rule::{React, ReactTo},
};

impl React {
    /// Whether the hold is on at `t`.
    pub(crate) fn holds(&self, view: &View<'_, '_>, t: Instant) -> bool {
        let mut events = self.events(view, t);
        events.sort_unstable();
        events.iter().any(|event| {
            let until = if self.hold == i64::MAX {
                Instant::MAX
            } else {
                event.plus(self.hold)
            };
            let up_to = events.partition_point(|at| at <= event);
            let before = if self.within == i64::MAX {
                0
            } else {
                events.partition_point(|&at| at <= event.minus(self.within))
            };
            t < until && up_to.saturating_sub(before) >= self.at_least
        })
    }

    fn looked_at<'v>(&'v self, view: &View<'v, '_>) -> impl Iterator<Item = &'v Mark> + use<'v> {
        let (marks, now): (&'v [Mark], Instant) = (&view.ask.marks, view.ask.now);
        marks
            .iter()
            .take_while(move |mark| mark.at <= now)
            .filter(|mark| self.counting.holds(mark.channel, mark.purpose, mark.campaign))
    }

    /// The instants at which it happened, as of `t`.
    fn events(&self, view: &View<'_, '_>, t: Instant) -> SmallVec<[Instant; 8]> {
        match &self.to {
            ReactTo::Response(kind) => self
                .looked_at(view)
                .flat_map(|mark| &mark.responses)
                .filter(|(word, at)| word == kind && *at <= t)
                .map(|&(_, at)| at)
                .collect(),
            ReactTo::Ignored {
                after,
                answered_by,
                in_a_row,
            } => {
                let answered = |mark: &Mark| {
                    mark.responses
                        .iter()
                        .any(|(kind, at)| answered_by.contains(kind) && *at <= t)
                };
                let mut touches: SmallVec<[(Instant, bool); 8]> = self
                    .looked_at(view)
                    .filter(|mark| mark.counted())
                    .map(|mark| (mark.at, answered(mark)))
                    .collect();
                // From the latest backwards; at equal instants the unanswered first.
                touches.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
                touches
                    .into_iter()
                    .take_while(|&(_, answered)| !(*in_a_row && answered))
                    .filter(|&(_, answered)| !answered)
                    .map(|(at, _)| at.plus(*after))
                    .filter(|&event| event <= t)
                    .collect()
            }
        }
    }

    /// The first instant after `t` at which [`React::holds`] may change.
    pub(crate) fn next_change(&self, view: &View<'_, '_>, t: Instant) -> Instant {
        let mut next = Instant::MAX;
        let mut at = |instant: Instant| {
            if instant > t && instant < next {
                next = instant;
            }
        };
        let hold = |event: Instant| {
            if self.hold == i64::MAX {
                Instant::MAX
            } else {
                event.plus(self.hold)
            }
        };
        for mark in self.looked_at(view) {
            for &(_, answered) in &mark.responses {
                at(answered);
                at(hold(answered));
            }
            if let ReactTo::Ignored { after, .. } = self.to {
                let event = mark.at.plus(after);
                at(event);
                at(hold(event));
            }
        }
        next
    }
}
