//! `cel`: one program a campaign, executed in a context that stands.

use std::{collections::HashMap, sync::Arc};

use cel::{Context, Env, Program, Value};
use chrono::{DateTime, Utc};

use super::{Plain, joined, numbers};
use crate::workload::{CITIES, Person, Spec};

pub(crate) struct Programs {
    env: Arc<Env>,
    programs: Vec<Program>,
}

pub(crate) fn compile(ranked: &[Spec]) -> Programs {
    let env = Arc::new(Env::stdlib());
    let program = |spec: &Spec| {
        let text = joined(spec, " && ", |test| match test {
            Plain::Tag(tag) => format!("{tag} in tags"),
            Plain::NoTag(tag) => format!("!({tag} in tags)"),
            Plain::AtLeast(name, number) => format!("{name} >= {number}"),
            Plain::Below(name, number) => format!("{name} < {number}"),
            Plain::Vip => "vip".to_owned(),
            Plain::City(city) => format!("city == '{city}'"),
            Plain::Cities(a, b) => format!("city in ['{a}', '{b}']"),
        });
        env.compile(&text).expect("a program")
    };
    let programs = ranked.iter().map(program).collect();
    Programs { env, programs }
}

impl Programs {
    /// Tags are the keys of a map: a list would be walked.
    pub(crate) fn read(&self, person: &Person, now: DateTime<Utc>) -> Context<'static, 'static> {
        let mut context = Context::with_env(self.env.clone());
        for (name, number) in numbers(person, now) {
            context.add_variable_from_value(name, number);
        }
        context.add_variable_from_value("vip", person.vip);
        context.add_variable_from_value("city", CITIES[person.city]);
        let tags: HashMap<i64, bool> = person.tags.iter().map(|&tag| (tag as i64, true)).collect();
        context.add_variable_from_value("tags", tags);
        context
    }

    pub(crate) fn all<'a>(
        &'a self,
        context: &'a Context<'static, 'static>,
    ) -> impl Iterator<Item = usize> + use<'a> {
        let programs = self.programs.iter().enumerate();
        programs.filter_map(|(rank, program)| {
            let value = program.execute(context).expect("all that is read is there");
            matches!(value, Value::Bool(true)).then_some(rank)
        })
    }
}
