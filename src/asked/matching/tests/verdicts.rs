//! What the index alone can tell of an audience or a schedule. To ask is never wrong, but the index is there to save it.

use serde_json::json;

use super::*;
use crate::asked::view::tests::{campaign, case};

/// What the index says of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It cannot concern the customer.
    Out,
    /// It must be asked.
    Ask,
    /// Its audience is true at all times.
    Sure,
}
use Verdict::{Ask as Asked, Out, Sure};

const NOW: &str = "2026-03-02T12:00:00Z";

fn book(campaigns: &[Value]) -> Value {
    let campaigns: Vec<Value> = campaigns
        .iter()
        .enumerate()
        .map(|(number, members)| campaign(&format!("c-{number:03}"), members))
        .collect();
    let mut tags = vec![
        json!("a"),
        json!("b"),
        json!("c"),
        json!({"tag": "grown", "when": {"attribute": "n", "ge": 18}}),
        json!({"tag": "grown-a", "when": {"all": [{"tag": "grown"}, {"tag": "a"}]}}),
    ];
    tags.extend((0..100).map(|number| json!(format!("t-{number}"))));
    json!({"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
           "attributes": {"n": "integer", "x": "number", "s": "string", "d": "date", "i": "date-time", "m": "integer"},
           "facts": {"of_all": {"type": "integer"}, "of_each": {"type": "integer", "keyed": true}},
           "tags": tags,
           "purposes": ["p"], "channels": {"c": {"consent": "none"}}, "campaigns": campaigns})
}

/// What the index says of each of the campaigns, which must be few, for a customer from now on for a week.
fn verdicts(campaigns: &[Value], customer: &Value) -> Vec<Verdict> {
    let document = serde_json::from_value(book(campaigns)).expect("a document");
    let (engine, _) = Engine::from_document(&document).expect("a rulebook");
    let (bound, now) = bind(&engine, &case(NOW, customer));
    let ask = Ask::new(&bound, now);
    let matching = ask.matching(now, ask.end());
    let [block] = engine.compiled.campaigns.blocks() else {
        panic!("few campaigns");
    };
    let index = &block.index;
    let possible = index.possible(index.ever_possible(&matching), &matching);
    let possible = index.possible_in_time(possible, &matching);
    (0..campaigns.len())
        .map(|bit| match (possible.all.has(bit), possible.surely.has(bit)) {
            (true, true) => Sure,
            (true, false) => Asked,
            (false, false) => Out,
            (false, true) => panic!("sure of what is out"),
        })
        .collect()
}

/// The verdicts on one campaign of this audience, for each of the customers.
#[track_caller]
fn of_audience(audience: Value, expected: &[(Value, Verdict)]) {
    for (customer, verdict) in expected {
        let found = verdicts(&[json!({"audience": audience.clone()})], customer);
        assert_eq!(found, [*verdict], "{audience} for {customer}");
    }
}

fn n(number: i64) -> Value {
    json!({"attributes": {"n": number}})
}

fn tags(held: &[&str]) -> Value {
    json!({"tags": held})
}

#[test]
fn a_comparison_is_told_at_each_side_of_its_number() {
    for (test, below, at, above) in [
        ("lt", Sure, Out, Out),
        ("le", Sure, Sure, Out),
        ("eq", Out, Sure, Out),
        ("ne", Sure, Out, Sure),
        ("ge", Out, Sure, Sure),
        ("gt", Out, Out, Sure),
    ] {
        of_audience(
            json!({"attribute": "n", test: 5}),
            &[(n(4), below), (n(5), at), (n(6), above), (json!({}), Asked)],
        );
        let turned = |verdict| if verdict == Out { Sure } else { Out };
        of_audience(
            json!({"not": {"attribute": "n", test: 5}}),
            &[
                (n(4), turned(below)),
                (n(5), turned(at)),
                (n(6), turned(above)),
                (json!({}), Asked),
            ],
        );
    }
}

