//! What would have to be otherwise: each way is tried, and none is smaller.

use chrono_tz::Asia::Shanghai;
use serde_json::{Value, json};
use tactful::{
    Case, Customer, Engine, Facts, HistoryEntry, Language, Rulebook,
    chrono::{DateTime, Utc},
    counterfactuals::{Counterfactual, Step, WhatIf},
};

fn book(change: Value) -> Rulebook {
    let mut book = json!({
        "format": 1, "time_zone": "Asia/Shanghai", "unknown_time_zone": "house", "look_ahead": "7d",
        "attributes": {"age": "integer", "city": "string"}, "facts": {"heat": {"type": "number", "keyed": true}},
        "tags": ["tea", "rest", "vip"],
        "purposes": ["news"], "channels": {"mail": {"consent": "none"}, "sms": {"consent": "opt_in"}},
        "policies": [{"id": "house", "rules": [
            {"id": "rest", "when": {"tag": "rest"}, "then": "forbid"},
            {"id": "night", "then": {"quiet": {"from": "22:00", "to": "08:00"}}},
            {"id": "daily", "then": {"cap": {"at_most": 1, "per": "day"}}}]}],
        "campaigns": [{"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
            "audience": {"all": [{"tag": "tea"}, {"attribute": "age", "ge": 18}]}, "variants": [{"id": "letter"}]}]});
    for (name, value) in change.as_object().unwrap() {
        book[name] = value.clone();
    }
    serde_json::from_value(book).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn ask(book: &Rulebook, case: &Case) -> Counterfactual {
    WhatIf::new(book).unwrap().ask(case, "leaf").unwrap().unwrap()
}

fn lift(rule: &str) -> Step {
    Step::Lift {
        rule: rule.to_owned(),
    }
}

fn grown() -> Customer {
    Customer::new("kim").tag("tea").attribute("age", 30)
}

#[test]
fn rules_that_refuse_are_lifted_all_of_them() {
    let book = book(json!({}));
    let night = Case::new(grown().tag("rest"), at("2026-05-01T23:00:00+08:00"));
    let told = ask(&book, &night);
    // Without the tag the rule does not act; either will do, besides the night.
    let drop = Step::Drop {
        tag: "rest".to_owned(),
    };
    assert_eq!(
        told.ways(),
        [
            vec![lift("house/night"), lift("house/rest")],
            vec![lift("house/night"), drop]
        ]
    );
    assert!(told.is_exact());
    // The tag stays, and so it never goes.
    assert_eq!(told.next(), None);
    let capped = Case::new(grown(), at("2026-05-01T12:00:00+08:00")).history(vec![HistoryEntry::new(
        at("2026-05-01T09:00:00+08:00"),
        "mail",
        "news",
    )]);
    let told = ask(&book, &capped);
    assert_eq!(told.ways(), [vec![lift("house/daily")]]);
    assert_eq!(told.next(), Some(at("2026-05-02T08:00:00+08:00")));
}

#[test]
fn what_goes_needs_nothing() {
    let told = ask(
        &book(json!({})),
        &Case::new(grown(), at("2026-05-01T12:00:00+08:00")),
    );
    assert!(told.goes() && told.ways().is_empty());
    assert_eq!(told.next(), Some(at("2026-05-01T12:00:00+08:00")));
    assert_eq!(
        told.sentences(&Language::english(), Shanghai),
        ["`leaf` goes to kim now."]
    );
}

#[test]
fn values_are_the_nearest_that_do() {
    let book = book(json!({}));
    let noon = at("2026-05-01T12:00:00+08:00");
    let told = ask(&book, &Case::new(Customer::new("kim").attribute("age", 17), noon));
    let eighteen = |age: i64| Step::Attribute {
        name: "age".to_owned(),
        value: age.into(),
    };
    let tea = || Step::Hold {
        tag: "tea".to_owned(),
    };
    assert_eq!(
        told.ways(),
        [vec![tea(), eighteen(18)], vec![tea(), eighteen(19)]]
    );
    assert!(told.is_exact());
    assert_eq!(
        told.sentences(&Language::english(), Shanghai)[0],
        "`leaf` would go to kim now if the customer held `tea` and `age` were 18."
    );
    assert_eq!(
        told.sentences(&Language::chinese(), Shanghai),
        [
            "如果客户有标签「tea」、「age」是 18，「leaf」现在就会发给 kim。",
            "如果客户有标签「tea」、「age」是 19，「leaf」现在就会发给 kim。",
            "如果一切不变，400 天内都不能发送。"
        ]
    );
}

#[test]
fn facts_consents_and_zones_are_tried_too() {
    let noon = at("2026-05-01T12:00:00+08:00");
    let campaign = |change: Value| {
        let mut campaign = json!({"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
            "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]});
        for (name, value) in change.as_object().unwrap() {
            campaign[name] = value.clone();
        }
        book(json!({"campaigns": [campaign], "unknown_time_zone": "refrain"}))
    };
    let tea = Customer::new("kim")
        .tag("tea")
        .time_zone(Shanghai)
        .attribute("city", "上海");
    let heat = campaign(
        json!({"variants": [{"id": "iced", "when": {"fact": "heat", "of": {"attribute": "city"}, "ge": 28}}]}),
    );
    let cool = Case::new(tea.clone(), noon).facts(Facts::new().set_for("heat", "上海", 10));
    let told = ask(&heat, &cool);
    let warm = |degrees: f64| Step::Fact {
        name: "heat".to_owned(),
        of: Some("上海".to_owned()),
        value: degrees.into(),
    };
    assert_eq!(told.ways(), [vec![warm(28.0)], vec![warm(42.0)]]);
    assert_eq!(
        told.sentences(&Language::chinese(), Shanghai)[0],
        "如果上海 的「heat」是 28，「leaf」现在就会发给 kim。"
    );
    let sms = campaign(json!({"channels": ["sms"]}));
    let told = ask(&sms, &Case::new(tea.clone(), noon));
    assert_eq!(told.ways(), [vec![Step::Consent { to: "sms".to_owned() }]]);
    let topic = campaign(json!({"topic": "green"}));
    let told = ask(
        &topic,
        &Case::new(tea.clone().consent("topic:green", false), noon),
    );
    assert_eq!(
        told.ways(),
        [vec![Step::Consent {
            to: "topic:green".to_owned()
        }]]
    );
    let nowhere = Customer::new("kim").tag("tea");
    let told = ask(&campaign(json!({})), &Case::new(nowhere, noon));
    assert_eq!(told.ways()[0], [Step::TimeZone { zone: Shanghai }]);
}

#[test]
fn what_a_higher_campaign_takes_is_told_by_the_rule_that_it_fills() {
    let campaign = |id: &str, priority: i64| {
        json!({"id": id, "purpose": "news", "value": "knowledge", "channels": ["mail"],
        "priority": priority, "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]})
    };
    let book = book(json!({"campaigns": [campaign("leaf", 1), campaign("root", 2)]}));
    let told = ask(&book, &Case::new(grown(), at("2026-05-01T12:00:00+08:00")));
    assert_eq!(told.ways(), [vec![lift("house/daily")]]);
    // The root goes today, the leaf tomorrow.
    assert_eq!(told.next(), Some(at("2026-05-02T08:00:00+08:00")));
}

#[test]
fn what_is_over_cannot_be_had_by_any_change() {
    let book = book(
        json!({"campaigns": [{"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
        "audience": {"tag": "tea"}, "schedule": {"between": ["2026-05-01T00:00", "2026-05-02T00:00"]}, "variants": [{"id": "letter"}]}]}),
    );
    let told = ask(&book, &Case::new(grown(), at("2026-06-01T12:00:00+08:00")));
    assert!(told.ways().is_empty() && told.is_exact());
    assert_eq!(
        told.sentences(&Language::english(), Shanghai),
        [
            "No rule, and no change of up to 1 values that we tried, would let `leaf` go to kim now.",
            "If nothing changes, it cannot go within 400 days."
        ]
    );
    assert!(
        WhatIf::new(&book)
            .unwrap()
            .ask(&Case::new(grown(), at("2026-06-01T12:00:00+08:00")), "stem")
            .unwrap()
            .is_none()
    );
}

/// Of every way of every refusal in the scenarios: the engine plans it now, when it is done; and with any step left out it
/// does not.
#[test]
fn every_way_in_the_scenarios_works_and_needs_all_its_steps() {
    let (mut asked, mut ways, mut exact) = (0, 0, 0);
    for folder in std::fs::read_dir("tests/scenarios")
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        if !folder.is_dir() {
            continue;
        }
        for path in std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.starts_with("cases") {
                continue;
            }
            let read = |path: &std::path::Path| {
                serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
            };
            let file = tactful::cases::CaseFile::read(&read(&path)).unwrap();
            let book: Rulebook =
                serde_json::from_str(&std::fs::read_to_string(folder.join(file.rulebook())).unwrap())
                    .unwrap();
            let what_if = WhatIf::new(&book).unwrap();
            let (engine, _) = Engine::compile(&book).unwrap();
            for case in file.cases() {
                let case = engine.read_case(case.given()).unwrap();
                for campaign in &book.campaigns {
                    let told = what_if.ask(&case, &campaign.id).unwrap().unwrap();
                    asked += 1;
                    exact += usize::from(told.is_exact());
                    for way in told.ways() {
                        ways += 1;
                        assert!(
                            goes(&book, &case, &campaign.id, way),
                            "{}: {way:?}",
                            path.display()
                        );
                        for left_out in 0..way.len() {
                            let mut fewer = way.clone();
                            fewer.remove(left_out);
                            assert!(
                                !goes(&book, &case, &campaign.id, &fewer),
                                "{}: {way:?}",
                                path.display()
                            );
                        }
                    }
                }
            }
        }
    }
    println!("{asked} asked, {ways} ways, {exact} exact");
    assert!(ways > 300 && exact * 10 > asked * 9, "{asked} {ways} {exact}");
}

/// Does the steps, by hand, and asks whether the campaign is planned for now.
fn goes(book: &Rulebook, case: &Case, campaign: &str, steps: &[Step]) -> bool {
    let mut case = case.clone();
    let mut written = serde_json::to_value(book).unwrap();
    for step in steps {
        let customer = &mut case.customer;
        match step {
            Step::Lift { rule } => {
                let lists = match rule.strip_prefix("campaign:") {
                    Some(_) => written["campaigns"].as_array_mut().unwrap(),
                    None => written["policies"].as_array_mut().unwrap(),
                };
                let (owner, id) = rule.rsplit_once('/').unwrap();
                let owner = owner.strip_prefix("campaign:").unwrap_or(owner);
                for list in lists {
                    if list["preset"] == owner {
                        let policy = tactful::Preset::find(owner).unwrap().policy();
                        *list = serde_json::to_value(policy).unwrap();
                    }
                    if list["id"] == owner {
                        list["rules"]
                            .as_array_mut()
                            .unwrap()
                            .retain(|rule| rule["id"] != id);
                    }
                }
            }
            Step::Hold { tag } => customer.tags.push(tag.as_str().into()),
            Step::Drop { tag } => customer.tags.retain(|held| held.tag != *tag),
            Step::Attribute { name, value } => {
                customer.attributes.insert(name.clone(), Some(value.clone()));
            }
            Step::Fact {
                name,
                of: Some(key),
                value,
            } => case.facts = case.facts.set_for(name, key, value.clone()),
            Step::Fact {
                name,
                of: None,
                value,
            } => case.facts = case.facts.set(name, value.clone()),
            Step::Consent { to } => {
                customer.consent.insert(to.clone(), Some(true));
            }
            Step::TimeZone { zone } => customer.time_zone = Some(*zone),
            other => panic!("{other:?}"),
        }
    }
    let (engine, _) = Engine::from_document(&serde_json::from_value(written).unwrap()).unwrap();
    let facts = engine.bind_facts(&case.facts).unwrap();
    let agenda = engine
        .bind(&case.customer, &case.history, &facts)
        .unwrap()
        .agenda(case.now);
    agenda
        .touches()
        .iter()
        .any(|touch| touch.campaign() == campaign && touch.at() == case.now)
}
