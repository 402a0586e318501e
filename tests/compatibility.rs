//! A thousand decisions that may only change together with a ★ in `CHANGELOG.md`. `tests/compatibility/README.md` says what
//! they are, and what to do when one has changed.

mod generate;
mod harness;
mod reference;

use generate::Dice;
use harness::{bind, engine, first_difference, written};
use reference::gates::CODES;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};
use tactful::{Agenda, Decision, Engine, Preset, cases::CaseFile};

const RULEBOOKS: &str = "tests/compatibility/rulebooks.jsonl";
const CASES: &str = "tests/compatibility/cases.jsonl";
const DECISIONS: &str = "tests/compatibility/decisions.jsonl";

/// How many cases there are, and in how many each outcome and each reason or list must be.
const COUNT: usize = 1_000;
const OF_AN_OUTCOME: usize = 200;
const OF_A_REASON: usize = 10;
const OUTCOMES: [&str; 3] = ["send", "wait", "refrain"];

/// Chosen for what is decided: no outcome and no reason is rare.
const FIRST_SEED: u64 = 22_000_000;
/// Of a generated rulebook: how many cases, and how many bytes it and a case may have to be read in a difference.
const CASES_OF_A_RULEBOOK: usize = 5;
const LONGEST_RULEBOOK: usize = 4_000;
const LONGEST_CASE: usize = 2_500;

/// How many changes are told, and how much of each: what fits on a screen.
const TOLD: usize = 5;
const WIDTH: usize = 200;

/// A line of `decisions.jsonl`, in the order in which a decision is written.
#[derive(Serialize)]
struct Answer<'a> {
    case: &'a Value,
    decision: Decision,
    planned: Agenda,
}

