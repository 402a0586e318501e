//! Lints: for each one a rulebook in which it fires, with a witness that the engine confirms, and one near it in which it
//! must not; and no false finding on the scenarios.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};
use tactful::{
    Bound, Customer, Duration, Engine, Outcome, ReasonCode, Rulebook, WarningCode,
    chrono::{DateTime, Utc},
    lints::{Finding, LintCode, Linter, Lints, Witness},
};

/// A house with one campaign, changed by the members that are given.
fn house(change: Value) -> Value {
    let mut book = json!({
        "format": 1, "time_zone": "Asia/Shanghai", "unknown_time_zone": "house", "look_ahead": "30d",
        "attributes": {"age": "integer"}, "tags": ["tea"],
        "purposes": ["news", "service"], "channels": {"mail": {"consent": "opt_in"}},
        "policies": [],
        "campaigns": [campaign("leaf", json!({}))]});
    put(&mut book, change);
    book
}

fn campaign(id: &str, change: Value) -> Value {
    let mut campaign = json!({"id": id, "purpose": "news", "value": "knowledge", "channels": ["mail"],
        "audience": {"all": [{"tag": "tea"}, {"attribute": "age", "ge": 18}]}, "variants": [{"id": "letter"}]});
    put(&mut campaign, change);
    campaign
}

fn rules(rules: Value) -> Value {
    json!({"policies": [{"id": "house", "rules": rules}]})
}

fn put(into: &mut Value, change: Value) {
    for (name, value) in change.as_object().unwrap() {
        into[name] = value.clone();
    }
}

fn read(book: &Value) -> Rulebook {
    serde_json::from_value(book.clone()).unwrap()
}

fn lint_with(linter: &Linter<'_>, book: &Value) -> Lints {
    let problems = |problems| panic!("{problems}");
    linter.check(&read(book)).unwrap_or_else(problems)
}

fn lint(book: &Value) -> Lints {
    lint_with(&Linter::new(), book)
}

fn of(lints: &Lints, code: LintCode) -> Vec<&Finding> {
    lints
        .findings()
        .iter()
        .filter(|finding| finding.code() == code)
        .collect()
}

/// The only finding of a code, at its place.
fn fires(lints: &Lints, code: LintCode, path: &str) -> Finding {
    let found = of(lints, code);
    assert_eq!(found.len(), 1, "{code}: {lints}");
    assert_eq!(found[0].path(), path, "{lints}");
    found[0].clone()
}

fn is_silent(lints: &Lints, code: LintCode) {
    assert!(of(lints, code).is_empty(), "{lints}");
    let undecided = lints.undecided().iter().any(|undecided| undecided.code() == code);
    assert!(!undecided, "{lints}");
}

/// Asks the engine of a witness, as it would be stored: the customer and the instant.
fn asked(book: &Value, witness: &Witness) -> (Bound, DateTime<Utc>) {
    let (engine, _) = Engine::compile(&read(book)).unwrap();
    let stored = serde_json::to_string(witness.case()).unwrap();
    let case = engine.read_case(&serde_json::from_str(&stored).unwrap()).unwrap();
    assert_eq!(&case, witness.case());
    let facts = engine.bind_facts(&case.facts).unwrap();
    let bound = engine.bind(&case.customer, &case.history, &facts).unwrap();
    assert_eq!(&bound.decide(case.now), witness.decision());
    (bound, case.now)
}

fn witness(finding: &Finding) -> &Witness {
    finding
        .witness()
        .unwrap_or_else(|| panic!("nobody shows it: {finding}"))
}

/// The codes and rules of the reasons against a campaign.
fn reasons(bound: &Bound, now: DateTime<Utc>, campaign: &str) -> Vec<(ReasonCode, Option<String>)> {
    let explanation = bound.explain_campaign(now, campaign).unwrap();
    let reasons = explanation.reasons().iter().map(|explained| explained.reason());
    reasons
        .map(|reason| (reason.code(), reason.rule().map(str::to_owned)))
        .collect()
}

#[test]
fn an_audience_in_which_nobody_can_be() {
    let with =
        |audience: Value| house(json!({"campaigns": [campaign("leaf", json!({"audience": audience}))]}));
    let book = with(
        json!({"all": [{"tag": "tea"}, {"attribute": "age", "ge": 18}, {"attribute": "age", "lt": 18}]}),
    );
    let finding = fires(&lint(&book), LintCode::AudienceNever, "/campaigns/0/audience");
    assert!(
        finding
            .sentence()
            .contains("`/all/1` and `/all/2` exclude each other"),
        "{finding}"
    );
    let (bound, now) = asked(&book, witness(&finding));
    assert_eq!(reasons(&bound, now, "leaf"), [(ReasonCode::Audience, None)]);
    // Exactly eighteen.
    let near = with(
        json!({"all": [{"tag": "tea"}, {"attribute": "age", "ge": 18}, {"attribute": "age", "le": 18}]}),
    );
    is_silent(&lint(&near), LintCode::AudienceNever);
}

