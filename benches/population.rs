//! How long it takes to ask all audiences of many customers, by the number of campaigns.

mod workload;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tactful::{Engine, Population};

const SIZES: [u64; 3] = [10, 100, 1_000];
const PEOPLE: u64 = 100_000;

fn population(engine: &Engine, people: u64) -> Population {
    let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
    let mut builder = engine.population(&facts).expect("the facts are of this engine");
    for number in 0..people {
        let person = workload::person(number);
        builder
            .push(&workload::customer(&person), &[])
            .expect("the customer binds");
    }
    builder.build()
}

fn audiences(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("population");
    group.sample_size(20);
    let now = workload::now();
    for campaigns in SIZES {
        let population = population(&workload::engine(campaigns), PEOPLE);
        group.bench_function(BenchmarkId::new("counts", campaigns), |bencher| {
            bencher.iter(|| black_box(population.counts(black_box(now))));
        });
        group.bench_function(BenchmarkId::new("audiences", campaigns), |bencher| {
            bencher.iter(|| black_box(population.audiences(black_box(now))));
        });
    }
    group.finish();
}

fn push(criterion: &mut Criterion) {
    let engine = workload::engine(1_000);
    let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
    let mut builder = engine.population(&facts).expect("the facts are of this engine");
    let person = workload::person(0);
    let (customer, history) = (workload::customer(&person), workload::history(&person));
    criterion.bench_function("population/push", |bencher| {
        bencher.iter(|| black_box(builder.push(black_box(&customer), black_box(&history))));
    });
}

criterion_group!(benches, audiences, push);
criterion_main!(benches);
