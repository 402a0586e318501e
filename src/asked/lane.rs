//! Lanes: what the policies' rules say of all campaigns alike, by one channel and sender, found once for a question.
//!
//! Most rules ask nothing of a campaign but its channel and purpose. What such rules say at an instant, among so many
//! placed touches, is the same for every campaign of the lane, and so is the instant from which all of them let pass.

use std::cell::RefCell;

use smallvec::SmallVec;

use super::{decision::Reason, gate::Gate, view::View};
use crate::{clock::instant::Instant, compiled::rule::Rule};

/// How many lanes are kept. A customer with many senders has more: they share the last place, since campaigns go through
/// their options in one order, and with the oldest going none would be there when it is asked for.
const MOST: usize = 32;

/// Up to this rank nothing is kept: most questions end there.
const EARLY: usize = 2;

/// What was found of the lanes of a question.
#[derive(Debug, Default)]
pub(crate) struct Lanes(RefCell<SmallVec<[Lane; 4]>>);

/// A lane among so many placed touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    number: usize,
    sender: Option<usize>,
    placed: usize,
    read_touches: bool,
}

#[derive(Debug)]
struct Lane {
    place: Place,
    wait: Option<Wait>,
    told: Option<Told>,
}

/// Some rule refuses from an instant on, at every instant before another one.
#[derive(Debug, Clone, Copy)]
struct Wait {
    from: Instant,
    until: Instant,
    /// Whether all let pass then; if not, that is not known.
    passes: bool,
}

/// What refuses at an instant.
#[derive(Debug)]
struct Told {
    at: Instant,
    /// Up to when it was asked when they let pass, if it was.
    limit: Option<Instant>,
    /// Each with the place of its rule in the list of the lane; of the campaign that was asked first.
    reasons: Vec<(usize, Reason)>,
}

impl Lanes {
    /// Reads what is known of a lane among so many placed touches, and notes what is new.
    fn at<R>(&self, place: Place, read: impl FnOnce(&mut Lane) -> R) -> Option<R> {
        let mut lanes = self.0.borrow_mut();
        let found = lanes.iter().position(|lane| lane.place.is_of(place));
        let number = found.unwrap_or(lanes.len().min(MOST - 1));
        if found.is_none() {
            lanes.truncate(number);
            lanes.push(Lane {
                place,
                wait: None,
                told: None,
            });
        }
        let lane = lanes.get_mut(number)?;
        if lane.place != place {
            lane.move_to(place);
        }
        Some(read(lane))
    }
}

impl Place {
    fn is_of(self, other: Self) -> bool {
        (self.number, self.sender) == (other.number, other.sender)
    }
}

impl Lane {
    fn move_to(&mut self, place: Place) {
        // More touches make no cap let pass, and what reads no touches does not know of them.
        let refuses_still = place.placed > self.place.placed && !place.read_touches;
        self.wait = self.wait.filter(|_| refuses_still).map(|wait| Wait {
            passes: false,
            ..wait
        });
        self.told = None;
        self.place = place;
    }
}