#[test]
fn audiences_of_all_kinds_of_conditions_are_told_apart() {
    let with = |audience: Value| {
        let mut book = house(json!({
            "attributes": {"age": "integer", "spend": "number", "city": "string", "vip": "boolean", "born": "date", "joined_at": "date-time"},
            "facts": {"heat": {"type": "number", "keyed": true}, "open": {"type": "boolean"}},
            "tags": ["tea", {"tag": "young", "when": {"attribute": "age", "lt": 30}}]}));
        book["campaigns"][0]["audience"] = audience;
        let lints = lint(&book);
        !of(&lints, LintCode::AudienceNever).is_empty()
    };
    for (never, near) in [
        (
            json!({"all": [{"tag": "tea"}, {"not": {"tag": "tea"}}]}),
            json!({"any": [{"tag": "tea"}, {"not": {"tag": "tea"}}]}),
        ),
        (
            json!({"all": [{"tag": "young"}, {"attribute": "age", "ge": 30}]}),
            json!({"all": [{"tag": "young"}, {"attribute": "age", "ge": 29}]}),
        ),
        (
            json!({"attribute": "age", "gt": 29, "lt": 30}),
            json!({"attribute": "age", "gt": 29, "lt": 31}),
        ),
        (
            json!({"attribute": "age", "gt": 29.1, "lt": 29.9}),
            json!({"attribute": "spend", "gt": 29.1, "lt": 29.9}),
        ),
        (
            json!({"attribute": "city", "in": ["a", "b"], "ne": "a", "eq": "a"}),
            json!({"attribute": "city", "in": ["a", "b"], "ne": "a"}),
        ),
        (
            json!({"all": [{"attribute": "vip", "ne": true}, {"attribute": "vip", "ne": false}]}),
            json!({"all": [{"attribute": "vip", "ne": true}, {"attribute": "vip", "eq": false}]}),
        ),
        (
            json!({"all": [{"attribute": "city", "present": false}, {"attribute": "city", "ne": "a"}]}),
            json!({"all": [{"attribute": "city", "present": true}, {"attribute": "city", "ne": "a"}]}),
        ),
        (
            json!({"attribute": "born", "gt": "2000-01-01", "lt": "2000-01-02"}),
            json!({"attribute": "born", "gt": "2000-01-01", "lt": "2000-01-03"}),
        ),
        (
            json!({"elapsed": "joined_at", "ge": "30d", "lt": "30d"}),
            json!({"elapsed": "joined_at", "ge": "30d", "lt": "30.5d"}),
        ),
        (
            json!({"all": [{"elapsed": "joined_at", "ge": "1d"}, {"attribute": "joined_at", "present": false}]}),
            json!({"all": [{"elapsed": "joined_at", "ge": "1d"}, {"attribute": "joined_at", "lt": "2020-01-01T00:00:00Z"}]}),
        ),
        (
            json!({"touches": {"channels": ["mail"]}, "lt": 0}),
            json!({"touches": {"channels": ["mail"]}, "lt": 1}),
        ),
        (
            json!({"all": [{"purchases": "count", "ge": 1}, {"not": {"purchases": "count", "ge": 0}}]}),
            json!({"all": [{"purchases": "count", "ge": 1}, {"not": {"purchases": "count", "ge": 2}}]}),
        ),
        (
            json!({"all": [{"fact": "open", "eq": true}, {"fact": "open", "eq": false}]}),
            json!({"all": [{"fact": "open", "eq": true}, {"fact": "heat", "of": {"attribute": "city"}, "ge": 30}]}),
        ),
        (
            json!({"attribute": "spend", "gt": 1.3e308, "lt": 1.2e308}),
            json!({"attribute": "spend", "gt": 1.3e308}),
        ),
        (
            json!({"attribute": "spend", "lt": -1.7e308, "gt": -1.6e308}),
            json!({"attribute": "spend", "lt": -1.7e308}),
        ),
        (json!({"any": []}), json!({"all": []})),
        (json!({"not": {"all": []}}), json!({"not": {"any": []}})),
    ] {
        assert!(with(never.clone()), "{never}");
        assert!(!with(near.clone()), "{near}");
    }
}

#[test]
fn an_attribute_that_hardly_anybody_has() {
    let some = |given: usize| -> Vec<Customer> {
        let customer = |number: usize| {
            let customer = Customer::new(format!("c-{number}"));
            if number < given {
                customer.attribute("age", 30)
            } else {
                customer
            }
        };
        (0..100).map(customer).collect()
    };
    let book = house(json!({}));
    let few = some(9);
    let finding = fires(
        &lint_with(&Linter::new().customers(&few), &book),
        LintCode::RarelyGiven,
        "/campaigns/0/audience",
    );
    assert_eq!(
        finding.sentence(),
        "nobody is in it without `age`, which 9 of 100 customers have"
    );
    let (bound, now) = asked(&book, witness(&finding));
    let explanation = bound.explain_campaign(now, "leaf").unwrap();
    assert_eq!(explanation.reasons()[0].reason().missing(), ["age"]);
    let enough = some(10);
    is_silent(
        &lint_with(&Linter::new().customers(&enough), &book),
        LintCode::RarelyGiven,
    );
    // Where there is another way in, nobody needs it.
    let either = json!({"any": [{"tag": "tea"}, {"attribute": "age", "ge": 18}]});
    let near = house(json!({"campaigns": [campaign("leaf", json!({"audience": either}))]}));
    is_silent(
        &lint_with(&Linter::new().customers(&few), &near),
        LintCode::RarelyGiven,
    );
    // Nobody has told of customers.
    let untold = lint(&book);
    let undecided: Vec<_> = untold
        .undecided()
        .iter()
        .map(|undecided| (undecided.code(), undecided.path()))
        .collect();
    assert_eq!(undecided, [(LintCode::RarelyGiven, "/attributes")]);
}

#[test]
fn a_mass_audience_that_hears_one_thing() {
    let with = |variants: Value| {
        let mut book = house(json!({}));
        book["campaigns"][0]["audience"] = json!({"all": []});
        book["campaigns"][0]["variants"] = variants;
        book
    };
    let book = with(json!([{"id": "letter"}]));
    let finding = fires(&lint(&book), LintCode::Undifferentiated, "/campaigns/0/variants");
    let (bound, now) = asked(&book, witness(&finding));
    assert_eq!(bound.decide(now).touch().unwrap().variant(), "letter");
    let near = with(json!([{"id": "for-tea", "when": {"tag": "tea"}}, {"id": "letter"}]));
    is_silent(&lint(&near), LintCode::Undifferentiated);
}

#[test]
fn who_is_told_apart_by_something_else_is_not_a_mass() {
    let wave = |id: &str, day: u8, audience: Value| {
        let at = |day: u8| format!("2026-11-{day:02}T00:00");
        let mut wave = json!({"id": id, "between": [at(day), at(day + 1)]});
        put(&mut wave, audience);
        wave
    };
    let tea = json!({"audience": {"tag": "tea"}});
    let coffee = json!({"audience": {"tag": "coffee"}});
    let in_waves =
        |second: Value| json!({"schedule": {"waves": [wave("a", 1, tea.clone()), wave("b", 5, second)]}});
    let named = |field: Value| json!({"variants": [{"id": "letter", "fields": {"age": field}}]});
    let forbids = |change: Value| {
        let mut rule = json!({"id": "own", "then": "forbid", "when": {"not": {"tag": "coffee"}}});
        put(&mut rule, change);
        json!({"rules": [rule]})
    };
    for (change, near) in [
        (in_waves(json!({"audience": {"all": []}})), in_waves(coffee)),
        (
            json!({"schedule": {"on": {"days": ["fri"]}}}),
            json!({"schedule": {"every": "year", "of": "born"}}),
        ),
        (
            json!({"schedule": {"between": ["2026-11-01T00:00", "2026-11-02T00:00"]}}),
            json!({"schedule": {"after": "joined_at", "until": "7d"}}),
        ),
        (
            named(json!({"attribute": "age", "default": 0})),
            named(json!({"attribute": "age"})),
        ),
        (forbids(json!({"observe": true})), forbids(json!({}))),
        (
            json!({"stop_when": {"touches": {"campaigns": ["leaf"], "responses": ["replied"]}, "ge": 1}}),
            json!({"stop_when": {"not": {"tag": "coffee"}}}),
        ),
    ] {
        let with = |change: &Value| {
            let mut book = house(json!({"tags": ["tea", "coffee"],
                "attributes": {"age": "integer", "born": "date", "joined_at": "date-time"}}));
            book["campaigns"][0]["audience"] = json!({"all": []});
            put(&mut book["campaigns"][0], change.clone());
            book
        };
        let told = |book: &Value| {
            let (_, warnings) = Engine::compile(&read(book)).unwrap();
            let mut codes = warnings.iter().map(|warning| warning.code());
            codes.any(|code| code == WarningCode::Undifferentiated)
        };
        let (book, near) = (with(&change), with(&near));
        fires(&lint(&book), LintCode::Undifferentiated, "/campaigns/0/variants");
        is_silent(&lint(&near), LintCode::Undifferentiated);
        // The engine warns of the same.
        assert!(told(&book) && !told(&near), "{change}");
    }
    let with = |scope: Value| {
        let mut book = house(rules(
            json!([{"id": "tea", "scope": scope, "when": {"not": {"tag": "tea"}}, "then": "forbid"}]),
        ));
        book["campaigns"][0]["audience"] = json!({"all": []});
        lint(&book)
    };
    // What a house says of all that it sends is not for whom this is.
    let all = with(json!({"purposes": ["news"]}));
    fires(&all, LintCode::Undifferentiated, "/campaigns/0/variants");
    is_silent(&with(json!({"campaigns": ["leaf"]})), LintCode::Undifferentiated);
}

