//! What is legal but suspicious.

use std::collections::{BTreeMap, BTreeSet};

use super::{check::Checker, nearest::quoted, path::Path, problem::WarningCode, reader::UNREADABLE};
use crate::written::{
    calendar::CalendarPeriod,
    campaign::Campaign,
    condition::{Condition, ElapsedTest, Operand, Reference, Test},
    duration::Duration,
    rule::{Cap, Effect, Per, Rule},
    schedule::Schedule,
    variant::{Field, FieldSource},
};

/// What a condition reads that may be missing.
#[derive(Default)]
struct Reads {
    /// Each name and the first place it is read at, as a pointer below the condition.
    read: BTreeMap<String, Vec<String>>,
    /// Names with a `present` test.
    guarded: BTreeSet<String>,
    /// Whether the part that is looked at stands under an odd number of `not`.
    negated: bool,
    /// Places that restrain for a high score, as pointers below the condition.
    high_scores: Vec<Vec<String>>,
    /// Derived tags that are looked into already.
    tags: BTreeSet<usize>,
    /// Parts looked at.
    parts: usize,
}

impl Checker<'_> {
    /// A condition that also acts when it is unknown: what it reads should have a `present` test beside it.
    pub(crate) fn restraining(&mut self, condition: Option<&Condition>, path: &Path<'_>) {
        let Some(condition) = condition else {
            return;
        };
        let mut reads = Reads::default();
        self.reads(condition, &mut Vec::new(), None, &mut reads);
        let some_points_hang_on_conditions = self
            .book
            .campaigns
            .iter()
            .any(|campaign| !campaign.score.add.is_empty());
        for steps in reads
            .high_scores
            .iter()
            .filter(|_| some_points_hang_on_conditions)
        {
            let sentence = "points that are not known are left out, so that a score may seem lower than it is and not \
                            be restrained; restrain low scores, with `lt` or `le`";
            down(path, steps, &mut |place| {
                self.warning(place, WarningCode::MayBeMissing, sentence);
            });
        }
        // A customer without purchases has none of what is made from them.
        let purchases_guarded = reads.guarded.iter().any(|name| name.starts_with("purchases."));
        for (name, steps) in &reads.read {
            let guarded = reads.guarded.contains(name) || (name == "purchases" && purchases_guarded);
            if guarded || name == UNREADABLE {
                continue;
            }
            let sentence = format!(
                "{} may be missing, and then this restrains; write a `present` test of it beside this if that is not \
                 meant",
                quoted(name)
            );
            down(path, steps, &mut |place| {
                self.warning(place, WarningCode::MayBeMissing, sentence.clone());
            });
        }
    }

    /// Collects reads. `via` is the place of the tag through which the condition is reached, if it is.
    fn reads(
        &self,
        condition: &Condition,
        steps: &mut Vec<String>,
        via: Option<&[String]>,
        reads: &mut Reads,
    ) {
        reads.parts = reads.parts.saturating_add(1);
        // Larger or deeper conditions are told already.
        if reads.parts > self.limits.expanded_nodes
            || steps.len() > self.limits.expanded_depth.saturating_mul(2)
        {
            return;
        }
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                let member = if matches!(condition, Condition::All(_)) {
                    "all"
                } else {
                    "any"
                };
                for (index, part) in parts.iter().enumerate() {
                    steps.push(member.to_owned());
                    steps.push(index.to_string());
                    self.reads(part, steps, via, reads);
                    steps.pop();
                    steps.pop();
                }
            }
            Condition::Not(part) => {
                steps.push("not".to_owned());
                reads.negated = !reads.negated;
                self.reads(part, steps, via, reads);
                reads.negated = !reads.negated;
                steps.pop();
            }
            Condition::Tag(name) => {
                let index = self.names.tags.get(name.as_str()).copied();
                let when = index.and_then(|index| self.book.tags.get(index)?.when.as_ref());
                if let (Some(index), Some(when)) = (index, when)
                    && reads.tags.insert(index)
                {
                    let mut here = steps.clone();
                    here.push("tag".to_owned());
                    let via = via.map_or(here, <[String]>::to_vec);
                    steps.push("tag".to_owned());
                    self.reads(when, steps, Some(&via), reads);
                    steps.pop();
                }
            }
            Condition::Attribute { name, tests } => {
                read_value(name, tests, &["attribute"], steps, via, reads);
            }
            Condition::Fact { fact, tests } => read_value(&fact.name, tests, &["fact"], steps, via, reads),
            Condition::Elapsed { since, tests } => {
                let (name, place): (&str, &[&str]) = match since {
                    Reference::Attribute(name) => (name, &["elapsed"]),
                    Reference::Fact(fact) => (&fact.name, &["elapsed", "fact"]),
                };
                for test in tests {
                    match test {
                        ElapsedTest::Present(_) => {
                            reads.guarded.insert(name.to_owned());
                        }
                        ElapsedTest::Lt(_) | ElapsedTest::Ge(_) => note(name, place, steps, via, reads),
                    }
                }
            }
            Condition::Purchases { tests, .. } => {
                note("purchases", &["purchases"], steps, via, reads);
                read_operands(tests, steps, via, reads);
            }
            Condition::Touches { tests, .. } => read_operands(tests, steps, via, reads),
            Condition::Score(tests) => {
                let asks_for_low = |test: &Test| match test {
                    Test::Lt(_) | Test::Le(_) => !reads.negated,
                    Test::Ge(_) | Test::Gt(_) => reads.negated,
                    _ => false,
                };
                if !tests.iter().all(asks_for_low) {
                    let place = steps.iter().cloned().chain(["score".to_owned()]);
                    reads.high_scores.push(place.collect());
                }
                read_operands(tests, steps, via, reads);
            }
            Condition::Occurrence(_) => {}
        }
    }

    /// A mass audience that hears one thing.
    pub(crate) fn undifferentiated(&mut self, campaign: &Campaign, path: &Path<'_>) {
        if is_undifferentiated(campaign) {
            let sentence =
                "everyone hears the same; narrow the audience, or write variants for whom it concerns";
            self.warning(&path.member("variants"), WarningCode::Undifferentiated, sentence);
        }
    }

    /// Remembers the longest cap.
    pub(crate) fn longest_cap(&mut self, cap: &Cap, address: &str, id: &str) {
        let length = match cap.per {
            Per::Rolling(length) => length,
            Per::Calendar(CalendarPeriod::Day) => Duration::days(1),
            Per::Calendar(CalendarPeriod::Week) => Duration::days(7),
            Per::Calendar(CalendarPeriod::Month) => Duration::days(31),
            Per::Calendar(CalendarPeriod::Year) => Duration::days(366),
            Per::Lifetime => return,
        };
        if self
            .longest_cap
            .as_ref()
            .is_none_or(|(longest, _)| length > *longest)
        {
            self.longest_cap = Some((length, format!("{address}/{id}")));
        }
    }

    /// A look-ahead that cannot see past the longest cap.
    pub(crate) fn short_look_ahead(&mut self) {
        if let Some((length, address)) = self.longest_cap.take()
            && length > self.book.look_ahead
        {
            let sentence = format!(
                "{} spans up to `{length}`, so what it spends later is not seen from here",
                quoted(&address)
            );
            self.warning(
                &Path::ROOT.member("look_ahead"),
                WarningCode::ShortLookAhead,
                sentence,
            );
        }
    }
}

