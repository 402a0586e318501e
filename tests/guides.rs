//! What the README and the guides show besides Rust is run: rulebooks and their parts are compiled, commands are run.

mod example_runs;
#[expect(dead_code, reason = "the rest is for the pages' own code")]
#[path = "guide/house.rs"]
mod house;

use std::{collections::BTreeSet, fs, path::Path};

use example_runs::run;
use house::put;
use serde_json::{Value, json};
use tactful::{Engine, cases::CaseFile};

const PAGES: [&str; 11] = [
    "README.md",
    "src/guide/tour.md",
    "src/guide/cookbook.md",
    "src/guide/rulebook.md",
    "src/guide/presets.md",
    "src/guide/semantics.md",
    "src/guide/host.md",
    "src/guide/cases.md",
    "src/guide/trust.md",
    "src/guide/simulation.md",
    "src/guide/comparing.md",
];

struct Block {
    place: String,
    kind: String,
    text: String,
}

/// The fenced blocks of a page that are not Rust, in order.
fn blocks(page: &str) -> Vec<Block> {
    let text = fs::read_to_string(page).unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        if let Some(kind) = line.strip_prefix("```") {
            if !open {
                let (place, kind) = (format!("{page}:{}", number + 1), kind.to_owned());
                let text = String::new();
                blocks.push(Block { place, kind, text });
            }
            open = !open;
        } else if let (true, Some(block)) = (open, blocks.last_mut()) {
            block.text.push_str(line);
            block.text.push('\n');
        }
    }
    assert!(!open, "{page} has a block that does not end");
    blocks.retain(|block| block.kind != "rust");
    blocks
}

/// The rulebook into which the parts are put.
fn house() -> Value {
    let page = blocks("src/guide/rulebook.md");
    let whole = page.iter().find(|block| block.kind == "json rulebook").unwrap();
    serde_json::from_str(&whole.text).unwrap()
}

fn compile(place: &str, rulebook: &Value) {
    let document = serde_json::from_value(rulebook.clone()).unwrap();
    if let Err(problems) = Engine::from_document(&document) {
        panic!("{place}:\n{problems}");
    }
}

#[test]
fn every_rulebook_and_part_of_one_compiles() {
    let mut compiled = 0;
    // The cases of a page.
    let mut cases: Option<CaseFile> = None;
    // What the parts of a page that grows a rulebook have made of it.
    let mut grown = Value::Null;
    for block in PAGES.into_iter().flat_map(blocks) {
        if block.kind == "text report" {
            let file = cases.as_ref().expect("cases of which this is told");
            let report = file.run(&serde_json::from_value(grown.clone()).unwrap());
            assert_eq!(report.to_string().trim(), block.text.trim(), "{}", block.place);
            continue;
        }
        let Some(part) = block.kind.strip_prefix("json") else {
            continue;
        };
        let value: Value =
            serde_json::from_str(&block.text).unwrap_or_else(|error| panic!("{}: {error}", block.place));
        let mut book = house();
        match part.trim() {
            "rulebook" => {
                grown = value.clone();
                book = value;
            }
            "part" => {
                put(&mut grown, value);
                book = grown.clone();
            }
            // What comes after shows how the page's cases fail then.
            "change" => {
                let changed = value.as_object().unwrap().clone();
                grown.as_object_mut().unwrap().extend(changed);
                book = grown.clone();
            }
            "cases" => {
                let file = CaseFile::read(&serde_json::from_str(&block.text).unwrap()).unwrap();
                let report = file.run(&serde_json::from_value(grown.clone()).unwrap());
                assert!(
                    report.cases() > 0 && report.failures().is_empty(),
                    "{}: {report}",
                    block.place
                );
                cases = Some(file);
                continue;
            }
            "policy" => book["policies"].as_array_mut().unwrap().push(value),
            "rule" => book["policies"][0]["rules"].as_array_mut().unwrap().push(value),
            "campaign" => book["campaigns"].as_array_mut().unwrap().push(value),
            "schedule" => book["campaigns"][0]["schedule"] = value,
            "condition" => {
                // A campaign's rule may read whatever a condition can.
                book["campaigns"][0]["rules"] = json!([{"id": "shown", "when": value, "then": "forbid"}]);
            }
            other => panic!("{}: what is a `{other}`?", block.place),
        }
        compile(&block.place, &book);
        compiled += 1;
    }
    assert!(compiled > 20, "{compiled}");
}