#[test]
fn derived_tags_that_say_nothing() {
    let with = |when: Value| house(json!({"tags": ["tea", {"tag": "made", "when": when}]}));
    let present = |present: bool| json!({"attribute": "age", "present": present});
    let always = with(json!({"any": [present(true), present(false)]}));
    let finding = fires(&lint(&always), LintCode::TagAlways, "/tags/1/when");
    let (bound, now) = asked(&always, witness(&finding));
    assert_eq!(bound.tags(now)[0].held(), Some(true));
    let never = with(json!({"all": [present(true), present(false)]}));
    let finding = fires(&lint(&never), LintCode::TagNever, "/tags/1/when");
    let (bound, now) = asked(&never, witness(&finding));
    assert_eq!(bound.tags(now)[0].held(), Some(false));
    // Of whom the age is not known, it is not known either.
    let near = lint(&with(
        json!({"any": [{"attribute": "age", "lt": 30}, {"attribute": "age", "ge": 30}]}),
    ));
    is_silent(&near, LintCode::TagAlways);
    is_silent(&near, LintCode::TagNever);
}

#[test]
fn variants_that_leave_somebody_out() {
    let with =
        |variants: Value| house(json!({"campaigns": [campaign("leaf", json!({"variants": variants}))]}));
    let young = json!({"id": "young", "when": {"attribute": "age", "lt": 30}});
    let old = |from: i64| json!({"id": "old", "when": {"attribute": "age", "ge": from}});
    let book = with(json!([young, old(31)]));
    let finding = fires(&lint(&book), LintCode::VariantGap, "/campaigns/0/variants");
    let (bound, now) = asked(&book, witness(&finding));
    assert_eq!(reasons(&bound, now, "leaf"), [(ReasonCode::NoVariant, None)]);
    assert_eq!(
        witness(&finding).case().customer.attributes["age"],
        Some(30.into())
    );
    is_silent(&lint(&with(json!([young, old(30)]))), LintCode::VariantGap);
    // A field that not everybody has, and one that is said otherwise then.
    let field = |field: Value| with(json!([{"id": "letter", "fields": {"name": field}}]));
    let mut book = field(json!({"attribute": "name"}));
    book["attributes"]["name"] = json!("string");
    let finding = fires(&lint(&book), LintCode::VariantGap, "/campaigns/0/variants");
    assert!(witness(&finding).shows().contains("without `name`"), "{finding}");
    asked(&book, witness(&finding));
    let mut near = field(json!({"attribute": "name", "default": "you"}));
    near["attributes"]["name"] = json!("string");
    is_silent(&lint(&near), LintCode::VariantGap);
}

#[test]
fn who_is_kept_from_a_campaign_anyway_is_not_left_out_by_its_variants() {
    let waves = json!({"waves": [
        {"id": "early", "between": ["2026-11-01T00:00", "2026-11-05T00:00"], "audience": {"tag": "tea"}},
        {"id": "core", "between": ["2026-11-10T00:00", "2026-11-12T00:00"], "audience": {"tag": "coffee"}}]});
    let tagged = |tag: &str| json!({"id": tag, "when": {"tag": tag}});
    let lacks = |tag: &str| json!({"not": {"tag": tag}});
    let stopped = |tag: &str| json!({"stop_when": {"tag": "coffee"}, "audience": {"tag": "tea"}, "variants": [{"id": "a", "when": lacks(tag)}]});
    let forbidden = |tag: &str| {
        json!({"rules": [{"id": "own", "when": {"tag": "coffee"}, "then": "forbid"}],
        "audience": {"tag": "tea"}, "variants": [{"id": "a", "when": lacks(tag)}]})
    };
    let in_waves =
        |variants: Value| json!({"audience": {"all": []}, "schedule": waves, "variants": variants});
    let by_wave = |second: &str| {
        json!({"audience": {"tag": "tea"}, "schedule": {"waves": [
            {"id": "early", "between": ["2026-11-01T00:00", "2026-11-05T00:00"]},
            {"id": "core", "between": ["2026-11-10T00:00", "2026-11-12T00:00"]}]},
        "variants": [{"id": "a", "when": {"occurrence": ["early"]}}, {"id": "b", "when": {"occurrence": [second]}}]})
    };
    for (change, near) in [
        // Each wave has its own people, and each of them a variant.
        (
            in_waves(json!([tagged("tea")])),
            in_waves(json!([tagged("tea"), tagged("coffee")])),
        ),
        (by_wave("late"), by_wave("core")),
        (stopped("vip"), stopped("coffee")),
        (forbidden("vip"), forbidden("coffee")),
    ] {
        let with = |change: &Value| {
            house(json!({"tags": ["tea", "coffee", "vip"], "campaigns": [campaign("leaf", change.clone())]}))
        };
        let book = with(&change);
        let finding = fires(&lint(&book), LintCode::VariantGap, "/campaigns/0/variants");
        let (bound, now) = asked(&book, witness(&finding));
        assert!(reasons(&bound, now, "leaf").contains(&(ReasonCode::NoVariant, None)));
        is_silent(&lint(&with(&near)), LintCode::VariantGap);
    }
    // The first month is over after 27 days at the earliest. The search does not know that, and finds nobody.
    let monthly = |least: &str| {
        let mut book = house(
            json!({"attributes": {"joined_at": "date-time"}, "campaigns": [campaign("leaf", json!({
            "audience": {"tag": "tea"}, "schedule": {"every": "month", "of": "joined_at"}, "variants": [
                {"id": "new", "when": {"elapsed": "joined_at", "ge": least, "lt": "365d"}},
                {"id": "old", "when": {"elapsed": "joined_at", "ge": "365d"}}]}))]}),
        );
        book["look_ahead"] = json!("40d");
        book
    };
    let near = lint(&monthly("27d"));
    assert!(of(&near, LintCode::VariantGap).is_empty(), "{near}");
    let undecided = near.undecided();
    assert!(
        undecided
            .iter()
            .any(|undecided| undecided.code() == LintCode::VariantGap)
    );
    // The anniversary begins at midnight, and who joined at noon has not been there for 365 days then.
    let yearly = json!({"audience": {"tag": "tea"}, "schedule": {"every": "year", "of": "joined_at"},
        "variants": [{"id": "old", "when": {"elapsed": "joined_at", "ge": "365d"}}]});
    let book =
        house(json!({"attributes": {"joined_at": "date-time"}, "campaigns": [campaign("leaf", yearly)]}));
    let finding = fires(&lint(&book), LintCode::VariantGap, "/campaigns/0/variants");
    let (bound, now) = asked(&book, witness(&finding));
    assert_eq!(reasons(&bound, now, "leaf"), [(ReasonCode::NoVariant, None)]);
}

