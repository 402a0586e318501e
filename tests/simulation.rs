//! Simulations: what they produce is what the engine decides, and no rule is broken in it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use tactful::{
    Customer, Draw, Duration, Engine, Facts, HistoryEntry, Outcome, Reaction, Simulated, Status, Touch, World,
};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const HOUSE: &str = r#"{
    "format": 1, "time_zone": "Asia/Shanghai", "unknown_time_zone": "house", "look_ahead": "7d",
    "attributes": {"joined_at": "date-time"},
    "facts": {"cold": {"type": "boolean"}},
    "tags": [{"tag": "buyer", "when": {"purchases": "count", "ge": 1}}],
    "purposes": ["service", "promotion"],
    "channels": {"direct": {"consent": "none"}, "sms": {"consent": "none"}},
    "policies": [{"id": "house", "rules": [
        {"id": "night", "then": {"quiet": {"from": "22:00", "to": "08:00"}}},
        {"id": "daily", "then": {"cap": {"at_most": 1, "per": "day"}}},
        {"id": "weekly", "scope": {"purposes": ["promotion"]}, "then": {"cap": {"at_most": 2, "per": "7d"}}},
        {"id": "sorry", "then": {"react": {"to": "complained", "hold": "10d"}}}]}],
    "campaigns": [
        {"id": "welcome", "purpose": "service", "value": "service", "priority": 9,
         "schedule": {"after": "joined_at", "until": "2d"}, "channels": ["direct"], "variants": [{"id": "v"}]},
        {"id": "thanks", "purpose": "service", "value": "experience", "priority": 5, "audience": {"tag": "buyer"},
         "channels": ["direct"], "variants": [{"id": "v"}]},
        {"id": "cold", "purpose": "promotion", "value": "save", "audience": {"fact": "cold", "eq": true},
         "schedule": {"on": {"from": "07:00", "to": "12:00"}}, "channels": ["direct", "sms"],
         "rules": [{"id": "control", "then": {"holdout": {"percent": 20, "salt": "cold"}}}],
         "variants": [{"id": "v"}]}]}"#;

