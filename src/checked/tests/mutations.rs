//! One mistake each: it is told with its path and its code, and nothing else is.

use serde_json::{Value, json};

use super::{Code, examine, good, with, without};

fn told(book: &Value) -> Vec<(String, Code)> {
    let (problems, _) = examine(book);
    problems
        .iter()
        .map(|problem| {
            assert!(!problem.sentence().is_empty());
            (problem.path().to_owned(), problem.code())
        })
        .collect()
}

#[test]
fn each_mistake_is_one_problem_at_its_place() {
    let mut count = 0;
    let mut failed = Vec::new();
    for line in include_str!("mutations.txt").lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        let (pointer, place) = (words[1], words[2]);
        let book = match words.get(3) {
            Some(value) => with(pointer, serde_json::from_str(value).expect(line)),
            None => without(pointer),
        };
        let place = match place.strip_prefix('.') {
            Some(below) => format!("{pointer}{below}"),
            None if place == "=" => pointer.to_owned(),
            None if place == "root" => String::new(),
            None => place.to_owned(),
        };
        let code: Code = serde_json::from_value(json!(words[0])).expect(line);
        let found = told(&book);
        if found != [(place, code)] {
            failed.push(format!("{line}\n    told {found:?}"));
        }
        count += 1;
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(count > 300, "{count}");
}

#[test]
fn what_looks_like_a_mistake_and_is_none() {
    let rate = json!({"fact": "sender.rate", "of": "sender", "ge": 1});
    for (pointer, value) in [
        ("/styles/0/when", rate.clone()),
        ("/campaigns/0/variants/0/when", rate),
        ("/styles/0/when", json!({"occurrence": ["core"]})),
        ("/campaigns/0/audience", json!({"any": []})),
        ("/campaigns/0/schedule", json!({"on": {}})),
        ("/campaigns/0/rules", json!([])),
        ("/campaigns/0/variants/0/arms", json!([])),
        ("/campaigns/0/variants/0/fields", json!({})),
        ("/policies/1/rules/1/then/cap/at_most", json!(0)),
        (
            "/policies/1/rules/1/then/cap/counting",
            json!({"except": {"purposes": ["reply"]}}),
        ),
        ("/policies/1/rules/3/then/quiet", json!({})),
        (
            "/policies/1/rules/3/then/quiet",
            json!({"from": "22:00", "to": "00:00"}),
        ),
        ("/policies/1/rules/8/except", json!({"channels": ["sms"]})),
        ("/policies/1/rules/8/then/holdout/percent", json!(0)),
        ("/policies/1/rules/8/then/holdout/percent", json!(100)),
        ("/policies/1/rules/8/then/holdout/percent", json!(0.07)),
        ("/policies/1/rules/8/then/holdout/percent", json!(99.99)),
        ("/look_ahead", json!("400d")),
    ] {
        assert_eq!(told(&with(pointer, value.clone())), [], "{pointer} = {value}");
    }
}

#[test]
fn offsets_of_a_month_stay_near_it() {
    let month = json!({"every": "month", "of": "joined_at", "until": "32d"});
    let found = told(&with("/campaigns/2/schedule", month));
    assert_eq!(
        found,
        [("/campaigns/2/schedule/until".to_owned(), Code::BadDuration)]
    );
}

#[test]
fn typing_slips_name_what_was_meant() {
    for (pointer, value, sentence) in [
        (
            "/campaign",
            json!([]),
            "`campaign` is not known here; did you mean `campaigns`?",
        ),
        (
            "/campaigns/0/audience/all/0/tag",
            json!("fann"),
            "`fann` is not a declared tag; did you mean `fan`?",
        ),
        (
            "/campaigns/0/audience",
            json!({"tagg": "fan"}),
            "`tagg` is not a condition; did you mean `tag`?",
        ),
        (
            "/campaigns/0/channels/0",
            json!("dircet"),
            "`dircet` is not a declared channel; did you mean `direct`?",
        ),
        (
            "/campaigns/0/purpose",
            json!("benefits"),
            "`benefits` is not a declared purpose; did you mean `benefit`?",
        ),
        (
            "/campaigns/0/audience/all/1/attribute",
            json!("agee"),
            "`agee` is not a declared attribute; did you mean `age`?",
        ),
        (
            "/campaigns/0/audience/all/6/fact",
            json!("store.opn"),
            "`store.opn` is not a declared fact; did you mean `store.open`?",
        ),
        (
            "/policies/0/preset",
            json!("wecom.dayly"),
            "`wecom.dayly` is not a preset; did you mean `wecom.daily`?",
        ),
        (
            "/time_zone",
            json!("Asia/Shangai"),
            "`Asia/Shangai` is not a zone of the IANA database; did you mean `Asia/Shanghai`?",
        ),
    ] {
        let (problems, _) = examine(&with(pointer, value));
        assert_eq!(
            problems.first().map(|problem| problem.sentence()),
            Some(sentence),
            "{pointer}"
        );
    }
}

#[test]
fn a_preset_that_needs_a_name() {
    let mut book = good();
    book["channels"]["wecom"] = json!({"consent": "none"});
    book["policies"][0]["channels"] = json!({"direct": "wecom"});
    assert_eq!(told(&book), []);
    let bare = json!({
        "format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "0s", "purposes": [],
        "channels": {}, "campaigns": [], "policies": [{"preset": "wecom.daily"}]
    });
    assert_eq!(
        told(&bare),
        [("/policies/0/preset".to_owned(), Code::UndeclaredChannel)]
    );
}