#[test]
fn values_of_every_type_are_told() {
    let value = |name: &str, value: Value| json!({"attributes": {name: value}});
    of_audience(
        json!({"attribute": "x", "ge": 2.5}),
        &[
            (value("x", json!(2.25)), Out),
            (value("x", json!(2.5)), Sure),
            (value("x", json!(9)), Sure),
        ],
    );
    of_audience(
        json!({"attribute": "s", "in": ["tea", "mate"]}),
        &[
            (value("s", json!("tea")), Sure),
            (value("s", json!("mate")), Sure),
            (value("s", json!("coffee")), Out),
        ],
    );
    of_audience(
        json!({"attribute": "d", "lt": "2026-03-02"}),
        &[
            (value("d", json!("2026-03-01")), Sure),
            (value("d", json!("2026-03-02")), Out),
        ],
    );
    of_audience(
        json!({"attribute": "i", "ge": "2026-03-02T00:00:00Z"}),
        &[
            (value("i", json!("2026-03-01T23:59:59Z")), Out),
            (value("i", json!("2026-03-02T00:00:00Z")), Sure),
        ],
    );
    // Whole numbers and others among the literals of one value.
    let both = [
        json!({"audience": {"attribute": "x", "ge": 2}}),
        json!({"audience": {"attribute": "x", "lt": 2.5}}),
    ];
    for (x, expected) in [(1.5, [Out, Sure]), (2.0, [Sure, Sure]), (2.5, [Sure, Out])] {
        assert_eq!(verdicts(&both, &value("x", json!(x))), expected, "{x}");
    }
}

#[test]
fn large_numbers_are_told_exactly() {
    // The next whole number after it has no float of its own.
    let large = 9_007_199_254_740_992_i64;
    let campaigns = [
        json!({"audience": {"attribute": "x", "ge": large + 1}}),
        json!({"audience": {"attribute": "x", "ge": 0.5}}),
    ];
    let x = |number: i64| json!({"attributes": {"x": number}});
    for (number, expected) in [
        (large, [Out, Sure]),
        (large + 1, [Sure, Sure]),
        (large + 2, [Sure, Sure]),
        (0, [Out, Out]),
        (1, [Out, Sure]),
    ] {
        assert_eq!(verdicts(&campaigns, &x(number)), expected, "{number}");
    }
}

/// What no time changes is told once for all questions.
#[test]
fn what_stays_as_it_is_is_told_apart_from_time() {
    let campaigns = [
        json!({"audience": {"attribute": "n", "ge": 5}}),
        json!({"audience": {"fact": "of_all", "ge": 5}}),
        json!({"audience": {"tag": "a"}}),
        json!({"audience": {"elapsed": "i", "lt": "3d"}}),
        json!({"schedule": {"between": ["2025-01-01T00:00", "2025-02-01T00:00"], "zone": "UTC"}}),
    ];
    let document = serde_json::from_value(book(&campaigns)).expect("a document");
    let (engine, _) = Engine::from_document(&document).expect("a rulebook");
    let given = json!({"attributes": {"n": 1, "i": "2025-01-01T00:00:00Z"}, "facts": {"of_all": 1}});
    let (bound, now) = bind(&engine, &case(NOW, &given));
    let ask = Ask::new(&bound, now);
    let ever = engine.compiled.campaigns.blocks()[0]
        .index
        .ever_possible(&ask.matching(now, ask.end()));
    let found: Vec<bool> = (0..5).map(|bit| ever.all.has(bit)).collect();
    assert_eq!(found, [false, false, false, true, true]);
}

