//! What is wrong, where, and what to write instead.

use std::fmt;

use super::path::Path;
use crate::written::document::Document;

/// The stable code of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Code {
    /// A member that the format does not know.
    UnknownField,
    /// A required member is missing.
    MissingField,
    /// Not the kind of value that is asked for.
    BadType,
    /// The right kind, but not a value that can be.
    BadValue,
    /// A tag that the rulebook does not declare.
    UndeclaredTag,
    /// An attribute that the rulebook does not declare.
    UndeclaredAttribute,
    /// A fact that the rulebook does not declare.
    UndeclaredFact,
    /// A channel that the rulebook does not declare.
    UndeclaredChannel,
    /// A purpose that the rulebook does not declare.
    UndeclaredPurpose,
    /// A preset that the crate does not ship.
    UnknownPreset,
    /// A name used twice in its list.
    Duplicate,
    /// A list, scope or name with nothing in it.
    Empty,
    /// Not a duration, or one that is not allowed here.
    BadDuration,
    /// Not a zone of the IANA database.
    BadZone,
    /// Not a date, time or instant.
    BadDate,
    /// A window with no time in it.
    EmptyWindow,
    /// A derived tag that depends on itself.
    CyclicTag,
    /// Legal elsewhere, not here.
    NotAllowed,
    /// More than the limits allow.
    TooLarge,
    /// Nested more deeply than the limits allow.
    TooDeep,
}

impl Code {
    /// The code as it is written: `undeclared_tag`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownField => "unknown_field",
            Self::MissingField => "missing_field",
            Self::BadType => "bad_type",
            Self::BadValue => "bad_value",
            Self::UndeclaredTag => "undeclared_tag",
            Self::UndeclaredAttribute => "undeclared_attribute",
            Self::UndeclaredFact => "undeclared_fact",
            Self::UndeclaredChannel => "undeclared_channel",
            Self::UndeclaredPurpose => "undeclared_purpose",
            Self::UnknownPreset => "unknown_preset",
            Self::Duplicate => "duplicate",
            Self::Empty => "empty",
            Self::BadDuration => "bad_duration",
            Self::BadZone => "bad_zone",
            Self::BadDate => "bad_date",
            Self::EmptyWindow => "empty_window",
            Self::CyclicTag => "cyclic_tag",
            Self::NotAllowed => "not_allowed",
            Self::TooLarge => "too_large",
            Self::TooDeep => "too_deep",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something wrong at one place.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    path: String,
    code: Code,
    sentence: String,
}

impl Problem {
    pub(crate) fn new(path: &Path<'_>, code: Code, sentence: impl Into<String>) -> Self {
        Self {
            path: path.pointer(),
            code,
            sentence: sentence.into(),
        }
    }

    /// Where: a JSON pointer.
    pub fn path(&self) -> &str {
        &self.path
    }
    /// What kind.
    pub fn code(&self) -> Code {
        self.code
    }
    /// What is wrong and what to write instead.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: {}",
            printable(&self.path),
            self.code,
            printable(&self.sentence)
        )
    }
}

/// Text on one line: a name may hold line breaks, or what a terminal would obey.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() {
            shown.extend(char.escape_default());
        } else {
            shown.push(char);
        }
    }
    shown
}

/// Everything that is wrong with a rulebook; at least one problem.
///
/// Its `Debug` is its `Display`, one problem a line, so that a `main` that returns it is readable.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(.list))]
pub struct Problems {
    list: Vec<Problem>,
}

fn lines(list: &[Problem]) -> String {
    list.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

impl fmt::Debug for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Problems {
    pub(crate) fn new(list: Vec<Problem>) -> Self {
        Self { list }
    }
    /// In the order of the document that they are of.
    pub(crate) fn in_order(self, document: &Document) -> Self {
        let known = document.positions(self.list.iter().map(Problem::path));
        let positions: Vec<_> = self
            .list
            .iter()
            .map(|problem| known.get(problem.path()).copied())
            .collect();
        let mut list: Vec<_> = positions.into_iter().zip(self.list).collect();
        list.sort_by_key(|(position, _)| *position);
        Self::new(list.into_iter().map(|(_, problem)| problem).collect())
    }
    /// Each problem.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.list.iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

/// Legal, but suspicious.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Warning {
    path: String,
    code: WarningCode,
    sentence: String,
}

/// The stable code of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WarningCode {
    /// A restraining condition reads a value that may be missing, without `present` beside it.
    MayBeMissing,
    /// Two waves of a campaign overlap.
    OverlappingWaves,
    /// A campaign that the rulebook does not declare.
    UndeclaredCampaign,
    /// The look-ahead is shorter than the longest cap.
    ShortLookAhead,
    /// A mass audience with one variant.
    Undifferentiated,
}

impl WarningCode {
    /// The code as it is written: `may_be_missing`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MayBeMissing => "may_be_missing",
            Self::OverlappingWaves => "overlapping_waves",
            Self::UndeclaredCampaign => "undeclared_campaign",
            Self::ShortLookAhead => "short_look_ahead",
            Self::Undifferentiated => "undifferentiated",
        }
    }
}

impl Warning {
    pub(crate) fn new(path: &Path<'_>, code: WarningCode, sentence: impl Into<String>) -> Self {
        Self {
            path: path.pointer(),
            code,
            sentence: sentence.into(),
        }
    }
    /// Where: a JSON pointer.
    pub fn path(&self) -> &str {
        &self.path
    }
    /// What kind.
    pub fn code(&self) -> WarningCode {
        self.code
    }
    /// What is suspicious.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, sentence) = (printable(&self.path), printable(&self.sentence));
        write!(f, "{path}: {}: {sentence}", self.code.as_str())
    }
}