#[test]
fn a_variant_that_nobody_is_left_for() {
    let with = |limit: i64| {
        let variants = json!([{"id": "grown", "when": {"attribute": "age", "ge": limit}}, {"id": "any"}]);
        house(json!({"campaigns": [campaign("leaf", json!({"variants": variants}))]}))
    };
    // All of the audience are eighteen at least.
    let book = with(18);
    let finding = fires(&lint(&book), LintCode::VariantNever, "/campaigns/0/variants/1");
    let (bound, now) = asked(&book, witness(&finding));
    assert_eq!(bound.decide(now).touch().unwrap().variant(), "grown");
    is_silent(&lint(&with(19)), LintCode::VariantNever);
}

#[test]
fn a_rule_that_no_touch_is_in_scope_of() {
    let with = |purpose: &str| {
        house(rules(
            json!([{"id": "night", "scope": {"purposes": [purpose]}, "then": "forbid", "when": {"tag": "tea"}}]),
        ))
    };
    let finding = fires(
        &lint(&with("service")),
        LintCode::RuleWithoutTouch,
        "/policies/0/rules/0",
    );
    assert_eq!(
        finding.sentence(),
        "no touch of any campaign is in scope of `house/night`"
    );
    is_silent(&lint(&with("news")), LintCode::RuleWithoutTouch);
}

#[test]
fn a_rule_that_never_acts() {
    let with = |limit: i64| {
        let when = json!({"all": [{"attribute": "age", "present": true}, {"attribute": "age", "lt": limit}]});
        house(rules(json!([{"id": "children", "when": when, "then": "forbid"}])))
    };
    let book = with(18);
    let finding = fires(&lint(&book), LintCode::RuleNeverActs, "/policies/0/rules/0/when");
    let (bound, now) = asked(&book, witness(&finding));
    assert!(bound.decide(now).touch().is_some());
    is_silent(&lint(&with(19)), LintCode::RuleNeverActs);
    // What is unknown restrains: without `present` it acts on those of whom nothing is known, if they can be meant.
    let mut unknown = house(rules(
        json!([{"id": "children", "when": {"attribute": "age", "lt": 18}, "then": "forbid"}]),
    ));
    unknown["campaigns"][0]["audience"] = json!({"tag": "tea"});
    is_silent(&lint(&unknown), LintCode::RuleNeverActs);
}

#[test]
fn a_campaign_that_no_time_is_left_for() {
    let night = json!({"id": "night", "then": {"quiet": {"from": "22:00", "to": "08:00", "zone": "house"}}});
    let with = |rules_of: Value, from: &str, to: &str| {
        let mut book = house(rules(rules_of));
        book["campaigns"][0]["schedule"] = json!({"on": {"days": ["fri"], "from": from, "to": to}});
        book
    };
    let book = with(json!([night]), "23:00", "07:00");
    let finding = fires(&lint(&book), LintCode::NoTime, "/campaigns/0");
    let (bound, now) = asked(&book, witness(&finding));
    assert_eq!(bound.decide(now).outcome(), Outcome::Refrain);
    is_silent(&lint(&with(json!([night]), "23:00", "08:01")), LintCode::NoTime);
    // By the customer's own clock there is somebody for whom it is day.
    let own = json!({"id": "night", "then": {"quiet": {"from": "22:00", "to": "08:00"}}});
    is_silent(&lint(&with(json!([own]), "23:00", "07:00")), LintCode::NoTime);
    for never in [
        json!([{"id": "none", "then": {"cap": {"at_most": 0, "per": "day"}}}]),
        json!([{"id": "none", "scope": {"channels": ["mail"]}, "then": "forbid"}]),
        json!([{"id": "a", "then": {"quiet": {"from": "00:00", "to": "12:00", "zone": "house"}}},
               {"id": "b", "then": {"quiet": {"from": "12:00", "to": "24:00", "zone": "house"}}}]),
    ] {
        let finding = fires(
            &lint(&with(never.clone(), "09:00", "21:00")),
            LintCode::NoTime,
            "/campaigns/0",
        );
        assert!(finding.witness().is_some(), "{never}");
    }
    for near in [
        json!([{"id": "none", "then": {"cap": {"at_most": 1, "per": "day"}}}]),
        json!([{"id": "none", "when": {"tag": "tea"}, "then": "forbid"}]),
        json!([{"id": "none", "then": "forbid", "observe": true}]),
        json!([{"id": "none", "scope": {"purposes": ["service"]}, "then": "forbid"}]),
    ] {
        is_silent(&lint(&with(near, "09:00", "21:00")), LintCode::NoTime);
    }
}

#[test]
fn schedules_of_all_kinds_are_left_time_or_none() {
    let with = |schedule: Value, quiet: Value| {
        let mut book = house(rules(json!([{"id": "quiet", "then": {"quiet": quiet}}])));
        book["attributes"] = json!({"age": "integer", "joined_at": "date-time", "born": "date"});
        book["campaigns"][0]["schedule"] = schedule;
        let lints = lint(&book);
        assert!(
            lints
                .undecided()
                .iter()
                .all(|undecided| undecided.code() != LintCode::NoTime),
            "{lints}"
        );
        !of(&lints, LintCode::NoTime).is_empty()
    };
    let until = |to: &str| json!({"from": "00:00", "to": to, "zone": "house"});
    for (schedule, never, near) in [
        (
            json!({"between": ["2026-05-01T00:00", "2026-05-01T09:00"]}),
            until("09:00"),
            until("08:59"),
        ),
        (
            json!({"waves": [{"id": "a", "between": ["2026-05-01T00:00", "2026-05-01T09:00"]}]}),
            until("09:00"),
            until("08:59"),
        ),
        (
            json!({"every": "year", "of": "born", "from": "0h", "until": "9h"}),
            until("09:00"),
            until("08:59"),
        ),
        (
            json!({"every": "month", "of": "joined_at", "from": "0h", "until": "9h"}),
            until("09:00"),
            until("08:59"),
        ),
        // Whoever joined at noon is asked at noon.
        (
            json!({"after": "joined_at", "from": "0s", "until": "1h"}),
            until("24:00"),
            until("23:00"),
        ),
    ] {
        assert!(with(schedule.clone(), never), "{schedule}");
        assert!(!with(schedule.clone(), near), "{schedule}");
    }
}