#[test]
fn several_tests_of_a_value_are_told_together() {
    let between = json!({"attribute": "n", "ge": 3, "lt": 6});
    of_audience(
        between.clone(),
        &[(n(2), Out), (n(3), Sure), (n(5), Sure), (n(6), Out)],
    );
    of_audience(
        json!({"not": between}),
        &[(n(2), Sure), (n(3), Out), (n(5), Out), (n(6), Sure)],
    );
    // Not false, but with the other campaign's number between its own.
    let two = [
        json!({"audience": {"attribute": "n", "in": [1, 9]}}),
        json!({"audience": {"attribute": "n", "gt": 5}}),
    ];
    for (value, expected) in [
        (1, [Sure, Out]),
        (5, [Out, Out]),
        (6, [Out, Sure]),
        (9, [Sure, Sure]),
    ] {
        assert_eq!(verdicts(&two, &n(value)), expected, "{value}");
    }
    // Compared with another value: what the literals make of it is told, the rest is asked.
    of_audience(
        json!({"attribute": "n", "ge": 3, "lt": {"attribute": "m"}}),
        &[(n(2), Out), (n(3), Asked)],
    );
    of_audience(
        json!({"attribute": "n", "in": [3, {"attribute": "m"}]}),
        &[(n(3), Asked), (n(4), Asked)],
    );
}

#[test]
fn presence_is_told() {
    of_audience(
        json!({"attribute": "n", "present": true}),
        &[(n(1), Sure), (json!({}), Out)],
    );
    of_audience(
        json!({"attribute": "n", "present": false}),
        &[(n(1), Out), (json!({}), Asked)],
    );
    of_audience(
        json!({"not": {"attribute": "n", "present": true}}),
        &[(n(1), Out), (json!({}), Asked)],
    );
    of_audience(
        json!({"elapsed": "i", "present": true}),
        &[(json!({"attributes": {"i": NOW}}), Asked), (json!({}), Out)],
    );
    of_audience(
        json!({"not": {"elapsed": "i", "present": true}}),
        &[(json!({"attributes": {"i": NOW}}), Out), (json!({}), Asked)],
    );
}

#[test]
fn tags_are_told() {
    let later = json!({"tags": [{"tag": "a", "since": "2026-03-05T00:00:00Z"}]});
    let a = json!({"tag": "a"});
    of_audience(
        a.clone(),
        &[(tags(&["a"]), Sure), (tags(&["b"]), Out), (later.clone(), Asked)],
    );
    of_audience(
        json!({"not": a}),
        &[(tags(&["a"]), Out), (tags(&["b"]), Sure), (later.clone(), Asked)],
    );
    of_audience(
        json!({"not": {"not": a}}),
        &[(tags(&["a"]), Sure), (tags(&[]), Out)],
    );
    of_audience(
        json!({"any": [{"tag": "a"}, {"tag": "b"}]}),
        &[
            (tags(&["a"]), Sure),
            (tags(&["b"]), Sure),
            (tags(&["a", "b"]), Sure),
            (tags(&["c"]), Out),
            (later, Asked),
        ],
    );
    // Of several demands for tags, one tells: the one that fewer tags meet, else the first.
    of_audience(
        json!({"all": [{"any": [{"tag": "a"}, {"tag": "b"}]}, {"tag": "c"}]}),
        &[
            (tags(&["a"]), Out),
            (tags(&["c"]), Asked),
            (tags(&["a", "c"]), Asked),
        ],
    );
    of_audience(
        json!({"all": [{"tag": "a"}, {"tag": "b"}]}),
        &[(tags(&["a"]), Asked), (tags(&["b"]), Out)],
    );
    of_audience(
        json!({"all": [{"tag": "a"}, {"not": {"tag": "b"}}]}),
        &[(tags(&["a"]), Sure), (tags(&["a", "b"]), Out), (tags(&[]), Out)],
    );
    // Not all of them, or not any.
    of_audience(
        json!({"not": {"any": [{"tag": "a"}, {"attribute": "n", "ge": 5}]}}),
        &[
            (json!({"tags": ["a"], "attributes": {"n": 1}}), Out),
            (n(5), Out),
            (n(4), Sure),
        ],
    );
    of_audience(
        json!({"not": {"all": [{"tag": "a"}, {"tag": "b"}]}}),
        &[(tags(&["a", "b"]), Asked), (tags(&[]), Asked)],
    );
    of_audience(
        json!({"any": [{"tag": "a"}, {"attribute": "n", "ge": 5}]}),
        &[(n(1), Asked)],
    );
}

