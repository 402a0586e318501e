//! A million customers before a thousand campaigns, once: how long it takes to take them in and to ask of them all
//! audiences, and how much memory they need.
//!
//! `cargo bench --bench million -- 1000000 1000 9 0`: customers, campaigns, rounds, and how many more campaigns ask for
//! touches, which no column tells. With the feature `rayon`,
//! `RAYON_NUM_THREADS` says on how many threads.

mod workload;

use std::{hint::black_box, time::Instant};

use tactful::{Campaign, Condition, Duration, Engine, TouchFilter, Value, Variant};

/// What the system says of this process, in MB; none where it is asked in another way.
fn memory(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1_000)
}

fn timed<T>(times: &mut Vec<std::time::Duration>, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let found = black_box(work());
    times.push(start.elapsed());
    found
}

fn median(times: &mut [std::time::Duration]) -> std::time::Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// A campaign for those with a tag to whom little was sent of late.
fn touching_campaign(number: u64) -> Campaign {
    let tag = Condition::tag(format!("tag-{number}"));
    let touches = Condition::touches(TouchFilter::new())
        .within(Duration::days(30))
        .lt(5);
    Campaign::new(format!("touching-{number}"), "care", Value::Service)
        .audience(Condition::all([tag, touches]))
        .channels(["direct"])
        .variant(Variant::new("only"))
}

fn main() {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let mut next = |default: u64| numbers.next().unwrap_or(default);
    let (customers, campaigns, rounds, touching) = (next(1_000_000), next(1_000), next(9), next(0));
    let book = (0..touching).fold(workload::rulebook(campaigns), |book, number| {
        book.campaign(touching_campaign(number))
    });
    let (engine, _) = Engine::compile(&book).expect("the workload compiles");
    let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
    let before = memory("VmRSS");
    let mut builder = engine.population(&facts).expect("the facts are of this engine");
    let mut pushing = std::time::Duration::ZERO;
    for number in 0..customers {
        let person = workload::person(number);
        let (customer, history) = (workload::customer(&person), workload::history(&person));
        let start = Instant::now();
        builder.push(&customer, &history).expect("the customer binds");
        pushing += start.elapsed();
    }
    let peak = memory("VmHWM");
    let start = Instant::now();
    let population = builder.build();
    println!(
        "{customers} customers pushed in {pushing:.1?}, built in {:.2?}",
        start.elapsed()
    );
    println!(
        "memory: {before:?} MB before, at most {peak:?} MB while pushed, {:?} MB built",
        memory("VmRSS")
    );

    let now = workload::now();
    let (mut counted, mut listed, mut overlaps) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let counts = timed(&mut counted, || population.counts(now));
        let audiences = timed(&mut listed, || population.audiences(now));
        let matching: usize = counts.iter().map(|count| count.matching()).sum();
        assert_eq!(
            matching,
            audiences.iter().map(|audience| audience.count()).sum::<usize>()
        );
        let shared = timed(&mut overlaps, || {
            let first = counts.first().map_or("", |count| count.campaign());
            counts
                .iter()
                .filter_map(|count| audiences.overlap(first, count.campaign()))
                .sum::<usize>()
        });
        black_box(shared);
    }
    let all: usize = population.counts(now).iter().map(|count| count.matching()).sum();
    let share = 100.0 * all as f64 / (customers * campaigns) as f64;
    println!("{campaigns} campaigns, {all} matches, {share:.2} in a hundred");
    println!(
        "medians of {rounds}: counts {:.1?}, audiences {:.1?}, one campaign's overlap with all {:.1?}",
        median(&mut counted),
        median(&mut listed),
        median(&mut overlaps)
    );
    println!(
        "memory: {:?} MB, at most {:?} MB",
        memory("VmRSS"),
        memory("VmHWM")
    );
}
