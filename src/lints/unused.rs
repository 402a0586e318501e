//! What is declared and read by nothing.

use std::collections::BTreeSet;

use super::{
    finding::{LintCode, Notes},
    house::House,
};
use crate::{
    witness::vocabulary::conditions,
    written::{
        condition::{Condition, FactKey, FactRef, Operand, Reference, Test},
        schedule::Schedule,
        variant::FieldSource,
    },
};

/// Names that something reads.
#[derive(Default)]
struct Used {
    tags: BTreeSet<String>,
    attributes: BTreeSet<String>,
    facts: BTreeSet<String>,
}

impl House<'_> {
    pub(super) fn unused(&self, notes: &mut Notes) {
        let mut used = Used::default();
        let rules = self.rules.iter().filter_map(|ruling| ruling.rule.when.as_ref());
        for condition in conditions(self.book).chain(rules) {
            used.condition(condition);
        }
        for campaign in &self.book.campaigns {
            match &campaign.schedule {
                Schedule::After { anchor: of, .. } | Schedule::Every { of, .. } => {
                    used.attributes.insert(of.clone());
                }
                _ => {}
            }
            for field in campaign
                .variants
                .iter()
                .flat_map(|variant| variant.fields.values())
            {
                if let FieldSource::Reference(reference) = &field.from {
                    used.reference(reference);
                }
            }
        }
        for (number, tag) in self.book.tags.iter().enumerate() {
            if !used.tags.contains(&tag.name) {
                let sentence = format!("nothing reads the tag `{}`", tag.name);
                notes.found(LintCode::Unused, format!("/tags/{number}"), sentence, None);
            }
        }
        for name in self
            .book
            .attributes
            .keys()
            .filter(|name| !used.attributes.contains(*name))
        {
            let sentence = format!("nothing reads the attribute `{name}`");
            notes.found(LintCode::Unused, pointer("/attributes", name), sentence, None);
        }
        for name in self.book.facts.keys().filter(|name| !used.facts.contains(*name)) {
            let sentence = format!("nothing reads the fact `{name}`");
            notes.found(LintCode::Unused, pointer("/facts", name), sentence, None);
        }
    }
}

fn pointer(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

impl Used {
    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition(part);
                }
            }
            Condition::Not(part) => self.condition(part),
            Condition::Tag(name) => {
                self.tags.insert(name.clone());
            }
            Condition::Attribute { name, tests } => {
                self.attributes.insert(name.clone());
                self.tests(tests);
            }
            Condition::Fact { fact, tests } => {
                self.fact(fact);
                self.tests(tests);
            }
            Condition::Elapsed { since, .. } => self.reference(since),
            Condition::Touches { tests, .. }
            | Condition::Purchases { tests, .. }
            | Condition::Score(tests) => {
                self.tests(tests);
            }
            Condition::Occurrence(_) => {}
        }
    }

    fn tests(&mut self, tests: &[Test]) {
        for operand in tests.iter().flat_map(Test::operands) {
            if let Operand::Reference(reference) = operand {
                self.reference(reference);
            }
        }
    }

    fn reference(&mut self, reference: &Reference) {
        match reference {
            Reference::Attribute(name) => {
                self.attributes.insert(name.clone());
            }
            Reference::Fact(fact) => self.fact(fact),
        }
    }

    fn fact(&mut self, fact: &FactRef) {
        self.facts.insert(fact.name.clone());
        if let Some(FactKey::Attribute(name)) = &fact.of {
            self.attributes.insert(name.clone());
        }
    }
}