#[test]
fn derived_tags_that_depend_on_themselves() {
    let cyclic = |pointers: &[&str]| -> Vec<(String, Code)> {
        pointers
            .iter()
            .map(|pointer| ((*pointer).to_owned(), Code::CyclicTag))
            .collect()
    };
    assert_eq!(
        told(&with("/tags/2/when", json!({"tag": "newcomer"}))),
        cyclic(&["/tags/2/when/tag"])
    );
    assert_eq!(
        told(&with(
            "/tags/2/when",
            json!({"any": [{"tag": "latte"}, {"not": {"tag": "fan"}}]})
        )),
        cyclic(&["/tags/2/when/any/1/not/tag", "/tags/3/when/all/1/not/tag"])
    );
    // A long chain is no cycle, and no deep recursion either; it is only too much once spelled out.
    let mut book = good();
    let tags = book["tags"].as_array_mut().expect("tags");
    for index in 0..20_000 {
        tags.push(json!({"tag": format!("t{index}"), "when": {"tag": format!("t{}", index + 1)}}));
    }
    tags.push(json!("t20000"));
    let found = told(&book);
    assert!(
        !found.is_empty() && found.iter().all(|(_, code)| *code == Code::TooDeep),
        "{:?}",
        found.first()
    );
}

#[test]
fn duplicate_members_are_told_at_the_second() {
    let text = good()
        .to_string()
        .replacen(r#""format":1"#, r#""format":1,"format":1"#, 1);
    let document = serde_json::from_str(&text).expect("a document");
    let (_, problems, _) = super::read_and_check(&document, &super::Limits::new());
    let told: Vec<(&str, Code)> = problems
        .iter()
        .map(|problem| (problem.path(), problem.code()))
        .collect();
    assert_eq!(told, [("/format", Code::Duplicate)]);
}

#[test]
fn limits_hold() {
    let limits = super::Limits::new();
    let told = |book: &Value, limits: &super::Limits| {
        let document = serde_json::from_str(&book.to_string()).expect("a document");
        let (_, problems, _) = super::read_and_check(&document, limits);
        let told = problems
            .iter()
            .map(|problem| (problem.path().to_owned(), problem.code()));
        told.collect::<Vec<_>>()
    };
    let mut deep = json!({"tag": "latte"});
    for _ in 0..32 {
        deep = json!({"not": deep});
    }
    let place = format!("/campaigns/1/audience{}", "/not".repeat(32));
    let book = with("/campaigns/1/audience", deep);
    assert_eq!(told(&book, &limits), [(place, Code::TooDeep)]);
    assert_eq!(told(&book, &limits.condition_depth(33)), []);
    let too_large = |place: &str| vec![(place.to_owned(), Code::TooLarge)];
    assert_eq!(told(&good(), &limits.campaigns(4)), too_large("/campaigns"));
    assert_eq!(told(&good(), &limits.rules(10)), too_large("/policies/1/rules"));
    assert_eq!(
        told(&good(), &limits.variants(1))[0],
        too_large("/campaigns/0/variants")[0]
    );
    assert_eq!(
        told(&good(), &limits.waves(1)),
        too_large("/campaigns/4/schedule/waves")
    );
    assert_eq!(
        told(&good(), &limits.list_length(9)),
        too_large("/campaigns/0/audience/all")
    );
    assert_eq!(told(&good(), &limits.declarations(7)), too_large("/attributes"));
    assert_eq!(told(&good(), &limits.conditions(10)).len(), 1);
    assert_eq!(told(&good(), &limits.text_length(5))[0].1, Code::TooLarge);
    // Doubling tags: small as written, vast once spelled out.
    let mut book = good();
    let tags = book["tags"].as_array_mut().expect("tags");
    tags.push(json!("d0"));
    for index in 0..64 {
        let half = json!({"tag": format!("d{index}")});
        tags.push(json!({"tag": format!("d{}", index + 1), "when": {"all": [half, half]}}));
    }
    let found = told(&book, &limits);
    assert!(
        !found.is_empty() && found.iter().all(|(_, code)| *code == Code::TooLarge),
        "{found:?}"
    );
}

#[test]
fn a_declaration_of_an_unreadable_type_hides_no_other_name() {
    let mut book = with("/attributes/x", json!("int"));
    book["facts"]["y"] = json!({});
    book["campaigns"][0]["audience"] = json!({"all": [
        {"attribute": "x", "eq": 1}, {"attribute": "agee", "eq": 1},
        {"fact": "y", "eq": 1}, {"fact": "z", "eq": 1}]});
    let told = told(&book);
    assert_eq!(
        told,
        [
            ("/attributes/x".to_owned(), Code::BadValue),
            ("/facts/y".to_owned(), Code::MissingField),
            (
                "/campaigns/0/audience/all/1/attribute".to_owned(),
                Code::UndeclaredAttribute
            ),
            (
                "/campaigns/0/audience/all/3/fact".to_owned(),
                Code::UndeclaredFact
            ),
        ]
    );
}

#[test]
fn rules_of_one_address_are_told() {
    let mut book = with(
        "/policies/-",
        json!({"id": "a", "rules": [{"id": "b/c", "then": "forbid"}]}),
    );
    let policies = book["policies"].as_array_mut().expect("policies");
    let index = policies.len();
    policies.push(json!({"id": "a/b", "rules": [{"id": "c", "then": "forbid"}]}));
    assert_eq!(
        told(&book),
        [(format!("/policies/{index}/rules/0/id"), Code::Duplicate)]
    );
}
