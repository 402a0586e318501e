//! Writing what a house says in the form that it is read in, what is default left out.

mod campaign;
mod condition;
mod rule;
mod rulebook;

use std::collections::BTreeMap;

use super::{
    calendar::{ClockWindow, LocalDateTime, LocalTime, Weekday, Zone, weekday_word},
    condition::Literal,
    document::Document,
    duration::Duration,
};

/// Something that can be written.
pub(crate) trait AsDocument {
    /// In the form in which it is read.
    fn as_document(&self) -> Document;
}

/// The members of an object, added one by one.
#[derive(Default)]
pub(crate) struct Object {
    members: Vec<(String, Document)>,
}

impl Object {
    fn new() -> Self {
        Self::default()
    }

    /// All of them.
    fn done(self) -> Document {
        Document::Object(self.members)
    }

    /// A member.
    fn with(self, name: &str, value: impl AsDocument) -> Self {
        self.with_document(name, value.as_document())
    }

    /// A member that is written already.
    fn with_document(mut self, name: &str, value: Document) -> Self {
        self.members.push((name.to_owned(), value));
        self
    }

    /// A member that may be absent.
    fn with_some(self, name: &str, value: Option<impl AsDocument>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// A member that is left out where it has its default.
    fn unless<T: PartialEq + AsDocument>(self, name: &str, value: T, default: T) -> Self {
        if value == default {
            self
        } else {
            self.with(name, value)
        }
    }

    /// A list or an object that is left out where it is empty.
    fn unless_empty(self, name: &str, value: impl AsDocument) -> Self {
        let value = value.as_document();
        match &value {
            Document::List(items) if items.is_empty() => self,
            Document::Object(members) if members.is_empty() => self,
            _ => self.with_document(name, value),
        }
    }

    /// The ends of a daily window.
    fn with_window(self, window: ClockWindow) -> Self {
        self.unless("from", window.from, LocalTime::MIDNIGHT)
            .unless("to", window.to, LocalTime::END_OF_DAY)
    }
}

impl AsDocument for str {
    fn as_document(&self) -> Document {
        Document::Text(self.to_owned())
    }
}

impl AsDocument for String {
    fn as_document(&self) -> Document {
        Document::Text(self.clone())
    }
}

impl AsDocument for bool {
    fn as_document(&self) -> Document {
        Document::Boolean(*self)
    }
}

impl AsDocument for i64 {
    fn as_document(&self) -> Document {
        Document::Integer(*self)
    }
}

impl AsDocument for u32 {
    fn as_document(&self) -> Document {
        Document::Integer(i64::from(*self))
    }
}

impl AsDocument for u64 {
    fn as_document(&self) -> Document {
        i64::try_from(*self).map_or(Document::Unsigned(*self), Document::Integer)
    }
}

impl AsDocument for u8 {
    fn as_document(&self) -> Document {
        Document::Integer(i64::from(*self))
    }
}

impl AsDocument for i8 {
    fn as_document(&self) -> Document {
        Document::Integer(i64::from(*self))
    }
}

impl<T: AsDocument> AsDocument for Vec<T> {
    fn as_document(&self) -> Document {
        Document::List(self.iter().map(AsDocument::as_document).collect())
    }
}

impl<T: AsDocument> AsDocument for BTreeMap<String, T> {
    fn as_document(&self) -> Document {
        let members = self
            .iter()
            .map(|(name, value)| (name.clone(), value.as_document()));
        Document::Object(members.collect())
    }
}

impl<T: AsDocument + ?Sized> AsDocument for &T {
    fn as_document(&self) -> Document {
        (**self).as_document()
    }
}

impl AsDocument for Literal {
    fn as_document(&self) -> Document {
        match self {
            Literal::Boolean(value) => Document::Boolean(*value),
            Literal::Integer(value) => Document::Integer(*value),
            Literal::Number(value) => Document::Number(*value),
            Literal::Text(text) => Document::Text(text.clone()),
        }
    }
}

impl AsDocument for Duration {
    fn as_document(&self) -> Document {
        Document::Text(self.to_string())
    }
}

impl AsDocument for Zone {
    fn as_document(&self) -> Document {
        self.as_str().as_document()
    }
}

impl AsDocument for chrono_tz::Tz {
    fn as_document(&self) -> Document {
        self.name().as_document()
    }
}

impl AsDocument for LocalTime {
    fn as_document(&self) -> Document {
        Document::Text(self.to_string())
    }
}

impl AsDocument for Weekday {
    fn as_document(&self) -> Document {
        weekday_word(*self).as_document()
    }
}

impl AsDocument for chrono::NaiveDate {
    fn as_document(&self) -> Document {
        Document::Text(self.to_string())
    }
}

/// Two local date-times.
fn between(from: LocalDateTime, to: LocalDateTime) -> Document {
    Document::List(vec![
        Document::Text(from.to_string()),
        Document::Text(to.to_string()),
    ])
}

/// Serialises through [`Document`].
macro_rules! serialize_as_document {
    ($($noun:ty),+) => {
        $(impl serde::Serialize for $noun {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.as_document().serialize(serializer)
            }
        })+
    };
}

serialize_as_document!(
    super::campaign::Campaign,
    super::condition::Condition,
    super::policy::TouchPolicy,
    super::rule::Rule,
    super::rulebook::Rulebook,
    super::tag::Tag
);
