//! How long answers take, by the number of campaigns.

mod workload;

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use tactful::{Bound, Engine, HistoryEntry, Outcome};

const SIZES: [u64; 5] = [10, 100, 1_000, 10_000, 100_000];
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
                history.push(HistoryEntry::new(at, "sms", "care"));
            }
            engine
                .bind(&workload::customer(&person), &history, &facts)
                .expect("the customer binds")
        })
        .collect()
}

/// `send` asks those who get something now; `touched` those who have got something today, and so are told why nothing goes.
fn decide(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decide");
    let now = workload::now();
    for campaigns in SIZES {
        let engine = workload::engine(campaigns);
        let mut sent = people(&engine, false);
        sent.retain(|bound| bound.decide(now).outcome() == Outcome::Send);
        let mut turn = sent.iter().cycle();
        group.bench_function(BenchmarkId::new("send", campaigns), |bencher| {
            bencher.iter(|| black_box(turn.next().map(|bound| bound.decide(black_box(now)))));
        });
        let touched = people(&engine, true);
        let mut turn = touched.iter().cycle();
        group.bench_function(BenchmarkId::new("touched", campaigns), |bencher| {
            bencher.iter(|| black_box(turn.next().map(|bound| bound.decide(black_box(now)))));
        });
    }
    group.finish();
}

fn agenda(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("agenda");
    let now = workload::now();
    for campaigns in SIZES {
        let people = people(&workload::engine(campaigns), false);
        let mut turn = people.iter().cycle();
        group.bench_function(BenchmarkId::from_parameter(campaigns), |bencher| {
            bencher.iter(|| black_box(turn.next().map(|bound| bound.agenda(black_box(now)))));
        });
    }
    group.finish();
}

/// One campaign explained, and all of them.
fn explain(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain");
    let now = workload::now();
    for campaigns in SIZES {
        let people = people(&workload::engine(campaigns), false);
        let mut turn = people.iter().zip(0..campaigns).cycle();
        group.bench_function(BenchmarkId::new("one", campaigns), |bencher| {
            bencher.iter(|| {
                let (bound, campaign) = turn.next().expect("people");
                black_box(bound.explain_campaign(black_box(now), &format!("campaign-{campaign}")))
            });
        });
        if campaigns > 1_000 {
            continue;
        }
        let mut turn = people.iter().cycle();
        group.bench_function(BenchmarkId::new("all", campaigns), |bencher| {
            bencher.iter(|| black_box(turn.next().map(|bound| bound.explain(black_box(now)))));
        });
    }
    group.finish();
}

fn bind(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("bind");
    let person = workload::person(0);
    let (customer, history) = (workload::customer(&person), workload::history(&person));
    for campaigns in SIZES {
        let engine = workload::engine(campaigns);
        let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
        group.bench_function(BenchmarkId::from_parameter(campaigns), |bencher| {
            bencher.iter(|| black_box(engine.bind(black_box(&customer), black_box(&history), &facts)));
        });
    }
    group.finish();
}

/// A rulebook compiled, and one campaign put into an engine and taken out.
fn compile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    group.sample_size(10);
    for campaigns in SIZES {
        let book = workload::rulebook(campaigns);
        group.bench_function(BenchmarkId::new("all", campaigns), |bencher| {
            bencher.iter_batched(
                || (),
                |()| Engine::compile(black_box(&book)),
                BatchSize::PerIteration,
            );
        });
        let engine = workload::engine(campaigns);
        let specs = workload::specs(campaigns + 1);
        let one = workload::campaign(specs.last().expect("one more"));
        group.bench_function(BenchmarkId::new("one more", campaigns), |bencher| {
            bencher.iter(|| black_box(engine.with_campaign(black_box(&one))));
        });
        group.bench_function(BenchmarkId::new("one less", campaigns), |bencher| {
            bencher.iter(|| black_box(engine.without_campaign(black_box("campaign-0"))));
        });
    }
    group.finish();
}

/// Five daily campaigns under one rolling cap, planned for a month at night: the plan is long, and every touch in it has
/// others to respect.
fn long_plan(criterion: &mut Criterion) {
    let daily = |number: usize| {
        format!(
            r#"{{"id": "daily-{number}", "purpose": "news", "value": "knowledge", "channels": ["mail"],
                 "schedule": {{"on": {{"from": "09:00", "to": "21:00"}}}}, "variants": [{{"id": "letter"}}]}}"#
        )
    };
    let campaigns: Vec<String> = (0..5).map(daily).collect();
    let book = format!(
        r#"{{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "30d",
             "purposes": ["news"], "channels": {{"mail": {{"consent": "none"}}}},
             "policies": [{{"id": "house", "rules": [
                 {{"id": "few", "then": {{"cap": {{"at_most": 2, "per": "24h"}}}}}}]}}],
             "campaigns": [{}]}}"#,
        campaigns.join(", ")
    );
    let (engine, _) =
        Engine::from_document(&serde_json::from_str(&book).expect("a document")).expect("valid");
    let facts = engine.bind_facts(&tactful::Facts::new()).expect("facts");
    let bound = engine
        .bind(&tactful::Customer::new("kim"), &[], &facts)
        .expect("a customer");
    let night = "2026-03-02T23:00:00Z".parse().expect("an instant");
    let mut group = criterion.benchmark_group("long plan");
    group.sample_size(20);
    group.bench_function("150 touches", |bencher| {
        bencher.iter(|| black_box(bound.decide(black_box(night))));
    });
    group.finish();
}

criterion_group!(benches, decide, agenda, explain, bind, compile, long_plan);
criterion_main!(benches);
