//! For each invariant a mistake that it finds: in the rulebook, or in the host.

use tactful::{
    Case, ClockWindow, Duration, HistoryEntry, Quiet, Rule, Rulebook, Status, TouchPolicy,
    chrono::TimeDelta,
    testing::{Broken, Host, Invariant, Invariants},
};

fn broken(rulebook: &Rulebook, host: &dyn Host, invariant: Invariant) -> Broken {
    let invariants = Invariants::of(rulebook).unwrap().host(host);
    let broken = invariants.holds(invariant).unwrap_err();
    assert_eq!(broken.invariant(), invariant);
    broken
}

/// The rulebook with parts of its text replaced.
fn mistaken(changes: &[(&str, &str)]) -> Rulebook {
    let mut text = include_str!("../rulebook/rulebook.json").to_owned();
    for (right, wrong) in changes {
        assert!(text.contains(right), "{right}");
        text = text.replace(right, wrong);
    }
    serde_json::from_str(&text).unwrap()
}

/// Sends, and forgets to write it down.
struct Forgetful;

impl Host for Forgetful {
    fn deliver(&self, _history: &mut Vec<HistoryEntry>, touch: HistoryEntry) -> HistoryEntry {
        touch
    }
}

#[test]
fn a_host_that_forgets_what_it_sent_exceeds_a_cap() {
    let broken = broken(&house_tests::rulebook().unwrap(), &Forgetful, Invariant::Caps);
    assert_eq!(
        broken.what(),
        "`house/daily` allows 1, and this is touch number 2"
    );
    // The plainest: who joined lately, or likes latte, with nothing in the history, twice.
    assert!(broken.case().unwrap().history.is_empty(), "{broken}");
    assert!(broken.timeline().len() <= 4, "{broken}");
}

/// Delivers from a queue, hours later, without asking again.
struct Queue;

impl Host for Queue {
    fn deliver(&self, history: &mut Vec<HistoryEntry>, mut touch: HistoryEntry) -> HistoryEntry {
        touch.at += TimeDelta::hours(12);
        history.push(touch.clone());
        touch
    }
}

#[test]
fn a_host_that_delivers_late_disturbs_the_night() {
    let broken = broken(&house_tests::rulebook().unwrap(), &Queue, Invariant::QuietHours);
    assert!(
        broken.what().ends_with("and `house/night` keeps quiet then"),
        "{broken}"
    );
}

#[test]
fn a_misspelled_hour_is_found_by_what_the_house_expects() {
    let rulebook = mistaken(&[(r#""to": "08:00""#, r#""to": "00:00""#)]);
    let night = ClockWindow::new("22:00".parse().unwrap(), "08:00".parse().unwrap());
    let expected = TouchPolicy::new("promised").rule(Rule::quiet("night", Quiet::new(night)));
    let invariants = Invariants::of(&rulebook).unwrap().expecting(&expected).unwrap();
    let broken = invariants.check().unwrap_err();
    assert_eq!(broken.invariant(), Invariant::QuietHours);
    assert!(broken.what().contains("`promised/night`"), "{broken}");
}

/// Loads tags from a table that knows nothing of the newest one.
struct OldTable;

impl Host for OldTable {
    fn load(&self, mut case: Case) -> Case {
        case.customer.tags.retain(|held| held.tag != "do_not_disturb");
        case
    }
}

#[test]
fn a_host_that_loses_a_tag_touches_the_suppressed() {
    let broken = broken(
        &house_tests::rulebook().unwrap(),
        &OldTable,
        Invariant::Suppression,
    );
    assert_eq!(broken.what(), "`house/no-proactive` forbids it");
}

/// Falls back to text messages, whoever agreed to them.
struct Fallback;

impl Host for Fallback {
    fn deliver(&self, history: &mut Vec<HistoryEntry>, mut touch: HistoryEntry) -> HistoryEntry {
        "sms".clone_into(&mut touch.channel);
        history.push(touch.clone());
        touch
    }
}

#[test]
fn a_host_that_falls_back_to_another_channel_sends_what_nothing_explains() {
    let broken = broken(
        &house_tests::rulebook().unwrap(),
        &Fallback,
        Invariant::Explanations,
    );
    assert!(broken.what().contains("sms"), "{broken}");
}

/// Loads the first entries of the history only.
struct FirstPage;

impl Host for FirstPage {
    fn load(&self, mut case: Case) -> Case {
        case.history.truncate(2);
        case
    }
}

#[test]
fn a_host_that_loads_a_page_of_the_history_hangs_on_its_order() {
    let broken = broken(
        &house_tests::rulebook().unwrap(),
        &FirstPage,
        Invariant::Permutations,
    );
    assert!(broken.case().unwrap().history.len() > 2, "{broken}");
}

/// Writes down that it failed, when the answer of the platform is late.
struct TimedOut;

impl Host for TimedOut {
    fn deliver(&self, history: &mut Vec<HistoryEntry>, touch: HistoryEntry) -> HistoryEntry {
        let mut failed = touch.clone();
        failed.status = Status::Failed;
        history.push(failed);
        touch
    }
}

#[test]
fn a_host_that_takes_a_late_answer_for_a_failure_sends_twice() {
    let broken = broken(&house_tests::rulebook().unwrap(), &TimedOut, Invariant::Keys);
    assert!(
        broken.what().ends_with("a touch with its key was sent before"),
        "{broken}"
    );
}

#[test]
fn a_cap_that_is_meant_for_a_month_and_written_for_a_year_starves() {
    let rulebook = mistaken(&[(
        r#"{"at_most": 3, "per": "7d"}"#,
        r#"{"at_most": 3, "per": "365d"}"#,
    )]);
    let invariants = Invariants::of(&rulebook)
        .unwrap()
        .nobody_waits_longer_than(Duration::days(10));
    let broken = invariants.holds(Invariant::Starvation).unwrap_err();
    assert!(broken.what().starts_with("nothing since"), "{broken}");
}

#[test]
fn a_campaign_that_speaks_at_night_only_reaches_nobody() {
    let rulebook = mistaken(&[
        (
            r#""from": "10:00", "to": "20:00""#,
            r#""from": "22:00", "to": "06:00""#,
        ),
        // By the customer's own clock there would be somebody abroad.
        (r#""to": "08:00""#, r#""to": "08:00", "zone": "house""#),
    ]);
    let broken = Invariants::of(&rulebook)
        .unwrap()
        .holds(Invariant::Reach)
        .unwrap_err();
    assert_eq!(
        broken.what(),
        "nobody was found whom `iced-latte` reaches, in 256 cases"
    );
}