fn is_undecided(lints: &Lints, code: LintCode) {
    assert!(of(lints, code).is_empty(), "{lints}");
    let undecided = lints.undecided().iter().any(|undecided| undecided.code() == code);
    assert!(undecided, "{lints}");
}

#[test]
fn days_that_come_seldom_are_days() {
    let with = |on: Value| {
        let mut book = house(json!({}));
        book["campaigns"][0]["schedule"] = json!({"on": on});
        lint(&book)
    };
    for seldom in [
        json!({"days": ["fri"], "days_of_month": [8, -1], "months": [11]}),
        json!({"days_of_month": [29], "months": [2]}),
        json!({"days": ["sun"], "days_of_month": [29], "months": [2]}),
        json!({"days": ["sat", "sun"], "days_of_month": [25], "months": [12], "from": "10:00", "to": "18:00"}),
        json!({"days": ["fri"], "days_of_month": [13], "months": [6]}),
        json!({"days_of_month": [-31]}),
    ] {
        is_silent(&with(seldom), LintCode::NoTime);
    }
    for never in [
        json!({"days_of_month": [30], "months": [2]}),
        json!({"days_of_month": [31, -31], "months": [4, 6, 9, 11]}),
    ] {
        let finding = fires(&with(never), LintCode::NoTime, "/campaigns/0");
        assert!(finding.witness().is_some());
    }
}

#[test]
fn quiet_dates_and_seasons_leave_time() {
    let with = |zone: &str, schedule: Value, quiet: Value| {
        let mut book = house(rules(json!([{"id": "quiet", "then": {"quiet": quiet}}])));
        book["time_zone"] = json!(zone);
        book["attributes"] = json!({"age": "integer", "left_at": "date-time", "born": "date"});
        book["campaigns"][0]["schedule"] = schedule;
        lint(&book)
    };
    // Closed over two winters.
    let days = |month: &str, days: std::ops::Range<u8>| -> Vec<String> {
        days.map(|day| format!("{month}-{day:02}")).collect()
    };
    let winters = [
        days("2025-12", 20..32),
        days("2026-01", 1..20),
        days("2026-12", 20..32),
        days("2027-01", 1..20),
    ];
    let closed = json!({"dates": winters.concat()});
    for schedule in [
        json!({"after": "left_at", "from": "1h", "until": "24h"}),
        json!({"every": "year", "of": "born"}),
        json!({"on": {"months": [1], "days_of_month": [10]}}),
    ] {
        is_silent(&with("Europe/Moscow", schedule, closed.clone()), LintCode::NoTime);
    }
    let in_winter = json!({"between": ["2026-01-05T00:00", "2026-01-12T00:00"]});
    let closed_here = json!({"dates": winters.concat(), "zone": "house"});
    fires(
        &with("Europe/Moscow", in_winter.clone(), closed_here.clone()),
        LintCode::NoTime,
        "/campaigns/0",
    );
    is_silent(
        &with(
            "Europe/Moscow",
            json!({"between": ["2026-01-05T00:00", "2026-01-20T00:01"]}),
            closed_here,
        ),
        LintCode::NoTime,
    );
    // By none of all the clocks there are: the windows of both are the same hour of the customer's.
    let noon = |zone: &str| json!({"between": ["2026-07-01T12:00", "2026-07-01T13:00"], "zone": zone});
    let lunch_only = json!({"from": "13:00", "to": "12:00"});
    for zone in [
        "Europe/London",
        "Australia/Brisbane",
        "Asia/Tokyo",
        "Asia/Kathmandu",
    ] {
        is_silent(&with(zone, noon("house"), lunch_only.clone()), LintCode::NoTime);
    }
    let no_lunch = json!({"from": "12:00", "to": "13:00"});
    is_silent(
        &with("Europe/London", noon("house"), no_lunch.clone()),
        LintCode::NoTime,
    );
    fires(
        &with("Europe/London", noon("customer"), no_lunch),
        LintCode::NoTime,
        "/campaigns/0",
    );
}

#[test]
fn a_clock_that_is_set_back_shows_more_than_a_window_says() {
    let with = |zone: &str, from: &str| {
        let mut book = house(rules(
            json!([{"id": "night", "then": {"quiet": {"from": from, "to": "05:00", "zone": "house"}}}]),
        ));
        book["time_zone"] = json!(zone);
        book["campaigns"][0]["schedule"] = json!({"on": {"days": ["sun"], "from": "02:30", "to": "05:00"}});
        lint(&book)
    };
    // In October it is half past two and, an hour later, two again.
    let near = with("Europe/Berlin", "02:30");
    assert!(of(&near, LintCode::NoTime).is_empty(), "{near}");
    fires(&with("Europe/Berlin", "02:00"), LintCode::NoTime, "/campaigns/0");
    fires(&with("Asia/Shanghai", "02:30"), LintCode::NoTime, "/campaigns/0");
}

#[test]
fn what_only_clocks_together_refuse_is_not_decided() {
    let with = |second: &str| {
        let mut book = house(rules(json!([
            {"id": "day", "then": {"quiet": {"from": "08:00", "to": "20:00", "zone": "house"}}},
            {"id": "night", "then": {"quiet": {"from": "20:00", "to": "08:00", "zone": second}}}])));
        book["campaigns"][0]["schedule"] = json!({"on": {"days": ["fri"]}});
        lint(&book)
    };
    // Two names of one clock, today; nothing says that they stay one.
    is_undecided(&with("Asia/Macau"), LintCode::NoTime);
    fires(&with("house"), LintCode::NoTime, "/campaigns/0");
    is_silent(&with("customer"), LintCode::NoTime);
    // By each of all the clocks alone.
    let mut own = house(rules(
        json!([{"id": "night", "then": {"quiet": {"from": "22:00", "to": "08:00"}}}]),
    ));
    own["campaigns"][0]["schedule"] = json!({"on": {"from": "23:00", "to": "07:00"}, "zone": "customer"});
    fires(&lint(&own), LintCode::NoTime, "/campaigns/0");
    own["campaigns"][0]["schedule"]["on"]["to"] = json!("09:00");
    is_silent(&lint(&own), LintCode::NoTime);
    // Each channel for a reason of its own.
    let shut = |quiet_over: &str| {
        let mut book = house(rules(json!([
            {"id": "night", "scope": {"channels": [quiet_over]},
                "then": {"quiet": {"from": "22:00", "to": "08:00", "zone": "house"}}},
            {"id": "none", "scope": {"channels": ["sms"]}, "then": "forbid"}])));
        book["channels"]["sms"] = json!({"consent": "none"});
        book["campaigns"][0]["channels"] = json!(["mail", "sms"]);
        book["campaigns"][0]["schedule"] =
            json!({"every": "year", "of": "born", "from": "-2h", "until": "8h"});
        book["attributes"]["born"] = json!("date");
        lint(&book)
    };
    fires(&shut("mail"), LintCode::NoTime, "/campaigns/0");
    is_silent(&shut("sms"), LintCode::NoTime);
}

