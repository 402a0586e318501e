//! What the README and the guides show besides Rust is run: rulebooks and their parts are compiled, commands are run.

mod example_runs;

use std::fs;

use example_runs::run;
use serde_json::{Value, json};
use tactful::Engine;

const PAGES: [&str; 4] = [
    "README.md",
    "src/guide/rulebook.md",
    "src/guide/semantics.md",
    "src/guide/host.md",
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
    for block in PAGES.into_iter().flat_map(blocks) {
        let Some(part) = block.kind.strip_prefix("json") else {
            continue;
        };
        let value: Value =
            serde_json::from_str(&block.text).unwrap_or_else(|error| panic!("{}: {error}", block.place));
        let mut book = house();
        match part.trim() {
            "rulebook" => book = value,
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
