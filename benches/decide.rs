//! How long one decision takes, by the number of campaigns.

mod workload;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tactful::{Bound, Engine, Status};

const SIZES: [u64; 4] = [10, 100, 1_000, 10_000];
const PEOPLE: u64 = 64;

/// Sixty-four customers bound, as they are or with one touch already sent today.
fn people(engine: &Engine, touched: bool) -> Vec<Bound> {
    let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
    (0..PEOPLE)
        .map(|number| {
            let person = workload::person(number);
            let mut history = workload::history(&person);
            if touched {
                let at = workload::now() - chrono::TimeDelta::hours(1);
                history.push(tactful::HistoryEntry::new(at, "sms", "care").status(Status::Sent));
            }
            engine
                .bind(&workload::customer(&person), &history, &facts)
                .expect("the customer binds")
        })
        .collect()
}

fn decide(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide");
    let now = workload::now();
    for campaigns in SIZES {
        let engine = workload::engine(campaigns);
        for (name, touched) in [("fresh", false), ("touched", true)] {
            let people = people(&engine, touched);
            let mut turn = people.iter().cycle();
            group.bench_function(BenchmarkId::new(name, campaigns), |bencher| {
                bencher.iter(|| black_box(turn.next().map(|bound| bound.decide(black_box(now)))));
            });
        }
        let people = people(&engine, false);
        let mut turn = people.iter().cycle();
        group.bench_function(BenchmarkId::new("agenda", campaigns), |bencher| {
            bencher.iter(|| black_box(turn.next().map(|bound| bound.agenda(black_box(now)))));
        });
    }
    group.finish();
}

fn bind(criterion: &mut Criterion) {
    let engine = workload::engine(1_000);
    let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
    let person = workload::person(0);
    let (customer, history) = (workload::customer(&person), workload::history(&person));
    criterion.bench_function("bind", |bencher| {
        bencher.iter(|| black_box(engine.bind(black_box(&customer), black_box(&history), &facts)));
    });
}

criterion_group!(benches, decide, bind);
criterion_main!(benches);
