//! One table for people and one for programs.

use std::{fmt::Write as _, fs, io, path::Path};

use crate::measure::Question;

pub(crate) struct Row {
    campaigns: u64,
    name: &'static str,
    question: Question,
    /// Nanoseconds, or bytes of [`Question::Memory`].
    value: f64,
}

const QUESTIONS: [(Question, &str, &str); 9] = [
    (
        Question::Touch,
        "touch",
        "the touch: rules, history, caps and look-ahead",
    ),
    (Question::Sent, "sent", "the same, of those who get something now"),
    (Question::Agenda, "agenda", "all that the look-ahead plans"),
    (
        Question::Reasons,
        "reasons",
        "the same, with all reasons against the rest",
    ),
    (Question::First, "first", "audiences only: the first match"),
    (Question::All, "all", "audiences only: all matches"),
    (Question::Bind, "bind", "one customer made ready"),
    (Question::Compile, "compile", "compile"),
    (Question::Memory, "memory", "memory"),
];

impl Row {
    pub(crate) fn new(campaigns: u64, name: &'static str, question: Question, value: f64) -> Self {
        Self {
            campaigns,
            name,
            question,
            value,
        }
    }
}

/// Prints the table and writes both.
pub(crate) fn write(rows: &[Row]) -> io::Result<()> {
    let table = table(rows);
    println!("{table}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("peers.md"), table)?;
    let mut csv = "question,contender,campaigns,value,unit\n".to_owned();
    for row in rows {
        let (_, code, _) = described(row.question);
        let unit = if row.question == Question::Memory {
            "bytes"
        } else {
            "ns"
        };
        let quote = if row.name.contains(',') { "\"" } else { "" };
        let _ = writeln!(
            csv,
            "{code},{quote}{}{quote},{},{:.1},{unit}",
            row.name, row.campaigns, row.value
        );
    }
    fs::write(folder.join("peers.csv"), csv)
}

fn described(question: Question) -> (Question, &'static str, &'static str) {
    let found = QUESTIONS
        .into_iter()
        .find(|(described, ..)| *described == question);
    found.expect("every question is described")
}

fn table(rows: &[Row]) -> String {
    let mut sizes: Vec<u64> = rows.iter().map(|row| row.campaigns).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        if !names.contains(&row.name) {
            // Another way of the same contender stands right after it.
            let same = |name: &&str| {
                let way = row.name.strip_prefix(name);
                way.is_some_and(|way| way.starts_with(", "))
            };
            let place = names.iter().position(same).map_or(names.len(), |place| place + 1);
            names.insert(place, row.name);
        }
    }
    let mut table = "| | |".to_owned();
    for size in &sizes {
        let _ = write!(table, " {} |", grouped(*size));
    }
    table += "\n|---|---|";
    table += &"---:|".repeat(sizes.len());
    table.push('\n');
    for (question, _, title) in QUESTIONS {
        let mut title = title;
        for name in &names {
            let value = |size: u64| {
                let found = rows
                    .iter()
                    .find(|row| row.question == question && row.name == *name && row.campaigns == size);
                found.map(|row| row.value)
            };
            let values: Vec<Option<f64>> = sizes.iter().map(|&size| value(size)).collect();
            if values.iter().all(Option::is_none) {
                continue;
            }
            let _ = write!(table, "| {title} | {name} |");
            for value in values {
                let shown = value.map(|value| shown(question, value)).unwrap_or_default();
                let _ = write!(table, " {shown} |");
            }
            table.push('\n');
            title = "";
        }
    }
    table
}

fn grouped(size: u64) -> String {
    if size < 1_000 {
        return size.to_string();
    }
    format!("{},{:03}", size / 1_000, size % 1_000)
}

/// Three digits and a unit.
fn shown(question: Question, value: f64) -> String {
    let units: [&str; 4] = if question == Question::Memory {
        ["B", "kB", "MB", "GB"]
    } else {
        ["ns", "µs", "ms", "s"]
    };
    let mut value = value;
    let mut unit = 0;
    while value >= 999.5 && unit < 3 {
        value /= 1_000.0;
        unit += 1;
    }
    let digits = if value < 9.995 {
        2
    } else if value < 99.95 {
        1
    } else {
        0
    };
    format!("{value:.digits$} {}", units[unit])
}
