//! A decision without a reason to render allocates nothing.
//!
//! Measured with an allocator that counts, thread by thread.

#[allow(unreachable_pub, missing_docs)]
#[path = "../benches/workload/mod.rs"]
mod workload;

use std::hint::black_box;

use allocation_counter::measure;
use tactful::{Bound, Decision, Engine, HistoryEntry, Outcome};

/// What is decided, and how often memory was asked for.
fn counted(bound: &Bound) -> (Decision, u64) {
    let mut decision = None;
    let counted = measure(|| decision = Some(black_box(bound).decide(workload::now())));
    (decision.expect("a decision"), counted.count_total)
}

fn bound(engine: &Engine, number: u64, more: &[HistoryEntry]) -> Bound {
    let person = workload::person(number);
    let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
    let history = [workload::history(&person), more.to_vec()].concat();
    engine
        .bind(&workload::customer(&person), &history, &facts)
        .expect("the customer binds")
}

#[test]
fn the_allocator_counts() {
    let counted = measure(|| {
        black_box(Box::new(1));
    });
    assert_eq!(counted.count_total, 1);
}

#[test]
fn sending_allocates_nothing() {
    let mut sent = 0;
    for campaigns in [10, 100, 1_000, 10_000] {
        let engine = workload::engine(campaigns);
        for number in 0..200 {
            let (decision, allocations) = counted(&bound(&engine, number, &[]));
            if decision.outcome() == Outcome::Send && decision.reasons().is_empty() {
                assert_eq!(
                    allocations, 0,
                    "customer {number} of {campaigns} campaigns: {decision:?}"
                );
                sent += 1;
            }
        }
    }
    println!("{sent} sends without a reason");
    assert!(sent > 300);
}

#[test]
fn refraining_allocates_nothing() {
    // Of ten campaigns most concern nobody.
    let engine = workload::engine(10);
    let mut refrained = 0;
    for number in 0..200 {
        let (decision, allocations) = counted(&bound(&engine, number, &[]));
        if decision.outcome() == Outcome::Refrain && decision.reasons().is_empty() {
            assert_eq!(allocations, 0, "customer {number}: {decision:?}");
            refrained += 1;
        }
    }
    println!("{refrained} refusals without a reason");
    assert!(refrained > 100);
}
