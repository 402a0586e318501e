//! What is suspicious is told, and only that.

use serde_json::json;

use super::{examine, with, without};
use crate::checked::problem::WarningCode;

fn warned(book: &serde_json::Value) -> Vec<(String, WarningCode)> {
    let (problems, warnings) = examine(book);
    assert_eq!(problems, [], "{book}");
    warnings
        .iter()
        .map(|warning| (warning.path().to_owned(), warning.code()))
        .collect()
}

#[test]
fn a_restraining_condition_that_reads_a_missing_value() {
    let cases = [
        (json!({"attribute": "age", "lt": 18}), vec!["/attribute"]),
        (json!({"attribute": "age", "lt": 18, "present": true}), vec![]),
        (
            json!({"all": [{"attribute": "age", "lt": 18}, {"attribute": "age", "present": true}]}),
            vec![],
        ),
        (
            json!({"not": {"elapsed": "joined_at", "lt": "1d"}}),
            vec!["/not/elapsed"],
        ),
        (
            json!({"elapsed": {"fact": "store.opened_at"}, "lt": "1d"}),
            vec!["/elapsed/fact"],
        ),
        (json!({"fact": "store.open", "eq": true}), vec!["/fact"]),
        (json!({"purchases": "count", "ge": 1}), vec!["/purchases"]),
        (
            json!({"all": [{"purchases": "count", "ge": 1}, {"attribute": "purchases.last_at", "present": true}]}),
            vec![],
        ),
        (
            json!({"touches": {}, "ge": {"attribute": "age"}}),
            vec!["/ge/attribute"],
        ),
        (json!({"tag": "newcomer"}), vec!["/tag"]),
        (json!({"tag": "fan"}), vec!["/tag"]),
        (json!({"tag": "latte"}), vec![]),
        (json!({"score": true, "lt": 10}), vec![]),
        (json!({"not": {"score": true, "ge": 10}}), vec![]),
        (json!({"score": true, "ge": 10}), vec!["/score"]),
        (json!({"not": {"score": true, "lt": 10}}), vec!["/not/score"]),
        (json!({"score": true, "lt": 10, "ne": 3}), vec!["/score"]),
        (
            json!({"any": [{"attribute": "age", "lt": 1}, {"attribute": "city", "in": ["x", {"attribute": "name"}]}]}),
            vec!["/any/0/attribute", "/any/1/attribute", "/any/1/in/1/attribute"],
        ),
    ];
    for (when, expected) in cases {
        let expected: Vec<_> = expected
            .into_iter()
            .map(|place| {
                (
                    format!("/policies/1/rules/0/when{place}"),
                    WarningCode::MayBeMissing,
                )
            })
            .collect();
        assert_eq!(
            warned(&with("/policies/1/rules/0/when", when.clone())),
            expected,
            "{when}"
        );
    }
    // What chooses among allowed times restrains nothing.
    assert_eq!(
        warned(&with(
            "/policies/1/rules/6/when",
            json!({"attribute": "age", "lt": 18})
        )),
        []
    );
    assert_eq!(
        warned(&with(
            "/campaigns/0/stop_when",
            json!({"attribute": "vip", "eq": true})
        )),
        [(
            "/campaigns/0/stop_when/attribute".to_owned(),
            WarningCode::MayBeMissing
        )]
    );
}

#[test]
fn waves_that_overlap() {
    let book = with(
        "/campaigns/4/schedule/waves/1/between/0",
        json!("2026-11-09T23:59"),
    );
    let place = "/campaigns/4/schedule/waves/1/between".to_owned();
    assert_eq!(warned(&book), [(place, WarningCode::OverlappingWaves)]);
}

#[test]
fn a_campaign_that_is_not_declared() {
    for (pointer, value, place) in [
        (
            "/policies/1/rules/0/scope",
            json!({"campaigns": ["coconut-late"]}),
            "/campaigns/0",
        ),
        (
            "/policies/1/rules/0/except",
            json!({"campaigns": ["cart", "old"]}),
            "/campaigns/1",
        ),
        (
            "/policies/1/rules/1/then/cap/counting",
            json!({"campaigns": ["old"]}),
            "/campaigns/0",
        ),
        (
            "/campaigns/0/stop_when/touches",
            json!({"campaigns": ["old"]}),
            "/campaigns/0",
        ),
    ] {
        let expected = [(format!("{pointer}{place}"), WarningCode::UndeclaredCampaign)];
        assert_eq!(warned(&with(pointer, value)), expected);
    }
    let (_, warnings) = examine(&with(
        "/policies/1/rules/0/scope",
        json!({"campaigns": ["coconut-late"]}),
    ));
    let sentence = "`coconut-late` is not a declared campaign; did you mean `coconut-latte`?";
    assert_eq!(warnings[0].sentence(), sentence);
}

#[test]
fn a_look_ahead_shorter_than_the_longest_cap() {
    let expected = [("/look_ahead".to_owned(), WarningCode::ShortLookAhead)];
    assert_eq!(warned(&with("/look_ahead", json!("7d"))), expected);
    assert_eq!(warned(&with("/look_ahead", json!("31d"))), []);
}

#[test]
fn a_mass_audience_that_hears_one_thing() {
    let expected = [("/campaigns/3/variants".to_owned(), WarningCode::Undifferentiated)];
    assert_eq!(warned(&without("/campaigns/3/audience")), expected);
    assert_eq!(
        warned(&with("/campaigns/3/audience", json!({"all": []}))),
        expected
    );
    assert_eq!(warned(&with("/campaigns/3/audience", json!({"any": []}))), []);
    // Of the waves one is for all.
    let expected = [("/campaigns/4/variants".to_owned(), WarningCode::Undifferentiated)];
    assert_eq!(warned(&without("/campaigns/4/audience")), expected);
    // Who left a cart and when says for whom it is.
    assert_eq!(warned(&without("/campaigns/1/audience")), []);
}