/// Tags of which many fall on the same places.
#[test]
fn a_tag_is_found_among_many() {
    let campaigns: Vec<Value> = (0..100)
        .map(|number| json!({"audience": {"tag": format!("t-{number}")}}))
        .collect();
    for held in 0..100 {
        let found = verdicts(&campaigns, &tags(&[&format!("t-{held}")]));
        for (number, verdict) in found.into_iter().enumerate() {
            assert_eq!(
                verdict,
                if number == held { Sure } else { Out },
                "t-{held} and c-{number}"
            );
        }
    }
}

#[test]
fn derived_tags_are_told_by_what_they_ask() {
    of_audience(
        json!({"tag": "grown"}),
        &[(n(17), Out), (n(18), Sure), (json!({}), Asked)],
    );
    of_audience(
        json!({"not": {"tag": "grown"}}),
        &[(n(17), Sure), (n(18), Out), (json!({}), Asked)],
    );
    let with_a = |number: i64| json!({"tags": ["a"], "attributes": {"n": number}});
    of_audience(
        json!({"tag": "grown-a"}),
        &[(with_a(17), Out), (with_a(18), Sure), (n(18), Out)],
    );
}

#[test]
fn what_is_not_the_same_for_all_campaigns_is_asked() {
    let facts =
        |value: i64| json!({"facts": {"of_all": value, "of_each": {"berlin": value, "c-000": value}}});
    of_audience(
        json!({"fact": "of_all", "ge": 5}),
        &[(facts(4), Out), (facts(5), Sure), (json!({}), Asked)],
    );
    of_audience(
        json!({"fact": "of_each", "of": {"is": "berlin"}, "ge": 5}),
        &[(facts(4), Out), (facts(5), Sure)],
    );
    of_audience(
        json!({"fact": "of_each", "of": "campaign", "ge": 5}),
        &[(facts(4), Asked), (facts(5), Asked)],
    );
    of_audience(json!({"touches": {}, "lt": 5}), &[(json!({}), Asked)]);
    of_audience(
        json!({"all": [{"touches": {}, "lt": 5}, {"tag": "a"}]}),
        &[(tags(&[]), Out), (tags(&["a"]), Asked)],
    );
    assert_eq!(verdicts(&[json!({})], &json!({})), [Sure]);
}

/// The week begins on 2 March at noon and ends on the ninth.
#[test]
fn elapsed_time_is_told_for_the_whole_week() {
    let since = |at: &str| json!({"attributes": {"i": at}});
    let in_january = || since("2026-01-10T12:00:00Z");
    of_audience(
        json!({"elapsed": "i", "lt": "3d"}),
        &[
            (since("2026-02-27T12:00:00Z"), Out),
            (since("2026-02-27T12:00:01Z"), Asked),
            (in_january(), Out),
            (json!({}), Asked),
        ],
    );
    of_audience(
        json!({"elapsed": "i", "ge": "3d"}),
        &[
            (since("2026-03-06T12:00:00Z"), Asked),
            (since("2026-03-06T12:00:01Z"), Out),
            (in_january(), Asked),
            (json!({}), Asked),
        ],
    );
    of_audience(
        json!({"not": {"elapsed": "i", "lt": "3d"}}),
        &[
            (since("2026-03-06T12:00:00Z"), Asked),
            (since("2026-03-06T12:00:01Z"), Out),
        ],
    );
    of_audience(
        json!({"not": {"elapsed": "i", "ge": "3d"}}),
        &[
            (since("2026-02-27T12:00:00Z"), Out),
            (since("2026-02-27T12:00:01Z"), Asked),
        ],
    );
    // Both turned round: one of them fails, and that is asked.
    let between = json!({"elapsed": "i", "ge": "3d", "lt": "5d"});
    of_audience(
        between.clone(),
        &[
            (since("2026-02-25T12:00:00Z"), Out),
            (since("2026-03-07T12:00:00Z"), Out),
            (since("2026-02-27T12:00:00Z"), Asked),
        ],
    );
    of_audience(
        json!({"not": between}),
        &[
            (since("2026-02-25T12:00:00Z"), Asked),
            (since("2026-03-07T12:00:00Z"), Asked),
            (since("2026-02-27T12:00:00Z"), Asked),
        ],
    );
}

