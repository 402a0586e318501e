//! Case files: what their mistakes are told as, what differs, and what is written anew.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use tactful::cases::{CaseFile, CaseFolder};

const RULEBOOK: &str = r#"{ "format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
  "tags": ["tea"], "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
  "policies": [{"id": "house", "rules": [{"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}}]}],
  "campaigns": [
    { "id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"], "audience": {"tag": "tea"},
      "variants": [{"id": "letter", "content": "tpl-leaf"}] } ] }"#;

/// Three cases: the first is right; of the others one instant, and one outcome with its reasons, are not.
const CASES: &str = r#"{
  "given": {"customer": {"id": "kim",   "tags": ["tea"]}, "now": "2026-03-02T22:00:00+01:00"},
  "cases": [
    { "name": "night", "shows": "quiet",
      "then": {"outcome": "wait",   "until": "2026-03-03T08:00:00Z",
               "reasons": [{"code": "quiet",   "frees_at": "2026-03-03T09:00:00+01:00"}]} },
    { "name": "later", "shows": "quiet",
      "then": {"outcome": "wait",   "until": "2026-03-03T10:00:00+01:00",
               "reasons": [{"code": "quiet",   "rule": "house/day"}]} },
    { "name": "none",  "shows": "the audience", "given": {"customer": {"tags": []}},
      "then": {"outcome": "send", "touch": {"campaign": "leaf"}} }
  ] }
"#;

fn folder(cases: &str) -> CaseFolder {
    CaseFolder::new(BTreeMap::from([
        ("a/rulebook.json".to_owned(), RULEBOOK.to_owned()),
        ("a/cases.json".to_owned(), cases.to_owned()),
    ]))
}

#[test]
fn what_differs_is_told_place_by_place() {
    let report = folder(CASES).run();
    assert_eq!(report.cases(), 3);
    let told: Vec<_> = report
        .failures()
        .iter()
        .map(|failure| (failure.file(), failure.case().unwrap(), failure.differences()))
        .collect();
    let later = [
        r#"then.until: "2026-03-03T10:00:00+01:00" is written, "2026-03-03T09:00:00+01:00" is decided"#
            .to_owned(),
        r#"then.reasons[0].rule: "house/day" is written, "house/night" is decided"#.to_owned(),
    ];
    let none = [
        r#"then.outcome: "send" is written, "refrain" is decided"#.to_owned(),
        r#"then.touch: {"campaign": "leaf"} is written, null is decided"#.to_owned(),
    ];
    assert_eq!(
        told,
        [
            ("a/cases.json", "later", &later[..]),
            ("a/cases.json", "none", &none[..])
        ]
    );
    assert_eq!(
        report.failures()[1].decided(),
        ["Send nothing to kim for now; ask again when something has changed."]
    );
}

#[test]
fn only_what_differs_is_written_anew_and_then_it_passes() {
    let rewritten = folder(CASES).rewritten();
    let expected = CASES
        .replace(
            r#"{"outcome": "wait",   "until": "2026-03-03T10:00:00+01:00",
               "reasons": [{"code": "quiet",   "rule": "house/day"}]}"#,
            r#"{
        "outcome": "wait",
        "until": "2026-03-03T09:00:00+01:00",
        "reasons": [{"code": "quiet", "rule": "house/night"}]
      }"#,
        )
        .replace(
            r#"{"outcome": "send", "touch": {"campaign": "leaf"}}"#,
            r#"{"outcome": "refrain", "recheck_at": null}"#,
        );
    assert_eq!(
        rewritten,
        BTreeMap::from([("a/cases.json".to_owned(), expected.clone())])
    );
    let again = folder(&expected);
    assert!(again.run().failures().is_empty(), "{}", again.run());
    assert!(again.rewritten().is_empty());
}

#[test]
fn every_part_of_an_answer_can_be_expected_and_written_anew() {
    let cases = r#"{"given": {"customer": {"id": "kim", "tags": ["tea"]}, "now": "2026-03-02T22:00:00+01:00"},
        "cases": [{"name": "all", "shows": "all", "then": {
            "agenda": {"touches": [{"at": "2026-03-03T07:00:00Z"}, {"at": "2026-03-04T07:00:00Z"}], "reasons": [{"code": "cap"}]},
            "explain": [],
            "confirm": [{"given": {"now": "2026-03-03T12:00:00Z", "facts": {}}, "reasons": [{"code": "quiet"}]}]}}]}"#;
    let report = folder(cases).run();
    let places: Vec<_> = report.failures()[0]
        .differences()
        .iter()
        .map(|line| line.split(": ").next().unwrap())
        .collect();
    let expected = [
        "then.agenda.touches",
        "then.agenda.touches[0].at",
        "then.agenda.touches[1]",
        "then.agenda.reasons[0].code",
        "then.explain",
        "then.explain[0]",
        "then.confirm[0]",
        "then.confirm[0][0]",
    ];
    let agenda_reasons = ["then.agenda.reasons", "then.agenda.reasons[0]"];
    // The agenda gives reasons of occurrences that are not placed; this one is.
    let expected: Vec<_> = expected
        .into_iter()
        .flat_map(|place| {
            if place.contains("reasons") {
                agenda_reasons.to_vec()
            } else {
                vec![place]
            }
        })
        .collect();
    assert_eq!(places, expected, "{report}");
    let new = &folder(cases).rewritten()["a/cases.json"];
    for written in [
        r#""touches": [{"at": "2026-03-03T08:00:00Z"}]"#,
        r#""rule": "house/night""#,
        r#""confirm": [{"given": {"now": "2026-03-03T12:00:00Z", "facts": {}}, "reasons": []}]"#,
    ] {
        assert!(new.contains(written), "{written}: {new}");
    }
    assert!(folder(new).run().failures().is_empty(), "{}", folder(new).run());
}

