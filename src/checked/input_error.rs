//! What is wrong with an input, and where.

use std::collections::BTreeMap;

use super::problem::Problem;
use crate::written::document::Document;

/// What is wrong with a customer, a history, facts or a time: the first mistake in document order.
///
/// ```
/// use tactful::Customer;
///
/// let error = serde_json::from_str::<Customer>(r#"{"id": "c-001", "tags": [], "time_zone": "Asia/Shanghei"}"#)
///     .unwrap_err();
/// assert!(error.to_string().starts_with(
///     "/time_zone: `Asia/Shanghei` is not a zone of the IANA database; did you mean `Asia/Shanghai`?"
/// ));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[error("{}{message}", prefix(.path))]
pub struct InputError {
    path: String,
    message: String,
}

fn prefix(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!("{path}: ")
    }
}

impl InputError {
    /// Where: a JSON pointer such as `/customer/attributes/age`. A missing member is told of its object.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong and what to write instead.
    pub fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
        }
    }

    /// The problem that stands first in the document; of several at one place, the first found.
    pub(crate) fn first_in(document: &Document, problems: &[Problem]) -> Option<Self> {
        let mut by_path = BTreeMap::new();
        for problem in problems {
            by_path.entry(problem.path()).or_insert(problem);
        }
        if by_path.is_empty() {
            return None;
        }
        // One walk, whatever the number of problems: a document of nothing but mistakes costs no more than another.
        first(document, &mut String::new(), &by_path)
            .or_else(|| problems.first())
            .map(Self::from)
    }
}

impl From<&Problem> for InputError {
    fn from(problem: &Problem) -> Self {
        Self::new(problem.path(), problem.sentence())
    }
}

/// The problem of the first node in document order that has one. The depth is that of a document, which is limited.
fn first<'p>(
    document: &Document,
    pointer: &mut String,
    by_path: &BTreeMap<&str, &'p Problem>,
) -> Option<&'p Problem> {
    if let Some(problem) = by_path.get(pointer.as_str()) {
        return Some(problem);
    }
    let length = pointer.len();
    let mut below = |step: &str, document: &Document| {
        pointer.push('/');
        pointer.push_str(step);
        let found = first(document, pointer, by_path);
        pointer.truncate(length);
        found
    };
    match document {
        Document::List(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| below(&index.to_string(), item)),
        Document::Object(members) => members
            .iter()
            .find_map(|(name, member)| below(&name.replace('~', "~0").replace('/', "~1"), member)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checked::{path::Path, problem::Code};

    #[test]
    fn the_first_in_the_document_is_told() {
        let document: Document = serde_json::from_str(r#"{"b": [1, {"x/y": 2}], "a": 3}"#).unwrap();
        let b = Path::ROOT.member("b");
        let second = b.index(1);
        let problems = [
            Problem::new(&Path::ROOT.member("a"), Code::BadType, "of a"),
            Problem::new(&second.member("x/y"), Code::BadType, "of x/y"),
            Problem::new(&second.member("x/y"), Code::BadType, "of x/y again"),
        ];
        let error = InputError::first_in(&document, &problems).unwrap();
        assert_eq!((error.path(), error.message()), ("/b/1/x~1y", "of x/y"));
        assert_eq!(
            InputError::first_in(&document, &problems[..1]).unwrap().path(),
            "/a"
        );
        assert_eq!(InputError::first_in(&document, &[]), None);
        let whole = Problem::new(&Path::ROOT, Code::MissingField, "`now` is missing");
        let error = InputError::first_in(&document, &[problems[0].clone(), whole]).unwrap();
        assert_eq!(error.to_string(), "`now` is missing");
        assert_eq!(InputError::from(&problems[0]).to_string(), "/a: of a");
    }
}
