//! Holds after what customers did, or did not do.

use smallvec::SmallVec;

use super::{bound::Mark, view::View};
use crate::{
    clock::instant::Instant,
    compiled::rule::{React, ReactTo},
};

impl React {
    /// Whether a hold is on at `t`.
    pub(crate) fn holds(&self, view: &View<'_, '_>, t: Instant) -> bool {
        self.held_until(view, t).is_some()
    }

    /// The end of the longest hold that is on at `t`.
    fn held_until(&self, view: &View<'_, '_>, t: Instant) -> Option<Instant> {
        let mut events = self.events(view, t);
        events.sort_unstable();
        let holds = |event: &Instant| {
            let up_to = events.partition_point(|at| at <= event);
            let before = if self.within == i64::MAX {
                0
            } else {
                events.partition_point(|&at| at <= event.minus(self.within))
            };
            up_to.saturating_sub(before) >= self.at_least
        };
        let last = events.iter().rev().find(|event| holds(event))?;
        let until = if self.hold == i64::MAX {
            Instant::MAX
        } else {
            last.plus(self.hold)
        };
        (t < until).then_some(until)
    }

    /// Where a hold is on at `t`: an instant after `t`, not after the first at which none is. Later events can only
    /// lengthen a hold; only an answer ends one before its time.
    pub(crate) fn holds_until(&self, view: &View<'_, '_>, t: Instant) -> Option<Instant> {
        let until = self.held_until(view, t)?;
        let ReactTo::Ignored { answered_by, .. } = &self.to else {
            return Some(until);
        };
        let responses = self.looked_at(view).flat_map(|mark| &mark.responses);
        let answers = responses.filter(|(kind, at)| *at > t && answered_by.contains(kind));
        Some(answers.map(|&(_, at)| at).fold(until, Instant::min))
    }

    fn looked_at<'v, 'a>(&'v self, view: &View<'a, '_>) -> impl Iterator<Item = &'a Mark> + use<'v, 'a> {
        let (marks, now): (&'a [Mark], Instant) = (&view.ask.marks, view.ask.now);
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
}
