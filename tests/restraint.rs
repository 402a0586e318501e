//! Restraint: no agenda breaks a cap or touches quiet time, more rules never permit more, and what is not known never
//! permits what was refused.

mod generate;
mod harness;

use chrono::{Datelike, NaiveDateTime, Timelike};
use generate::{Dice, clock};
use harness::{bind, confirmed, document, engine, valid, written};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tactful::Engine;

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn instant(value: &Value) -> i64 {
    clock::instant(value.as_str().expect("text")).expect("an instant")
}

fn length(value: &Value) -> i64 {
    clock::duration(value.as_str().expect("text")).expect("a duration")
}

/// Every rule with the campaign whose rule it is.
fn rules(book: &Value) -> Vec<(Option<&str>, &Value)> {
    let houses = list(book, "policies")
        .iter()
        .flat_map(|policy| list(policy, "rules"));
    let own = list(book, "campaigns").iter().flat_map(|campaign| {
        let id = campaign["id"].as_str();
        list(campaign, "rules").iter().map(move |rule| (id, rule))
    });
    houses.map(|rule| (None, rule)).chain(own).collect()
}

/// Whether a touch matches every dimension that a scope lists.
fn matches(scope: &Value, touch: &Value) -> bool {
    [
        ("channels", "channel"),
        ("purposes", "purpose"),
        ("campaigns", "campaign"),
    ]
    .iter()
    .all(|(listed, own)| scope[listed].is_null() || list(scope, listed).contains(&touch[own]))
}

fn in_scope(of: Option<&str>, rule: &Value, touch: &Value) -> bool {
    of.is_none_or(|id| touch["campaign"] == id)
        && matches(&rule["scope"], touch)
        && (rule["except"].is_null() || !matches(&rule["except"], touch))
}

fn counts(of: Option<&str>, rule: &Value, counting: &Value, touch: &Value) -> bool {
    match counting {
        Value::Null => in_scope(of, rule, touch),
        Value::String(_) => true,
        scope => matches(scope, touch) && (scope["except"].is_null() || !matches(&scope["except"], touch)),
    }
}

/// The zones in which a rule must hold; none where the customer's is not known and the house refrains.
fn zones(book: &Value, case: &Value, zone: &Value) -> Option<Vec<chrono_tz::Tz>> {
    let named = |name: &Value| clock::zone(name.as_str().expect("a zone")).expect("a zone");
    match zone.as_str().unwrap_or("customer") {
        "house" => Some(vec![named(&book["time_zone"])]),
        "customer" => match (&case["customer"]["time_zone"], &book["unknown_time_zone"]) {
            (known @ Value::String(_), _) => Some(vec![named(known)]),
            (_, Value::Array(zones)) => Some(zones.iter().map(named).collect()),
            (_, word) => (word == "house").then(|| vec![named(&book["time_zone"])]),
        },
        _ => Some(vec![named(zone)]),
    }
}

/// Whether a wall reading is inside a window, which belongs to the day on which it starts.
fn inside(window: &Value, wall: NaiveDateTime) -> bool {
    let at =
        |name: &str, default: &str| clock::wall(window[name].as_str().unwrap_or(default)).expect("a time");
    let (from, to) = (at("from", "00:00"), at("to", "24:00"));
    let time =
        i64::from(wall.num_seconds_from_midnight()) * clock::SECOND + i64::from(wall.nanosecond() / 1_000);
    let starts = |date: chrono::NaiveDate| {
        let words = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let day = words[date.weekday().num_days_from_monday() as usize];
        let (days, dates) = (list(window, "days"), list(window, "dates"));
        days.is_empty() && dates.is_empty()
            || days.contains(&json!(day))
            || dates.contains(&json!(date.to_string()))
    };
    let today = wall.date();
    if from < to {
        from <= time && time < to && starts(today)
    } else {
        from <= time && starts(today) || time < to && starts(today.pred_opt().expect("a day before"))
    }
}

fn label(period: &str, wall: NaiveDateTime) -> String {
    let form = match period {
        "day" => "%Y-%m-%d",
        "week" => "%G-W%V",
        "month" => "%Y-%m",
        _ => "%Y",
    };
    wall.format(form).to_string()
}

fn days_in_month(wall: NaiveDateTime) -> usize {
    let first = wall.date().with_day(1).expect("a first");
    let next = first.checked_add_months(chrono::Months::new(1)).expect("a next");
    (next - first).num_days() as usize
}

