//! `Engine::history_horizon`: what is older than it changes nothing, and it is no longer than it needs to be.

mod generate;
mod harness;

use generate::{Dice, clock};
use harness::{bind, decided, engine, written};
use serde_json::{Value, json};
use tactful::HistoryHorizon;

const RULEBOOKS: u64 = 500;
const CASES: usize = 8;

#[test]
fn what_is_older_changes_nothing() {
    let (mut cut, mut bounded) = (0, 0);
    for number in 0..RULEBOOKS {
        let mut dice = Dice::seeded(number);
        let mut book = generate::rulebook(&mut dice);
        // Campaigns without end, and rules that read all responses, ask for all of the history.
        book["campaigns"]
            .as_array_mut()
            .unwrap()
            .retain(|campaign| campaign.get("schedule").is_some());
        if book["campaigns"] == json!([]) {
            continue;
        }
        let engine = engine(&book);
        let HistoryHorizon::Back(back) = engine.history_horizon() else {
            continue;
        };
        for _ in 0..CASES {
            let mut case = generate::case(&mut dice, &book);
            bounded += 1;
            let now = clock::instant(case["now"].as_str().unwrap()).unwrap();
            let first = now - back.as_micros();
            let is_old = |entry: &Value| clock::instant(entry["at"].as_str().unwrap()).unwrap() < first;
            // An old touch lies in no occurrence that is still of interest.
            for entry in case["history"].as_array_mut().unwrap() {
                if is_old(entry) {
                    entry.as_object_mut().unwrap().remove("occurrence");
                }
            }
            let mut recent = case.clone();
            recent["history"]
                .as_array_mut()
                .unwrap()
                .retain(|entry| !is_old(entry));
            if recent["history"] == case["history"] {
                continue;
            }
            cut += 1;
            let ((whole, now), (part, _)) = (bind(&engine, &case), bind(&engine, &recent));
            assert_eq!(decided(&part, now), decided(&whole, now), "rulebook {number}");
            assert_eq!(
                written(part.agenda(now)),
                written(whole.agenda(now)),
                "rulebook {number}"
            );
        }
    }
    assert!(cut > 20, "{cut} of {bounded} with a horizon");
}

/// The horizon in seconds of a house with one rule and one campaign; none if it is for ever.
fn seconds(rule: Value, campaign: Value) -> Option<i64> {
    let mut written = json!({"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
        "schedule": {"between": ["2026-03-01T00:00", "2026-03-01T12:00"]}, "variants": [{"id": "letter"}]});
    written
        .as_object_mut()
        .unwrap()
        .extend(campaign.as_object().unwrap().clone());
    let mut rule = rule;
    rule["id"] = json!("rule");
    let book = json!({"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
        "attributes": {"joined_at": "date-time", "birthday": "date"}, "purposes": ["news"],
        "tags": ["tea", {"tag": "written-to", "when": {"touches": {"within": "100d"}, "ge": 1}}],
        "channels": {"mail": {"consent": "none"}}, "policies": [{"id": "house", "rules": [rule]}], "campaigns": [written]});
    match engine(&book).history_horizon() {
        HistoryHorizon::Back(back) => Some(back.as_micros() / 1_000_000),
        HistoryHorizon::Forever => None,
    }
}

const DAY: i64 = 86_400;

/// With one more second, since durations are of whole seconds.
fn days(days: i64) -> Option<i64> {
    Some(days * DAY + 1)
}

#[test]
fn it_is_as_long_as_what_reads_furthest() {
    let forbid = |when: Value| json!({"when": when, "then": "forbid"});
    let cap = |per: &str| json!({"then": {"cap": {"at_most": 1, "per": per}}});
    let touched = json!({"touches": {"within": "40d"}, "ge": 1});
    // The day of the campaign, and two for the zones.
    let least = days(3);

    assert_eq!(seconds(forbid(json!({"tag": "tea"})), json!({})), least);
    for (per, back) in [
        ("60d", days(60)),
        ("day", least),
        ("week", days(9)),
        ("month", days(33)),
        ("year", days(368)),
        ("lifetime", None),
    ] {
        assert_eq!(seconds(cap(per), json!({})), back, "{per}");
    }
    for when in [
        touched.clone(),
        json!({"not": touched}),
        json!({"all": [{"tag": "tea"}, touched]}),
        json!({"any": [{"touches": {"within": "2d"}, "ge": 1}, touched]}),
    ] {
        assert_eq!(seconds(forbid(when.clone()), json!({})), days(40), "{when}");
        let rule = || forbid(json!({"tag": "tea"}));
        assert_eq!(seconds(rule(), json!({"audience": when})), days(40), "{when}");
        assert_eq!(seconds(rule(), json!({"stop_when": when})), days(40), "{when}");
        assert_eq!(
            seconds(
                rule(),
                json!({"variants": [{"id": "a", "when": when}, {"id": "b"}]})
            ),
            days(40),
            "{when}"
        );
        assert_eq!(
            seconds(
                rule(),
                json!({"score": {"base": 1, "add": [{"when": when, "points": 1}]}})
            ),
            days(40),
            "{when}"
        );
        assert_eq!(
            seconds(
                rule(),
                json!({"rules": [{"id": "own", "when": when, "then": "forbid"}]})
            ),
            days(40),
            "{when}"
        );
    }
    assert_eq!(
        seconds(forbid(json!({"tag": "written-to"})), json!({})),
        days(100)
    );
    assert_eq!(seconds(forbid(json!({"touches": {}, "ge": 1})), json!({})), None);
}

#[test]
fn reactions_read_back_by_what_they_look_for() {
    let react = |react: Value| seconds(json!({"then": {"react": react}}), json!({}));
    assert_eq!(react(json!({"to": "complained", "hold": "30d"})), None);
    assert_eq!(
        react(json!({"to": "ignored", "after": "7d", "hold": "30d", "within": "60d", "at_least": 2})),
        days(97)
    );
    assert_eq!(
        react(
            json!({"to": "ignored", "after": "7d", "hold": "30d", "within": "60d", "at_least": 2, "in_a_row": true})
        ),
        days(97)
    );
    assert_eq!(
        react(json!({"to": "ignored", "after": "7d", "hold": "30d", "at_least": 2, "in_a_row": true})),
        None
    );
}

#[test]
fn campaigns_read_back_by_their_occurrences() {
    let of = |schedule: Value| {
        let rule = json!({"when": {"tag": "tea"}, "then": "forbid"});
        seconds(rule, json!({"schedule": schedule}))
    };
    assert_eq!(
        of(json!({"between": ["2026-03-01T00:00", "2026-03-11T00:00"]})),
        days(13)
    );
    assert_eq!(
        of(json!({"after": "joined_at", "from": "1d", "until": "21d"})),
        days(22)
    );
    assert_eq!(
        of(json!({"every": "year", "of": "birthday", "from": "-3d", "until": "7d"})),
        days(12)
    );
    assert_eq!(
        of(json!({"on": {"days": ["fri"], "from": "10:00", "to": "12:00"}})),
        days(4)
    );
    let waves = json!({"waves": [
        {"id": "warm", "between": ["2026-03-01T00:00", "2026-03-21T00:00"]},
        {"id": "core", "between": ["2026-03-21T00:00", "2026-03-22T00:00"],
         "audience": {"touches": {"within": "50d"}, "ge": 1}}]});
    assert_eq!(of(waves.clone()), days(50));
    let mut plain = waves;
    plain["waves"][1].as_object_mut().unwrap().remove("audience");
    assert_eq!(of(plain), days(23));
}
