//! A case file, read.

use super::expected::{Then, read_then};
use crate::{
    checked::{
        problem::{Code, Problem, Problems},
        reader::{Node, Nulls},
    },
    written::document::Document,
};

/// A case file: a rulebook's name, what all its cases share, and the cases.
///
/// ```
/// use tactful::cases::CaseFile;
///
/// let file = r#"{"given": {"customer": {"id": "kim", "tags": []}},
///     "cases": [{"name": "nothing to say", "shows": "silence", "given": {"now": "2026-03-02T12:00:00+01:00"},
///                "then": {"outcome": "refrain", "recheck_at": null}}]}"#;
/// let file = CaseFile::read(&serde_json::from_str(file)?)?;
/// assert_eq!(file.rulebook(), "rulebook.json");
/// assert_eq!(file.cases()[0].name(), "nothing to say");
///
/// let rulebook = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
///                    "purposes": ["news"], "channels": {"mail": {"consent": "none"}}, "campaigns": []}"#;
/// let report = file.run(&serde_json::from_str(rulebook)?);
/// assert!(report.failures().is_empty(), "{report}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFile {
    pub(super) rulebook: String,
    /// What compiling the rulebook tells, and why that is meant.
    pub(super) warnings: Vec<Told>,
    /// Why the rulebook does not compile, if it is not to.
    pub(super) problems: Option<Vec<Told>>,
    pub(super) cases: Vec<CaseInFile>,
}

/// A warning or a problem that is expected.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    pub(super) path: String,
    pub(super) code: String,
}

/// One case of a file: a question, with what is shared filled in, and what is to be decided.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseInFile {
    pub(super) name: String,
    pub(super) shows: String,
    pub(super) given: Document,
    pub(super) then: Then,
}

impl CaseInFile {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it shows, in a sentence; empty if nothing is written.
    pub fn shows(&self) -> &str {
        &self.shows
    }

    /// The question, for [`Engine::read_case`](crate::Engine::read_case).
    pub fn given(&self) -> &Document {
        &self.given
    }
}

impl CaseFile {
    /// Reads a case file from a document of any serde format.
    ///
    /// # Errors
    ///
    /// Everything that is not written as the format says, each with its place.
    pub fn read(document: &Document) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let file = read_file(Node::root(document, Nulls::Missing), &mut problems);
        if problems.is_empty() {
            Ok(file)
        } else {
            Err(Problems::new(problems).in_order(document))
        }
    }

    /// The name of the rulebook's file, beside this one.
    pub fn rulebook(&self) -> &str {
        &self.rulebook
    }

    /// The cases.
    pub fn cases(&self) -> &[CaseInFile] {
        &self.cases
    }
}

fn read_file(node: Node<'_>, problems: &mut Vec<Problem>) -> CaseFile {
    let members = node.object(
        &["about", "rulebook", "warnings", "problems", "given", "cases"],
        problems,
    );
    members.optional("about", problems, |node, problems| node.text(problems).is_some());
    let rulebook = members
        .optional("rulebook", problems, |node, problems| node.name(problems))
        .unwrap_or_else(|| "rulebook.json".to_owned());
    let warnings = members.optional("warnings", problems, |node, problems| {
        node.list(problems, |node, problems| told(&node, true, problems))
    });
    let expected = members.optional("problems", problems, |node, problems| {
        node.list(problems, |node, problems| told(&node, false, problems))
    });
    let nothing = Document::Object(vec![("history".to_owned(), Document::List(Vec::new()))]);
    let shared = members.get("given").map_or(nothing.clone(), |node| {
        check_given(&node, problems);
        given(&nothing, node.document)
    });
    let mut cases: Vec<CaseInFile> = Vec::new();
    let read = members.optional("cases", problems, |node, problems| {
        node.list(problems, |node, problems| {
            let case = read_case(&node, &shared, problems);
            if cases.iter().any(|other| other.name == case.name) {
                node.problem(Code::Duplicate, "a case of this name is there already", problems);
            }
            cases.push(case);
        })
    });
    if expected.is_some() {
        members.forbid(
            "cases",
            "a rulebook that does not compile decides nothing; leave out `cases` or `problems`",
            problems,
        );
    } else if read.is_none() {
        members.missing("cases", problems);
    }
    CaseFile {
        rulebook,
        warnings: warnings.flatten().unwrap_or_default(),
        problems: expected.map(Option::unwrap_or_default),
        cases,
    }
}

fn told(node: &Node<'_>, meant: bool, problems: &mut Vec<Problem>) -> Told {
    let members = node.object(&["path", "code", "because"], problems);
    let told = Told {
        path: members.required_name("path", problems),
        code: members.required_name("code", problems),
    };
    let because = members.optional("because", problems, |node, problems| {
        let text = node.text(problems).unwrap_or("?");
        if text.is_empty() {
            node.problem(Code::Empty, "say why it is meant", problems);
        }
    });
    if meant && because.is_none() {
        members.missing("because", problems);
    }
    told
}

fn read_case(node: &Node<'_>, shared: &Document, problems: &mut Vec<Problem>) -> CaseInFile {
    let members = node.object(&["name", "shows", "given", "then"], problems);
    let name = members.required_name("name", problems);
    let shows = members.optional("shows", problems, |node, problems| {
        node.text(problems).unwrap_or_default().to_owned()
    });
    let own = members.get("given");
    if let Some(node) = &own {
        check_given(node, problems);
    }
    CaseInFile {
        name,
        shows: shows.unwrap_or_default(),
        given: own.map_or_else(|| shared.clone(), |node| given(shared, node.document)),
        then: members.required("then", problems, read_then).unwrap_or_default(),
    }
}

/// Refuses members that no question has; what stands in them is checked by the engine when it is asked.
pub(super) fn check_given(node: &Node<'_>, problems: &mut Vec<Problem>) {
    let members = node.object(&["customer", "history", "more_history", "facts", "now"], problems);
    for name in ["history", "more_history"] {
        members.optional(name, problems, |node, problems| {
            node.list(problems, |_, _| ()).is_some()
        });
    }
}

/// What is given, with more given on top: objects member by member, anything else in place of what was there.
/// `more_history` adds to the history.
pub(super) fn given(given: &Document, more: &Document) -> Document {
    let Document::Object(more) = more else {
        return given.clone();
    };
    let mut given = given.clone();
    let (added, more): (Vec<_>, Vec<_>) = more.iter().partition(|(name, _)| name == "more_history");
    for (name, value) in more {
        put(&mut given, name, value);
    }
    if let (Some((_, Document::List(added))), Document::Object(members)) = (added.first(), &mut given) {
        for (name, value) in members {
            if let ("history", Document::List(history)) = (name.as_str(), value) {
                history.extend(added.iter().cloned());
            }
        }
    }
    given
}

fn put(into: &mut Document, name: &str, value: &Document) {
    let Document::Object(members) = into else { return };
    match members.iter_mut().find(|(known, _)| known == name) {
        Some((_, old @ Document::Object(_))) if matches!(value, Document::Object(_)) => {
            if let Document::Object(more) = value {
                for (name, value) in more {
                    put(old, name, value);
                }
            }
        }
        Some((_, old)) => *old = value.clone(),
        None => members.push((name.to_owned(), value.clone())),
    }
}