#[test]
fn a_campaign_that_is_always_outranked() {
    let with = |per: &str, priority: i64| {
        let window = json!({"between": ["2026-05-01T00:00", "2026-05-08T00:00"]});
        let mut book = house(rules(
            json!([{"id": "one", "then": {"cap": {"at_most": 1, "per": per}}}]),
        ));
        book["campaigns"] = json!([
            campaign("leaf", json!({"schedule": window, "priority": 5})),
            campaign("root", json!({"schedule": window, "priority": priority}))
        ]);
        book
    };
    let book = with("7d", 1);
    let finding = fires(&lint(&book), LintCode::Outranked, "/campaigns/1");
    assert!(finding.sentence().contains("by `house/one`"), "{finding}");
    let (bound, now) = asked(&book, witness(&finding));
    assert_eq!(bound.decide(now).touch().unwrap().campaign(), "leaf");
    // The next day it has its turn.
    is_silent(&lint(&with("day", 1)), LintCode::Outranked);
    let other = fires(&lint(&with("7d", 9)), LintCode::Outranked, "/campaigns/0");
    assert!(other.sentence().starts_with("`root`"), "{other}");
    // Not the same people.
    let mut near = book.clone();
    near["campaigns"][1]["audience"] = json!({"tag": "tea"});
    is_silent(&lint(&near), LintCode::Outranked);
    // The higher one may not go to somebody, or not count for the other; one who gets it says nothing of all.
    let rule = |change: Value| {
        let mut rule = json!({"id": "own", "then": "forbid"});
        put(&mut rule, change);
        json!({"rules": [rule]})
    };
    let tea = json!({"tag": "vip"});
    for change in [
        json!({"stop_when": tea}),
        json!({"topic": "offers"}),
        rule(json!({"then": {"holdout": {"percent": 20, "salt": "x"}}})),
        rule(json!({"when": tea})),
        json!({"variants": [{"id": "letter", "when": {"not": tea}}]}),
        json!({"variants": [{"id": "letter", "fields": {"age": {"attribute": "age"}, "city": {"attribute": "city"}}}]}),
        json!({"purpose": "service"}),
        json!({"patience": "day"}),
    ] {
        let mut near = book.clone();
        near["tags"] = json!(["tea", "vip"]);
        near["attributes"]["city"] = json!("string");
        put(&mut near["campaigns"][0], change.clone());
        let lints = lint(&near);
        assert!(of(&lints, LintCode::Outranked).is_empty(), "{change}: {lints}");
    }
    // What is always true of it is no way out.
    let mut same = book.clone();
    same["campaigns"][0]["variants"] = json!([{"id": "tea", "when": {"tag": "tea"}}, {"id": "letter", "fields": {"age": {"attribute": "age", "default": 1}}}]);
    same["campaigns"][0]["topic"] = json!("offers");
    same["campaigns"][1]["topic"] = json!("offers");
    same["campaigns"][0]["rules"] = json!([{"id": "own", "observe": true, "then": "forbid"}]);
    fires(&lint(&same), LintCode::Outranked, "/campaigns/1");
    // A cap that is over before the occurrence is, and one that may be, by somebody's clock.
    is_silent(&lint(&with("6d", 1)), LintCode::Outranked);
    is_undecided(&lint(&with("month", 1)), LintCode::Outranked);
}

#[test]
fn a_cap_that_another_one_reaches_first() {
    let cap = |id: &str, at_most: Value, per: &str| json!({"id": id, "then": {"cap": {"at_most": at_most, "per": per}}});
    let with = |tight: Value, loose: Value| house(rules(json!([tight, loose])));
    let book = with(cap("tight", json!(1), "day"), cap("loose", json!(7), "week"));
    let finding = fires(
        &lint(&book),
        LintCode::CapNeverBinds,
        "/policies/0/rules/1/then/cap",
    );
    let (bound, now) = asked(&book, witness(&finding));
    assert_eq!(
        reasons(&bound, now, "leaf"),
        [(ReasonCode::Cap, Some("house/tight".to_owned()))]
    );
    is_silent(
        &lint(&with(
            cap("tight", json!(1), "day"),
            cap("loose", json!(6), "week"),
        )),
        LintCode::CapNeverBinds,
    );
    for (tight, loose, near) in [
        (
            cap("tight", json!(2), "30d"),
            cap("loose", json!(2), "7d"),
            cap("loose", json!(1), "7d"),
        ),
        (
            cap("tight", json!(1), "7d"),
            cap("loose", json!(3), "15d"),
            cap("loose", json!(2), "15d"),
        ),
        (
            cap("tight", json!(1), "day"),
            cap("loose", json!("days_in_month"), "month"),
            cap("loose", json!(30), "month"),
        ),
        (
            cap("tight", json!(2), "month"),
            cap("loose", json!(24), "year"),
            cap("loose", json!(23), "year"),
        ),
        (
            cap("tight", json!(3), "lifetime"),
            cap("loose", json!(3), "year"),
            cap("loose", json!(2), "year"),
        ),
        (
            cap("tight", json!(1), "7d"),
            cap("loose", json!(6), "month"),
            cap("loose", json!(4), "month"),
        ),
    ] {
        let idle = |loose: &Value| {
            of(
                &lint(&with(tight.clone(), loose.clone())),
                LintCode::CapNeverBinds,
            )
            .len()
        };
        assert_eq!(idle(&loose), 1, "{loose}");
        assert_eq!(idle(&near), 0, "{near}");
    }
    // A tight one that only some touches fill says nothing of the others.
    let mut book = with(
        json!({"id": "tight", "scope": {"campaigns": ["leaf"]}, "then": {"cap": {"at_most": 1, "per": "day"}}}),
        cap("loose", json!(7), "week"),
    );
    book["campaigns"] = json!([
        campaign("leaf", json!({})),
        campaign("root", json!({"audience": {"tag": "tea"}}))
    ]);
    is_silent(&lint(&book), LintCode::CapNeverBinds);
    // What no campaign of the house is for is sent by hand, or was by a campaign that is gone: it fills the loose one alone.
    let promised = |scope: Value| {
        let mut tight = cap("tight", json!(1), "day");
        put(&mut tight, scope);
        with(cap("loose", json!(7), "week"), tight)
    };
    for scope in [
        json!({"scope": {"purposes": ["news"]}}),
        json!({"scope": {"channels": ["mail"]}}),
        json!({"scope": {"campaigns": ["leaf"]}}),
        json!({"except": {"purposes": ["service"]}}),
    ] {
        is_silent(&lint(&promised(scope)), LintCode::CapNeverBinds);
    }
    let path = "/policies/0/rules/0/then/cap";
    fires(&lint(&promised(json!({}))), LintCode::CapNeverBinds, path);
    // The same scope, or one inside.
    let mut book = promised(json!({"scope": {"purposes": ["news", "service"]}}));
    book["policies"][0]["rules"][0]["scope"] = json!({"purposes": ["news"]});
    fires(&lint(&book), LintCode::CapNeverBinds, path);
    book["policies"][0]["rules"][0]["then"]["cap"]["counting"] = json!("all");
    is_silent(&lint(&book), LintCode::CapNeverBinds);
    // Of whom the zone is not known, a calendar cap refuses everything, and another one may not.
    let unknown = |tight: Value, loose_zone: &str| {
        let mut loose = cap("loose", json!(2), "day");
        loose["then"]["cap"]["zone"] = json!(loose_zone);
        let mut book = with(tight, loose);
        book["unknown_time_zone"] = json!("refrain");
        lint(&book)
    };
    let rolling = cap("tight", json!(1), "1d");
    is_silent(&unknown(rolling.clone(), "customer"), LintCode::CapNeverBinds);
    let path = "/policies/0/rules/1/then/cap";
    fires(&unknown(rolling, "house"), LintCode::CapNeverBinds, path);
    let daily = cap("tight", json!(0), "week");
    fires(&unknown(daily, "customer"), LintCode::CapNeverBinds, path);
    // One that only sometimes acts, and one that only watches, say nothing either.
    for change in [json!({"when": {"tag": "tea"}}), json!({"observe": true})] {
        let mut tight = cap("tight", json!(1), "day");
        put(&mut tight, change);
        is_silent(
            &lint(&with(tight, cap("loose", json!(7), "week"))),
            LintCode::CapNeverBinds,
        );
    }
}

