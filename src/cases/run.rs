//! Running a case file against a rulebook.

use std::{collections::BTreeSet, fmt};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::{
    difference::differences,
    expected::{LISTS, OF_A_DECISION},
    file::{CaseFile, CaseInFile, Told, given},
};
use crate::{
    asked::{bound::Bound, decision::Decision},
    compiled::engine::Engine,
    said::language::Language,
    written::document::Document,
};

/// What came of running case files. Its `Display` is to be read by people: each failure with what differs and what was
/// decided, in words.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CaseReport {
    cases: usize,
    failures: Vec<CaseFailure>,
}

/// A case that is not decided as it is written, or a file that cannot be run.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFailure {
    file: String,
    case: Option<String>,
    shows: String,
    differences: Vec<String>,
    decided: Vec<String>,
}

impl CaseReport {
    /// How many cases were run.
    pub fn cases(&self) -> usize {
        self.cases
    }

    /// What failed, in the order of the files and their cases.
    pub fn failures(&self) -> &[CaseFailure] {
        &self.failures
    }

    pub(super) fn add(&mut self, file: &str, mut other: Self) {
        for failure in &mut other.failures {
            file.clone_into(&mut failure.file);
        }
        self.cases = self.cases.saturating_add(other.cases);
        self.failures.extend(other.failures);
    }

    /// A file that cannot be run, and why.
    pub(super) fn failed(&mut self, file: &str, why: impl fmt::Display) {
        let mut failure = CaseFailure::of_file(why.to_string().lines().map(str::to_owned).collect());
        file.clone_into(&mut failure.file);
        self.failures.push(failure);
    }
}

impl CaseFailure {
    fn of_file(differences: Vec<String>) -> Self {
        Self {
            file: String::new(),
            case: None,
            shows: String::new(),
            differences,
            decided: Vec::new(),
        }
    }

    /// The file; empty where a [`CaseFile`] was run by itself.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The case; none if the file itself or its rulebook is not as it should be.
    pub fn case(&self) -> Option<&str> {
        self.case.as_deref()
    }

    /// Everything that differs, each in a line: where, what is written, what is decided.
    pub fn differences(&self) -> &[String] {
        &self.differences
    }

    /// What was decided, in English sentences, on the customer's clock or the house's.
    pub fn decided(&self) -> &[String] {
        &self.decided
    }
}

impl fmt::Display for CaseFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.as_str(), &self.case) {
            ("", None) => writeln!(f, "the rulebook")?,
            ("", Some(case)) => writeln!(f, "{case}")?,
            (file, None) => writeln!(f, "{file}")?,
            (file, Some(case)) => writeln!(f, "{file}: {case}")?,
        }
        if !self.shows.is_empty() {
            writeln!(f, "  ({})", self.shows)?;
        }
        for difference in &self.differences {
            writeln!(f, "  {difference}")?;
        }
        for (index, sentence) in self.decided.iter().enumerate() {
            let lead = if index == 0 { "decided:" } else { "        " };
            writeln!(f, "  {lead} {sentence}")?;
        }
        Ok(())
    }
}

impl fmt::Display for CaseReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cases, {} failures", self.cases, self.failures.len())?;
        for failure in &self.failures {
            write!(f, "\n\n{}", failure.to_string().trim_end())?;
        }
        Ok(())
    }
}

impl CaseFile {
    /// Compiles the rulebook and asks every case.
    pub fn run(&self, rulebook: &Document) -> CaseReport {
        let mut report = CaseReport::default();
        let compiled = Engine::from_document(rulebook);
        let (told, given): (&[Told], BTreeSet<_>) = match (&compiled, &self.problems) {
            (Err(problems), None) => {
                report.failed("", format!("the rulebook does not compile\n{problems}"));
                return report;
            }
            (Err(problems), Some(expected)) => {
                let given = problems.iter().map(|problem| {
                    (
                        problem.path().to_owned(),
                        problem.code().as_str(),
                        problem.sentence().to_owned(),
                    )
                });
                (expected, given.collect())
            }
            (Ok(_), Some(_)) => {
                report.failed("", "the rulebook compiles, though `problems` are expected of it");
                return report;
            }
            (Ok((_, warnings)), None) => {
                let given = warnings.iter().map(|warning| {
                    (
                        warning.path().to_owned(),
                        warning.code().as_str(),
                        warning.sentence().to_owned(),
                    )
                });
                (&self.warnings, given.collect())
            }
        };
        let mut wrong = Vec::new();
        for (path, code, sentence) in &given {
            if !told.iter().any(|told| told.path == *path && told.code == *code) {
                wrong.push(format!("not expected in the file: {path}: {code}: {sentence}"));
            }
        }
        for told in told {
            if !given
                .iter()
                .any(|(path, code, _)| told.path == *path && told.code == *code)
            {
                wrong.push(format!("expected, but not told: {}: {}", told.path, told.code));
            }
        }
        if !wrong.is_empty() {
            report.failures.push(CaseFailure::of_file(wrong));
        }
        if let Ok((engine, _)) = compiled {
            report.cases = self.cases.len();
            report
                .failures
                .extend(self.cases.iter().filter_map(|case| case.failure(&engine)));
        } else {
            // That it does not compile is what was asked.
            report.cases = 1;
        }
        report
    }
}

