//! `a-tree`: an index over boolean expressions. It finds all matches; the first is the least of them.

use a_tree::{ATree, AttributeDefinition, Event};
use chrono::{DateTime, Utc};

use super::{Plain, joined, numbers};
use crate::workload::{CITIES, Person, Spec};

pub(crate) struct Tree(ATree<usize>);

pub(crate) fn compile(ranked: &[Spec]) -> Tree {
    let integers = ["age", "spend", "orders", "level", "joined_for", "born", "warmth"];
    let mut attributes: Vec<_> = integers.into_iter().map(AttributeDefinition::integer).collect();
    attributes.push(AttributeDefinition::boolean("vip"));
    attributes.push(AttributeDefinition::string("city"));
    attributes.push(AttributeDefinition::integer_list("tags"));
    let mut tree = ATree::new(&attributes).expect("the attributes are told apart");
    for (rank, spec) in ranked.iter().enumerate() {
        let text = joined(spec, " and ", |test| match test {
            Plain::Tag(tag) => format!("tags one of [{tag}]"),
            Plain::NoTag(tag) => format!("tags none of [{tag}]"),
            Plain::AtLeast(name, number) => format!("{name} >= {number}"),
            Plain::Below(name, number) => format!("{name} < {number}"),
            Plain::Vip => "vip".to_owned(),
            Plain::City(city) => format!("city = '{city}'"),
            Plain::Cities(a, b) => format!("city in ['{a}', '{b}']"),
        });
        tree.insert(&rank, &text).expect("an expression");
    }
    Tree(tree)
}

impl Tree {
    pub(crate) fn read(&self, person: &Person, now: DateTime<Utc>) -> Event {
        let mut event = self.0.make_event();
        for (name, number) in numbers(person, now) {
            event.with_integer(name, number).expect("declared");
        }
        event.with_boolean("vip", person.vip).expect("declared");
        event.with_string("city", CITIES[person.city]).expect("declared");
        let tags: Vec<i64> = person.tags.iter().map(|&tag| tag as i64).collect();
        event.with_integer_list("tags", &tags).expect("declared");
        event.build().expect("an event")
    }

    pub(crate) fn all(&self, event: &Event) -> Vec<usize> {
        let report = self.0.search(event).expect("a search");
        report.matches().iter().map(|&&rank| rank).collect()
    }

    pub(crate) fn count(&self, event: &Event) -> usize {
        self.0.search(event).expect("a search").matches().len()
    }

    pub(crate) fn first(&self, event: &Event) -> Option<usize> {
        let report = self.0.search(event).expect("a search");
        report.matches().iter().map(|&&rank| rank).min()
    }
}
