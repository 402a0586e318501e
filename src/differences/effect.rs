//! Whether a difference tightens or loosens.

use std::cmp::Ordering;

use super::change::Effect;
use crate::{
    witness::{
        question::{Answer, Question},
        truths::Truths,
    },
    written::{
        calendar::{ClockWindow, UnknownTimeZone, Zone},
        campaign::Campaign,
        condition::Condition,
        rule::{AtMost, Cap, Effect as Then, Hold, Per, Quiet, React, Rule},
        rulebook::{ChannelConsent, Rulebook},
        scope::Scope,
    },
};

/// The seconds of a day.
const DAY: u32 = 86_400;

pub(super) struct Judge<'b> {
    pub(super) old: &'b Rulebook,
    pub(super) new: &'b Rulebook,
}

/// What it does, if anything: each part of it does something or nothing, and together they do what all of them do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Same,
    Tightens,
    Loosens,
    Shifts,
}

impl Part {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Same, part) | (part, Self::Same) => part,
            (a, b) if a == b => a,
            _ => Self::Shifts,
        }
    }

    fn same_if(same: bool) -> Self {
        if same { Self::Same } else { Self::Shifts }
    }

    /// More of something tightens.
    fn more<T: Ord>(was: T, is: T) -> Self {
        match is.cmp(&was) {
            Ordering::Less => Self::Loosens,
            Ordering::Equal => Self::Same,
            Ordering::Greater => Self::Tightens,
        }
    }

    fn opposite(self) -> Self {
        match self {
            Self::Tightens => Self::Loosens,
            Self::Loosens => Self::Tightens,
            other => other,
        }
    }
}

impl From<Part> for Effect {
    fn from(part: Part) -> Self {
        match part {
            Part::Tightens => Self::Tightens,
            Part::Loosens => Self::Loosens,
            Part::Same | Part::Shifts => Self::Shifts,
        }
    }
}

/// What is gone does the opposite of what is new.
pub(super) fn opposite(effect: Effect) -> Effect {
    match effect {
        Effect::Tightens => Effect::Loosens,
        Effect::Loosens => Effect::Tightens,
        Effect::Shifts => Effect::Shifts,
    }
}

impl Judge<'_> {
    pub(super) fn channel(&self, name: &str) -> Effect {
        let strictness = |book: &Rulebook| {
            book.channels.get(name).map(|channel| match channel.consent {
                ChannelConsent::None => 0,
                ChannelConsent::OptOut => 1,
                ChannelConsent::OptIn => 2,
            })
        };
        match (strictness(self.old), strictness(self.new)) {
            (Some(was), Some(is)) => Part::more(was, is).into(),
            _ => Effect::Shifts,
        }
    }

    /// What a rule does that was not there.
    pub(super) fn new_rule(&self, rule: &Rule) -> Effect {
        match rule.then {
            Then::Prefer(_) => Effect::Shifts,
            _ if rule.observe => Effect::Shifts,
            _ => Effect::Tightens,
        }
    }

    pub(super) fn rule(&self, was: &Rule, is: &Rule) -> Effect {
        let watches = |rule: &Rule| rule.observe || matches!(rule.then, Then::Prefer(_));
        match (watches(was), watches(is)) {
            (true, true) => return Effect::Shifts,
            (true, false) => return self.new_rule(is),
            (false, true) => return opposite(self.new_rule(was)),
            (false, false) => {}
        }
        let scope = scopes(was.scope.as_ref(), is.scope.as_ref())
            .and(excepts(was.except.as_ref(), is.except.as_ref()));
        // Without a scope of its own to count, a cap and a reaction count by the rule's.
        let counts_by_scope = match &is.then {
            Then::Cap(cap) => cap.counting.is_none(),
            Then::React(react) => react.counting.is_none(),
            _ => false,
        };
        let scope = if counts_by_scope && scope != Part::Same {
            Part::Shifts
        } else {
            scope
        };
        let when = self.conditions(was.when.as_ref(), is.when.as_ref(), Truths::NOT_FALSE);
        scope.and(when).and(self.effects(&was.then, &is.then)).into()
    }

    pub(super) fn campaign(&self, was: &Campaign, is: &Campaign) -> Effect {
        let audience = self
            .conditions(was.audience.as_ref(), is.audience.as_ref(), Truths::TRUE)
            .opposite();
        let stop = match (&was.stop_when, &is.stop_when) {
            (None, None) => Part::Same,
            (None, Some(_)) => Part::Tightens,
            (Some(_), None) => Part::Loosens,
            (Some(_), Some(_)) => {
                self.conditions(was.stop_when.as_ref(), is.stop_when.as_ref(), Truths::NOT_FALSE)
            }
        };
        let topic = match (&was.topic, &is.topic) {
            (was, is) if was == is => Part::Same,
            (None, Some(_)) => Part::Tightens,
            (Some(_), None) => Part::Loosens,
            _ => Part::Shifts,
        };
        let channels = if was.channels == is.channels {
            Part::Same
        } else if is.channels.starts_with(&was.channels) {
            Part::Loosens
        } else if was.channels.starts_with(&is.channels) {
            Part::Tightens
        } else {
            Part::Shifts
        };
        // What else a campaign is, in which there is no less and no more.
        let mut like = is.clone();
        like.audience.clone_from(&was.audience);
        like.stop_when.clone_from(&was.stop_when);
        like.topic.clone_from(&was.topic);
        like.channels.clone_from(&was.channels);
        audience
            .and(stop)
            .and(topic)
            .and(channels)
            .and(Part::same_if(like == *was))
            .into()
    }

    /// Whether a condition has some truth values more often or more rarely: more often tightens.
    fn conditions(&self, was: Option<&Condition>, is: Option<&Condition>, acting: Truths) -> Part {
        if was == is && (was.is_none() || self.old.tags == self.new.tags) {
            return Part::Same;
        }
        // What the words mean must be the same in both.
        if self.old.tags != self.new.tags
            || self.old.attributes != self.new.attributes
            || self.old.facts != self.new.facts
        {
            return Part::Shifts;
        }
        let idle = if acting == Truths::TRUE {
            Truths::NOT_TRUE
        } else {
            Truths::FALSE
        };
        let never = |acts: Option<&Condition>, idles: Option<&Condition>| {
            let mut question = Question::new(self.new);
            question.want(acts, acting).want(idles, idle);
            question.answer() == Answer::Never
        };
        match (never(was, is), never(is, was)) {
            (true, true) => Part::Same,
            (true, false) => Part::Tightens,
            (false, true) => Part::Loosens,
            (false, false) => Part::Shifts,
        }
    }
}

