//! What every change of the rulebook has to pass.

use tactful::{Duration, lints::Linter, testing::Invariants};

#[test]
fn the_rulebook_keeps_its_invariants() {
    let rulebook = house_tests::rulebook().unwrap();
    let invariants = Invariants::of(&rulebook)
        .unwrap()
        .nobody_waits_longer_than(Duration::days(10));
    invariants.check().unwrap_or_else(|broken| panic!("{broken}"));
}

#[test]
fn the_rulebook_decides_as_it_is_written() {
    tactful::assert_case_files!("rulebook");
}

#[test]
fn nothing_in_the_rulebook_is_hardly_meant() {
    let lints = Linter::new().check(&house_tests::rulebook().unwrap()).unwrap();
    assert!(lints.findings().is_empty(), "{lints}");
}
