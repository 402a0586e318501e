//! Instructions per answer, over sixteen customers of the workload.

#[path = "../../workload/mod.rs"]
mod workload;

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use tactful::{Agenda, Bound, BoundFacts, Customer, Decision, Engine, Explanation, HistoryEntry, Rulebook};

const PEOPLE: u64 = 16;

type Inputs = Vec<(Customer, Vec<HistoryEntry>)>;

fn inputs() -> Inputs {
    let people = (0..PEOPLE).map(workload::person);
    people
        .map(|person| (workload::customer(&person), workload::history(&person)))
        .collect()
}

fn unbound(campaigns: u64) -> (Engine, BoundFacts, Inputs) {
    let engine = workload::engine(campaigns);
    let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
    (engine, facts, inputs())
}

fn bound(campaigns: u64) -> Vec<Bound> {
    let (engine, facts, inputs) = unbound(campaigns);
    let bind = |(customer, history): &(Customer, Vec<HistoryEntry>)| {
        engine.bind(customer, history, &facts).expect("the customer binds")
    };
    inputs.iter().map(bind).collect()
}

#[library_benchmark(setup = bound)]
#[bench::n_10(10)]
#[bench::n_100(100)]
#[bench::n_1000(1_000)]
#[bench::n_10000(10_000)]
fn decide(people: Vec<Bound>) -> (Vec<Decision>, Vec<Bound>) {
    let now = workload::now();
    (people.iter().map(|bound| black_box(bound).decide(now)).collect(), people)
}

#[library_benchmark(setup = bound)]
#[bench::n_100(100)]
#[bench::n_1000(1_000)]
fn agenda(people: Vec<Bound>) -> (Vec<Agenda>, Vec<Bound>) {
    let now = workload::now();
    (people.iter().map(|bound| black_box(bound).agenda(now)).collect(), people)
}

#[library_benchmark(setup = bound)]
#[bench::n_100(100)]
#[bench::n_1000(1_000)]
fn explain(people: Vec<Bound>) -> (Vec<Explanation>, Vec<Bound>) {
    let now = workload::now();
    (people.iter().map(|bound| black_box(bound).explain(now)).collect(), people)
}

#[library_benchmark(setup = unbound)]
#[bench::n_1000(1_000)]
fn bind((engine, facts, inputs): (Engine, BoundFacts, Inputs)) -> (Vec<Bound>, Engine, BoundFacts, Inputs) {
    let bind = |(customer, history): &(Customer, Vec<HistoryEntry>)| {
        engine.bind(customer, history, &facts).expect("the customer binds")
    };
    (inputs.iter().map(bind).collect(), engine, facts, inputs)
}

#[library_benchmark(setup = workload::rulebook)]
#[bench::n_1000(1_000)]
fn compile(book: Rulebook) -> (Engine, Rulebook) {
    let (engine, _) = Engine::compile(black_box(&book)).expect("the workload compiles");
    (engine, book)
}

library_benchmark_group!(name = answers, benchmarks = [decide, agenda, explain, bind, compile]);

main!(library_benchmark_groups = answers);