/// A wider scope tightens.
fn scopes(was: Option<&Scope>, is: Option<&Scope>) -> Part {
    fn names(scope: Option<&Scope>) -> [Option<&Vec<String>>; 3] {
        [
            scope.and_then(|scope| scope.channels.as_ref()),
            scope.and_then(|scope| scope.purposes.as_ref()),
            scope.and_then(|scope| scope.campaigns.as_ref()),
        ]
    }
    let within = |inner: Option<&Vec<String>>, outer: Option<&Vec<String>>| match (inner, outer) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(inner), Some(outer)) => inner.iter().all(|name| outer.contains(name)),
    };
    let dimensions = names(was).into_iter().zip(names(is));
    dimensions.fold(Part::Same, |part, (was, is)| {
        part.and(match (within(was, is), within(is, was)) {
            (true, true) => Part::Same,
            (true, false) => Part::Tightens,
            (false, true) => Part::Loosens,
            (false, false) => Part::Shifts,
        })
    })
}

/// A wider exception loosens; none is the narrowest.
fn excepts(was: Option<&Scope>, is: Option<&Scope>) -> Part {
    match (was, is) {
        (None, None) => Part::Same,
        (None, Some(_)) => Part::Loosens,
        (Some(_), None) => Part::Tightens,
        (Some(was), Some(is)) => scopes(Some(was), Some(is)).opposite(),
    }
}

