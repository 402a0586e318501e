//! Measures: counted by hand, the same in any order, and read by the rules that they guard.

use std::{collections::BTreeMap, fs};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use tactful::{
    Customer, Draw, Duration, Engine, Facts, GroupedBy, HistoryEntry, Outcome, Reaction, ReasonCode, Status,
    Touch, World,
    measures::{KeyedFact, Ratio, Record, Touches, Window, churn, repurchase_interval, spend_per_order},
};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn november() -> Window {
    Window::new(at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z"))
}

fn sent(when: &str, campaign: &str) -> HistoryEntry {
    HistoryEntry::new(at(when), "direct", "promotion").campaign(campaign)
}

fn parts(ratio: Ratio) -> (f64, f64) {
    (ratio.numerator(), ratio.denominator())
}

#[test]
fn a_window_has_its_first_instant_and_not_its_last() {
    let kim = Customer::new("kim");
    let history = [
        sent("2026-10-31T23:59:59Z", "a"),
        sent("2026-11-01T00:00:00Z", "a"),
        sent("2026-11-30T23:59:59Z", "a"),
        sent("2026-12-01T00:00:00Z", "a"),
    ];
    assert_eq!(
        Touches::sent([Record::new(&kim, &history)], november()).count(),
        2
    );
}

#[test]
fn what_was_not_heard_does_not_count() {
    let kim = Customer::new("kim");
    let of = |status| sent("2026-11-05T10:00:00Z", "a").status(status);
    let history = [
        Status::Sent,
        Status::Scheduled,
        Status::Failed,
        Status::Cancelled,
        Status::HeldOut,
    ]
    .map(of);
    let record = [Record::new(&kim, &history)];
    assert_eq!(Touches::sent(record, november()).count(), 2);
    assert_eq!(Touches::held_out(record, november()).count(), 1);
}

// Ann gets three and answers one after an hour and one too late; Bo gets one and buys; Cy gets nothing.
#[test]
fn counted_by_hand() {
    let (ann, cy) = (Customer::new("ann"), Customer::new("cy"));
    let bo = Customer::new("bo").purchase(at("2026-11-03T12:00:00Z"), 30.0);
    let of_ann = [
        sent("2026-11-02T10:00:00Z", "a").response("clicked", at("2026-11-02T11:00:00Z")),
        sent("2026-11-09T10:00:00Z", "b").response("clicked", at("2026-11-10T10:00:01Z")),
        sent("2026-11-16T10:00:00Z", "b").response("complained", at("2026-11-17T10:00:00Z")),
    ];
    let of_bo = [sent("2026-11-03T10:00:00Z", "a")];
    let records = [
        Record::new(&ann, &of_ann),
        Record::new(&bo, &of_bo),
        Record::new(&cy, &[]),
    ];
    let touches = Touches::sent(records, november());
    let day = Duration::days(1);
    assert_eq!(parts(touches.per_reached()), (4.0, 2.0));
    assert_eq!(parts(touches.reach()), (2.0, 3.0));
    assert_eq!(parts(touches.responded(&["clicked"], day)), (1.0, 4.0));
    // The end of the day after is still within it.
    assert_eq!(
        parts(touches.responded(&["complained", "blocked"], day)),
        (1.0, 4.0)
    );
    assert_eq!(parts(touches.converted(day)), (1.0, 4.0));
    assert_eq!(parts(touches.signal(&["clicked"], day)), (2.0, 4.0));
    assert_eq!(parts(touches.participated(&["clicked"], day)), (1.0, 2.0));
    let by_campaign = touches.grouped_by(GroupedBy::Campaign);
    let complaints: Vec<_> = by_campaign
        .iter()
        .map(|(name, of)| (name.as_str(), parts(of.responded(&["complained"], day))))
        .collect();
    assert_eq!(complaints, [("a", (0.0, 2.0)), ("b", (1.0, 2.0))]);
    assert_eq!(parts(by_campaign["b"].reach()), (1.0, 3.0));
    assert!(touches.grouped_by(GroupedBy::Sender).is_empty());
    assert_eq!(
        touches
            .only(|entry| entry.campaign.as_deref() == Some("a"))
            .count(),
        2
    );
}

#[test]
fn purchases_at_one_instant_are_one_and_unknown_amounts_are_left_out() {
    let mut kim = Customer::new("kim")
        .purchase(at("2026-11-01T00:00:00Z"), 10.0)
        .purchase(at("2026-11-01T00:00:00Z"), 20.0)
        .purchase(at("2026-11-01T00:00:00Z"), 5.0)
        .purchase(at("2026-11-11T00:00:00Z"), 30.0);
    kim.purchases
        .iter_mut()
        .flatten()
        .filter(|one| one.amount == Some(20.0))
        .for_each(|one| one.amount = None);
    let records = [Record::new(&kim, &[])];
    assert_eq!(parts(repurchase_interval(records, november())), (10.0, 1.0));
    assert_eq!(parts(spend_per_order(records, november())), (45.0, 2.0));
    assert_eq!(parts(churn(records, &[], november())), (1.0, 1.0));
}

/// A month in which some complain, whose rate is a fact of the next day's decision.
fn of_complaints(complaints: usize, of: usize) -> Result<Facts> {
    let customers: Vec<Customer> = (0..of)
        .map(|number| Customer::new(format!("c-{number}")))
        .collect();
    let histories: Vec<[HistoryEntry; 1]> = (0..of)
        .map(|number| {
            let entry = sent("2026-11-02T10:00:00+08:00", "double-11");
            match number < complaints {
                true => [entry.response("complained", at("2026-11-02T12:00:00+08:00"))],
                false => [entry],
            }
        })
        .collect();
    let records = customers
        .iter()
        .zip(&histories)
        .map(|(customer, history)| Record::new(customer, history));
    let touches = Touches::sent(records, november()).grouped_by(GroupedBy::Campaign);
    let dissatisfied =
        |touches: &Touches<'_>| touches.responded(&["complained", "blocked"], Duration::days(7));
    let ratios: BTreeMap<String, Ratio> = touches
        .iter()
        .map(|(campaign, touches)| (campaign.clone(), dissatisfied(touches)))
        .collect();
    Ok(KeyedFact::new("campaign.dissatisfaction")
        .at_least(20)
        .otherwise(0.0, ["double-11", "restock"])
        .facts(&ratios))
}

// The rulebook of 不主动触达 warns from 5 % and stops above 10 %.
#[test]
fn dissatisfaction_is_measured_and_stops_its_campaign() -> Result {
    let rulebook = fs::read_to_string("tests/scenarios/09-no-proactive-contact/rulebook.json")?;
    let (engine, _) = Engine::from_document(&serde_json::from_str(&rulebook)?)?;
    let now = at("2026-11-05T10:00:00+08:00");
    let member = Customer::new("m").tag("会员");
    let decide = |facts: &Facts| -> Result<_> {
        Ok(engine.bind(&member, &[], &engine.bind_facts(facts)?)?.decide(now))
    };
    for (complaints, of, outcome, warned) in [
        (0, 100, Outcome::Send, false),
        (4, 100, Outcome::Send, false),
        (5, 100, Outcome::Send, true),
        (10, 100, Outcome::Send, true),
        (11, 100, Outcome::Refrain, false),
        // Three of nineteen are too few to say.
        (3, 19, Outcome::Send, false),
        (3, 20, Outcome::Refrain, false),
    ] {
        let decision = decide(&of_complaints(complaints, of)?)?;
        assert_eq!(decision.outcome(), outcome, "{complaints} of {of}");
        let observed = decision.observed().iter().map(|reason| reason.rule());
        let expected = warned.then_some(Some("respect/dissatisfaction-warning"));
        assert_eq!(
            observed.collect::<Vec<_>>(),
            Vec::from_iter(expected),
            "{complaints} of {of}"
        );
        let stopped = |rule| {
            decision
                .reasons()
                .iter()
                .any(|reason| reason.rule() == Some(rule))
        };
        assert_eq!(
            stopped("respect/dissatisfaction-stop"),
            outcome == Outcome::Refrain
        );
    }
    // Nothing measured at all is not known, and silences.
    let decision = decide(&Facts::new())?;
    assert_eq!(decision.outcome(), Outcome::Refrain);
    assert_eq!(decision.reasons()[0].code(), ReasonCode::Forbidden);
    Ok(())
}

#[test]
fn a_simulated_month_is_measured_by_days() -> Result {
    struct SomeClick;
    impl World for SomeClick {
        fn react(&self, _: &Customer, _: &Touch, draw: &mut Draw) -> Reaction {
            match draw.percent(30) {
                true => Reaction::none().responds("clicked", Duration::minutes(5)),
                false => Reaction::none(),
            }
        }
    }
    let house = r#"{"format": 1, "time_zone": "Asia/Shanghai", "unknown_time_zone": "house", "look_ahead": "1d",
        "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
        "campaigns": [{"id": "daily", "purpose": "news", "value": "knowledge", "channels": ["mail"],
                       "schedule": {"on": {"from": "09:00"}}, "variants": [{"id": "v"}]}]}"#;
    let (engine, _) = Engine::from_document(&serde_json::from_str(house)?)?;
    let customers = (0..50).map(|number| (Customer::new(format!("c-{number}")), vec![]));
    let simulated = engine
        .simulation(at("2026-11-01T00:00:00+08:00"), at("2026-11-04T00:00:00+08:00"))
        .run(customers, &SomeClick)?;
    for day in simulated.days() {
        let touches = Touches::sent(simulated.records(), day.window());
        assert_eq!((touches.count(), touches.reached()), (50, 50));
        let clicked = touches.responded(&["clicked"], Duration::hours(1));
        assert_eq!(clicked.numerator(), day.responses()["clicked"] as f64);
        assert_eq!(clicked.denominator(), 50.0);
    }
    Ok(())
}