#[test]
fn some_of_the_reasons_are_enough_in_their_order() {
    let cases = |some: &str| {
        format!(
            r#"{{"given": {{"customer": {{"id": "kim", "tags": ["tea"]}}, "now": "2026-03-02T22:00:00+01:00"}},
            "cases": [{{"name": "n", "then": {{"outcome": "wait", "until": "2026-03-03T08:00:00Z", "some_reasons": {some}}}}}]}}"#
        )
    };
    let night = r#"{"rule": "house/night"}"#;
    assert!(folder(&cases(&format!("[{night}]"))).run().failures().is_empty());
    // There is one of them.
    let twice = cases(&format!("[{night}, {night}]"));
    assert_eq!(
        folder(&twice).run().failures()[0].differences(),
        [
            r#"then.some_reasons[1]: {"rule": "house/night"} is written, and not decided after those before it"#
        ]
    );
    let new = &folder(&twice).rewritten()["a/cases.json"];
    assert!(
        new.contains(r#""some_reasons": [{"rule": "house/night"}]"#),
        "{new}"
    );
    let new = &folder(&cases(r#"[{"rule": "house/day"}]"#)).rewritten()["a/cases.json"];
    assert!(
        new.contains(r#""some_reasons": [{"rule": "house/night"}]"#),
        "{new}"
    );
    // Whatever they are.
    assert!(folder(&cases("[]")).run().failures().is_empty());
    let both = cases("[]").replace(r#""some_reasons": []"#, r#""some_reasons": [], "reasons": []"#);
    let told = folder(&both).run().to_string();
    assert!(told.contains("some_reasons: not_allowed"), "{told}");
}

#[test]
fn a_case_that_passes_is_not_rewritten_in_whatever_order_it_is_written() {
    let cases = r#"{"given": {"customer": {"id": "kim", "tags": ["tea"]}, "now": "2026-03-02T22:00:00+01:00"},
        "cases": [{"name": "n", "then": {"until": "2026-03-03T08:00:00Z", "reasons": [{"rule": "house/night"}], "outcome": "wait"}}]}"#;
    assert!(folder(cases).run().failures().is_empty());
    assert!(folder(cases).rewritten().is_empty());
}

#[test]
fn mistakes_of_the_format_are_told_together_with_their_places() {
    let file = r#"{"rulebok": "r.json", "given": {"custmer": {}}, "warnings": [{"path": "/x", "code": "y", "because": ""}],
        "cases": [
            {"name": "a", "then": {"outcome": "send"}},
            {"name": "a", "shows": 1, "then": {"outcome": "sent"}},
            {"name": "b", "then": {"reasons": []}},
            {"name": "c", "then": {"outcome": "wait", "until": null, "reasons": [1], "agenda": {"touch": []}}},
            {"name": "d", "then": {"outcome": "refrain", "recheck_at": null, "confirm": [{"given": {"now": 1, "nox": 1}}]}},
            {"given": {"more_history": {}}}]}"#;
    let problems = CaseFile::read(&serde_json::from_str(file).unwrap()).unwrap_err();
    let told: Vec<_> = problems
        .iter()
        .map(|problem| format!("{} {}", problem.path(), problem.code()))
        .collect();
    assert_eq!(
        told,
        [
            "/rulebok unknown_field",
            "/given/custmer unknown_field",
            "/warnings/0/because empty",
            "/cases/0/then missing_field",
            "/cases/1 duplicate",
            "/cases/1/shows bad_type",
            "/cases/1/then/outcome bad_value",
            "/cases/2/then missing_field",
            "/cases/3/then/reasons/0 bad_type",
            "/cases/3/then/agenda/touch unknown_field",
            "/cases/4/then/confirm/0 missing_field",
            "/cases/4/then/confirm/0/given/nox unknown_field",
            "/cases/5 missing_field",
            "/cases/5 missing_field",
            "/cases/5/given/more_history bad_type",
        ]
    );
}

#[test]
fn a_rulebook_that_is_not_to_compile_is_a_case() {
    let wrong = RULEBOOK.replace(r#"{"tag": "tea"}"#, r#"{"tag": "tee"}"#);
    let run = |cases: &str, rulebook: &str| {
        let file = CaseFile::read(&serde_json::from_str(cases).unwrap()).unwrap();
        file.run(&serde_json::from_str(rulebook).unwrap()).to_string()
    };
    let expected = r#"{"problems": [{"path": "/campaigns/0/audience/tag", "code": "undeclared_tag"}]}"#;
    assert_eq!(run(expected, &wrong), "1 cases, 0 failures");
    assert!(run(expected, RULEBOOK).contains("compiles, though"));
    let other = r#"{"problems": [{"path": "/campaigns/0/audience", "code": "undeclared_tag"}]}"#;
    let told = run(other, &wrong);
    assert!(
        told.contains("not expected in the file: /campaigns/0/audience/tag: undeclared_tag: "),
        "{told}"
    );
    assert!(
        told.contains("expected, but not told: /campaigns/0/audience: undeclared_tag"),
        "{told}"
    );
    let none = r#"{"cases": []}"#;
    assert!(run(none, &wrong).contains("does not compile"));
}

#[test]
fn warnings_are_to_be_explained() {
    let rulebook = RULEBOOK.replace(r#""audience": {"tag": "tea"},"#, "");
    let run = |cases: &str, rulebook: &str| {
        let file = CaseFile::read(&serde_json::from_str(cases).unwrap()).unwrap();
        file.run(&serde_json::from_str(rulebook).unwrap()).to_string()
    };
    let explained = r#"{"cases": [], "warnings": [
        {"path": "/campaigns/0/variants", "code": "undifferentiated", "because": "it concerns everyone"}]}"#;
    assert_eq!(run(explained, &rulebook), "0 cases, 0 failures");
    assert!(
        run(r#"{"cases": []}"#, &rulebook)
            .contains("not expected in the file: /campaigns/0/variants: undifferentiated")
    );
    assert!(
        run(explained, RULEBOOK).contains("expected, but not told: /campaigns/0/variants: undifferentiated")
    );
}

#[test]
fn a_file_that_cannot_be_read_fails_and_is_not_written() {
    for (cases, told) in [
        ("{", "EOF while parsing"),
        (r#"{"cases": 1}"#, "/cases: bad_type"),
        (
            r#"{"cases": [{"name": "x", "then": {}}]}"#,
            "/cases/0/then: empty",
        ),
        (
            r#"{"rulebook": "other.json", "cases": [{"name": "x", "then": {"outcome": "send", "touch": {}}}]}"#,
            "the rulebook `a/other.json` is not there",
        ),
        (
            r#"{"cases": [{"name": "x", "given": {"customer": {"id": 1}, "now": "2026-03-02T12:00:00Z"}, "then": {"outcome": "send", "touch": {}}}]}"#,
            "given: /customer",
        ),
    ] {
        let report = folder(cases).run().to_string();
        assert!(report.contains("1 failures\n\na/cases.json"), "{report}");
        assert!(report.contains(told), "{told}: {report}");
        assert!(folder(cases).rewritten().is_empty());
    }
}

/// Run by the test below, which says where.
#[test]
#[ignore = "is run by another test"]
fn a_house() {
    tactful::assert_case_files!(std::env::var("HOUSE").unwrap());
}

#[test]
fn a_house_rewrites_only_when_it_asks_and_never_silently() {
    let house = Path::new(env!("CARGO_TARGET_TMPDIR")).join("case_files");
    let run = |rewrite: Option<&str>| {
        let mut test = Command::new(std::env::current_exe().unwrap());
        test.args(["--ignored", "--exact", "a_house"])
            .env("HOUSE", &house)
            .env_remove("TACTFUL_REWRITE");
        if let Some(asked) = rewrite {
            test.env("TACTFUL_REWRITE", asked);
        }
        let run = test.output().unwrap();
        (
            run.status.success(),
            String::from_utf8_lossy(&run.stdout).into_owned(),
        )
    };
    let file = house.join("deep/cases.json");
    let _ = fs::remove_dir_all(&house);
    fs::create_dir_all(house.join("deep")).unwrap();
    fs::write(house.join("deep/rulebook.json"), RULEBOOK).unwrap();
    let (passed, told) = run(None);
    assert!(
        !passed && told.contains("there is no file named `cases.json`"),
        "{told}"
    );
    // What is wrong with the only file is told.
    fs::write(&file, r#"{"cases": [{"nam": "x"}]}"#).unwrap();
    let (passed, told) = run(None);
    assert!(!passed && told.contains("/cases/0/nam"), "{told}");
    fs::write(&file, CASES).unwrap();
    for asked in [None, Some("0")] {
        let (passed, told) = run(asked);
        assert!(!passed && told.contains("3 cases, 2 failures"), "{told}");
        assert_eq!(fs::read_to_string(&file).unwrap(), CASES);
    }
    let (passed, told) = run(Some("1"));
    assert!(
        !passed && told.contains("expectations were rewritten in"),
        "{told}"
    );
    assert_ne!(fs::read_to_string(&file).unwrap(), CASES);
    let (passed, told) = run(Some("1"));
    assert!(passed, "{told}");
    let (passed, told) = run(None);
    assert!(passed, "{told}");
}
