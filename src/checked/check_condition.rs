//! Checking conditions: depth, names, and whether each operator fits its type.

use std::collections::BTreeSet;

use super::{
    check::{Checker, Place},
    names::NameKind,
    nearest::quoted,
    path::Path,
    problem::Code,
    reader::parse_instant,
};
use crate::written::{
    calendar::parse_date,
    condition::{
        Condition, ElapsedTest, FactKey, FactRef, Literal, Operand, PurchaseMeasure, Reference, Test,
        TouchFilter,
    },
    rulebook::ValueType,
};

impl Place {
    /// Whether the touch's sender and channel are known.
    fn knows_touch(self) -> bool {
        matches!(self, Self::Variant | Self::PolicyRule | Self::CampaignRule)
    }

    /// Whether the touch's occurrence may be asked.
    fn knows_occurrence(self) -> bool {
        matches!(self, Self::Variant | Self::Score | Self::CampaignRule)
    }

    /// Whether the score is known.
    fn knows_score(self) -> bool {
        matches!(self, Self::PolicyRule | Self::CampaignRule)
    }
}

/// What is compared.
#[derive(Clone, Copy)]
enum Subject {
    /// A value of a declared type, which may be missing.
    Value(ValueType),
    /// A number that is counted.
    Counted,
    /// Not known, for a mistake told already.
    Unknown,
}

