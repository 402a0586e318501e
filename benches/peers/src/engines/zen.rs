//! `zen-expression`: one compiled expression a campaign, run by one isolate a customer.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use zen_expression::{Isolate, Variable, compiler::Opcode};

use super::{Plain, document, joined};
use crate::workload::{Person, Spec};

pub(crate) struct Expressions(Vec<Arc<[Opcode]>>);

pub(crate) fn compile(ranked: &[Spec]) -> Expressions {
    let mut isolate = Isolate::new();
    let mut expression = |spec: &Spec| {
        let text = joined(spec, " and ", |test| match test {
            Plain::Tag(tag) => format!("tags.t{tag} == true"),
            Plain::NoTag(tag) => format!("tags.t{tag} != true"),
            Plain::AtLeast(name, number) => format!("{name} >= {number}"),
            Plain::Below(name, number) => format!("{name} < {number}"),
            Plain::Vip => "vip".to_owned(),
            Plain::City(city) => format!("city == '{city}'"),
            Plain::Cities(a, b) => format!("city in ['{a}', '{b}']"),
        });
        let compiled = isolate.compile_standard(&text).expect("an expression");
        compiled.bytecode().clone()
    };
    Expressions(ranked.iter().map(&mut expression).collect())
}

pub(crate) fn read(person: &Person, now: DateTime<Utc>) -> Isolate {
    Isolate::with_environment(Variable::from(document(person, now)))
}

impl Expressions {
    pub(crate) fn all<'a>(&'a self, isolate: &'a mut Isolate) -> impl Iterator<Item = usize> + use<'a> {
        let expressions = self.0.iter().enumerate();
        expressions.filter_map(|(rank, codes)| {
            let value = isolate.run_compiled(codes).expect("all that is read is there");
            matches!(value, Variable::Bool(true)).then_some(rank)
        })
    }
}
