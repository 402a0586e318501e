//! How long one decision takes, by the number of campaigns.

mod workload;

use std::hint::black_box;

use tactful::Outcome;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

fn decide(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide");
    for campaigns in [10, 100, 1_000, 10_000] {
        let engine = workload::engine(campaigns);
        let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
        let bound = engine
            .bind(&workload::customer(), &workload::history(), &facts)
            .expect("the customer binds");
        let now = workload::now();
        assert_eq!(bound.decide(now).outcome(), Outcome::Send);
        group.bench_with_input(BenchmarkId::new("send", campaigns), &bound, |bencher, bound| {
            bencher.iter(|| black_box(bound.decide(black_box(now))));
        });
        // Touched today: nothing more goes today, and everything that concerns the customer says why.
        let mut history = workload::history();
        history.extend(
            bound
                .decide(now)
                .touch()
                .map(|touch| touch.entry(tactful::Status::Sent)),
        );
        let touched = engine
            .bind(&workload::customer(), &history, &facts)
            .expect("the customer binds");
        assert_ne!(touched.decide(now).outcome(), Outcome::Send);
        group.bench_with_input(
            BenchmarkId::new("touched", campaigns),
            &touched,
            |bencher, bound| {
                bencher.iter(|| black_box(bound.decide(black_box(now))));
            },
        );
    }
    group.finish();
}

fn bind(criterion: &mut Criterion) {
    let engine = workload::engine(1_000);
    let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
    let (customer, history) = (workload::customer(), workload::history());
    criterion.bench_function("bind", |bencher| {
        bencher.iter(|| black_box(engine.bind(black_box(&customer), black_box(&history), &facts)));
    });
}

criterion_group!(benches, decide, bind);
criterion_main!(benches);