impl Checker<'_> {
    /// A condition with its derived tags spelled out.
    pub(crate) fn whole_condition(&mut self, condition: &Condition, place: Place, path: &Path<'_>) {
        self.condition(condition, place, path);
        self.expanded(condition, path);
    }

    /// A condition as written.
    pub(crate) fn condition(&mut self, condition: &Condition, place: Place, path: &Path<'_>) {
        self.nested(condition, place, path, 1);
    }

    fn nested(&mut self, condition: &Condition, place: Place, path: &Path<'_>, depth: usize) {
        let deepest = self.limits.condition_depth;
        if depth > deepest {
            let sentence =
                format!("nested too deeply; write at most {deepest} levels, and name parts as derived tags");
            self.problem(path, Code::TooDeep, sentence);
            return;
        }
        if self.conditions >= self.limits.conditions {
            if self.conditions == self.limits.conditions {
                let sentence = format!("more than {} parts of conditions in all", self.limits.conditions);
                self.problem(path, Code::TooLarge, sentence);
            }
            self.conditions = self.limits.conditions.saturating_add(1);
            return;
        }
        self.conditions = self.conditions.saturating_add(1);
        match condition {
            Condition::All(parts) => self.parts(parts, place, &path.member("all"), depth),
            Condition::Any(parts) => self.parts(parts, place, &path.member("any"), depth),
            Condition::Not(part) => self.nested(part, place, &path.member("not"), depth.saturating_add(1)),
            Condition::Tag(name) => self.tag(name, &path.member("tag")),
            Condition::Attribute { name, tests } => {
                let value_type = self.attribute(name, &path.member("attribute"));
                let subject = value_type.map_or(Subject::Unknown, Subject::Value);
                self.tests(tests, subject, place, path);
            }
            Condition::Fact { fact, tests } => {
                let value_type = self.fact(fact, place, path);
                let subject = value_type.map_or(Subject::Unknown, Subject::Value);
                self.tests(tests, subject, place, path);
            }
            Condition::Elapsed { since, tests } => self.elapsed(since, tests, place, path),
            Condition::Touches { filter, tests } => {
                self.filter(filter, &path.member("touches"));
                self.tests(tests, Subject::Counted, place, path);
            }
            Condition::Purchases {
                measure,
                within,
                tests,
            } => {
                // Both measures are numbers.
                let (PurchaseMeasure::Count | PurchaseMeasure::Amount) = measure;
                if let Some(within) = within {
                    self.positive(*within, &path.member("within"));
                }
                self.tests(tests, Subject::Counted, place, path);
            }
            Condition::Occurrence(ids) => {
                let member = path.member("occurrence");
                if !place.knows_occurrence() {
                    let sentence =
                        "`occurrence` is known in variants, styles, scores and a campaign's rules only";
                    self.problem(&member, Code::NotAllowed, sentence);
                }
                self.names(ids, NameKind::Free, &member);
            }
            Condition::Score(tests) => {
                if !place.knows_score() {
                    self.problem(
                        &path.member("score"),
                        Code::NotAllowed,
                        "`score` is known in rules only",
                    );
                }
                self.tests(tests, Subject::Counted, place, path);
            }
        }
    }

    fn parts(&mut self, parts: &[Condition], place: Place, path: &Path<'_>, depth: usize) {
        if !self.list_length(parts.len(), self.limits.list_length, path) {
            return;
        }
        for (index, part) in parts.iter().enumerate() {
            self.nested(part, place, &path.index(index), depth.saturating_add(1));
        }
    }

    /// The members `fact` and `of` of the object at `path`; the fact's type, if it is known.
    pub(crate) fn fact(&mut self, fact: &FactRef, place: Place, path: &Path<'_>) -> Option<ValueType> {
        if let Some(key) = &fact.of {
            self.fact_key(key, place, &path.member("of"));
        }
        let member = path.member("fact");
        if !self.name(&fact.name, &member) {
            return None;
        }
        let Some(declared) = self.book.facts.get(&fact.name).copied() else {
            self.undeclared_fact(&fact.name, &member);
            return None;
        };
        match &fact.of {
            None if declared.keyed => {
                let sentence = format!("{} has a value per key; write `of`", quoted(&fact.name));
                self.problem(path, Code::MissingField, sentence);
            }
            Some(_) if !declared.keyed => {
                let sentence = format!("{} has one value for all; leave `of` out", quoted(&fact.name));
                self.problem(&path.member("of"), Code::NotAllowed, sentence);
            }
            _ => {}
        }
        Some(declared.value_type)
    }

    fn fact_key(&mut self, key: &FactKey, place: Place, path: &Path<'_>) {
        match key {
            FactKey::Attribute(name) => {
                let member = path.member("attribute");
                let value_type = self.attribute(name, &member);
                if value_type.is_some_and(|value_type| value_type != ValueType::String) {
                    let sentence = format!("{} is not text, and keys are", quoted(name));
                    self.problem(&member, Code::BadType, sentence);
                }
            }
            FactKey::Is(literal) => {
                self.name(literal, &path.member("is"));
            }
            FactKey::Sender | FactKey::Channel if !place.knows_touch() => {
                let sentence = "the sender and the channel are known in rules, variants and styles only";
                self.problem(path, Code::NotAllowed, sentence);
            }
            FactKey::Campaign | FactKey::Sender | FactKey::Channel => {}
        }
    }

    /// A value of the customer or the world, in the object at `path`; its type, if it is known.
    pub(crate) fn reference(
        &mut self,
        reference: &Reference,
        place: Place,
        path: &Path<'_>,
    ) -> Option<ValueType> {
        match reference {
            Reference::Attribute(name) => self.attribute(name, &path.member("attribute")),
            Reference::Fact(fact) => self.fact(fact, place, path),
        }
    }

    fn elapsed(&mut self, since: &Reference, tests: &[ElapsedTest], place: Place, path: &Path<'_>) {
        let member = path.member("elapsed");
        let (value_type, at) = match since {
            Reference::Attribute(name) => (self.attribute(name, &member), member),
            Reference::Fact(fact) => (self.fact(fact, place, &member), member.member("fact")),
        };
        if value_type.is_some_and(|value_type| value_type != ValueType::DateTime) {
            self.problem(
                &at,
                Code::BadType,
                "time passes since an instant; name a `date-time`",
            );
        }
        self.some_test(tests.len(), path);
        let mut seen = BTreeSet::new();
        for test in tests {
            let operator = match test {
                ElapsedTest::Lt(_) => "lt",
                ElapsedTest::Ge(_) => "ge",
                ElapsedTest::Present(_) => "present",
            };
            self.operator_once(operator, &mut seen, path);
        }
    }

    fn some_test(&mut self, count: usize, path: &Path<'_>) {
        if count == 0 {
            let sentence = "the condition tests nothing; write an operator, like `ge` or `present`";
            self.problem(path, Code::MissingField, sentence);
        }
    }

    fn operator_once(&mut self, operator: &'static str, seen: &mut BTreeSet<&'static str>, path: &Path<'_>) {
        if !seen.insert(operator) {
            let sentence = format!("`{operator}` is written twice; put both tests into an `all`");
            self.problem(&path.member(operator), Code::Duplicate, sentence);
        }
    }

    fn tests(&mut self, tests: &[Test], subject: Subject, place: Place, path: &Path<'_>) {
        self.some_test(tests.len(), path);
        let mut seen = BTreeSet::new();
        for test in tests {
            let operator = test.operator();
            let at = path.member(operator);
            self.operator_once(operator, &mut seen, path);
            match test {
                Test::Eq(operand) | Test::Ne(operand) => self.operand(operand, subject, place, &at),
                Test::Lt(operand) | Test::Le(operand) | Test::Gt(operand) | Test::Ge(operand) => {
                    match subject {
                        Subject::Value(value_type @ (ValueType::Boolean | ValueType::String)) => {
                            let sentence = format!(
                                "{} has no order; use `eq`, `ne` or `in`",
                                if value_type == ValueType::Boolean {
                                    "a boolean"
                                } else {
                                    "text"
                                }
                            );
                            self.problem(&at, Code::NotAllowed, sentence);
                            self.operand(operand, Subject::Unknown, place, &at);
                        }
                        _ => self.operand(operand, subject, place, &at),
                    };
                }
                Test::In(operands) => {
                    self.not_empty(operands.len(), &at);
                    if self.list_length(operands.len(), self.limits.list_length, &at) {
                        for (index, operand) in operands.iter().enumerate() {
                            self.operand(operand, subject, place, &at.index(index));
                        }
                    }
                }
                Test::Present(_) => {
                    if let Subject::Counted = subject {
                        self.problem(
                            &at,
                            Code::NotAllowed,
                            "a count is always present; leave `present` out",
                        );
                    }
                }
            }
        }
    }

    fn operand(&mut self, operand: &Operand, subject: Subject, place: Place, path: &Path<'_>) {
        match operand {
            Operand::Literal(literal) => {
                if !self.literal(literal, path) {
                    return;
                }
                match subject {
                    Subject::Value(value_type) => self.literal_of(literal, value_type, path),
                    Subject::Counted => self.literal_of(literal, ValueType::Number, path),
                    Subject::Unknown => {}
                }
            }
            Operand::Reference(reference) => {
                let Some(other) = self.reference(reference, place, path) else {
                    return;
                };
                let comparable = match subject {
                    Subject::Value(value_type) => same_kind(value_type, other),
                    Subject::Counted => same_kind(ValueType::Number, other),
                    Subject::Unknown => true,
                };
                if !comparable {
                    let sentence = format!("{} cannot be compared here", described(other));
                    self.problem(path, Code::BadType, sentence);
                }
            }
        }
    }

    /// A literal of any type. Whether it is worth looking at further.
    pub(crate) fn literal(&mut self, literal: &Literal, path: &Path<'_>) -> bool {
        match literal {
            Literal::Number(number) if !number.is_finite() => {
                self.problem(path, Code::BadValue, "a number must be finite");
                false
            }
            Literal::Text(text) => self.text_length(text, path),
            _ => true,
        }
    }

    /// A literal that must be of a type.
    fn literal_of(&mut self, literal: &Literal, value_type: ValueType, path: &Path<'_>) {
        let (fits, wanted) = match (value_type, literal) {
            (ValueType::Date, Literal::Text(text)) => {
                if parse_date(text).is_none() {
                    let sentence = format!("{} is not a date; write it like `2026-10-01`", quoted(text));
                    self.problem(path, Code::BadDate, sentence);
                }
                return;
            }
            (ValueType::DateTime, Literal::Text(text)) => {
                if parse_instant(text).is_none() {
                    let sentence = format!(
                        "{} is not an instant; write it with its offset, like `2026-11-20T10:00:00+08:00`",
                        quoted(text)
                    );
                    self.problem(path, Code::BadDate, sentence);
                }
                return;
            }
            (ValueType::Integer | ValueType::Number, literal) => (
                matches!(literal, Literal::Integer(_) | Literal::Number(_)),
                "a number",
            ),
            (ValueType::String, literal) => (matches!(literal, Literal::Text(_)), "text"),
            (ValueType::Boolean, literal) => (matches!(literal, Literal::Boolean(_)), "`true` or `false`"),
            (ValueType::Date, _) => (false, "a date as text"),
            (ValueType::DateTime, _) => (false, "an instant as text"),
        };
        if !fits {
            let found = match literal {
                Literal::Boolean(_) => "a boolean",
                Literal::Integer(_) | Literal::Number(_) => "a number",
                Literal::Text(_) => "text",
            };
            self.problem(path, Code::BadType, format!("expected {wanted}, found {found}"));
        }
    }

    fn filter(&mut self, filter: &TouchFilter, path: &Path<'_>) {
        let lists = [
            ("channels", &filter.channels, NameKind::Channel),
            ("purposes", &filter.purposes, NameKind::Purpose),
            ("campaigns", &filter.campaigns, NameKind::Campaign),
            ("occurrences", &filter.occurrences, NameKind::Free),
            ("contents", &filter.contents, NameKind::Free),
            ("senders", &filter.senders, NameKind::Free),
            ("responses", &filter.responses, NameKind::Free),
        ];
        for (member, names, kind) in lists {
            if let Some(names) = names {
                self.names(names, kind, &path.member(member));
            }
        }
        if let Some(status) = &filter.status {
            let member = path.member("status");
            self.not_empty(status.len(), &member);
            self.list_length(status.len(), self.limits.list_length, &member);
        }
        if let Some(within) = filter.within {
            self.positive(within, &path.member("within"));
        }
    }
}

/// Whether values of two types can be compared: integers and numbers can, nothing else across types.
fn same_kind(one: ValueType, other: ValueType) -> bool {
    let number = |value_type| matches!(value_type, ValueType::Integer | ValueType::Number);
    one == other || (number(one) && number(other))
}

fn described(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::Integer => "a whole number",
        ValueType::Number => "a number",
        ValueType::String => "text",
        ValueType::Boolean => "a boolean",
        ValueType::Date => "a date",
        ValueType::DateTime => "an instant",
    }
}