fn engine() -> Result<Engine> {
    Ok(Engine::from_document(&serde_json::from_str(HOUSE)?)?.0)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// Cold on odd days of the month; most say nothing, some buy, some complain.
struct Autumn;

impl World for Autumn {
    fn facts(&self, day: NaiveDate) -> Facts {
        use chrono::Datelike;
        Facts::new().set("cold", day.day() % 2 == 1)
    }

    fn react(&self, _: &Customer, _: &Touch, draw: &mut Draw) -> Reaction {
        match draw.below(10) {
            0 => Reaction::none().responds("complained", Duration::minutes(30)),
            1..=3 => Reaction::none()
                .responds("clicked", Duration::minutes(3))
                .buys(Duration::hours(1), 38.0),
            _ => Reaction::none(),
        }
    }
}

fn customers(count: u64) -> Vec<(Customer, Vec<HistoryEntry>)> {
    let customer = |number: u64| {
        let joined = at("2026-11-01T02:00:00Z") + TimeDelta::hours(5 * number as i64);
        Customer::new(format!("c-{number}"))
            .attribute("joined_at", joined.to_rfc3339())
            .known_purchases()
    };
    (0..count).map(|number| (customer(number), Vec::new())).collect()
}

fn november(count: u64, seed: u64) -> Result<Simulated> {
    let simulation = engine()?.simulation(at("2026-10-31T16:00:00Z"), at("2026-11-30T16:00:00Z"));
    Ok(simulation.seed(seed).run(customers(count), &Autumn)?)
}

// By hand. One customer joins on Sunday the 1st at ten; nobody answers; cold on odd days.
//  1st: welcome at 10:00. `cold` is open from 07:00 to 12:00, but the day's touch is gone.
//  3rd: cold at 08:00, when the night ends. 5th: cold at 08:00. 7th: the two of a week are used until the 10th at 08:00.
//  9th: likewise. 11th: 08:00. And so on, two in seven days: 13th; 15th, 17th not (18th at 08:00 frees one, and it is
//  not cold); 19th, 21st; 23rd, 25th not; 27th, 29th.
#[test]
fn a_month_worked_out_by_hand() -> Result {
    struct Odd;
    impl World for Odd {
        fn facts(&self, day: NaiveDate) -> Facts {
            Autumn.facts(day)
        }
    }
    // Not held out from `cold`; that bucket is another test's matter.
    let simulation = engine()?.simulation(at("2026-10-31T16:00:00Z"), at("2026-11-30T16:00:00Z"));
    let simulated = simulation.run(customers(1), &Odd)?;
    let touches = simulated.customers()[0].touches();
    let told: Vec<String> = touches
        .iter()
        .map(|touch| {
            let local = touch.at().with_timezone(&chrono_tz::Asia::Shanghai);
            format!("{} {}", local.format("%d %H:%M"), touch.campaign())
        })
        .collect();
    assert_eq!(
        told,
        [
            "01 10:00 welcome",
            "03 08:00 cold",
            "05 08:00 cold",
            "11 08:00 cold",
            "13 08:00 cold",
            "19 08:00 cold",
            "21 08:00 cold",
            "27 08:00 cold",
            "29 08:00 cold"
        ]
    );
    let days = simulated.days();
    assert_eq!((days.len(), days[0].date()), (30, "2026-11-01".parse()?));
    assert_eq!(
        days[0].touches_by_campaign(),
        &BTreeMap::from([("welcome".to_owned(), 1)])
    );
    assert_eq!((days[2].reached(), days[3].reached()), (1, 0));
    // Noon of the 5th: the day's touch is used, and so are the week's.
    assert_eq!(
        (
            days[4].refusals()["house/daily"],
            days[4].refusals()["house/weekly"]
        ),
        (1, 1)
    );
    assert_eq!(days[4].refusals().get("house/night"), None);
    Ok(())
}

#[test]
fn no_rule_is_broken_and_every_touch_is_decided() -> Result {
    let engine = engine()?;
    let simulated = november(120, 7)?;
    let mut complained = 0;
    for customer in simulated.customers() {
        let touches = customer.touches();
        for (number, touch) in touches.iter().enumerate() {
            let local = touch.at().with_timezone(&chrono_tz::Asia::Shanghai);
            assert!((8..22).contains(&local.hour()), "at night: {touch:?}");
            let same_day = |other: &&Touch| {
                other.at().with_timezone(&chrono_tz::Asia::Shanghai).date_naive() == local.date_naive()
            };
            assert_eq!(
                touches.iter().filter(same_day).count(),
                1,
                "twice a day: {touch:?}"
            );
            let week = touches.iter().filter(|other| {
                other.purpose() == "promotion"
                    && touch.at() - TimeDelta::days(7) < other.at()
                    && other.at() <= touch.at()
            });
            assert!(week.count() <= 2, "more than two a week: {touch:?}");
            // As the host would have seen it: what was sent before, answered before, bought before.
            let mut known = customer.history().to_vec();
            known.retain(|entry| entry.at <= touch.at() && entry.key != Some(touch.key().to_string()));
            known
                .iter_mut()
                .for_each(|entry| entry.responses.retain(|response| response.at <= touch.at()));
            let mut person = customer.customer().clone();
            person
                .purchases
                .iter_mut()
                .flatten()
                .for_each(|purchase| assert_eq!(purchase.amount, Some(38.0)));
            person.purchases = person.purchases.map(|list| {
                list.into_iter()
                    .filter(|bought| bought.at <= touch.at())
                    .collect()
            });
            let facts = Autumn.facts(local.date_naive());
            let decision = engine
                .bind(&person, &known, &engine.bind_facts(&facts)?)?
                .decide(touch.at());
            assert_eq!(decision.outcome(), Outcome::Send);
            assert_eq!(
                decision.touch(),
                Some(touch),
                "touch {number} of {}",
                customer.customer().id
            );
        }
        for entry in customer.history() {
            for complaint in entry
                .responses
                .iter()
                .filter(|response| response.kind == "complained")
            {
                complained += 1;
                let held = touches.iter().any(|touch| {
                    complaint.at <= touch.at() && touch.at() < complaint.at + TimeDelta::days(10)
                });
                assert!(!held, "spoken to after a complaint: {}", customer.customer().id);
            }
        }
    }
    assert!(complained > 10, "the world complains: {complained}");
    Ok(())
}

#[test]
fn what_is_counted_is_what_the_histories_hold() -> Result {
    let simulated = november(120, 7)?;
    let sum = |count: fn(&tactful::SimulatedDay) -> u64| simulated.days().iter().map(count).sum::<u64>();
    let entries = || {
        simulated
            .customers()
            .iter()
            .flat_map(|customer| customer.history())
    };
    let of = |status: Status| entries().filter(|entry| entry.status == status).count() as u64;
    assert_eq!(
        sum(|day| day.touches_by_purpose().values().sum()),
        of(Status::Sent)
    );
    assert_eq!(
        sum(|day| day.touches_by_channel().values().sum()),
        of(Status::Sent)
    );
    assert_eq!(sum(|day| day.held_out()), of(Status::HeldOut));
    assert!(of(Status::HeldOut) > 0, "some are held out");
    let responses = entries().flat_map(|entry| &entry.responses).count() as u64;
    assert_eq!(sum(|day| day.responses().values().sum()), responses);
    let purchases: usize = simulated
        .customers()
        .iter()
        .map(|c| c.customer().purchases.as_ref().map_or(0, Vec::len))
        .sum();
    assert_eq!(sum(|day| day.purchases()), purchases as u64);
    let revenue: f64 = simulated.days().iter().map(|day| day.revenue()).sum();
    assert!((revenue - 38.0 * purchases as f64).abs() < 1e-6);
    // Who has bought is thanked, from what the simulation itself has brought about.
    let thanked = simulated
        .days()
        .iter()
        .filter_map(|day| day.touches_by_campaign().get("thanks"))
        .sum::<u64>();
    assert!(thanked > 5, "{thanked} are thanked");
    Ok(())
}

#[test]
fn it_is_a_function_of_what_it_is_given() -> Result {
    let simulated = november(40, 7)?;
    assert_eq!(november(40, 7)?, simulated);
    assert_ne!(november(40, 8)?, simulated, "another seed is another month");
    let simulation = engine()?
        .simulation(at("2026-10-31T16:00:00Z"), at("2026-11-30T16:00:00Z"))
        .seed(7);
    let mut turned = customers(40);
    turned.reverse();
    let mut turned: Vec<_> = simulation.run(turned, &Autumn)?.customers().to_vec();
    turned.reverse();
    assert_eq!(turned, simulated.customers());
    // Fewer customers change nothing for those who are left.
    assert_eq!(november(5, 7)?.customers(), &simulated.customers()[..5]);
    Ok(())
}

#[test]
fn what_does_not_fit_is_told_with_its_place() -> Result {
    let simulation = engine()?.simulation(at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z"));
    let two = [
        (Customer::new("a"), vec![]),
        (Customer::new("b").tag("gold"), vec![]),
    ];
    let error = simulation.run(two, &()).expect_err("no such tag");
    assert_eq!(error.path(), "/customers/1/tags/0");
    struct Unknown;
    impl World for Unknown {
        fn facts(&self, _: NaiveDate) -> Facts {
            Facts::new().set("snow", true)
        }
    }
    let error = simulation.run([], &Unknown).expect_err("no such fact");
    assert_eq!(error.path(), "/facts/snow");
    // No time, no days.
    let none = engine()?.simulation(at("2026-11-02T00:00:00Z"), at("2026-11-01T00:00:00Z"));
    assert!(none.run(customers(1), &())?.days().is_empty());
    Ok(())
}
