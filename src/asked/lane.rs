//! Lanes: what the policies' rules say of all campaigns alike, by one channel and sender, found once for a question.
//!
//! Most rules ask nothing of a campaign but its channel and purpose. What such rules say at an instant, among so many
//! placed touches, is the same for every campaign of the lane, and so is the instant from which all of them let pass.

use std::cell::RefCell;

use smallvec::SmallVec;

use super::{
    gate::{Gate, Refusal},
    view::View,
};
use crate::{clock::instant::Instant, compiled::rule::Rule};

/// How many lanes are kept: a customer with many senders has more, and then the oldest go.
const MOST: usize = 32;

/// What was found of the lanes of a question.
#[derive(Debug, Default)]
pub(crate) struct Lanes(RefCell<SmallVec<[Lane; 4]>>);

/// A lane among so many placed touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    number: usize,
    sender: Option<usize>,
    placed: usize,
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
#[derive(Debug, Clone)]
struct Told {
    at: Instant,
    /// Up to when it was asked when they let pass, if it was.
    limit: Option<Instant>,
    refusing: SmallVec<[Refusing; 2]>,
}

/// A rule that refuses.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refusing {
    /// Its place in the list of the lane.
    number: usize,
    pub(crate) refusal: Refusal,
    pub(crate) frees_at: Option<Instant>,
}

impl Lanes {
    fn get<R>(&self, place: Place, read: impl FnOnce(&Lane) -> R) -> Option<R> {
        self.0.borrow().iter().find(|lane| lane.place == place).map(read)
    }

    fn note(&self, place: Place, write: impl FnOnce(&mut Lane)) {
        let mut lanes = self.0.borrow_mut();
        // What was found among fewer is not asked again.
        let same = |lane: &&mut Lane| (lane.place.number, lane.place.sender) == (place.number, place.sender);
        if let Some(lane) = lanes.iter_mut().find(same) {
            if lane.place != place {
                *lane = Lane::new(place);
            }
            return write(lane);
        }
        let mut lane = Lane::new(place);
        write(&mut lane);
        if lanes.len() >= MOST {
            lanes.remove(0);
        }
        lanes.push(lane);
    }
}

impl Lane {
    fn new(place: Place) -> Self {
        Self {
            place,
            wait: None,
            told: None,
        }
    }
}

impl<'a> View<'a, '_> {
    /// The lane that speaks for this view; none where it sees other touches than others do.
    fn lane(&self) -> Option<Place> {
        Some(Place {
            number: self.reach?.lane?,
            sender: self.sender,
            placed: self.seen.shared()?,
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
    pub(crate) fn rules_apart(&self) -> impl Iterator<Item = &'a Rule> + use<'a> {
        let in_lane = self.lane().is_some();
        let reach = self.reach.into_iter();
        let rules = reach.flat_map(move |reach| {
            let shared = reach.rules.iter().filter(move |rule| !(in_lane && rule.alike));
            shared.chain(&reach.own)
        });
        rules.map(|rule| &**rule).filter(|rule| !rule.observe)
    }

    /// The first instant from `t` on, up to `limit`, at which every rule of the lane lets pass.
    pub(crate) fn lane_passes_from(&self, t: Instant, limit: Instant) -> Option<Instant> {
        let Some(place) = self.lane() else {
            return (t <= limit).then_some(t);
        };
        let lanes = &self.ask.lanes;
        let known = lanes.get(place, |lane| lane.wait).flatten();
        let known = known.filter(|wait| wait.from <= t && t <= wait.until);
        let wait = match known {
            Some(wait) if wait.passes || wait.until > limit => wait,
            known => {
                let reached = known.map_or(t, |wait| wait.until);
                let (until, passes) = self.wait(reached, limit);
                let from = known.map_or(t, |wait| wait.from);
                let wait = Wait { from, until, passes };
                lanes.note(place, |lane| lane.wait = Some(wait));
                wait
            }
        };
        (wait.passes && wait.until <= limit).then_some(wait.until)
    }

    /// The first instant from `t` on at which every rule of the lane lets pass; if there is none up to `limit`, an instant
    /// before which there is none.
    fn wait(&self, mut t: Instant, limit: Instant) -> (Instant, bool) {
        while t <= limit {
            let refuses = |rule: &&'a Rule| self.rule_refusal(rule, t).is_some();
            let Some(rule) = self.lane_rules().map(|(_, rule)| rule).find(refuses) else {
                return (t, true);
            };
            if self.is_steady(Gate::Rule(rule)) {
                return (Instant::MAX, false);
            }
            match self.passes_from(Gate::Rule(rule), t, limit) {
                Some(passes) => t = passes,
                None => return (limit.plus(1), false),
            }
        }
        (t, false)
    }

    /// The rules of the lane that refuse at `t`, and when each lets pass up to `limit`, if asked.
    pub(crate) fn lane_refusing(
        &self,
        t: Instant,
        limit: Option<Instant>,
    ) -> impl Iterator<Item = (&'a Rule, Refusing)> + use<'a> {
        let refusing = self
            .lane()
            .map(|place| self.told_of(place, t, limit))
            .unwrap_or_default();
        let reach = self.reach;
        refusing.into_iter().filter_map(move |refusing| {
            let rule = reach?.rules.get(refusing.number)?;
            Some((&**rule, refusing))
        })
    }

    fn told_of(&self, place: Place, t: Instant, limit: Option<Instant>) -> SmallVec<[Refusing; 2]> {
        let lanes = &self.ask.lanes;
        let asked = |told: &&Told| (told.at, told.limit) == (t, limit);
        let known = lanes.get(place, |lane| lane.told.as_ref().filter(asked).cloned());
        if let Some(told) = known.flatten() {
            return told.refusing;
        }
        let refusing = self.lane_rules().filter_map(|(number, rule)| {
            let refusal = self.rule_refusal(rule, t)?;
            let frees_at = limit.and_then(|limit| self.passes_from(Gate::Rule(rule), t, limit));
            Some(Refusing {
                number,
                refusal,
                frees_at,
            })
        });
        let refusing: SmallVec<[Refusing; 2]> = refusing.collect();
        let told = Told {
            at: t,
            limit,
            refusing: refusing.clone(),
        };
        lanes.note(place, |lane| lane.told = Some(told));
        refusing
    }
}