impl<'a> View<'a, '_> {
    /// The lane that speaks for this view; none where it sees other touches than others do.
    fn lane(&self) -> Option<Place> {
        let lane = self.reach?.lane?;
        Some(Place {
            number: lane.number,
            sender: self.sender,
            placed: self.seen.shared()?,
            read_touches: lane.read_touches,
        })
    }

    fn lane_rules(&self) -> impl Iterator<Item = (usize, &'a Rule)> + use<'a> {
        let rules = self.reach.into_iter().flat_map(|reach| reach.rules.iter());
        rules
            .enumerate()
            .map(|(number, rule)| (number, &**rule))
            .filter(|(_, rule)| rule.alike && !rule.observe)
    }

    /// The rules that refuse and for which no lane speaks.
    pub(crate) fn rules_apart(&self) -> impl Iterator<Item = &'a Rule> {
        let in_lane = self.lane().is_some();
        self.judging_but(move |rule| in_lane && rule.alike)
    }

    /// Whether some rule of the lane is known to refuse at `t`.
    pub(crate) fn lane_is_known_to_wait(&self, t: Instant) -> bool {
        let lanes = self.ask.lanes.0.borrow();
        let place = if lanes.is_empty() { None } else { self.lane() };
        let known = place.and_then(|place| lanes.iter().find(|lane| lane.place == place)?.wait);
        known.is_some_and(|wait| wait.from <= t && t < wait.until)
    }

    /// The first instant from `t` on, up to `limit`, at which every rule of the lane lets pass.
    pub(crate) fn lane_passes_from(&self, t: Instant, limit: Instant) -> Option<Instant> {
        let Some(place) = self.lane() else {
            return (t <= limit).then_some(t);
        };
        if self.is_early() {
            return self.wait(t, limit).ok();
        }
        let lanes = &self.ask.lanes;
        let known = lanes.at(place, |lane| lane.wait).flatten();
        let known = known.filter(|wait| wait.from <= t && t <= wait.until);
        let wait = match known {
            Some(wait) if wait.passes || wait.until > limit => wait,
            known => {
                let found = self.wait(known.map_or(t, |wait| wait.until), limit);
                let wait = Wait {
                    from: known.map_or(t, |wait| wait.from),
                    until: found.unwrap_or_else(|until| until),
                    passes: found.is_ok(),
                };
                lanes.at(place, |lane| lane.wait = Some(wait));
                wait
            }
        };
        (wait.passes && wait.until <= limit).then_some(wait.until)
    }

    /// Whether so little was asked before that it is not worth while to keep what is found.
    fn is_early(&self) -> bool {
        self.rank <= EARLY
    }

    /// The first instant from `t` on at which every rule of the lane lets pass; if there is none up to `limit`, an instant
    /// before which there is none.
    fn wait(&self, mut t: Instant, limit: Instant) -> Result<Instant, Instant> {
        let opening = self.opening(t);
        t = opening.map_or(t, |opening| opening.opens.max(t));
        if t > limit {
            return Err(t);
        }
        let caps_pass = opening.is_some_and(|opening| opening.is_complete);
        let rules = self.reach.map_or(&[][..], |reach| &reach.asked).iter();
        let rules = rules.filter(|rule| !(caps_pass && rule.kept));
        let count = rules.clone().count();
        // One after the other lets pass, until all do at the same instant.
        let mut passed = 0_usize;
        for rule in rules.cycle() {
            // The most common ones are asked at once.
            let passes = if self.surely_passes(rule, t) {
                Some(t)
            } else {
                self.rule_passes_from(rule, t, limit)
            };
            match passes {
                Some(passes) if passes > t => (t, passed) = (passes, 1),
                Some(_) => passed = passed.saturating_add(1),
                None => return Err(limit.max(t).plus(1)),
            }
            if passed >= count {
                break;
            }
        }
        if t <= limit { Ok(t) } else { Err(t) }
    }

    /// Tells the reasons of the rules of the lane that refuse at `t`; with the instants at which they free up to `limit`,
    /// if asked.
    pub(crate) fn lane_reasons(
        &self,
        t: Instant,
        limit: Option<Instant>,
        mut tell: impl FnMut(Gate<'a>, Reason),
    ) {
        let (Some(place), Some(reach)) = (self.lane(), self.reach) else {
            return;
        };
        if limit.is_none() {
            // These cost no more than to keep them.
            let caps_pass = self.opening(t).is_some_and(|opening| opening.passes(t));
            let rules = self.lane_rules().map(|(_, rule)| rule);
            for rule in rules.filter(|rule| !(caps_pass && rule.kept)) {
                let gate = Gate::Rule(rule);
                if let Some(reason) = self.reason(gate, t, limit) {
                    tell(gate, reason);
                }
            }
            return;
        }
        let gate = |number: usize| reach.rules.get(number).map(|rule| Gate::Rule(rule));
        let lanes = &self.ask.lanes;
        let known = lanes.at(place, |lane| {
            // INVARIANT: where a bar stands nothing waits, so that no wait hides its reason.
            if lane.wait.is_some_and(|wait| wait.passes && wait.until == t) {
                return Some(Vec::new());
            }
            let told = lane.told.as_ref();
            let told = told.filter(|told| (told.at, told.limit) == (t, limit))?;
            Some(told.reasons.clone())
        });
        if let (Some(reasons), Some(campaign)) = (known.flatten(), self.campaign) {
            for (number, reason) in reasons {
                let reason = Reason {
                    campaign: campaign.id.clone(),
                    occurrence: self.occurrence_id(),
                    ..reason
                };
                if let Some(gate) = gate(number) {
                    tell(gate, reason);
                }
            }
            return;
        }
        let rules = self.lane_rules();
        let reasons =
            rules.filter_map(|(number, rule)| Some((number, self.reason(Gate::Rule(rule), t, limit)?)));
        let reasons: Vec<(usize, Reason)> = reasons.collect();
        for (number, reason) in &reasons {
            if let Some(gate) = gate(*number) {
                tell(gate, reason.clone());
            }
        }
        lanes.at(place, |lane| {
            lane.told = Some(Told {
                at: t,
                limit,
                reasons,
            });
        });
    }
}

#[cfg(test)]
mod tests;