/// Where a touch has more company than a cap allows, if it does.
fn overfull(
    book: &Value,
    case: &Value,
    of: Option<&str>,
    rule: &Value,
    touch: &Value,
    all: &[Value],
) -> Option<String> {
    let cap = &rule["then"]["cap"];
    let alike = |other: &Value| match cap["grouped_by"].as_str() {
        None => true,
        Some(dimension) => other[dimension] == touch[dimension],
    };
    let others: Vec<i64> = all
        .iter()
        .filter(|other| *other != touch && counts(of, rule, &cap["counting"], other) && alike(other))
        .map(|other| instant(&other["at"]))
        .collect();
    let t = instant(&touch["at"]);
    let most = cap["at_most"].as_u64().map(|most| most as usize);
    let too_many =
        |count: usize, most: usize| (count + 1 > most).then(|| format!("{} of {most}: {cap}", count + 1));
    match cap["per"].as_str().expect("a period") {
        "lifetime" => too_many(others.len(), most?),
        period @ ("day" | "week" | "month" | "year") => {
            let Some(zones) = zones(book, case, &cap["zone"]) else {
                return Some("a clock that is not known".to_owned());
            };
            zones.into_iter().find_map(|zone| {
                let own = clock::local(zone, t);
                let same = |other: &&i64| label(period, clock::local(zone, **other)) == label(period, own);
                too_many(
                    others.iter().filter(same).count(),
                    most.unwrap_or(days_in_month(own)),
                )
            })
        }
        _ => {
            let length = length(&cap["per"]);
            let ends = others.iter().copied().filter(|&end| t <= end && end - length < t);
            ends.chain([t]).find_map(|end| {
                let within = others
                    .iter()
                    .filter(|&&at| end - length < at && at <= end)
                    .count();
                too_many(within, most?)
            })
        }
    }
}

#[test]
fn no_agenda_breaks_a_cap_or_touches_quiet_time() {
    let (mut caps, mut quiets) = (0, 0);
    for number in 0..400 {
        let mut dice = Dice::seeded(0xCA9_0000 + number);
        let mut book = generate::rulebook(&mut dice);
        // What is beyond a reserve, and answers, may displace: here everything is seen and nothing is an answer.
        for campaign in book["campaigns"].as_array_mut().expect("campaigns") {
            campaign.as_object_mut().expect("a campaign").remove("reserve");
        }
        for purpose in book["purposes"].as_array_mut().expect("purposes") {
            if purpose.is_object() {
                *purpose = purpose["purpose"].clone();
            }
        }
        let engine = engine(&book);
        for _ in 0..3 {
            let case = generate::case(&mut dice, &book);
            let (bound, now) = bind(&engine, &case);
            let planned = written(bound.agenda(now));
            let planned = list(&planned, "touches");
            let counted =
                |entry: &&Value| matches!(entry["status"].as_str(), None | Some("sent" | "scheduled"));
            let history = list(&case, "history").iter().filter(counted);
            let all: Vec<Value> = planned.iter().chain(history).cloned().collect();
            for (of, rule) in rules(&book) {
                if !rule["when"].is_null() || rule["observe"] == true {
                    continue;
                }
                for touch in planned.iter().filter(|touch| in_scope(of, rule, touch)) {
                    assert_ne!(rule["then"], "forbid", "{touch:#}\n{book:#}\n{case:#}");
                    if rule["then"]["cap"].is_object() && rule["then"]["cap"]["grouped_by"] != "content" {
                        caps += 1;
                        let found = overfull(&book, &case, of, rule, touch, &all);
                        assert_eq!(found, None, "{number}: {rule}\n{touch:#}\n{book:#}\n{case:#}");
                    }
                    let quiet = &rule["then"]["quiet"];
                    if quiet.is_object() {
                        quiets += 1;
                        let zones = zones(&book, &case, &quiet["zone"]).expect("a clock that is known");
                        let at = instant(&touch["at"]);
                        let loud = zones.iter().all(|&zone| !inside(quiet, clock::local(zone, at)));
                        assert!(loud, "{number}: {rule}\n{touch:#}\n{case:#}");
                    }
                }
            }
        }
    }
    assert!(
        caps > 300 && quiets > 150,
        "only {caps} caps and {quiets} quiet times met"
    );
}