/// What the engine answers to a case, as documents.
pub(super) struct Answers {
    pub(super) decision: Document,
    pub(super) agenda: Document,
    pub(super) explained: Document,
    /// Of each delivery, or why it could not be asked.
    pub(super) confirmed: Vec<Result<Document, String>>,
    pub(super) sentences: Vec<String>,
}

impl CaseInFile {
    fn failure(&self, engine: &Engine) -> Option<CaseFailure> {
        let mut found = Vec::new();
        let mut decided = Vec::new();
        match self.answers(engine) {
            Ok(answers) => {
                self.compare(&answers, &mut found);
                decided = answers.sentences;
            }
            Err(error) => found.push(format!("given: {error}")),
        }
        (!found.is_empty()).then(|| CaseFailure {
            file: String::new(),
            case: Some(self.name.clone()),
            shows: self.shows.clone(),
            differences: found,
            decided,
        })
    }

    /// Everything in which the answers are not as it is written.
    pub(super) fn compare(&self, answers: &Answers, found: &mut Vec<String>) {
        let then = &self.then.written;
        if then.member("outcome").is_some() {
            differences("then", &self.whole(), &answers.decision, found);
        }
        if let (Some(Document::List(wrote)), Some(Document::List(decided))) =
            (then.member("some_reasons"), answers.decision.member("reasons"))
        {
            for (index, found_at) in places(wrote, decided).into_iter().enumerate() {
                if let (None, Some(wrote)) = (found_at, wrote.get(index)) {
                    let place = format!("then.some_reasons[{index}]");
                    found.push(format!(
                        "{place}: {} is written, and not decided after those before it",
                        wrote.shown()
                    ));
                }
            }
        }
        if let Some(wrote) = then.member("agenda") {
            differences(
                "then.agenda",
                &with_list(wrote, "held_out"),
                &answers.agenda,
                found,
            );
        }
        if let Some(wrote) = then.member("explain") {
            differences("then.explain", wrote, &answers.explained, found);
        }
        for (index, (wrote, answer)) in self.then.confirm.iter().zip(&answers.confirmed).enumerate() {
            let place = format!("then.confirm[{index}]");
            match answer {
                Ok(reasons) => differences(&place, &wrote.reasons, reasons, found),
                Err(why) => found.push(format!("{place}: {why}")),
            }
        }
    }

    /// What is written of the decision, with what is meant by what is not written.
    fn whole(&self) -> Document {
        let then = &self.then.written;
        let of = |name: &str| then.member(name).cloned();
        let members = OF_A_DECISION.into_iter().filter_map(|name| {
            let value = match name {
                "outcome" | "touch" => of(name)?,
                "reasons" if then.member("some_reasons").is_some() => return None,
                _ if LISTS.contains(&name) => of(name).unwrap_or(Document::List(Vec::new())),
                _ => of(name).unwrap_or_default(),
            };
            Some((name.to_owned(), value))
        });
        Document::Object(members.collect())
    }

    /// Asks the engine.
    pub(super) fn answers(&self, engine: &Engine) -> Result<Answers, String> {
        let (bound, now, zone) = bind(engine, &self.given)?;
        let decision = bound.decide(now);
        let confirmed = self.then.confirm.iter().map(|later| {
            let (bound, now, _) = bind(engine, &given(&self.given, &later.given))?;
            let touch = decision
                .touch()
                .ok_or("nothing was decided that could be confirmed")?;
            Ok(document(&bound.confirm(touch, now)))
        });
        Ok(Answers {
            agenda: document(&bound.agenda(now)),
            explained: document(&bound.explain(now)),
            confirmed: confirmed.collect(),
            sentences: sentences(&decision, zone),
            decision: document(&decision),
        })
    }
}

fn sentences(decision: &Decision, zone: Tz) -> Vec<String> {
    decision.sentences(&Language::english(), zone)
}

fn bind(engine: &Engine, given: &Document) -> Result<(Bound, DateTime<Utc>, Tz), String> {
    let told = |error: crate::checked::input_error::InputError| error.to_string();
    let case = engine.read_case(given).map_err(told)?;
    let zone = case
        .customer
        .time_zone
        .unwrap_or(engine.compiled.frame.book.time_zone);
    let bound = engine.bind_case(&case).map_err(told)?;
    Ok((bound, case.now, zone))
}

/// Where each of some reasons stands among those that are decided, one after another.
pub(super) fn places(wrote: &[Document], decided: &[Document]) -> Vec<Option<usize>> {
    let mut from = 0;
    let mut place = |wrote: &Document| {
        let is_like = |decided: &Document| {
            let mut found = Vec::new();
            differences("", wrote, decided, &mut found);
            found.is_empty()
        };
        let after = decided.iter().skip(from).position(is_like)?;
        let at = from.saturating_add(after);
        from = at.saturating_add(1);
        Some(at)
    };
    wrote.iter().map(&mut place).collect()
}

fn with_list(written: &Document, name: &str) -> Document {
    let mut written = written.clone();
    if let Document::Object(members) = &mut written
        && !members.iter().any(|(known, _)| known == name)
    {
        members.push((name.to_owned(), Document::List(Vec::new())));
    }
    written
}

/// What is decided, as a document. Answers are data with text for names, which every serde format can write.
fn document(answer: &impl Serialize) -> Document {
    let text = serde_json::to_string(answer).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}
