//! The examples, run as a reader would run them. `cargo test` builds them.

mod example_runs;

use std::{fs, path::PathBuf};

use example_runs::{Run, run};
use serde_json::{Value, json};

const COFFEE: [&str; 2] = ["--rulebook", "examples/coffee/rulebook.json"];
const WEATHER: [&str; 2] = ["--facts", "examples/coffee/facts.json"];

fn cases() -> String {
    fs::read_to_string("examples/coffee/cases.jsonl").unwrap()
}

fn scratch(name: &str, text: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&file, text).unwrap();
    file
}

fn decide(options: &[&[&str]], input: &str) -> Run {
    run("decide", &options.concat(), input)
}

fn json_lines(run: &Run) -> Vec<Value> {
    run.out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn quickstart_sends_waits_and_refrains_with_reasons() {
    let run = run("quickstart", &[], "");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    run.has_lines(
        "ann, 10:00 in Asia/Shanghai
         → Send `cold-day-latte` to ann now, by direct from mia (tpl-warm-up).
         → Send nothing to ann for now; ask again when something has changed.
         · `cold-day-latte` has already been used.
         bo, 08:00 in Asia/Urumqi
         → Send `cold-day-latte` to bo on Sat 21 Nov 2026 at 09:00, by direct from mia (tpl-warm-up); ask again then.
         chen, 10:00 in Asia/Shanghai
         → Send nothing to chen for now; ask again on Fri 18 Dec 2026 at 12:20.
         dora, 10:00 in Asia/Shanghai
         · `new-beans` cannot go by sms from mia: the customer has not agreed to it.
         eli, 10:00 in Asia/Shanghai
         → Send nothing to eli for now; ask again when something has changed.",
    );
}

#[test]
fn quickstart_speaks_chinese() {
    let run = run("quickstart", &["--chinese"], "");
    assert_eq!(run.code, 0);
    run.has_lines("→ 现在由 mia 通过 direct 向 ann 发送「cold-day-latte」（tpl-warm-up）。");
    assert!(!run.out.contains("Send"), "{}", run.out);
}

#[test]
fn decide_answers_line_by_line_in_order() {
    let run = decide(&[&COFFEE, &WEATHER], &cases());
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let decisions = json_lines(&run);
    let outcomes: Vec<_> = decisions
        .iter()
        .map(|decision| {
            (
                decision["customer"].as_str().unwrap(),
                decision["outcome"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            ("ann", "send"),
            ("bo", "wait"),
            ("chen", "refrain"),
            ("dora", "refrain"),
            ("eli", "refrain")
        ]
    );
    assert_eq!(decisions[1]["until"], "2026-11-21T03:00:00Z");
    assert_eq!(decisions[2]["recheck_at"], "2026-12-18T04:20:00Z");
    assert_eq!(decisions[4]["reasons"][0]["missing"], json!(["weather.temp_c"]));
    assert!(
        decisions
            .iter()
            .all(|decision| decision.get("explained").is_none())
    );
}

#[test]
fn decide_puts_an_error_in_the_place_of_a_bad_case_and_goes_on() {
    let cases = cases();
    let good = cases.lines().next().unwrap();
    let misspelled = good.replace("\"history\"", "\"histori\"");
    let undeclared = good.replace("\"latte\"", "\"late\"");
    let run = decide(
        &[&COFFEE, &WEATHER],
        &format!("{good}\n\n{misspelled}\nnot json\n{undeclared}\n{good}\n"),
    );
    assert_eq!(run.code, 1);
    let lines = json_lines(&run);
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[0], lines[5]);
    assert_eq!(lines[0]["outcome"], "send");
    // An empty line is no case either: what stands in line n is answered in line n.
    let numbers: Vec<_> = lines[1..5].iter().map(|line| &line["line"]).collect();
    assert_eq!(numbers, [2, 3, 4, 5]);
    assert_eq!(lines[1]["error"]["path"], "");
    assert_eq!(lines[3]["error"]["path"], "");
    assert_eq!(lines[4]["error"]["path"], "/customer/tags/0");
    for line in &lines[1..5] {
        assert!(!line["error"]["message"].as_str().unwrap().is_empty(), "{line}");
        assert!(line.get("outcome").is_none(), "{line}");
    }
}

#[test]
fn decide_says_where_a_rulebook_or_a_case_is_too_deep() {
    let good = fs::read_to_string("examples/coffee/rulebook.json").unwrap();
    for levels in [200, 100_000] {
        let deep = format!(
            "{}{{\"tag\": \"beans\"}}{}",
            "{\"not\": ".repeat(levels),
            "}".repeat(levels)
        );
        let bad = good
            .replace("\"7d\",", "\"7 days\",")
            .replace("{\"tag\": \"beans\"}", &deep);
        let file = scratch("deep_rulebook.json", &bad);
        let run = decide(&[&["--rulebook", file.to_str().unwrap()]], &cases());
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        let lines: Vec<_> = run.err.lines().collect();
        assert!(lines[0].starts_with("/look_ahead: bad_duration: "), "{}", run.err);
        assert!(lines[1].starts_with("/campaigns/"), "{}", run.err);
        assert!(
            lines[1].contains("/audience/not/not") && lines[1].contains(": too_deep: "),
            "{}",
            run.err
        );

        let cases = cases();
        let good = cases.lines().next().unwrap();
        let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let bad = good.replace("\"latte\"", &deep);
        let run = decide(&[&COFFEE, &WEATHER], &format!("{bad}\n{good}\n"));
        let lines = json_lines(&run);
        assert_eq!(lines[0]["error"]["path"], "/customer/tags/0", "{}", run.out);
        assert_eq!(lines[1]["outcome"], "send");
    }
}

#[test]
fn decide_tells_every_problem_of_a_bad_rulebook() {
    let good = fs::read_to_string("examples/coffee/rulebook.json").unwrap();
    let bad = good
        .replace("\"7d\",", "\"7 days\",")
        .replace("{\"tag\": \"beans\"}", "{\"tag\": \"bean\"}");
    let file = scratch("bad_rulebook.json", &bad);
    let run = decide(&[&["--rulebook", file.to_str().unwrap()]], &cases());
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    let lines: Vec<_> = run.err.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.err);
    assert!(lines[0].starts_with("/look_ahead: bad_duration: "), "{}", run.err);
    assert!(
        lines[1].starts_with("/campaigns/1/audience/tag: undeclared_tag: "),
        "{}",
        run.err
    );
    assert!(lines[1].contains("`beans`"), "{}", run.err);
}

#[test]
fn decide_prints_warnings_and_answers_all_the_same() {
    let good = fs::read_to_string("examples/coffee/rulebook.json").unwrap();
    let file = scratch(
        "short_look_ahead.json",
        &good.replace("\"look_ahead\": \"7d\"", "\"look_ahead\": \"1d\""),
    );
    let run = decide(&[&["--rulebook", file.to_str().unwrap()], &WEATHER], &cases());
    assert_eq!(run.code, 0);
    assert!(
        run.err.starts_with("warning: /look_ahead: short_look_ahead: "),
        "{}",
        run.err
    );
    assert_eq!(json_lines(&run).len(), 5);
}

#[test]
fn decide_needs_a_rulebook_that_is_there() {
    for options in [
        &[][..],
        &["--rulebook", "examples/coffee/none.json"],
        &["--rulebok", "x"],
    ] {
        let run = decide(&[options], "");
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(!run.err.is_empty());
    }
}

#[test]
fn the_facts_of_a_case_override_those_of_the_file_by_name() {
    let cases = cases();
    let eli = cases.lines().nth(4).unwrap();
    let cold = eli.replace(
        "\"now\"",
        "\"facts\": {\"weather.temp_c\": {\"Kunming\": 3}}, \"now\"",
    );
    let ann = cases.lines().next().unwrap();
    // A keyed fact is replaced as a whole: it is not known any more how cold Shanghai is.
    let elsewhere = ann.replace(
        "\"now\"",
        "\"facts\": {\"weather.temp_c\": {\"Kunming\": 3}}, \"now\"",
    );
    let run = decide(
        &[&COFFEE, &WEATHER],
        &format!("{eli}\n{cold}\n{ann}\n{elsewhere}\n"),
    );
    let outcomes: Vec<_> = json_lines(&run)
        .iter()
        .map(|line| line["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["refrain", "send", "send", "refrain"]);
    // Without the file nothing is known but what a case says.
    let run = decide(&[&COFFEE], &format!("{ann}\n{cold}\n"));
    let outcomes: Vec<_> = json_lines(&run)
        .iter()
        .map(|line| line["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["refrain", "send"]);
}

#[test]
fn an_agenda_has_what_is_planned() {
    let run = decide(&[&COFFEE, &WEATHER, &["--agenda"]], &cases());
    assert_eq!(run.code, 0);
    let agendas = json_lines(&run);
    let touches: Vec<_> = agendas
        .iter()
        .map(|agenda| agenda["touches"].as_array().unwrap().len())
        .collect();
    assert_eq!(touches, [1, 1, 0, 0, 0]);
    assert_eq!(agendas[1]["touches"][0]["at"], "2026-11-21T03:00:00Z");
    assert!(agendas[1]["reasons"].as_array().unwrap().is_empty());
    assert_eq!(agendas[3]["reasons"][0]["code"], "consent");
    assert!(agendas[0].get("outcome").is_none());
}

#[test]
fn explained_has_every_campaign_and_the_values_that_were_read() {
    let run = decide(&[&COFFEE, &WEATHER, &["--explain"]], &cases());
    assert_eq!(run.code, 0);
    let decisions = json_lines(&run);
    let explained = decisions[4]["explained"].as_array().unwrap();
    let of = |campaign: &str, code: &str| {
        let mut found = explained
            .iter()
            .filter(|reason| reason["campaign"] == campaign && reason["code"] == code);
        found
            .next()
            .unwrap_or_else(|| panic!("{campaign} {code}: {explained:?}"))
            .clone()
    };
    assert_eq!(of("new-beans", "audience")["channel"], Value::Null);
    of("new-beans", "consent");
    let values = of("cold-day-latte", "no_variant")["values"].clone();
    assert!(
        values
            .as_array()
            .unwrap()
            .contains(&json!({"name": "weather.temp_c", "of": "Kunming", "value": null})),
        "{values}"
    );
}

/// Worked out by hand, on the calendar of New York:
///
/// - 0001 buys every 30 days; due on 30 Jan (bought 11 days later: a hit) and, from 10 Feb, on 12 Mar (a miss). Thirty
///   days after the purchases are the same two days.
/// - 0002 buys every 7 days; due on 23 Jan (bought 3 days later: a hit) and on 2 Feb (a miss). Thirty days after 16 Jan
///   never come, because of 26 Jan; after that comes 25 Feb (a miss).
/// - 0003 has two rows on one day, which are one purchase: two in all, and never a reminder.
/// - 0004: the gaps are 92 days, and 91 days and an hour because summer time ends between. Due on 2 Mar at 13:00, hence
///   asked on 3 Mar; bought on 17 Mar, 14 days later: a hit. The next falls due after the last day. Thirty days after
///   the purchases are 31 Dec, before the first day, and 16 Apr at 13:00, hence 17 Apr (a miss).
#[test]
fn repurchase_counts_what_was_worked_out_by_hand() {
    let run = run("repurchase", &["tests/data/purchases.txt"], "");
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    run.has_lines(
        "4 customers, 15 rows of purchases; 3 customers had bought on three days by 1998-06-16.
         at the customer's own pace           5      3    60.0 %
         30 days after a purchase             4      1    25.0 %",
    );
    assert!(run.out.contains("never what a reminder causes"));
}

#[test]
fn repurchase_says_which_line_it_cannot_read() {
    for (line, message) in [
        ("0001 19970101", "line 2: write a customer"),
        ("1 0001 19970231 1 2.0", "line 2: `19970231` is not a date"),
        ("1 0001 19970201 one 2.0", "line 2: `one` is not a quantity"),
        ("1 0001 19970201 1 two", "line 2: `two` is not an amount"),
    ] {
        let file = scratch("bad_purchases.txt", &format!("1 0001 19970101 1 2.0\n{line}\n"));
        let run = run("repurchase", &[file.to_str().unwrap()], "");
        assert_eq!((run.code, run.out.as_str()), (1, ""));
        assert!(run.err.contains(message), "{}", run.err);
    }
    assert_eq!(run("repurchase", &["tests/data/none.txt"], "").code, 1);
    assert_eq!(run("repurchase", &[], "").code, 1);
}
