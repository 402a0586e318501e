//! Conditions asked: true, false or unknown at an instant, and when that may change.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::{bound::Mark, decision::ReadValue, view::View};
use crate::{
    clock::instant::Instant,
    compiled::{
        campaign::Campaign,
        condition::{Condition, ElapsedTest, Filter, Operand, Source, Test, Truth},
        engine::Derived,
        reads::Reads,
        rule::asks_for,
        scalar::Scalar,
    },
    written::{
        condition::{Literal, PurchaseMeasure},
        duration::Duration,
    },
};

impl<'a> View<'a, '_> {
    /// A condition that may be absent; absent is true.
    pub(crate) fn holds(&self, condition: Option<&Condition>, t: Instant) -> Truth {
        condition.map_or(Truth::True, |condition| self.truth(condition, t))
    }

    /// Kleene's logic at the instant `t`.
    pub(crate) fn truth(&self, condition: &Condition, t: Instant) -> Truth {
        match condition {
            Condition::All(parts) => {
                let mut truth = Truth::True;
                for part in parts {
                    truth = truth.and(self.truth(part, t));
                    if truth == Truth::False {
                        break;
                    }
                }
                truth
            }
            Condition::Any(parts) => {
                let mut truth = Truth::False;
                for part in parts {
                    truth = truth.or(self.truth(part, t));
                    if truth == Truth::True {
                        break;
                    }
                }
                truth
            }
            Condition::Not(part) => self.truth(part, t).not(),
            Condition::Held(tag) => {
                let tags = &self.ask.bound.tags;
                let first = tags.partition_point(|held| held.tag < *tag);
                tags.iter()
                    .skip(first)
                    .take_while(|held| held.tag == *tag)
                    .any(|held| held.since <= t && t < held.until)
                    .into()
            }
            Condition::Derived(number) => match self.ask.frame.derived.get(*number) {
                Some(Derived { when, .. }) => self.truth(when, t),
                None => Truth::Unknown,
            },
            Condition::Value { subject, tests } => self.read(subject, |value| self.all_tests(tests, value)),
            Condition::Elapsed { since, tests } => {
                let at = self.instant(since);
                tests.iter().fold(Truth::True, |truth, test| {
                    truth.and(match (test, at) {
                        (ElapsedTest::Present(wanted), at) => (at.is_some() == *wanted).into(),
                        (_, None) => Truth::Unknown,
                        (ElapsedTest::Lt(length), Some(at)) => (t < at.plus(*length)).into(),
                        (ElapsedTest::Ge(length), Some(at)) => (t >= at.plus(*length)).into(),
                    })
                })
            }
            Condition::Touches { filter, tests } => {
                self.all_tests(tests, Some(&integer(self.count(filter, t))))
            }
            Condition::Purchases {
                measure,
                within,
                tests,
            } => self.all_tests(tests, self.purchases(*measure, *within, t).as_ref()),
            Condition::Occurrence(ids) => self
                .occurrence
                .is_some_and(|occurrence| ids.contains(&occurrence.symbol))
                .into(),
            Condition::Score(tests) => self.all_tests(tests, Some(&Scalar::Integer(self.score(t)))),
        }
    }

    /// What a condition is whatever the time and whatever is sent: all that may change is unknown.
    pub(crate) fn settled(&self, condition: &Condition) -> Truth {
        let fold = |parts: &[Condition], start: Truth, join: fn(Truth, Truth) -> Truth| {
            let mut truth = start;
            for part in parts {
                truth = join(truth, self.settled(part));
                if truth == start.not() {
                    break;
                }
            }
            truth
        };
        match condition {
            Condition::All(parts) => fold(parts, Truth::True, Truth::and),
            Condition::Any(parts) => fold(parts, Truth::False, Truth::or),
            Condition::Not(part) => self.settled(part).not(),
            Condition::Derived(number) => match self.ask.frame.derived.get(*number) {
                Some(Derived { when, .. }) => self.settled(when),
                None => Truth::Unknown,
            },
            Condition::Held(_) if self.ask.bound.timed_tags => Truth::Unknown,
            Condition::Held(_) | Condition::Value { .. } => self.truth(condition, self.ask.now),
            Condition::Elapsed { .. }
            | Condition::Touches { .. }
            | Condition::Purchases { .. }
            | Condition::Occurrence(_)
            | Condition::Score(_) => Truth::Unknown,
        }
    }

    fn all_tests(&self, tests: &[Test], value: Option<&Scalar>) -> Truth {
        tests
            .iter()
            .fold(Truth::True, |truth, test| truth.and(self.test(test, value)))
    }

    fn test(&self, test: &Test, value: Option<&Scalar>) -> Truth {
        let compare = |operand: &Operand, holds: &dyn Fn(std::cmp::Ordering) -> bool| -> Truth {
            let Some(value) = value else { return Truth::Unknown };
            let ordering = match operand {
                Operand::Literal(literal) => value.compare(literal),
                Operand::Source(source) => self.value(source).and_then(|other| value.compare(&other)),
            };
            ordering.map_or(Truth::Unknown, |ordering| holds(ordering).into())
        };
        match test {
            Test::Present(wanted) => (value.is_some() == *wanted).into(),
            Test::Compare(comparison, operand) => compare(operand, &|ordering| comparison.holds(ordering)),
            Test::In(list) => list.iter().fold(Truth::False, |truth, operand| {
                truth.or(compare(operand, &std::cmp::Ordering::is_eq))
            }),
        }
    }

    /// How many touches are in the filter at `t`.
    fn count(&self, filter: &Filter, t: Instant) -> usize {
        self.touches(t)
            .filter(|mark| self.counts(filter, mark, t))
            .count()
    }

    /// Whether a touch that is not later than `t` is in the filter.
    fn counts(&self, filter: &Filter, mark: &Mark, t: Instant) -> bool {
        filter.within.is_none_or(|within| mark.at > t.minus(within))
            && asks_for(filter.channels.as_deref(), mark.channel)
            && asks_for(filter.purposes.as_deref(), mark.purpose)
            && asks_for(filter.campaigns.as_deref(), mark.campaign)
            && filter
                .occurrences
                .as_ref()
                .is_none_or(|ids| mark.occurrences.iter().any(|occurrence| ids.contains(occurrence)))
            && asks_for(filter.contents.as_deref(), mark.content)
            && asks_for(filter.senders.as_deref(), mark.sender)
            && match &filter.statuses {
                Some(statuses) => statuses.contains(&mark.status_at(self.ask.now)),
                None => mark.counted(),
            }
            && filter.responses.as_ref().is_none_or(|kinds| {
                mark.responses
                    .iter()
                    .any(|(kind, at)| kinds.contains(kind) && *at <= t)
            })
    }

    fn purchases(&self, measure: PurchaseMeasure, within: Option<i64>, t: Instant) -> Option<Scalar> {
        let purchases = self.ask.bound.purchases.as_ref()?;
        let inside = || {
            purchases
                .iter()
                .filter(|&&(at, _)| at <= t && within.is_none_or(|within| at > t.minus(within)))
        };
        match measure {
            // Purchases at one instant are one purchase; they are sorted.
            PurchaseMeasure::Count => {
                let mut last = None;
                let count = inside().filter(|&&(at, _)| last.replace(at) != Some(at)).count();
                Some(integer(count))
            }
            PurchaseMeasure::Amount => {
                let mut sum = 0.0;
                for (_, amount) in inside() {
                    sum += (*amount)?;
                }
                // A sum too large for a number is no number to compare with.
                Some(Scalar::Number(sum)).filter(|_| f64::is_finite(sum))
            }
        }
    }

    /// The campaign's score at `t`.
    pub(crate) fn score(&self, t: Instant) -> i64 {
        let Some(Campaign { score, .. }) = self.campaign else {
            return 0;
        };
        if score.add.is_empty() {
            return score.base;
        }
        let mut sum = i128::from(score.base);
        for (when, points) in &score.add {
            let counts = match self.truth(when, t) {
                Truth::True => true,
                Truth::False => false,
                Truth::Unknown => *points < 0,
            };
            if counts {
                // Exact: no list holds so many points that 128 bits overflow.
                sum = sum.saturating_add(i128::from(*points));
            }
        }
        i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
    }

    /// The first instant after `t` at which a condition's truth may change; [`Instant::MAX`] if it never will.
    pub(crate) fn next_change(&self, condition: &Condition, t: Instant) -> Instant {
        let mut next = Instant::MAX;
        self.changes(condition, t, &mut next);
        next
    }

    /// As [`View::next_change`], of a condition that may be absent.
    pub(crate) fn next_change_of(&self, condition: Option<&Condition>, t: Instant) -> Instant {
        condition.map_or(Instant::MAX, |condition| self.next_change(condition, t))
    }

    fn changes(&self, condition: &Condition, t: Instant, next: &mut Instant) {
        let mut at = |instant: Instant| {
            if instant > t {
                *next = instant.min(*next);
            }
        };
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.changes(part, t, next);
                }
            }
            Condition::Not(part) => self.changes(part, t, next),
            Condition::Held(tag) => {
                for held in self.ask.bound.tags.iter().filter(|held| held.tag == *tag) {
                    at(held.since);
                    at(held.until);
                }
            }
            Condition::Derived(number) => {
                if let Some(Derived { when, reads, .. }) = self.ask.frame.derived.get(*number)
                    && self.may_change(*reads)
                {
                    self.changes(when, t, next);
                }
            }
            Condition::Elapsed { since, tests } => {
                if let Some(instant) = self.instant(since) {
                    for test in tests {
                        match test {
                            ElapsedTest::Lt(length) | ElapsedTest::Ge(length) => at(instant.plus(*length)),
                            ElapsedTest::Present(_) => {}
                        }
                    }
                }
            }
            Condition::Touches { filter, .. } => {
                for mark in self.ask.marks.iter().chain(self.seen.marks()) {
                    // A touch placed below the one under consideration at the same instant comes after it.
                    at(mark.at);
                    if let Some(within) = filter.within {
                        at(mark.at.plus(within));
                    }
                    if filter.responses.is_some() {
                        mark.responses.iter().for_each(|(_, answered)| at(*answered));
                    }
                }
            }
            Condition::Purchases { within, .. } => {
                for (bought, _) in self.ask.bound.purchases.iter().flatten() {
                    at(*bought);
                    if let Some(within) = within {
                        at(bought.plus(*within));
                    }
                }
            }
            Condition::Score(_) => {
                if let Some(campaign) = self.campaign {
                    for (when, _) in &campaign.score.add {
                        self.changes(when, t, next);
                    }
                }
            }
            Condition::Value { .. } | Condition::Occurrence(_) => {}
        }
    }

    /// Whether what reads so much can change for this customer as time passes or touches are placed.
    pub(crate) fn may_change(&self, reads: Reads) -> bool {
        reads.time || reads.touches || (reads.held_tags && self.ask.bound.timed_tags)
    }

    /// Adds the names of what made a condition unknown at `t`; nothing where it is not unknown.
    pub(crate) fn missing(&self, condition: &Condition, t: Instant, names: &mut BTreeSet<&'a str>) {
        if self.truth(condition, t) != Truth::Unknown {
            return;
        }
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.missing(part, t, names));
            }
            Condition::Not(part) => self.missing(part, t, names),
            Condition::Derived(number) => {
                if let Some(Derived { when, .. }) = self.ask.frame.derived.get(*number) {
                    self.missing(when, t, names);
                }
            }
            Condition::Value { subject, tests } => {
                let value = self.value(subject);
                if value.is_none() {
                    names.insert(self.missing_name(subject));
                }
                self.missing_operands(tests, value.as_deref(), names);
            }
            Condition::Elapsed { since, .. } => {
                names.insert(self.missing_name(since));
            }
            Condition::Purchases {
                measure,
                within,
                tests,
            } => {
                let value = self.purchases(*measure, *within, t);
                if value.is_none() {
                    names.insert("purchases");
                }
                self.missing_operands(tests, value.as_ref(), names);
            }
            Condition::Touches { tests, .. } | Condition::Score(tests) => {
                self.missing_operands(tests, Some(&Scalar::Integer(0)), names);
            }
            Condition::Held(_) | Condition::Occurrence(_) => {}
        }
    }

    fn missing_operands(&self, tests: &[Test], value: Option<&Scalar>, names: &mut BTreeSet<&'a str>) {
        for test in tests {
            let operands = test.operands();
            if operands.is_empty() || value.is_some() && self.test(test, value) != Truth::Unknown {
                continue;
            }
            for operand in operands {
                if let Operand::Source(source) = operand
                    && self.value(source).is_none()
                {
                    names.insert(self.missing_name(source));
                }
            }
        }
    }

    /// Adds the values that a condition reads at `t`, missing ones included.
    pub(crate) fn read_values(&self, condition: &Condition, t: Instant, values: &mut Vec<ReadValue>) {
        let mut read = |name: &str, of: Option<&str>, value: Option<Literal>| {
            values.push(ReadValue {
                name: name.into(),
                of: of.map(SmolStr::from),
                value,
            });
        };
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.read_values(part, t, values));
            }
            Condition::Not(part) => self.read_values(part, t, values),
            Condition::Held(number) => {
                read(
                    "tag",
                    self.ask.frame.tag_names.get(*number).map(SmolStr::as_str),
                    self.truth(condition, t).known().map(Literal::Boolean),
                );
            }
            Condition::Derived(number) => {
                if let Some(Derived { name, when, .. }) = self.ask.frame.derived.get(*number) {
                    read(
                        "tag",
                        Some(name),
                        self.truth(when, t).known().map(Literal::Boolean),
                    );
                    self.read_values(when, t, values);
                }
            }
            Condition::Value { subject, tests } => {
                values.push(self.read_value(subject));
                self.read_operands(tests, values);
            }
            Condition::Elapsed { since, .. } => values.push(self.read_value(since)),
            Condition::Purchases {
                measure,
                within,
                tests,
            } => {
                let value = self.purchases(*measure, *within, t).map(|value| value.literal());
                let of = within.map(|within| format!("within {}", Duration::microseconds(within)));
                let name = match measure {
                    PurchaseMeasure::Count => "purchases.count",
                    PurchaseMeasure::Amount => "purchases.amount",
                };
                read(name, of.as_deref(), value);
                self.read_operands(tests, values);
            }
            Condition::Touches { filter, tests } => {
                let count = integer(self.count(filter, t)).literal();
                read(
                    "touches",
                    Some(&filter.written)
                        .filter(|written| !written.is_empty())
                        .map(|written| &**written),
                    Some(count),
                );
                self.read_operands(tests, values);
            }
            Condition::Score(tests) => {
                read("score", None, Some(Literal::Integer(self.score(t))));
                self.read_operands(tests, values);
            }
            Condition::Occurrence(_) => {}
        }
    }

    fn read_operands(&self, tests: &[Test], values: &mut Vec<ReadValue>) {
        for test in tests {
            let operands = test.operands();
            for operand in operands {
                if let Operand::Source(source) = operand {
                    values.push(self.read_value(source));
                }
            }
        }
    }

    fn read_value(&self, source: &Source) -> ReadValue {
        let frame = self.ask.frame;
        let (name, of) = match source {
            Source::Attribute(number) => (
                frame.attribute_names.get(*number).cloned().unwrap_or_default(),
                None,
            ),
            Source::Purchase(instant) => (SmolStr::new_static(instant.name()), None),
            Source::Fact { fact, key } => (
                frame.fact_names.get(*fact).cloned().unwrap_or_default(),
                self.key(key).map(SmolStr::from),
            ),
        };
        ReadValue {
            name,
            of,
            value: self.value(source).map(|value| value.literal()),
        }
    }
}

fn integer(count: usize) -> Scalar {
    Scalar::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