/// Whether everyone hears the same of a campaign: nothing of its own says for whom it is.
pub(crate) fn is_undifferentiated(campaign: &Campaign) -> bool {
    let [only] = campaign.variants.as_slice() else {
        return false;
    };
    let resolves = |field: &Field| field.default.is_some() || matches!(field.from, FieldSource::Is(_));
    let has_time = match &campaign.schedule {
        // For those who have the attribute.
        Schedule::After { .. } | Schedule::Every { .. } => false,
        Schedule::Waves { waves, .. } => waves.iter().any(|wave| is_everyone(wave.audience.as_ref())),
        _ => true,
    };
    let forbids = |rule: &Rule| rule.then == Effect::Forbid && rule.when.is_some() && !rule.observe;
    is_everyone(campaign.audience.as_ref())
        && has_time
        && only.arms.is_empty()
        && only.when.is_none()
        && only.fields.values().all(resolves)
        && campaign.stop_when.as_ref().is_none_or(is_of_touches)
        && !campaign.rules.iter().any(forbids)
}

fn is_everyone(audience: Option<&Condition>) -> bool {
    match audience {
        None => true,
        Some(Condition::All(parts)) => parts.is_empty(),
        Some(_) => false,
    }
}

/// Whether a condition reads what was sent, and nothing of who the customer is.
fn is_of_touches(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().all(is_of_touches),
        Condition::Not(part) => is_of_touches(part),
        Condition::Touches { .. } => true,
        _ => false,
    }
}

fn note(name: &str, place: &[&str], steps: &[String], via: Option<&[String]>, reads: &mut Reads) {
    reads.read.entry(name.to_owned()).or_insert_with(|| match via {
        Some(via) => via.to_vec(),
        None => {
            let place = place.iter().map(|step| (*step).to_owned());
            steps.iter().cloned().chain(place).collect()
        }
    });
}

fn read_value(
    name: &str,
    tests: &[Test],
    place: &[&str],
    steps: &[String],
    via: Option<&[String]>,
    reads: &mut Reads,
) {
    for test in tests {
        match test {
            Test::Present(_) => {
                reads.guarded.insert(name.to_owned());
            }
            _ => note(name, place, steps, via, reads),
        }
    }
    read_operands(tests, steps, via, reads);
}

fn read_operands(tests: &[Test], steps: &[String], via: Option<&[String]>, reads: &mut Reads) {
    for test in tests {
        let operator = test.operator();
        for (index, operand) in test.operands().iter().enumerate() {
            let Operand::Reference(reference) = operand else {
                continue;
            };
            let (name, member) = match reference {
                Reference::Attribute(name) => (name, "attribute"),
                Reference::Fact(fact) => (&fact.name, "fact"),
            };
            let number = index.to_string();
            match test {
                Test::In(_) => note(name, &[operator, &number, member], steps, via, reads),
                _ => note(name, &[operator, member], steps, via, reads),
            }
        }
    }
}

/// Calls with the place that steps lead to.
fn down(path: &Path<'_>, steps: &[String], call: &mut dyn FnMut(&Path<'_>)) {
    match steps {
        [] => call(path),
        [first, rest @ ..] => down(&path.member(first), rest, call),
    }
}