/// Every option of every occurrence that the engine speaks of, as a touch to confirm.
fn options(engine: &Engine, book: &Value, case: &Value) -> Vec<Value> {
    let (bound, now) = bind(engine, case);
    let explained = written(bound.explain(now));
    let agenda = written(bound.agenda(now));
    let of_agenda = list(&agenda, "touches").iter();
    let slots: BTreeSet<(String, String)> = explained
        .as_array()
        .into_iter()
        .flatten()
        .chain(of_agenda)
        .filter_map(|slot| {
            Some((
                slot["campaign"].as_str()?.to_owned(),
                slot["occurrence"].as_str()?.to_owned(),
            ))
        })
        .collect();
    let mut senders = list(&case["customer"], "senders").to_vec();
    if senders.is_empty() {
        senders.push(Value::Null);
    }
    let mut found = Vec::new();
    for (campaign, occurrence) in slots {
        let of = list(book, "campaigns")
            .iter()
            .find(|each| each["id"] == *campaign)
            .expect("declared");
        for channel in list(of, "channels") {
            for sender in &senders {
                found.push(json!({
                    "key": "00000000000000000000000000000000", "campaign": campaign, "occurrence": occurrence,
                    "channel": channel, "sender": sender, "variant": "v", "arm": null, "content": null,
                    "fields": {}, "style": {}, "purpose": of["purpose"], "value": of["value"], "score": 0,
                    "at": clock::write_utc(instant(&case["now"])),
                }));
            }
        }
    }
    found
}

/// What refuses each of these touches now, given the history alone: code and rule.
fn refusals(engine: &Engine, case: &Value, touches: &[Value]) -> Vec<BTreeSet<(String, String)>> {
    let (bound, now) = bind(engine, case);
    let refused = |touch: &Value| {
        let reasons = confirmed(&bound, touch, now);
        let reasons = reasons.as_array().expect("a list").iter();
        reasons
            .filter(|reason| reason["code"] != "changed")
            .map(|reason| (reason["code"].to_string(), reason["rule"].to_string()))
            .collect()
    };
    touches.iter().map(refused).collect()
}

/// The rulebook with one restraint more.
fn restrained(dice: &mut Dice, book: &Value) -> Value {
    let mut book = book.clone();
    let then = match dice.below(4) {
        0 => json!("forbid"),
        1 => {
            json!({"quiet": {"from": format!("{:02}:30", dice.below(24)), "to": format!("{:02}:00", dice.below(24))}})
        }
        2 => {
            json!({"cap": {"at_most": dice.below(2), "per": *dice.pick(&["day", "lifetime", "36h", "month"])}})
        }
        _ => {
            // one cap lower, if there is one
            let mut caps = Vec::new();
            for (index, policy) in list(&book, "policies").iter().enumerate() {
                for (number, rule) in list(policy, "rules").iter().enumerate() {
                    if rule["then"]["cap"]["at_most"]
                        .as_u64()
                        .is_some_and(|most| most > 0)
                    {
                        caps.push((index, number));
                    }
                }
            }
            if let Some(&(index, number)) = caps.get(dice.below(caps.len())) {
                let most = &mut book["policies"][index]["rules"][number]["then"]["cap"]["at_most"];
                *most = json!(most.as_u64().expect("a number") - 1);
                return book;
            }
            json!("forbid")
        }
    };
    let mut rule = json!({"id": "more", "then": then});
    if dice.chance(40) {
        rule["when"] = json!({"attribute": "age", (*dice.pick(&["lt", "ge"])): 30});
    }
    if dice.chance(40) {
        rule["scope"] = json!({"purposes": ["promotion"]});
    }
    if book["policies"].is_null() {
        book["policies"] = json!([]);
    }
    let policies = book["policies"].as_array_mut().expect("policies");
    policies.push(json!({"id": "added", "rules": [rule]}));
    book
}

#[test]
fn one_restraint_more_permits_nothing() {
    let mut refused = 0;
    for number in 0..300 {
        let mut dice = Dice::seeded(0xF0B_0000 + number);
        let book = generate::rulebook(&mut dice);
        let stricter = restrained(&mut dice, &book);
        let (ours, theirs) = (engine(&book), engine(&stricter));
        for _ in 0..2 {
            let case = generate::case(&mut dice, &book);
            let touches = options(&ours, &book, &case);
            let before = refusals(&ours, &case, &touches);
            let after = refusals(&theirs, &case, &touches);
            for ((before, after), touch) in before.iter().zip(&after).zip(&touches) {
                refused += usize::from(!before.is_empty());
                assert!(
                    before.is_subset(after),
                    "{number}: {before:?} became {after:?}\n{touch:#}\n{stricter:#}\n{case:#}"
                );
            }
        }
    }
    assert!(refused > 1_000, "only {refused} options refused");
}