#[test]
fn schedules_are_told_for_the_whole_week() {
    let between = |from: &str, to: &str| json!([from.trim_end_matches('Z'), to.trim_end_matches('Z')]);
    let schedule =
        |schedule: Value, customer: &Value| verdicts(&[json!({"schedule": schedule})], customer)[0];
    for (from, to, verdict) in [
        ("2026-02-01T00:00:00Z", "2026-03-02T12:00:00Z", Out),
        ("2026-02-01T00:00:00Z", "2026-03-02T12:00:01Z", Sure),
        ("2026-03-09T12:00:00Z", "2026-04-01T00:00:00Z", Sure),
        ("2026-03-09T12:00:01Z", "2026-04-01T00:00:00Z", Out),
    ] {
        let fixed = json!({"between": between(from, to), "zone": "UTC"});
        assert_eq!(schedule(fixed, &json!({})), verdict, "{from} to {to}");
    }
    let waves = |spans: &[(&str, &str)]| -> Value {
        let waves: Vec<Value> = spans
            .iter()
            .enumerate()
            .map(|(number, (from, to))| json!({"id": format!("w-{number}"), "between": between(from, to), "audience": {"tag": "a"}}))
            .collect();
        json!({"waves": waves, "zone": "UTC"})
    };
    let (before, now, after) = (
        ("2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"),
        ("2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z"),
        ("2026-04-01T00:00:00Z", "2026-04-02T00:00:00Z"),
    );
    for (spans, verdict) in [
        (&[before][..], Out),
        (&[now], Sure),
        (&[after], Out),
        (&[before, now], Sure),
        (&[after, now], Sure),
        // From the first to the last.
        (&[before, after], Sure),
        (&[after, before], Sure),
    ] {
        assert_eq!(schedule(waves(spans), &json!({})), verdict, "{spans:?}");
    }
    let since = |at: &str| json!({"attributes": {"i": at}});
    let after = json!({"after": "i", "from": "2d", "until": "4d"});
    for (anchor, verdict) in [
        ("2026-02-26T12:00:00Z", Out),
        ("2026-02-26T12:00:01Z", Sure),
        ("2026-03-07T12:00:00Z", Sure),
        ("2026-03-07T12:00:01Z", Out),
    ] {
        assert_eq!(schedule(after.clone(), &since(anchor)), verdict, "{anchor}");
    }
}

/// Of what is long the index keeps only a part.
#[test]
fn what_is_kept_of_one_campaign_is_bounded() {
    let list = |length: i64| json!({"attribute": "n", "in": (0..length).collect::<Vec<_>>()});
    of_audience(list(64), &[(n(63), Sure), (n(64), Out)]);
    of_audience(list(65), &[(n(64), Asked), (n(65), Asked)]);
    let any = |length: usize| -> Value {
        let any: Vec<Value> = (0..length)
            .map(|number| json!({"tag": format!("t-{number}")}))
            .collect();
        json!({"any": any})
    };
    of_audience(any(64), &[(tags(&["t-63"]), Sure), (tags(&["t-64"]), Out)]);
    of_audience(any(65), &[(tags(&["t-64"]), Asked), (tags(&["t-65"]), Asked)]);
    let all = |length: i64| -> Value {
        let all: Vec<Value> = (0..length)
            .map(|number| json!({"attribute": "n", "ne": number}))
            .collect();
        json!({"all": all})
    };
    // With what joins them, so many parts are 32.
    of_audience(all(31), &[(n(30), Out), (n(31), Sure)]);
    of_audience(all(32), &[(n(30), Out), (n(31), Asked), (n(32), Asked)]);
}