impl Judge<'_> {
    fn effects(&self, was: &Then, is: &Then) -> Part {
        match (was, is) {
            (was, is) if was == is => Part::Same,
            (Then::Cap(was), Then::Cap(is)) => self.caps(was, is),
            (Then::Quiet(was), Then::Quiet(is)) => quiets(was, is),
            (Then::React(was), Then::React(is)) => reacts(was, is),
            (Then::Holdout(was), Then::Holdout(is)) => {
                Part::same_if(was.salt == is.salt).and(Part::more(was.percent(), is.percent()))
            }
            // What was refused at some times is refused at all.
            (Then::Cap(_) | Then::Quiet(_) | Then::React(_), Then::Forbid) => Part::Tightens,
            (Then::Forbid, Then::Cap(_) | Then::Quiet(_) | Then::React(_)) => Part::Loosens,
            _ => Part::Shifts,
        }
    }

    fn caps(&self, was: &Cap, is: &Cap) -> Part {
        let at_most = match (was.at_most, is.at_most) {
            (AtMost::Count(was), AtMost::Count(is)) => Part::more(was, is).opposite(),
            (AtMost::DaysInMonth, AtMost::DaysInMonth) => Part::Same,
            (AtMost::Count(count), AtMost::DaysInMonth) => days_in_month(count),
            (AtMost::DaysInMonth, AtMost::Count(count)) => days_in_month(count).opposite(),
        };
        // Whose clock is not known is refused by a calendar, and not by a lifetime.
        let refrains = |book: &Rulebook| book.unknown_time_zone == UnknownTimeZone::Refrain;
        let of_customer = matches!(was.zone, None | Some(Zone::Customer));
        let of_unknown = of_customer && (refrains(self.old) || refrains(self.new));
        let per = match (was.per, is.per) {
            (was, is) if was == is => Part::Same,
            (Per::Rolling(was), Per::Rolling(is)) => Part::more(was.micros, is.micros),
            (Per::Calendar(_), Per::Lifetime) | (Per::Lifetime, Per::Calendar(_)) if of_unknown => {
                Part::Shifts
            }
            (_, Per::Lifetime) => Part::Tightens,
            (Per::Lifetime, _) => Part::Loosens,
            _ => Part::Shifts,
        };
        let groups = match (was.grouped_by, is.grouped_by) {
            (was, is) if was == is => Part::Same,
            (None, Some(_)) => Part::Loosens,
            (Some(_), None) => Part::Tightens,
            _ => Part::Shifts,
        };
        let same = Part::same_if(was.zone == is.zone && was.counting == is.counting);
        at_most.and(per).and(groups).and(same)
    }
}

/// From a number to that of the days in a month.
fn days_in_month(count: u32) -> Part {
    match count {
        0..=28 => Part::Loosens,
        29..=30 => Part::Shifts,
        _ => Part::Tightens,
    }
}

fn reacts(was: &React, is: &React) -> Part {
    let hold = match (was.hold, is.hold) {
        (Hold::For(was), Hold::For(is)) => Part::more(was.micros, is.micros),
        (Hold::Forever, Hold::Forever) => Part::Same,
        (Hold::For(_), Hold::Forever) => Part::Tightens,
        (Hold::Forever, Hold::For(_)) => Part::Loosens,
    };
    let within = match (was.within, is.within) {
        (Some(was), Some(is)) => Part::more(was.micros, is.micros),
        (None, None) => Part::Same,
        (Some(_), None) => Part::Tightens,
        (None, Some(_)) => Part::Loosens,
    };
    let at_least = Part::more(was.at_least, is.at_least).opposite();
    let same = Part::same_if(was.to == is.to && was.counting == is.counting);
    hold.and(within).and(at_least).and(same)
}

fn quiets(was: &Quiet, is: &Quiet) -> Part {
    let same = Part::same_if(was.zone == is.zone && was.dates == is.dates);
    let days = match (&was.days, &is.days) {
        (was, is) if was == is => Part::Same,
        // Every day, unless dates are listed beside it.
        (Some(_), None) if was.dates.is_none() => Part::Tightens,
        (None, Some(_)) if was.dates.is_none() => Part::Loosens,
        (Some(was), Some(is)) if is.iter().all(|day| was.contains(day)) => Part::Loosens,
        (Some(was), Some(is)) if was.iter().all(|day| is.contains(day)) => Part::Tightens,
        _ => Part::Shifts,
    };
    same.and(days).and(windows(&was.window, &is.window))
}

/// A longer window tightens, if it has all of the shorter one.
fn windows(was: &ClockWindow, is: &ClockWindow) -> Part {
    if was == is {
        return Part::Same;
    }
    // From the day's begin on, over its end if the window wraps.
    let span = |window: &ClockWindow| {
        let (from, to) = (window.from.second_of_day(), window.to.second_of_day());
        let to = if to <= from { to.saturating_add(DAY) } else { to };
        (from, to)
    };
    let within =
        |(inner_from, inner_to): (u32, u32), (from, to): (u32, u32)| from <= inner_from && inner_to <= to;
    let (was, is) = (span(was), span(is));
    match (within(was, is), within(is, was)) {
        (true, _) => Part::Tightens,
        (_, true) => Part::Loosens,
        _ => Part::Shifts,
    }
}