/// Whether some `present` test may read this name.
fn asks_whether_present(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(members) => {
            members.contains_key("present") && value.to_string().contains(name)
                || members.values().any(|inner| asks_whether_present(inner, name))
        }
        Value::Array(items) => items.iter().any(|inner| asks_whether_present(inner, name)),
        _ => false,
    }
}

fn reads_score(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            members.get("score") == Some(&json!(true)) || members.values().any(reads_score)
        }
        Value::Array(items) => items.iter().any(reads_score),
        _ => false,
    }
}

/// The case without one value, and the names under which conditions read it.
fn without_a_value(dice: &mut Dice, case: &Value) -> Option<(Vec<String>, Value)> {
    let mut case = case.clone();
    let null = dice.chance(50);
    let drop = |members: &mut serde_json::Map<String, Value>, name: &str| {
        if null {
            members.insert(name.to_owned(), Value::Null);
        } else {
            members.remove(name);
        }
    };
    let names = |members: &Value| -> Vec<String> {
        members
            .as_object()
            .into_iter()
            .flat_map(|members| members.keys().cloned())
            .collect()
    };
    match dice.weighted(&[(50, 0), (35, 1), (15, 2)]) {
        0 => {
            let names = names(&case["customer"]["attributes"]);
            let name = names.get(dice.below(names.len()))?.clone();
            drop(case["customer"]["attributes"].as_object_mut()?, &name);
            Some((vec![name], case))
        }
        1 => {
            let facts = names(&case["facts"]);
            let name = facts.get(dice.below(facts.len()))?.clone();
            let keys = names(&case["facts"][&name]);
            if let Some(key) = keys.get(dice.below(keys.len())).filter(|_| dice.chance(70)) {
                drop(case["facts"][&name].as_object_mut()?, key);
            } else {
                drop(case["facts"].as_object_mut()?, &name);
            }
            Some((vec![name], case))
        }
        _ => {
            case["customer"].get("purchases")?;
            drop(case["customer"].as_object_mut()?, "purchases");
            Some((vec!["purchases".to_owned()], case))
        }
    }
}

#[test]
fn a_missing_value_permits_nothing() {
    let (mut refused, mut turned) = (0, 0);
    for number in 0..400 {
        let mut dice = Dice::seeded(0xABE_0000 + number);
        let mut book = generate::rulebook(&mut dice);
        // One variant, and no rule that reads the score: points that are not known do not count, so the score of a
        // customer of whom less is known is another number, and not an unknown one.
        let plain = |rules: &mut Value| {
            if let Some(rules) = rules.as_array_mut() {
                rules.retain(|rule| !reads_score(rule));
            }
        };
        for campaign in book["campaigns"].as_array_mut().expect("campaigns") {
            campaign["variants"].as_array_mut().expect("variants").truncate(1);
            if campaign["rules"].is_array() {
                plain(&mut campaign["rules"]);
            }
        }
        for policy in book["policies"].as_array_mut().into_iter().flatten() {
            plain(&mut policy["rules"]);
        }
        let Ok((engine, _)) = Engine::from_document(&document(&book)) else {
            continue;
        };
        for _ in 0..3 {
            let case = generate::case(&mut dice, &book);
            let touches = options(&engine, &book, &case);
            let before = refusals(&engine, &case, &touches);
            for _ in 0..6 {
                let Some((names, less)) = without_a_value(&mut dice, &case) else {
                    continue;
                };
                if names.iter().any(|name| asks_whether_present(&book, name)) || !valid(&book, &less) {
                    continue;
                }
                let after = refusals(&engine, &less, &touches);
                for ((before, after), touch) in before.iter().zip(&after).zip(&touches) {
                    refused += usize::from(!before.is_empty());
                    turned += usize::from(before.is_empty() && !after.is_empty());
                    assert!(
                        before.is_empty() || !after.is_empty(),
                        "{number}: without {names:?}, {before:?} is gone\n{touch:#}\n{book:#}\n{less:#}"
                    );
                }
            }
        }
    }
    assert!(
        refused > 2_000 && turned > 50,
        "only {refused} refused, {turned} turned"
    );
}
