//! Expectations, written anew from what is decided.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    difference::{beside, same},
    expected::{LISTS, needed_with},
    file::{CaseFile, CaseInFile},
    run::{Answers, places},
};
use crate::{compiled::engine::Engine, written::document::Document};

/// Where the expectations stand in a text.
#[derive(Deserialize)]
struct Places<'t> {
    #[serde(borrow)]
    cases: Vec<Place<'t>>,
}

#[derive(Deserialize)]
struct Place<'t> {
    #[serde(borrow)]
    then: &'t RawValue,
}

/// What an author who wrote nothing of a list would want to see of it.
const TELLING: [&str; 10] = [
    "campaign",
    "occurrence",
    "channel",
    "sender",
    "code",
    "rule",
    "frees_at",
    "touch",
    "rules",
    "variant",
];

/// The text of a case file with what is decided now; none if nothing differs.
pub(super) fn rewritten(text: &str, file: &CaseFile, rulebook: &Document) -> Option<String> {
    let (engine, _) = Engine::from_document(rulebook).ok()?;
    let places: Places<'_> = serde_json::from_str(text).ok()?;
    let mut new = String::with_capacity(text.len());
    let mut rest = text;
    for (case, place) in file.cases.iter().zip(&places.cases) {
        let Some(then) = case.rewritten(&engine) else {
            continue;
        };
        // The slice is of this text, and later than the one before.
        let (before, after) = split_around(rest, place.then.get())?;
        new.push_str(before);
        let indent = before.rsplit('\n').next().unwrap_or_default();
        let indent: String = indent.chars().take_while(|char| char.is_whitespace()).collect();
        new.push_str(&then.laid_out(&indent));
        rest = after;
    }
    (rest.len() < text.len()).then(|| new + rest)
}

/// The parts of a text before and after one of its own slices.
fn split_around<'t>(text: &'t str, slice: &'t str) -> Option<(&'t str, &'t str)> {
    let start = slice.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let before = text.get(..start)?;
    let after = text.get(start.checked_add(slice.len())?..)?;
    Some((before, after))
}

impl CaseInFile {
    /// What is decided, as the case would be written; none if it is as it is written, or cannot be asked.
    fn rewritten(&self, engine: &Engine) -> Option<Document> {
        let answers = self.answers(engine).ok()?;
        let mut found = Vec::new();
        self.compare(&answers, &mut found);
        (!found.is_empty()).then(|| self.updated(&answers))
    }

    fn updated(&self, answers: &Answers) -> Document {
        let Document::Object(written) = &self.then.written else {
            return self.then.written.clone();
        };
        let decided = |name: &str| answers.decision.member(name).cloned().unwrap_or_default();
        let mut members = Vec::new();
        if self.then.written.member("outcome").is_some() {
            let outcome = decided("outcome");
            let needed = match &outcome {
                Document::Text(outcome) => needed_with(outcome),
                _ => None,
            };
            members.push(("outcome".to_owned(), outcome));
            // What the author wrote, then what the outcome needs, then what was not there before.
            let names = ["touch", "until", "recheck_at"].into_iter().chain(LISTS);
            for name in names {
                if let ("reasons", Some(Document::List(some)), Document::List(decided)) =
                    (name, self.then.written.member("some_reasons"), decided(name))
                {
                    members.push(some_reasons(some, &decided));
                    continue;
                }
                let decided = decided(name);
                let wrote = self.then.written.member(name);
                let nothing = match &decided {
                    Document::Null => needed != Some(name),
                    Document::List(items) => items.is_empty() && wrote.is_none(),
                    _ => wrote.is_none() && needed != Some(name) && !LISTS.contains(&name),
                };
                if !nothing {
                    let wrote = wrote.unwrap_or(&Document::Null);
                    members.push((name.to_owned(), updated(wrote, &decided)));
                }
            }
        }
        for (name, wrote) in written {
            let new = match name.as_str() {
                "agenda" => updated(wrote, &answers.agenda),
                "explain" => updated(wrote, &answers.explained),
                "confirm" => match wrote {
                    Document::List(deliveries) => {
                        Document::List(deliveries.iter().zip(&answers.confirmed).map(delivered).collect())
                    }
                    _ => wrote.clone(),
                },
                _ => continue,
            };
            members.push((name.clone(), new));
        }
        Document::Object(members)
    }
}

/// Those of some reasons that are decided; all that are decided if none of them is.
fn some_reasons(wrote: &[Document], decided: &[Document]) -> (String, Document) {
    let kept = wrote
        .iter()
        .zip(places(wrote, decided))
        .filter(|(_, place)| place.is_some());
    let mut kept: Vec<Document> = kept.map(|(wrote, _)| wrote.clone()).collect();
    if kept.is_empty()
        && let Some(like) = wrote.first()
    {
        kept = decided.iter().map(|decided| updated(like, decided)).collect();
    }
    ("some_reasons".to_owned(), Document::List(kept))
}

fn delivered((wrote, answer): (&Document, &Result<Document, String>)) -> Document {
    let (Document::Object(members), Ok(reasons)) = (wrote, answer) else {
        return wrote.clone();
    };
    let members = members.iter().map(|(name, wrote)| {
        let new = if name == "reasons" {
            updated(wrote, reasons)
        } else {
            wrote.clone()
        };
        (name.clone(), new)
    });
    Document::Object(members.collect())
}

/// What is decided, in the members that are written, and as it is written where that is the same.
fn updated(wrote: &Document, decided: &Document) -> Document {
    match (wrote, decided) {
        (Document::Object(wrote), Document::Object(_)) => {
            let kept = wrote.iter().filter_map(|(name, wrote)| {
                let decided = decided.member(name)?;
                Some((name.clone(), updated(wrote, decided)))
            });
            Document::Object(kept.collect())
        }
        (Document::List(wrote), Document::List(decided)) => {
            let new = decided.iter().enumerate().map(|(index, decided)| {
                let like = wrote.get(index).or(wrote.last());
                updated(like.unwrap_or(&Document::Null), decided)
            });
            Document::List(new.collect())
        }
        (_, Document::Object(members)) => {
            let telling = members
                .iter()
                .filter(|(name, value)| TELLING.contains(&name.as_str()) && !matches!(value, Document::Null));
            let told = telling.map(|(name, value)| (name.clone(), updated(&Document::Null, value)));
            Document::Object(told.collect())
        }
        (_, Document::List(items)) => {
            Document::List(items.iter().map(|item| updated(&Document::Null, item)).collect())
        }
        _ if same(wrote, decided) => wrote.clone(),
        _ => beside(wrote, decided),
    }
}
