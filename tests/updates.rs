//! An engine that was changed campaign by campaign decides as one that was compiled at once.

mod generate;
mod harness;

use generate::Dice;
use harness::{bind, document, engine, explained, first_difference, written};
use serde_json::{Value, json};
use tactful::{Code, Engine};

fn answers(engine: &Engine, case: &Value) -> Value {
    let (bound, now) = bind(engine, case);
    json!([
        written(bound.decide(now)),
        written(bound.agenda(now)),
        explained(&bound, now)
    ])
}

fn with(engine: &Engine, campaign: &Value) -> Engine {
    let (engine, _) = engine
        .with_campaign_document(&document(campaign))
        .expect("a valid campaign");
    engine
}

/// A rulebook with these campaigns.
fn book_of(book: &Value, campaigns: &[Value]) -> Value {
    let mut book = book.clone();
    book["campaigns"] = campaigns.into();
    book
}

fn assert_same(changed: &Engine, anew: &Engine, cases: &[Value], told: &str) {
    assert_eq!(changed.fingerprint(), anew.fingerprint(), "{told}");
    for case in cases {
        let (ours, theirs) = (answers(changed, case), answers(anew, case));
        let difference = first_difference("", &ours, &theirs);
        assert_eq!(difference, None, "{told}\n{case:#}");
    }
}

#[test]
fn changing_one_campaign_after_the_other_is_compiling_anew() {
    let mut changes = 0;
    for number in 0..250_u64 {
        let mut dice = Dice::seeded(0x0C4A_6E00 + number);
        let book = generate::rulebook(&mut dice);
        let cases: Vec<Value> = (0..3).map(|_| generate::case(&mut dice, &book)).collect();
        let campaigns = book["campaigns"].as_array().expect("a list").clone();

        // One after the other, from none.
        let mut grown = engine(&book_of(&book, &[]));
        for campaign in &campaigns {
            grown = with(&grown, campaign);
        }
        assert_same(
            &grown,
            &engine(&book),
            &cases,
            &format!("rulebook {number}, grown"),
        );

        // Each taken out, put back at the end, and changed where it is.
        for (place, campaign) in campaigns.iter().enumerate() {
            let id = campaign["id"].as_str().expect("an id");
            let less = grown.without_campaign(id).expect("it is there");
            let mut left = campaigns.clone();
            left.remove(place);
            let told = format!("rulebook {number}, without {id}");
            assert_same(&less, &engine(&book_of(&book, &left)), &cases, &told);

            left.push(campaign.clone());
            let told = format!("rulebook {number}, {id} put back");
            assert_same(
                &with(&less, campaign),
                &engine(&book_of(&book, &left)),
                &cases,
                &told,
            );

            let mut other = campaign.clone();
            other["priority"] = json!(campaign["priority"].as_i64().unwrap_or(0) - 7);
            let mut list = campaigns.clone();
            list[place] = other.clone();
            let told = format!("rulebook {number}, {id} ranks lower");
            assert_same(
                &with(&grown, &other),
                &engine(&book_of(&book, &list)),
                &cases,
                &told,
            );
            changes += 3;
        }
    }
    println!("{changes} changes of single campaigns");
    assert!(changes > 1_000);
}

/// Blocks hold 256 campaigns: what fills, splits and empties them changes nothing.
#[test]
fn many_campaigns_come_and_go() {
    let campaign = |number: u64| {
        json!({"id": format!("c-{number}"), "purpose": "news", "value": "knowledge", "channels": ["mail"],
               "priority": number * 37 % 11, "audience": {"tag": format!("t-{}", number % 7)},
               "variants": [{"id": "letter"}]})
    };
    let tags: Vec<Value> = (0..7).map(|number| json!(format!("t-{number}"))).collect();
    let book = json!({"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
        "tags": tags, "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
        "policies": [{"id": "house", "rules": [{"id": "daily", "then": {"cap": {"at_most": 1, "per": "day"}}}]}],
        "campaigns": []});
    let case = json!({"customer": {"id": "kim", "tags": ["t-2", "t-5"]}, "history": [],
                      "now": "2026-03-02T12:00:00+01:00"});
    let campaigns: Vec<Value> = (0..700).map(campaign).collect();
    let mut changed = engine(&book);
    for campaign in &campaigns {
        changed = with(&changed, campaign);
    }
    let cases = [case];
    assert_same(&changed, &engine(&book_of(&book, &campaigns)), &cases, "all");
    for number in (0..700).filter(|number| number % 5 != 0) {
        changed = changed
            .without_campaign(&format!("c-{number}"))
            .expect("it is there");
    }
    let left: Vec<Value> = (0..700).filter(|number| number % 5 == 0).map(campaign).collect();
    assert_same(&changed, &engine(&book_of(&book, &left)), &cases, "a fifth");
    for number in (0..700).filter(|number| number % 5 == 0) {
        changed = changed
            .without_campaign(&format!("c-{number}"))
            .expect("it is there");
    }
    assert_same(&changed, &engine(&book), &cases, "none");
}

#[test]
fn what_is_wrong_with_a_campaign_is_told_at_its_place_in_it() {
    let book = json!({"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
        "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
        "campaigns": [{"id": "a/b", "purpose": "news", "value": "knowledge", "channels": ["mail"],
                       "variants": [{"id": "letter"}], "rules": [{"id": "c", "then": "forbid"}]}]});
    let engine = engine(&book);
    let told = |campaign: Value| -> Vec<(String, Code)> {
        let problems = engine
            .with_campaign_document(&document(&campaign))
            .expect_err("a mistake");
        problems
            .iter()
            .map(|problem| (problem.path().to_owned(), problem.code()))
            .collect()
    };
    let campaign = json!({"id": "a", "purpose": "news", "value": "knowledge", "channels": ["post"],
        "audience": {"tag": "tea"}, "colour": "red", "variants": [{"id": "letter"}],
        "rules": [{"id": "b/c", "then": "forbid"}]});
    assert_eq!(
        told(campaign),
        [
            ("/audience/tag".to_owned(), Code::UndeclaredTag),
            ("/channels/0".to_owned(), Code::UndeclaredChannel),
            ("/colour".to_owned(), Code::UnknownField),
            ("/rules/0/id".to_owned(), Code::Duplicate),
        ]
    );
    assert!(engine.without_campaign("a").is_none());
}

/// A campaign is checked beside the others, and not beside the one whose place it takes.
#[test]
fn a_campaign_knows_the_others() {
    let campaign = |id: &str, about: &[&str]| {
        json!({"id": id, "purpose": "p", "value": "save", "channels": ["c"], "variants": [{"id": "v"}],
               "audience": {"touches": {"campaigns": about}, "lt": 1}})
    };
    let book = json!({"format": 1, "time_zone": "UTC", "unknown_time_zone": "house", "look_ahead": "7d",
        "purposes": ["p"], "channels": {"c": {"consent": "none"}}, "campaigns": [campaign("a", &["a"])]});
    let engine = engine(&book);
    let undeclared = |campaign: &Value| {
        let (_, warnings) = engine
            .with_campaign_document(&document(campaign))
            .expect("a valid campaign");
        let about = warnings
            .iter()
            .filter(|warning| warning.path().contains("touches"));
        about.map(|warning| warning.path().to_owned()).collect::<Vec<_>>()
    };
    assert!(undeclared(&campaign("b", &["a", "b"])).is_empty());
    assert_eq!(
        undeclared(&campaign("b", &["c"])),
        ["/audience/touches/campaigns/0"]
    );
    assert!(undeclared(&campaign("a", &["a"])).is_empty());
}
