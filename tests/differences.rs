//! Rulebooks compared: what is told of a change, that it is so, and the cases that show it.

use serde_json::{Value, json};
use tactful::{
    Case, Condition, Customer, Engine, HistoryEntry, Outcome, ReasonCode, Rulebook,
    chrono::{DateTime, TimeDelta, Utc},
    differences::{Effect, Told, diff, distinguish, replay},
};

fn book(change: Value) -> Value {
    let mut book = json!({
        "format": 1, "time_zone": "Asia/Shanghai", "unknown_time_zone": "house", "look_ahead": "0s",
        "attributes": {"age": "integer"}, "tags": ["tea", "rest"],
        "purposes": ["news", "service"], "channels": {"mail": {"consent": "opt_out"}, "sms": {"consent": "none"}},
        "policies": [],
        "campaigns": [{"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
            "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]}]});
    for (name, value) in change.as_object().unwrap() {
        book[name] = value.clone();
    }
    book
}

fn read(book: &Value) -> Rulebook {
    serde_json::from_value(book.clone()).unwrap()
}

fn with_rules(rules: &Value) -> Rulebook {
    read(&book(json!({"policies": [{"id": "house", "rules": rules}]})))
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Customers, histories and instants in which rules of all kinds act and do not act.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for hour in 0..72 {
        let now = at("2026-05-01T00:00:00+08:00") + TimeDelta::hours(hour);
        for touches in 0..4 {
            for (kind, age) in [(None, Some(17)), (Some("complained"), Some(40)), (None, None)] {
                let mut customer = Customer::new(format!("c-{hour}")).tag("tea");
                if hour % 3 == 0 {
                    customer = customer.tag("rest");
                }
                if let Some(age) = age {
                    customer = customer.attribute("age", age);
                }
                let entry = |number: i64| {
                    let sent = now - TimeDelta::hours(1 + 12 * (hour % 2) + 20 * number);
                    let entry = HistoryEntry::new(sent, if number == 1 { "sms" } else { "mail" }, "news");
                    match kind {
                        Some(kind) => entry.response(kind, sent),
                        None => entry,
                    }
                };
                cases.push(Case::new(customer, now).history((0..touches).map(entry).collect()));
            }
        }
    }
    cases
}

/// That what is told of two rules is so: what tightens lets nothing through that was refused, and refuses something more.
fn holds(was: &Value, is: &Value, effect: Effect) {
    let (old, new) = (with_rules(&json!([was])), with_rules(&json!([is])));
    let differences = diff(&old, &new);
    assert_eq!(differences.len(), 1, "{differences:?}");
    assert_eq!(differences[0].effect(), effect, "{}", differences[0]);
    let back = diff(&new, &old);
    let contrary = match effect {
        Effect::Tightens => Effect::Loosens,
        Effect::Loosens => Effect::Tightens,
        Effect::Shifts => Effect::Shifts,
    };
    assert_eq!(back[0].effect(), contrary, "{}", back[0]);
    let (old, new) = (Engine::compile(&old).unwrap().0, Engine::compile(&new).unwrap().0);
    let replay = replay(&old, &new, &cases());
    let shifts: Vec<_> = replay
        .shifts()
        .iter()
        .map(|shift| (shift.from(), shift.to()))
        .collect();
    let fewer = shifts.contains(&(Outcome::Send, Outcome::Refrain));
    let more = shifts.contains(&(Outcome::Refrain, Outcome::Send));
    match effect {
        Effect::Tightens => assert!(fewer && !more, "{was} {is}: {shifts:?}"),
        Effect::Loosens => assert!(more && !fewer, "{was} {is}: {shifts:?}"),
        Effect::Shifts => assert!(more || fewer, "{was} {is}: {shifts:?}"),
    }
}

#[test]
fn what_a_changed_rule_does_is_told_and_is_so() {
    use Effect::{Loosens, Shifts, Tightens};
    let cap = |cap: Value| json!({"id": "r", "then": {"cap": cap}});
    let quiet = |quiet: Value| json!({"id": "r", "then": {"quiet": quiet}});
    let react = |react: Value| json!({"id": "r", "then": {"react": react}});
    let forbid = |change: Value| {
        let mut rule = json!({"id": "r", "then": "forbid"});
        for (name, value) in change.as_object().unwrap() {
            rule[name] = value.clone();
        }
        rule
    };
    for (was, is, effect) in [
        (
            cap(json!({"at_most": 2, "per": "day"})),
            cap(json!({"at_most": 1, "per": "day"})),
            Tightens,
        ),
        (
            cap(json!({"at_most": 1, "per": "12h"})),
            cap(json!({"at_most": 1, "per": "24h"})),
            Tightens,
        ),
        (
            cap(json!({"at_most": 2, "per": "day"})),
            cap(json!({"at_most": 2, "per": "lifetime"})),
            Tightens,
        ),
        (
            cap(json!({"at_most": 1, "per": "24h"})),
            cap(json!({"at_most": 2, "per": "48h"})),
            Shifts,
        ),
        (
            cap(json!({"at_most": 2, "per": "lifetime"})),
            cap(json!({"at_most": 2, "per": "lifetime", "grouped_by": "channel"})),
            Loosens,
        ),
        (
            cap(json!({"at_most": 31, "per": "month"})),
            cap(json!({"at_most": 1, "per": "month"})),
            Tightens,
        ),
        (
            quiet(json!({"from": "22:00", "to": "08:00"})),
            quiet(json!({"from": "21:00", "to": "08:00"})),
            Tightens,
        ),
        (
            quiet(json!({"from": "22:00", "to": "08:00"})),
            quiet(json!({"from": "22:00", "to": "24:00"})),
            Loosens,
        ),
        (
            quiet(json!({"from": "22:00", "to": "08:00"})),
            quiet(json!({"from": "23:00", "to": "09:00"})),
            Shifts,
        ),
        (
            quiet(json!({"days": ["fri"]})),
            quiet(json!({"days": ["fri", "sat"]})),
            Tightens,
        ),
        (quiet(json!({"days": ["fri", "sat"]})), quiet(json!({})), Tightens),
        (
            react(json!({"to": "complained", "hold": "2h"})),
            react(json!({"to": "complained", "hold": "3d"})),
            Tightens,
        ),
        (
            react(json!({"to": "complained", "hold": "3d"})),
            react(json!({"to": "complained", "hold": "3d", "at_least": 2})),
            Loosens,
        ),
        (
            react(json!({"to": "complained", "hold": "3d", "at_least": 2})),
            react(json!({"to": "complained", "hold": "3d", "at_least": 2, "within": "1h"})),
            Loosens,
        ),
        (
            forbid(json!({"when": {"tag": "rest"}})),
            forbid(json!({})),
            Tightens,
        ),
        (
            forbid(json!({"when": {"attribute": "age", "lt": 18}})),
            forbid(json!({"when": {"attribute": "age", "le": 40}})),
            Tightens,
        ),
        (
            forbid(json!({"when": {"attribute": "age", "lt": 18}})),
            forbid(
                json!({"when": {"all": [{"attribute": "age", "present": true}, {"attribute": "age", "lt": 18}]}}),
            ),
            Loosens,
        ),
        (
            forbid(json!({"when": {"tag": "rest"}})),
            forbid(json!({"when": {"attribute": "age", "lt": 18}})),
            Shifts,
        ),
        (
            forbid(json!({"scope": {"purposes": ["service"]}})),
            forbid(json!({"scope": {"purposes": ["service", "news"]}})),
            Tightens,
        ),
        (
            forbid(json!({})),
            forbid(json!({"except": {"purposes": ["news"]}})),
            Loosens,
        ),
        (
            cap(json!({"at_most": 1, "per": "day"})),
            forbid(json!({})),
            Tightens,
        ),
        (forbid(json!({"observe": true})), forbid(json!({})), Tightens),
        (
            json!({"id": "r", "then": {"holdout": {"percent": 5, "salt": "s"}}}),
            json!({"id": "r", "then": {"holdout": {"percent": 90, "salt": "s"}}}),
            Tightens,
        ),
    ] {
        holds(&was, &is, effect);
    }
}

#[test]
fn a_calendar_refuses_whose_clock_is_not_known_and_a_lifetime_does_not() {
    let book = |unknown: &str, per: &str, zone: &str| {
        let cap = json!({"id": "r", "then": {"cap": {"at_most": 2, "per": per, "zone": zone}}});
        read(&book(
            json!({"unknown_time_zone": unknown, "policies": [{"id": "house", "rules": [cap]}]}),
        ))
    };
    let effect = |unknown: &str, was: &str, is: &str, zone: &str| {
        diff(&book(unknown, was, zone), &book(unknown, is, zone))[0].effect()
    };
    assert_eq!(effect("refrain", "day", "lifetime", "customer"), Effect::Shifts);
    assert_eq!(effect("refrain", "lifetime", "day", "customer"), Effect::Shifts);
    assert_eq!(effect("refrain", "day", "lifetime", "house"), Effect::Tightens);
    assert_eq!(effect("house", "day", "lifetime", "customer"), Effect::Tightens);
    assert_eq!(effect("house", "lifetime", "day", "customer"), Effect::Loosens);
}

#[test]
fn a_change_is_told_however_deep_the_rulebook_is() {
    let deep = |priority: i64| {
        let condition = (0..90).fold(Condition::tag("tea"), |inner, _| Condition::Not(Box::new(inner)));
        let mut book = read(&book(json!({})));
        book.campaigns[0].audience = Some(condition);
        book.campaigns[0].priority = priority;
        book
    };
    assert_eq!(diff(&deep(1), &deep(2)).len(), 1);
    assert_eq!(diff(&deep(1), &deep(1)).len(), 0);
}

#[test]
fn each_thing_that_changed_is_told_once_and_nothing_else() {
    let old = book(json!({"policies": [{"id": "house", "rules": [
        {"id": "night", "then": {"quiet": {"from": "22:00", "to": "08:00"}}},
        {"id": "few", "then": {"cap": {"at_most": 3, "per": "7d"}}}]}]}));
    let mut new = old.clone();
    new["look_ahead"] = json!("7d");
    new["tags"] = json!(["tea", "rest", {"tag": "grown", "when": {"attribute": "age", "ge": 18}}]);
    new["channels"]["mail"] = json!({"consent": "opt_in"});
    new["purposes"] = json!([{"purpose": "news", "consent": "none"}, "service"]);
    new["policies"][0]["rules"][1]["then"]["cap"]["at_most"] = json!(2);
    new["policies"][0]["rules"][0] = json!({"id": "sunday", "then": {"quiet": {"days": ["sun"]}}});
    new["campaigns"][0]["priority"] = json!(5);
    new["campaigns"][0]["channels"] = json!(["mail", "sms"]);
    new["campaigns"][0]["rules"] = json!([{"id": "own", "then": "forbid"}]);
    new["campaigns"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "root", "purpose": "news", "value": "save",
        "channels": ["sms"], "audience": {"tag": "rest"}, "variants": [{"id": "letter"}]}));
    let told: Vec<_> = diff(&read(&old), &read(&new))
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            r#"otherwise: `look_ahead`: it was "0s", is "7d""#,
            r#"tighter: channel `mail`: `/consent` was "opt_out", is "opt_in""#,
            "otherwise: tag `grown` is new",
            r#"looser: purpose `news`: `/consent` was "needed", is "none""#,
            "tighter: rule `house/few`: `/then/cap/at_most` was 3, is 2",
            "looser: rule `house/night` is gone",
            "tighter: rule `house/sunday` is new",
            r#"otherwise: campaign `leaf`: `/channels` was ["mail"], is ["mail", "sms"]; `/priority` is now 5"#,
            "tighter: rule `campaign:leaf/own` is new",
            "looser: campaign `root` is new",
        ]
    );
    assert!(diff(&read(&new), &read(&new)).is_empty());
}