fn path(file: impl AsRef<Path>) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn text(file: impl AsRef<Path>) -> String {
    let path = path(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("text") + "\n"
}

fn lines(text: &str) -> Vec<Value> {
    let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    text.lines().map(read).collect()
}

/// The lines by one of their members, which none has twice.
fn by(name: &str, text: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for line in lines(text) {
        let key = line[name].as_str().expect("a name").to_owned();
        assert!(found.insert(key, line).is_none(), "a {name} is there twice");
    }
    found
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// What is decided now, as the text of the file.
fn decided() -> String {
    let books = by("rulebook", &text(RULEBOOKS)).into_iter();
    let engines: BTreeMap<String, Engine> = books
        .map(|(name, line)| (name, engine(&line["written"])))
        .collect();
    let answer = |case: &Value| {
        let (bound, now) = bind(
            &engines[case["rulebook"].as_str().expect("a name")],
            &case["given"],
        );
        line(&Answer {
            case: &case["case"],
            decision: bound.decide(now),
            planned: bound.planned(now),
        })
    };
    lines(&text(CASES)).iter().map(answer).collect()
}

/// What an answer says that people care for: the outcome, the touches, the reasons.
fn told(answer: &Value) -> Vec<String> {
    let words = |value: &Value, names: &str| {
        let words = names.split(' ').filter_map(|name| value[name].as_str());
        words.collect::<Vec<_>>().join(" ")
    };
    let touch = |told: &Value| words(told, "campaign occurrence channel sender variant arm at");
    let reason = |told: &Value| words(told, "code rule campaign occurrence channel sender frees_at");
    let (decision, planned) = (&answer["decision"], &answer["planned"]);
    let mut told = vec![words(decision, "outcome recheck_at"), touch(&decision["touch"])];
    told.extend(each(&decision["reasons"]).map(reason));
    told.extend(each(&decision["observed"]).map(|told| format!("observed: {}", reason(told))));
    told.extend(each(&planned["touches"]).map(|told| format!("planned: {}", touch(told))));
    told.extend(each(&planned["held_out"]).map(|told| format!("held out: {}", touch(&told["touch"]))));
    told.retain(|words| !words.is_empty());
    told
}

/// A change in a few lines: the case, what was, what is; the place of the difference if it is in neither.
fn change(case: &str, was: &Value, is: &Value) -> Option<String> {
    let difference = first_difference("", was, is)?;
    let (was, is) = (told(was), told(is));
    let only = |these: &[String], those: &[String]| {
        let only: Vec<&str> = these
            .iter()
            .filter(|each| !those.contains(each))
            .map(String::as_str)
            .collect();
        only.join("; ").chars().take(WIDTH).collect::<String>()
    };
    Some(match (only(&was, &is), only(&is, &was)) {
        (was, is) if was.is_empty() && is.is_empty() => {
            format!("{case}\n  {}", difference.split(":\n").next()?)
        }
        (was, is) => format!("{case}\n  was: {was}\n  is:  {is}"),
    })
}

/// Whether the next version says that it changes decisions.
fn starred(changelog: &str) -> bool {
    let unreleased = changelog.lines().skip_while(|line| *line != "## [Unreleased]");
    let mut unreleased = unreleased.skip(1).take_while(|line| !line.starts_with("## "));
    unreleased.any(|line| line.starts_with("- ★"))
}

#[test]
fn decisions_change_only_with_a_star() {
    let decided = decided();
    let (was, is) = (by("case", &text(DECISIONS)), by("case", &decided));
    let cases: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let changes: Vec<String> = cases
        .into_iter()
        .filter_map(|case| {
            change(
                case,
                was.get(case).unwrap_or(&Value::Null),
                is.get(case).unwrap_or(&Value::Null),
            )
        })
        .collect();
    if changes.is_empty() {
        return;
    }
    let first = changes[..TOLD.min(changes.len())].join("\n");
    let told = format!(
        "{} of {COUNT} decisions have changed; the first:\n\n{first}\n",
        changes.len()
    );
    assert!(
        env::var_os("TACTFUL_REWRITE").is_some_and(|asked| asked == "1"),
        "{told}\nIf that is meant, write an entry with a ★ under [Unreleased] in CHANGELOG.md, then run with TACTFUL_REWRITE=1."
    );
    assert!(
        starred(&text("CHANGELOG.md")),
        "{told}\nNothing was written: no entry under [Unreleased] in CHANGELOG.md begins with `- ★`."
    );
    fs::write(path(DECISIONS), decided).expect("the decisions are written");
    panic!("{told}\n{DECISIONS} was rewritten; read what changed, then run without TACTFUL_REWRITE.");
}

#[test]
fn only_a_star_of_the_next_version_counts() {
    let released = "## [0.1.0]\n\n- ★ Rulebooks.\n";
    for (unreleased, expected) in [
        ("", false),
        ("- A lint with a ★.\n", false),
        ("- ★ A cap counts what is held out.\n", true),
    ] {
        let changelog = format!("# Changelog\n\n## [Unreleased]\n\n### Changed\n\n{unreleased}\n{released}");
        assert_eq!(starred(&changelog), expected, "{unreleased}");
    }
}

/// The rulebook as the reference reads it: with the rules of its presets in their place.
fn expanded(book: &Value) -> Value {
    let mut book = book.clone();
    for policy in book["policies"].as_array_mut().into_iter().flatten() {
        if let Some(preset) = policy["preset"].as_str() {
            *policy = written(Preset::find(preset).expect("a preset").policy());
        }
    }
    book
}

#[test]
fn the_reference_decides_the_same() {
    let books = by("rulebook", &text(RULEBOOKS));
    let answers = by("case", &text(DECISIONS));
    for (name, case) in by("case", &text(CASES)) {
        let book = expanded(&books[case["rulebook"].as_str().expect("a name")]["written"]);
        let mut planned = reference::agenda(&book, &case["given"]);
        planned["reasons"] = json!([]);
        let decision = reference::decide(&book, &case["given"]);
        let theirs = json!({"case": name, "decision": decision, "planned": planned});
        if let Some(difference) = first_difference("", &answers[&name], &theirs) {
            panic!("{name} {difference}");
        }
    }
}

#[test]
fn every_outcome_and_every_reason_is_among_them() {
    let answers = lines(&text(DECISIONS));
    assert_eq!(answers.len(), COUNT);
    let count =
        |holds: &dyn Fn(&Value) -> bool| answers.iter().filter(|told| holds(&told["decision"])).count();
    let outcome = |name| count(&|told| told["outcome"] == name);
    let reason = |name| count(&|told| each(&told["reasons"]).any(|reason| reason["code"] == name));
    let outcomes = OUTCOMES.map(|name| (name, outcome(name), OF_AN_OUTCOME));
    // That a touch has changed is told at its delivery, and never in a decision.
    let reasons = CODES.into_iter().filter(|name| *name != "changed");
    let reasons = reasons.map(|name| (name, reason(name), OF_A_REASON));
    let lists = ["held_out", "observed"];
    let lists = lists.map(|name| {
        (
            name,
            count(&|told| each(&told[name]).next().is_some()),
            OF_A_REASON,
        )
    });
    for (name, count, least) in outcomes.into_iter().chain(reasons).chain(lists) {
        println!("| `{name}` | {count} |");
        assert!(count >= least, "{name}: {count} of at least {least}");
    }
}

/// The rulebooks of the scenarios, and all their cases.
fn scenarios(books: &mut Vec<Value>, cases: &mut Vec<Value>) {
    let scenarios = listed(&path("tests/scenarios"));
    for file in scenarios
        .iter()
        .filter(|path| path.is_dir())
        .flat_map(|path| listed(path))
    {
        let names = [file.parent(), Some(&*file)].map(|path| path.and_then(Path::file_name).expect("a name"));
        let [folder, name] = names.map(|name| name.to_string_lossy());
        if name.starts_with("rulebook.") {
            let book: Value = serde_json::from_str(&text(&file)).expect("a rulebook");
            books.push(json!({"rulebook": format!("{folder}/{name}"), "written": book}));
        } else if name.starts_with("cases.") {
            let document = serde_json::from_str(&text(&file)).expect("a document");
            let read = CaseFile::read(&document).expect("a case file");
            let book = format!("{folder}/{}", read.rulebook());
            cases.extend(read.cases().iter().map(|case| {
                let name = format!("{folder}/{name}: {}", case.name());
                json!({"case": name, "given": case.given(), "rulebook": book})
            }));
        }
    }
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut found: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    found.sort();
    found
}

/// Generated rulebooks, and cases until there are enough.
fn generated(books: &mut Vec<Value>, cases: &mut Vec<Value>) {
    for seed in FIRST_SEED.. {
        let mut dice = Dice::seeded(seed);
        let book = generate::rulebook(&mut dice);
        if line(&book).len() > LONGEST_RULEBOOK {
            continue;
        }
        let name = format!("generated/{seed}");
        let drawn = std::iter::repeat_with(|| generate::case(&mut dice, &book));
        let short = drawn.filter(|given| line(given).len() <= LONGEST_CASE);
        for (given, number) in short.zip(1..).take(CASES_OF_A_RULEBOOK) {
            cases.push(json!({"case": format!("{name}: {number}"), "given": given, "rulebook": name}));
        }
        books.push(json!({"rulebook": name, "written": book}));
        if cases.len() >= COUNT {
            return cases.truncate(COUNT);
        }
    }
}

/// Rulebooks and cases only: what is decided of them is written by the test above, which asks for a ★.
#[test]
#[ignore = "makes the set anew, which is hardly ever wanted"]
fn the_set_is_made() {
    let (mut books, mut cases) = (Vec::new(), Vec::new());
    scenarios(&mut books, &mut cases);
    generated(&mut books, &mut cases);
    for (file, list) in [(RULEBOOKS, books), (CASES, cases)] {
        let text: String = list.iter().map(line).collect();
        fs::write(path(file), text).expect("it is written");
    }
}