#[test]
fn a_wait_that_is_longer_than_the_look_ahead() {
    let with = |look_ahead: &str, rule: Value| {
        let mut book = house(rules(json!([rule])));
        book["look_ahead"] = json!(look_ahead);
        book
    };
    for rule in [
        json!({"id": "few", "then": {"cap": {"at_most": 1, "per": "30d"}}}),
        json!({"id": "sorry", "then": {"react": {"to": "complained", "hold": "30d"}}}),
        json!({"id": "silent", "then": {"react": {"to": "ignored", "after": "2d", "at_least": 2, "hold": "30d"}}}),
    ] {
        let book = with("7d", rule.clone());
        let finding = fires(&lint(&book), LintCode::ShortLookAhead, "/policies/0/rules/0");
        let (bound, now) = asked(&book, witness(&finding));
        let decision = bound.decide(now);
        assert_eq!(decision.outcome(), Outcome::Refrain);
        assert!(decision.recheck_at().unwrap() - now > tactful::chrono::TimeDelta::days(7));
        is_silent(&lint(&with("30d", rule)), LintCode::ShortLookAhead);
    }
}

#[test]
fn what_is_declared_and_read_by_nothing() {
    let declared = json!({"attributes": {"age": "integer", "shoe": "integer"}, "facts": {"open": {"type": "boolean"}}, "tags": ["tea", "coffee"]});
    let lints = lint(&house(declared.clone()));
    let found: Vec<_> = of(&lints, LintCode::Unused)
        .iter()
        .map(|finding| finding.path())
        .collect();
    assert_eq!(found, ["/tags/1", "/attributes/shoe", "/facts/open"]);
    let mut near = house(declared);
    near["policies"] = json!([{"id": "house", "rules": [
        {"id": "a", "when": {"all": [{"tag": "coffee"}, {"fact": "open", "eq": true}]}, "then": "forbid"}]}]);
    near["campaigns"][0]["variants"] =
        json!([{"id": "letter", "fields": {"size": {"attribute": "shoe", "default": 40}}}]);
    is_silent(&lint(&near), LintCode::Unused);
}

