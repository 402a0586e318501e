//! Reading a document node by node, with every mistake told.
//!
//! Nothing here fails: what cannot be read leaves a problem and a placeholder, so that reading goes on and all
//! problems are reported together.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    nearest::{did_you_mean, one_of, quoted},
    path::Path,
    problem::{Code, Problem},
};
use crate::written::document::Document;

/// Stands for a name that could not be read. Later checks pass over it: its problem is already told.
pub(crate) const UNREADABLE: &str = "\u{0}";

/// What a null is as the value of a member.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// In a rulebook: a mistake. An audience that a template left null must not pass for one that was left out.
    Refused,
    /// In an input: a value that is not known.
    Missing,
}

/// Said of a name that begins as the placeholders do, which nobody can declare.
pub(crate) const NO_NAME: &str = "a name cannot begin with a NUL character; leave it out";

/// Stands for a name that is declared with a type that could not be read.
pub(crate) fn untyped(name: &str) -> String {
    format!("{UNREADABLE}{name}")
}

/// A node of a document and its place.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    /// What stands there.
    pub(crate) document: &'a Document,
    /// Where.
    pub(crate) path: Path<'a>,
    nulls: Nulls,
}

impl<'a> Node<'a> {
    /// The whole document.
    pub(crate) fn root(document: &'a Document, nulls: Nulls) -> Self {
        Self {
            document,
            path: Path::ROOT,
            nulls,
        }
    }

    /// A node that stands in this one.
    pub(crate) fn below<'b>(&self, document: &'b Document, path: Path<'b>) -> Node<'b> {
        Node {
            document,
            path,
            nulls: self.nulls,
        }
    }

    /// Notes a problem of this node.
    pub(crate) fn problem(&self, code: Code, sentence: impl Into<String>, problems: &mut Vec<Problem>) {
        problems.push(Problem::new(&self.path, code, sentence));
    }

    /// Notes that this node is not the kind of thing that was asked for.
    pub(crate) fn wrong_kind(&self, wanted: &str, problems: &mut Vec<Problem>) {
        let found = self.document.kind();
        let (code, hint) = match self.document {
            Document::TooDeep => (Code::TooDeep, ""),
            Document::Null if self.nulls == Nulls::Refused => {
                (Code::BadType, "; leave out what is not there")
            }
            _ => (Code::BadType, ""),
        };
        let sentence = format!("expected {wanted}, found {found}{hint}");
        self.problem(code, sentence, problems);
    }

