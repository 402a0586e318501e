//! `regorus`: one policy in Rego, run by its virtual machine. All matches are one set; the first is the first of
//! chains of `else`, asked in order.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use regorus::{
    Engine, Value,
    languages::rego::compiler::Compiler,
    rvm::{program::Program, vm::RegoVM},
};

use super::{Plain, document, joined};
use crate::workload::{Person, Spec};

pub(crate) struct Policy(Arc<Program>);

pub(crate) fn whole(ranked: &[Spec]) -> Policy {
    let rules = ranked.iter().enumerate();
    let rules = rules.map(|(rank, spec)| format!("all contains {rank} if {{ {} }}\n", body(spec)));
    compile(rules.collect(), "data.house.all")
}

/// A chain of `else` may use 255 registers, so that it takes many chains.
const LINKS: usize = 24;

pub(crate) fn chains(ranked: &[Spec]) -> Vec<Policy> {
    let link = |(rank, spec): (usize, &Spec)| format!(":= {rank} if {{ {} }}", body(spec));
    let links: Vec<String> = ranked.iter().enumerate().map(link).collect();
    let chain = |links: &[String]| compile(format!("first {}\n", links.join("\nelse ")), "data.house.first");
    links.chunks(LINKS).map(chain).collect()
}

fn compile(rules: String, entry: &str) -> Policy {
    let mut engine = Engine::new();
    engine
        .add_policy(
            "house.rego".to_owned(),
            format!("package house\nimport rego.v1\n{rules}"),
        )
        .expect("a policy");
    let compiled = engine.compile_with_entrypoint(&entry.into()).expect("a policy");
    Policy(Compiler::compile_from_policy(&compiled, &[entry]).expect("a program"))
}

fn body(spec: &Spec) -> String {
    joined(spec, "; ", |test| match test {
        Plain::Tag(tag) => format!("input.tags.t{tag}"),
        Plain::NoTag(tag) => format!("not input.tags.t{tag}"),
        Plain::AtLeast(name, number) => format!("input.{name} >= {number}"),
        Plain::Below(name, number) => format!("input.{name} < {number}"),
        Plain::Vip => "input.vip".to_owned(),
        Plain::City(city) => format!("input.city == \"{city}\""),
        Plain::Cities(a, b) => format!("input.city in {{\"{a}\", \"{b}\"}}"),
    })
}

pub(crate) fn read(person: &Person, now: DateTime<Utc>) -> Value {
    Value::from(document(person, now))
}

impl Policy {
    pub(crate) fn machine(&self) -> RegoVM {
        let mut machine = RegoVM::new();
        machine.load_program(self.0.clone());
        machine.set_max_instructions(usize::MAX);
        machine
    }
}

pub(crate) fn all(machine: &mut RegoVM, person: &Value) -> Vec<usize> {
    machine.set_input(person.clone());
    let value = machine.execute().expect("all that is read is there");
    let ranks = value.as_set().expect("a set").iter();
    ranks
        .map(|rank| rank.as_u64().expect("a rank") as usize)
        .collect()
}

pub(crate) fn count(machine: &mut RegoVM, person: &Value) -> usize {
    machine.set_input(person.clone());
    let value = machine.execute().expect("all that is read is there");
    value.as_set().expect("a set").len()
}

pub(crate) fn first(machines: &mut [RegoVM], person: &Value) -> Option<usize> {
    machines.iter_mut().find_map(|machine| {
        machine.set_input(person.clone());
        let value = machine.execute().expect("all that is read is there");
        value.as_u64().ok().map(|rank| rank as usize)
    })
}