#[test]
fn every_command_runs_and_prints_what_is_shown() {
    let mut ran = Vec::new();
    for page in PAGES {
        let mut printed = None;
        for block in blocks(page) {
            match block.kind.as_str() {
                "sh" => {
                    for command in block.text.lines() {
                        if let Some((name, output)) = run_command(&block.place, command) {
                            ran.push(name);
                            printed = Some(output);
                        }
                    }
                }
                // A picture, unless it follows a command.
                "text" => {
                    if let Some(output) = printed.take() {
                        output.has_lines(&block.text);
                    }
                }
                _ => printed = None,
            }
        }
    }
    for name in ["quickstart", "decide", "repurchase"] {
        assert!(ran.iter().any(|example| example == name), "{name} is not shown");
    }
}

/// Runs `cargo run --release --example NAME -- ARGUMENTS < FILE`.
fn run_command(place: &str, command: &str) -> Option<(String, example_runs::Run)> {
    if command == "cargo test" {
        return None;
    }
    let words: Vec<&str> = command.split_whitespace().collect();
    let ["cargo", "run", "--release", "--example", name, rest @ ..] = words.as_slice() else {
        panic!("{place}: `{command}` is not run by any test");
    };
    let rest = rest.strip_prefix(&["--"]).unwrap_or(rest);
    let (arguments, input) = match rest {
        [arguments @ .., "<", file] => (arguments, fs::read_to_string(file).unwrap()),
        arguments => (arguments, String::new()),
    };
    let run = run(name, arguments, &input);
    assert_eq!(run.code, 0, "{place}: {}", run.err);
    Some(((*name).to_owned(), run))
}

/// The practices: the folder of each, and the name of its page in the documentation.
fn scenarios() -> BTreeSet<(String, String)> {
    let folders = fs::read_dir("tests/scenarios")
        .unwrap()
        .map(|entry| entry.unwrap());
    let folders = folders.filter(|entry| entry.file_type().unwrap().is_dir());
    let named = folders.map(|entry| {
        let folder = entry.file_name().into_string().unwrap();
        let (_number, name) = folder.split_once('-').unwrap();
        (folder.clone(), name.replace('-', "_"))
    });
    named.collect()
}

#[test]
fn the_cookbook_leads_to_every_scenario() {
    let page = fs::read_to_string("src/guide/cookbook.md").unwrap();
    let mut linked = BTreeSet::new();
    for line in page.lines().filter_map(|line| line.strip_prefix("*Scenario:* ")) {
        for link in line.split(", ") {
            let (folder, name) = link
                .strip_prefix("[`")
                .and_then(|link| link.split_once("`](crate::guide::scenarios::"))
                .unwrap_or_else(|| panic!("`{link}` is not a link to a scenario"));
            linked.insert((folder.to_owned(), name.trim_end_matches(')').to_owned()));
        }
    }
    assert_eq!(linked, scenarios());
    let recipes = page.lines().filter(|line| line.starts_with("## ")).count();
    let led = page
        .lines()
        .filter(|line| line.starts_with("*Scenario:* "))
        .count();
    assert_eq!(recipes, led, "a recipe without a scenario");
}

#[test]
fn the_documentation_has_every_scenario_with_its_rulebooks() {
    let page = fs::read_to_string("src/guide/scenarios.rs").unwrap();
    for (folder, name) in scenarios() {
        let files = fs::read_dir(Path::new("tests/scenarios").join(&folder)).unwrap();
        let files = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut rulebooks: Vec<_> = files.filter(|file| file.starts_with("rulebook")).collect();
        rulebooks.sort();
        let line = format!("{name}: {folder:?} {rulebooks:?};");
        assert!(
            page.lines().any(|shown| shown.trim() == line),
            "`{line}` is not in src/guide/scenarios.rs"
        );
    }
}

/// As the documentation names a heading.
fn anchor_of(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().chars();
    let kept = kept.filter(|&letter| letter.is_alphanumeric() || "-_ ".contains(letter));
    kept.map(|letter| {
        if letter == ' ' {
            '-'
        } else {
            letter.to_ascii_lowercase()
        }
    })
    .collect()
}

#[test]
fn what_a_page_links_to_is_there() {
    let index = fs::read_to_string("src/guide/mod.rs").unwrap();
    for page in PAGES {
        let text = fs::read_to_string(page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("https://") || link.starts_with("crate::") || link.contains('<') {
                continue; // The documentation's own links are checked where it is made.
            }
            if let Some(anchor) = link.strip_prefix('#') {
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                assert!(
                    headings.any(|line| anchor_of(line) == anchor),
                    "{page}: `{link}` is not there"
                );
                continue;
            }
            let file = link.split('#').next().unwrap();
            assert!(Path::new(file).exists(), "{page}: `{link}` is not there");
        }
        if let Some(guide) = page.strip_prefix("src/guide/") {
            assert!(
                index.contains(&format!("include_str!({guide:?})")),
                "{page} is not in the documentation"
            );
        }
    }
}