    /// Text as it stands.
    pub(crate) fn text(&self, problems: &mut Vec<Problem>) -> Option<&'a str> {
        match self.document {
            Document::Text(text) => Some(text),
            _ => {
                self.wrong_kind("text", problems);
                None
            }
        }
    }

    /// A name, or [`UNREADABLE`].
    pub(crate) fn name(&self, problems: &mut Vec<Problem>) -> String {
        match self.text(problems) {
            Some(text) if text.starts_with(UNREADABLE) => {
                self.problem(Code::BadValue, NO_NAME, problems);
                UNREADABLE.to_owned()
            }
            Some(text) => text.to_owned(),
            None => UNREADABLE.to_owned(),
        }
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&self, problems: &mut Vec<Problem>) -> Option<bool> {
        match self.document {
            Document::Boolean(value) => Some(*value),
            _ => {
                self.wrong_kind("`true` or `false`", problems);
                None
            }
        }
    }

    /// A whole number.
    pub(crate) fn integer(&self, problems: &mut Vec<Problem>) -> Option<i64> {
        match self.document {
            Document::Integer(value) => Some(*value),
            Document::Unsigned(value) => {
                let sentence = format!("`{value}` is too large; write at most {}", i64::MAX);
                self.problem(Code::BadValue, sentence, problems);
                None
            }
            _ => {
                self.wrong_kind("a whole number", problems);
                None
            }
        }
    }

    /// A whole number within bounds, both included.
    pub(crate) fn integer_within<T: TryFrom<i64>>(
        &self,
        least: i64,
        most: i64,
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let value = self.integer(problems)?;
        let read = if (least..=most).contains(&value) {
            T::try_from(value).ok()
        } else {
            None
        };
        if read.is_none() {
            let sentence = format!("`{value}` is out of range; write {least} to {most}");
            self.problem(Code::BadValue, sentence, problems);
        }
        read
    }

    /// A finite number, whole or not.
    #[allow(clippy::cast_precision_loss, reason = "the nearest number is meant")]
    pub(crate) fn number(&self, problems: &mut Vec<Problem>) -> Option<f64> {
        match self.document {
            Document::Integer(value) => Some(*value as f64),
            Document::Unsigned(value) => Some(*value as f64),
            Document::Number(value) if value.is_finite() => Some(*value),
            Document::Number(_) => {
                self.problem(Code::BadValue, "a number must be finite", problems);
                None
            }
            _ => {
                self.wrong_kind("a number", problems);
                None
            }
        }
    }

    /// An instant, RFC 3339 with offset, cut to whole microseconds.
    pub(crate) fn instant(&self, problems: &mut Vec<Problem>) -> Option<DateTime<Utc>> {
        let text = self.text(problems)?;
        let instant = parse_instant(text);
        if instant.is_none() {
            let sentence = format!(
                "{} is not an instant; write it with its offset, like `2026-11-20T10:00:00+08:00`",
                quoted(text)
            );
            self.problem(Code::BadDate, sentence, problems);
        }
        instant
    }

    /// A zone of the IANA database.
    pub(crate) fn zone(&self, problems: &mut Vec<Problem>) -> Option<Tz> {
        let text = self.text(problems)?;
        let zone = text.parse::<Tz>().ok();
        if zone.is_none() {
            let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
            let mut meant = String::new();
            if suggests(problems) {
                meant = did_you_mean(text, zones);
            }
            if meant.is_empty() {
                meant.push_str("; write one like `Europe/Berlin`");
            }
            let sentence = format!("{} is not a zone of the IANA database{meant}", quoted(text));
            self.problem(Code::BadZone, sentence, problems);
        }
        zone
    }

    /// One of some words, each with what it means.
    pub(crate) fn word<T: Copy>(&self, words: &[(&str, T)], problems: &mut Vec<Problem>) -> Option<T> {
        let text = self.text(problems)?;
        let found = words
            .iter()
            .find(|(word, _)| *word == text)
            .map(|(_, meaning)| *meaning);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let sentence = format!("{} is not known here; write {}", quoted(text), one_of(&known));
            self.problem(Code::BadValue, sentence, problems);
        }
        found
    }

    /// A list, element by element; what is read must be total, so that places in the list stay what they are.
    pub(crate) fn list<T>(
        &self,
        problems: &mut Vec<Problem>,
        mut read: impl FnMut(Node<'_>, &mut Vec<Problem>) -> T,
    ) -> Option<Vec<T>> {
        let Document::List(items) = self.document else {
            self.wrong_kind("a list", problems);
            return None;
        };
        let mut list = Vec::with_capacity(items.len());
        for (index, document) in items.iter().enumerate() {
            let path = self.path.index(index);
            list.push(read(self.below(document, path), problems));
        }
        Some(list)
    }

    /// A list of names, the unreadable ones as [`UNREADABLE`].
    pub(crate) fn names(&self, problems: &mut Vec<Problem>) -> Option<Vec<String>> {
        self.list(problems, |node, problems| node.name(problems))
    }

    /// An object whose members are named freely; the first of duplicates is kept.
    pub(crate) fn entries<T>(
        &self,
        problems: &mut Vec<Problem>,
        mut read: impl FnMut(&str, Node<'_>, &mut Vec<Problem>) -> T,
    ) -> Option<BTreeMap<String, T>> {
        let Document::Object(members) = self.document else {
            self.wrong_kind("an object", problems);
            return None;
        };
        let mut entries = BTreeMap::new();
        for (name, document) in members {
            let path = self.path.member(name);
            let node = self.below(document, path);
            if name.starts_with(UNREADABLE) {
                node.problem(Code::BadValue, NO_NAME, problems);
                continue;
            }
            if entries.contains_key(name) {
                node.duplicate_member(name, problems);
                continue;
            }
            let value = read(name, node, problems);
            entries.insert(name.clone(), value);
        }
        Some(entries)
    }

    /// An object with known members. Unknown and duplicate members are told at once.
    pub(crate) fn object<'n>(&'n self, known: &'n [&'n str], problems: &mut Vec<Problem>) -> Members<'n> {
        let Document::Object(members) = self.document else {
            self.wrong_kind("an object", problems);
            return Members {
                node: self,
                members: None,
            };
        };
        let mut seen = BTreeSet::new();
        for (name, document) in members {
            let path = self.path.member(name);
            let node = self.below(document, path);
            if !known.contains(&name.as_str()) {
                let meant = did_you_mean(name, known.iter().copied());
                let sentence = if meant.is_empty() {
                    format!("{} is not known here; write {}", quoted(name), one_of(known))
                } else {
                    format!("{} is not known here{meant}", quoted(name))
                };
                node.problem(Code::UnknownField, sentence, problems);
            } else if !seen.insert(name.as_str()) {
                node.duplicate_member(name, problems);
            }
        }
        Members {
            node: self,
            members: Some(members),
        }
    }

    fn duplicate_member(&self, name: &str, problems: &mut Vec<Problem>) {
        let sentence = format!("{} is written twice; keep one", quoted(name));
        self.problem(Code::Duplicate, sentence, problems);
    }
}

