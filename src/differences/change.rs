//! What is written differently.

use std::fmt;

use serde::Serialize;

use crate::written::document::Document;

/// Something that two rulebooks say differently.
///
/// Its `Display` is one line: what it does, of what, and each change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    pub(super) of: String,
    pub(super) effect: Effect,
    pub(super) is_added: bool,
    pub(super) is_removed: bool,
    pub(super) changes: Vec<Change>,
}

/// What a difference does to what may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Less may be sent than before, or the same.
    Tightens,
    /// More may be sent than before, or the same.
    Loosens,
    /// More or less, or both: it cannot be told from what is written.
    Shifts,
}

/// One value that changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    pub(super) path: String,
    pub(super) was: Option<Document>,
    pub(super) is: Option<Document>,
}

impl Difference {
    /// Of what: such as ``rule `house/few` ``.
    pub fn of(&self) -> &str {
        &self.of
    }

    /// What it does to what may be sent, by itself: the rest of the rulebooks may do the contrary.
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// Whether it is new.
    pub fn is_added(&self) -> bool {
        self.is_added
    }

    /// Whether it is gone.
    pub fn is_removed(&self) -> bool {
        self.is_removed
    }

    /// What changed in it; nothing of what is new or gone.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }
}

impl Change {
    /// Where: a JSON pointer below that of which it is.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was written, if anything.
    pub fn was(&self) -> Option<&Document> {
        self.was.as_ref()
    }

    /// What is written, if anything.
    pub fn is(&self) -> Option<&Document> {
        self.is.as_ref()
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tightens => "tighter",
            Self::Loosens => "looser",
            Self::Shifts => "otherwise",
        })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.effect, self.of)?;
        if self.is_added {
            f.write_str(" is new")?;
        }
        if self.is_removed {
            f.write_str(" is gone")?;
        }
        for (number, change) in self.changes.iter().enumerate() {
            f.write_str(if number == 0 { ": " } else { "; " })?;
            change.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() {
            "it"
        } else {
            &format!("`{}`", self.path)
        };
        match (&self.was, &self.is) {
            (Some(was), Some(is)) => write!(f, "{path} was {}, is {}", was.shown(), is.shown()),
            (None, Some(is)) => write!(f, "{path} is now {}", is.shown()),
            (Some(was), None) => write!(f, "{path} was {}, and is gone", was.shown()),
            (None, None) => write!(f, "{path} is the same"),
        }
    }
}

/// Everything that differs between two documents, at the deepest places; lists of names as a whole.
pub(super) fn changes(path: &str, was: Option<&Document>, is: Option<&Document>, found: &mut Vec<Change>) {
    if was == is {
        return;
    }
    match (was, is) {
        (Some(Document::Object(old)), Some(Document::Object(new))) => {
            let added = new
                .iter()
                .filter(|(name, _)| !old.iter().any(|(known, _)| known == name));
            for (name, _) in old.iter().chain(added) {
                let path = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                changes(
                    &path,
                    was.and_then(|was| was.member(name)),
                    is.and_then(|is| is.member(name)),
                    found,
                );
            }
        }
        (Some(Document::List(old)), Some(Document::List(new)))
            if old.len() == new.len() && old.iter().any(|item| matches!(item, Document::Object(_))) =>
        {
            for (number, (was, is)) in old.iter().zip(new).enumerate() {
                changes(&format!("{path}/{number}"), Some(was), Some(is), found);
            }
        }
        _ => found.push(Change {
            path: path.to_owned(),
            was: was.cloned(),
            is: is.cloned(),
        }),
    }
}