proptest! {
    #[test]
    fn no_order_changes_a_measure(hours in prop::collection::vec((0_i64..2_000, 0_usize..4, any::<bool>()), 0..40), turn in any::<bool>()) {
        let entry = |&(hour, customer, answered): &(i64, usize, bool)| {
            let at = at("2026-10-15T00:00:00Z") + TimeDelta::hours(hour);
            let entry = HistoryEntry::new(at, "direct", "promotion").campaign(format!("campaign-{}", hour % 3));
            (customer, if answered { entry.response("clicked", at + TimeDelta::hours(1)) } else { entry })
        };
        let mut customers: Vec<(Customer, Vec<HistoryEntry>)> = (0..4).map(|number| (Customer::new(format!("c-{number}")), vec![])).collect();
        for (customer, entry) in hours.iter().map(entry) {
            customers[customer].0 = customers[customer].0.clone().purchase(entry.at, hours.len() as f64 + 0.1);
            customers[customer].1.push(entry);
        }
        let measure = |customers: &[(Customer, Vec<HistoryEntry>)]| {
            let records = || customers.iter().map(|(customer, history)| Record::new(customer, history));
            let touches = Touches::sent(records(), november());
            let by_campaign: Vec<_> = touches.grouped_by(GroupedBy::Campaign).values()
                .map(|touches| touches.participated(&["clicked"], Duration::days(1))).collect();
            (touches.signal(&["clicked"], Duration::days(1)), touches.reach(), by_campaign,
                repurchase_interval(records(), november()), churn(records(), &["clicked"], november()))
        };
        let first = measure(&customers);
        customers.iter_mut().for_each(|(customer, history)| {
            history.reverse();
            customer.purchases.iter_mut().for_each(|purchases| purchases.reverse());
        });
        if turn {
            customers.reverse();
        }
        prop_assert_eq!(measure(&customers), first);
    }
}