#[test]
fn presets_are_compared_by_their_rules() {
    let old = book(json!({"policies": [{"preset": "wecom.daily", "channels": {"direct": "mail"}}]}));
    let new = book(json!({"policies": []}));
    let told: Vec<_> = diff(&read(&old), &read(&new))
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(told, ["looser: rule `wecom.daily/direct` is gone"]);
}

#[test]
fn a_replay_counts_by_outcome_and_reason_and_keeps_samples() {
    let old = with_rules(&json!([]));
    let new = with_rules(&json!([
        {"id": "night", "then": {"quiet": {"from": "22:00", "to": "08:00"}}},
        {"id": "rest", "when": {"tag": "rest"}, "then": "forbid"}]));
    let case = |id: &str, tags: &[&str], hour: u32| {
        let customer = tags
            .iter()
            .fold(Customer::new(id), |customer, tag| customer.tag(*tag));
        Case::new(customer, at(&format!("2026-05-01T{hour:02}:00:00+08:00")))
    };
    let mut unreadable = case("u", &["tea"], 12);
    unreadable.customer = unreadable.customer.attribute("shoe", 40);
    let cases = [
        case("a", &["tea"], 12),
        case("b", &["tea"], 23),
        case("c", &["tea", "rest"], 12),
        case("d", &["tea", "rest"], 23),
        case("e", &["tea"], 7),
        case("f", &[], 23),
        unreadable,
        case("g", &["tea"], 0),
        case("h", &["tea"], 1),
    ];
    let (old, new) = (Engine::compile(&old).unwrap().0, Engine::compile(&new).unwrap().0);
    let replay = replay(&old, &new, &cases);
    assert_eq!((replay.cases(), replay.same()), (8, 2));
    let shifts: Vec<_> = replay
        .shifts()
        .iter()
        .map(|shift| {
            (
                shift.from(),
                shift.to(),
                shift.code(),
                shift.rule().unwrap(),
                shift.count(),
            )
        })
        .collect();
    assert_eq!(
        shifts,
        [
            (
                Outcome::Send,
                Outcome::Refrain,
                Some(ReasonCode::Quiet),
                "house/night",
                4
            ),
            // The first rule that refuses: forbidden comes before quiet.
            (
                Outcome::Send,
                Outcome::Refrain,
                Some(ReasonCode::Forbidden),
                "house/rest",
                2
            ),
        ]
    );
    let samples: Vec<_> = replay.shifts()[0]
        .samples()
        .iter()
        .map(|sample| sample.case().customer.id.as_str())
        .collect();
    assert_eq!(samples, ["b", "e", "g"]);
    let (number, error) = replay.unreadable().next().unwrap();
    assert_eq!((number, error.path()), (6, "/customer/attributes/shoe"));
    assert_eq!(
        replay.to_string(),
        "8 cases, 2 decided the same\n       4  send → refrain  quiet `house/night`  (such as b)\n       2  send → \
         refrain  forbidden `house/rest`  (such as c)\n       1  could not be asked\n"
    );
}