/// A member as it is written.
pub(crate) struct Member<'n> {
    /// Its name.
    pub(crate) name: &'n str,
    /// Its value.
    pub(crate) node: Node<'n>,
}

/// The known members of an object; of duplicates the first counts.
pub(crate) struct Members<'n> {
    node: &'n Node<'n>,
    /// Absent when the node is no object at all, which is told once and not again for each member.
    members: Option<&'n [(String, Document)]>,
}

impl<'n> Members<'n> {
    /// The object itself.
    pub(crate) fn node(&self) -> &'n Node<'n> {
        self.node
    }

    /// A member's node, if it is there; where a null is a missing value, it is not.
    pub(crate) fn get(&self, name: &'n str) -> Option<Node<'n>> {
        let (_, document) = self.members?.iter().find(|(member, _)| member == name)?;
        let missing = self.node.nulls == Nulls::Missing && matches!(document, Document::Null);
        (!missing).then(|| self.node.below(document, self.node.path.member(name)))
    }

    /// Each member as it is written, nulls included, without the second of duplicates.
    pub(crate) fn each(&self) -> impl Iterator<Item = Member<'n>> + use<'n> {
        let mut seen = BTreeSet::new();
        let node = self.node;
        self.members
            .unwrap_or_default()
            .iter()
            .filter(move |(name, _)| seen.insert(name.as_str()))
            .map(move |(name, document)| Member {
                name,
                node: node.below(document, node.path.member(name)),
            })
    }

    /// Whether a member is there, as [`Members::get`] says.
    pub(crate) fn has(&self, name: &'n str) -> bool {
        self.get(name).is_some()
    }

    /// Reads a member if it is there.
    pub(crate) fn optional<T>(
        &self,
        name: &'n str,
        problems: &mut Vec<Problem>,
        read: impl FnOnce(Node<'_>, &mut Vec<Problem>) -> T,
    ) -> Option<T> {
        self.get(name).map(|node| read(node, problems))
    }

    /// Reads a member; if it is not there, notes a problem of the object.
    pub(crate) fn required<T>(
        &self,
        name: &'n str,
        problems: &mut Vec<Problem>,
        read: impl FnOnce(Node<'_>, &mut Vec<Problem>) -> T,
    ) -> Option<T> {
        let found = self.optional(name, problems, read);
        if found.is_none() {
            self.missing(name, problems);
        }
        found
    }

    /// Reads a required name, or leaves [`UNREADABLE`].
    pub(crate) fn required_name(&self, name: &'n str, problems: &mut Vec<Problem>) -> String {
        self.required(name, problems, |node, problems| node.name(problems))
            .unwrap_or_else(|| UNREADABLE.to_owned())
    }

    /// Notes that a member is missing.
    pub(crate) fn missing(&self, name: &str, problems: &mut Vec<Problem>) {
        if self.members.is_some() {
            self.node
                .problem(Code::MissingField, format!("`{name}` is missing"), problems);
        }
    }

    /// Notes that a member may not stand here, if it does.
    pub(crate) fn forbid(&self, name: &'n str, why: &str, problems: &mut Vec<Problem>) {
        if let Some(node) = self.get(name) {
            node.problem(Code::NotAllowed, why, problems);
        }
    }
}

/// Whether the next problem still looks for what was meant. It is not cheap, and nobody reads the thousandth.
pub(crate) fn suggests(problems: &[Problem]) -> bool {
    problems.len() < 1_000
}

/// An instant, RFC 3339 with offset, cut to whole microseconds.
pub(crate) fn parse_instant(text: &str) -> Option<DateTime<Utc>> {
    let instant = DateTime::parse_from_rfc3339(text).ok()?;
    // Through microseconds: finer digits are cut off, and a leap second is the second after it.
    DateTime::from_timestamp_micros(instant.timestamp_micros())
}