#[test]
fn what_reads_further_back_than_the_history_is_kept() {
    let with = |rule: Value| {
        let mut book = house(rules(json!([rule])));
        book["campaigns"][0]["schedule"] = json!({"on": {"days": ["fri"]}});
        book
    };
    let days = |days: i64| Linter::new().retention(Duration::days(days));
    for rule in [
        json!({"id": "few", "then": {"cap": {"at_most": 1, "per": "30d"}}}),
        json!({"id": "silent", "then": {"react": {"to": "ignored", "after": "2d", "hold": "28d", "within": "20d"}}}),
    ] {
        let book = with(rule.clone());
        let finding = fires(
            &lint_with(&days(14), &book),
            LintCode::ShortRetention,
            "/policies/0/rules/0",
        );
        let (bound, now) = asked(&book, witness(&finding));
        assert!(
            bound
                .decide(now)
                .reasons()
                .iter()
                .any(|reason| reason.rule().is_some()),
            "{finding}"
        );
        is_silent(&lint_with(&days(60), &book), LintCode::ShortRetention);
    }
    // What is as old as a window is long is not in it.
    let told = |retention: Duration, rule: Value| {
        let lints = lint_with(&Linter::new().retention(retention), &with(rule));
        let found = of(&lints, LintCode::ShortRetention);
        found
            .first()
            .map(|finding| (finding.path().to_owned(), finding.sentence().to_owned()))
    };
    let capped = |per: &str| json!({"id": "few", "then": {"cap": {"at_most": 1, "per": per}}});
    let ignored = |at_least: u32| json!({"id": "silent", "then": {"react": {"to": "ignored", "after": "2d", "hold": "28d", "within": "20d", "at_least": at_least}}});
    let counted =
        json!({"id": "many", "when": {"touches": {"within": "60d"}, "ge": 3}, "then": {"quiet": {}}});
    for (rule, hours, reads) in [
        (capped("90d"), 90 * 24, "90d"),
        (capped("36h"), 36, "36h"),
        (capped("week"), 7 * 24, "7d"),
        (capped("month"), 31 * 24, "31d"),
        (ignored(1), 30 * 24, "30d"),
        (ignored(2), 50 * 24, "50d"),
        (counted, 60 * 24, "60d"),
    ] {
        assert_eq!(told(Duration::hours(hours), rule.clone()), None, "{rule}");
        let (path, sentence) = told(Duration::hours(hours - 1), rule.clone()).unwrap();
        assert_eq!(path, "/policies/0/rules/0", "{rule}");
        assert!(sentence.contains(&format!("reads `{reads}` back")), "{sentence}");
    }
    let never = json!({"id": "none", "then": {"cap": {"at_most": 0, "per": "90d"}}});
    assert_eq!(told(Duration::days(14), never), None);
    // A response of today to a touch of long ago.
    let sorry = with(json!({"id": "sorry", "then": {"react": {"to": "complained", "hold": "1d"}}}));
    let finding = fires(
        &lint_with(&days(400), &sorry),
        LintCode::ShortRetention,
        "/policies/0/rules/0",
    );
    assert!(
        finding.sentence().contains("reads all of the history"),
        "{finding}"
    );
    let (bound, now) = asked(&sorry, witness(&finding));
    assert!(reasons(&bound, now, "leaf").contains(&(ReasonCode::Reaction, Some("house/sorry".to_owned()))));
    // An occurrence is read as far back as it is long, of a touch that lies in it.
    let week = house(json!({"campaigns": [campaign("leaf", json!({"schedule":
        {"between": ["2026-01-05T00:00", "2026-01-12T00:00"]}}))]}));
    is_silent(&lint_with(&days(7), &week), LintCode::ShortRetention);
    let finding = fires(
        &lint_with(&days(3), &week),
        LintCode::ShortRetention,
        "/campaigns/0",
    );
    assert!(finding.sentence().contains("reads `7d` back"), "{finding}");
    let (bound, now) = asked(&week, witness(&finding));
    assert_eq!(reasons(&bound, now, "leaf"), [(ReasonCode::Spent, None)]);
    let start: DateTime<Utc> = "2026-01-04T16:00:00Z".parse().unwrap();
    assert!(witness(&finding).case().history[0].at >= start);
    // One that is repeated goes again as it may, but is taken for the one before by who goes by its key.
    let repeated = house(json!({"campaigns": [campaign("leaf", json!({
        "repeat": {"at_most": 1, "per": "30d", "gap": "0s"}}))]}));
    let finding = fires(
        &lint_with(&days(60), &repeated),
        LintCode::ShortRetention,
        "/campaigns/0",
    );
    assert!(
        witness(&finding).shows().contains("a key that is taken"),
        "{finding}"
    );
    let (bound, now) = asked(&repeated, witness(&finding));
    let key = witness(&finding).case().history[0].key.clone();
    assert_ne!(Some(bound.decide(now).touch().unwrap().key().to_string()), key);
    // A campaign that speaks once and for all is said twice, when it is forgotten.
    let book = house(json!({}));
    let finding = fires(
        &lint_with(&days(400), &book),
        LintCode::ShortRetention,
        "/campaigns/0",
    );
    let (bound, now) = asked(&book, witness(&finding));
    assert_eq!(reasons(&bound, now, "leaf"), [(ReasonCode::Spent, None)]);
    is_silent(&lint(&book), LintCode::ShortRetention);
}

/// What is found in the scenarios: file, place, code. Each is as it is said; behind it, why it is meant.
const IN_SCENARIOS: [(&str, &str, &str); 18] = [
    // A floor of scores decides who hears of it.
    (
        "02-signal-not-noise/rulebook.json",
        "/campaigns/2/variants",
        "undifferentiated",
    ),
    // Whose field is not known gets nothing: a message with a hole is worse than none.
    (
        "03-hotel-concierge/rulebook.json",
        "/campaigns/2/variants",
        "variant_gap",
    ),
    (
        "07-first-thirty-days/rulebook.json",
        "/campaigns/2/variants",
        "variant_gap",
    ),
    (
        "07-first-thirty-days/rulebook.json",
        "/campaigns/4/variants",
        "variant_gap",
    ),
    (
        "20-small-favours/rulebook.json",
        "/campaigns/1/variants",
        "variant_gap",
    ),
    (
        "20-small-favours/rulebook.json",
        "/campaigns/4/variants",
        "variant_gap",
    ),
    (
        "22-promise-first/rulebook.json",
        "/campaigns/1/variants",
        "variant_gap",
    ),
    // No weather, no stock: silence.
    (
        "04-weather-robot/rulebook.silent.json",
        "/campaigns/0/variants",
        "variant_gap",
    ),
    (
        "05-launch-to-those-who-care/rulebook.json",
        "/campaigns/0/variants",
        "variant_gap",
    ),
    // The rulebooks of a folder declare the same, and each reads its part.
    (
        "06-jewellery-advisor/rulebook.json",
        "/attributes/owner",
        "unused",
    ),
    (
        "06-jewellery-advisor/rulebook.json",
        "/facts/sender.name",
        "unused",
    ),
    (
        "19-three-plays/rulebook.assistant.json",
        "/facts/sender.expert",
        "unused",
    ),
    ("19-three-plays/rulebook.assistant.json", "/tags/1", "unused"),
    ("19-three-plays/rulebook.expert.json", "/tags/1", "unused"),
    (
        "19-three-plays/rulebook.partner.json",
        "/facts/sender.expert",
        "unused",
    ),
    // The files explain the warning of the same kind.
    (
        "17-fatigue/rulebook.json",
        "/policies/0/rules/0",
        "short_look_ahead",
    ),
    (
        "20-small-favours/rulebook.json",
        "/policies/0/rules/0",
        "short_look_ahead",
    ),
    (
        "21-asking-for-feedback/rulebook.json",
        "/policies/0/rules/0",
        "short_look_ahead",
    ),
];

#[test]
fn no_false_finding_on_the_scenarios() {
    let mut found = BTreeSet::new();
    let mut witnesses = 0;
    let mut folders: Vec<_> = fs::read_dir(Path::new("tests/scenarios"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    for folder in folders.iter().filter(|path| path.is_dir()) {
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            if !name.starts_with("rulebook") {
                continue;
            }
            let book: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
            for finding in lint(&book).findings() {
                if let Some(witness) = finding.witness() {
                    let (bound, now) = asked(&book, witness);
                    witnesses += 1;
                    if finding.code() == LintCode::VariantGap {
                        let number: usize = finding.path().split('/').nth(2).unwrap().parse().unwrap();
                        let campaign = book["campaigns"][number]["id"].as_str().unwrap();
                        assert!(
                            reasons(&bound, now, campaign).contains(&(ReasonCode::NoVariant, None)),
                            "{finding}"
                        );
                    }
                }
                let folder = folder.file_name().unwrap().to_string_lossy().into_owned();
                found.insert((
                    format!("{folder}/{name}"),
                    finding.path().to_owned(),
                    finding.code().to_string(),
                ));
            }
        }
    }
    let expected: BTreeSet<_> = IN_SCENARIOS
        .iter()
        .map(|(file, path, code)| ((*file).to_owned(), (*path).to_owned(), (*code).to_owned()))
        .collect();
    assert_eq!(found, expected);
    assert!(witnesses > 10, "{witnesses}");
}