#[test]
fn rulebooks_that_look_alike_are_told_apart() {
    let plain = |rule: Value| {
        let mut book = book(json!({"policies": [{"id": "house", "rules": [rule]}]}));
        book["look_ahead"] = json!("7d");
        read(&book)
    };
    let cap = |at_most: u32, per: &str| json!({"id": "r", "then": {"cap": {"at_most": at_most, "per": per}}});
    let quiet = |to: &str| json!({"id": "r", "then": {"quiet": {"from": "22:00", "to": to}}});
    let forbid = |when: Value| json!({"id": "r", "when": when, "then": "forbid"});
    for (old, new) in [
        (cap(2, "7d"), cap(2, "week")),
        (cap(1, "24h"), cap(1, "day")),
        (quiet("08:00"), quiet("08:00:01")),
        (
            forbid(json!({"attribute": "age", "lt": 18})),
            forbid(json!({"attribute": "age", "le": 18})),
        ),
        (
            forbid(json!({"attribute": "age", "lt": 18})),
            forbid(
                json!({"not": {"any": [{"attribute": "age", "ge": 18}, {"attribute": "age", "present": false}]}}),
            ),
        ),
        (
            json!({"id": "r", "then": {"react": {"to": "complained", "hold": "30d"}}}),
            json!({"id": "r", "then": {"react": {"to": "complained", "hold": "30d", "counting": {"channels": ["mail"]}}}}),
        ),
    ] {
        let Told::Apart(sample) = distinguish(&plain(old.clone()), &plain(new.clone()), 20_000).unwrap()
        else {
            panic!("{old} {new}");
        };
        assert_ne!(sample.was(), sample.is());
        // Confirmed by asking both again.
        let ask = |rule: &Value| {
            let (engine, _) = Engine::compile(&plain(rule.clone())).unwrap();
            let facts = engine.bind_facts(&sample.case().facts).unwrap();
            engine
                .bind(&sample.case().customer, &sample.case().history, &facts)
                .unwrap()
                .decide(sample.case().now)
        };
        assert_eq!((&ask(&old), &ask(&new)), (sample.was(), sample.is()));
    }
    // The same, said otherwise.
    let old = forbid(json!({"attribute": "age", "lt": 18}));
    let new = forbid(json!({"not": {"attribute": "age", "ge": 18}}));
    assert_eq!(
        distinguish(&plain(old), &plain(new), 3_000).unwrap(),
        Told::NotIn(3_000)
    );
}
