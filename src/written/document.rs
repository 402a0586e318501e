//! Any document that a serde format can say of itself, kept as it came: order and duplicate keys included.
//!
//! Reading goes through this tree rather than through derived deserialisers, so that every mistake of a document can
//! be told at once, each with its path, whatever the format.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};

/// How many lists and objects may stand inside each other.
///
/// Not every format limits this itself, and the tree is walked by recursion.
pub(crate) const MOST_NESTED: usize = 128;

/// Any document, with the order of its members and their duplicates.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Document {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number of 64 bits.
    Integer(i64),
    /// A whole number beyond the greatest [`Document::Integer`].
    Unsigned(u64),
    /// Any other number.
    Number(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Document>),
    /// Members by name.
    Object(Vec<(String, Document)>),
}

impl Document {
    /// What kind of thing it is, for sentences.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) | Self::Unsigned(_) => "a whole number",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// Where in document order the node stands that a JSON pointer names, or the last node on the way to it that
    /// exists: the root is 0, and a list or an object comes before what it holds.
    pub(crate) fn position(&self, pointer: &str) -> usize {
        let mut node = self;
        let mut position = 0_usize;
        for step in pointer.split('/').skip(1) {
            let mut before = 1_usize;
            let mut next = None;
            match node {
                Self::List(items) => {
                    let wanted = step.parse::<usize>().ok();
                    for (index, item) in items.iter().enumerate() {
                        if Some(index) == wanted {
                            next = Some(item);
                            break;
                        }
                        before = before.saturating_add(item.size());
                    }
                }
                Self::Object(members) => {
                    let wanted = step.replace("~1", "/").replace("~0", "~");
                    for (name, member) in members {
                        if *name == wanted {
                            next = Some(member);
                            break;
                        }
                        before = before.saturating_add(member.size());
                    }
                }
                _ => {}
            }
            match next {
                Some(found) => {
                    node = found;
                    position = position.saturating_add(before);
                }
                None => break,
            }
        }
        position
    }

    /// How many nodes it is made of.
    fn size(&self) -> usize {
        match self {
            Self::List(items) => items.iter().fold(1, |sum, item| sum.saturating_add(item.size())),
            Self::Object(members) => members
                .iter()
                .fold(1, |sum, (_, item)| sum.saturating_add(item.size())),
            _ => 1,
        }
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Nested { left: MOST_NESTED }.deserialize(deserializer)
    }
}

/// Reads one node, with so many levels left below it.
#[derive(Clone, Copy)]
struct Nested {
    left: usize,
}

impl Nested {
    fn below<E: Error>(self) -> Result<Self, E> {
        match self.left.checked_sub(1) {
            Some(left) => Ok(Self { left }),
            None => Err(E::custom(format_args!(
                "nested more than {MOST_NESTED} levels deep"
            ))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Document;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a boolean, a number, text, a list or an object")
    }

    fn visit_unit<E: Error>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document, D::Error> {
        self.below()?.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document, D::Error> {
        self.below()?.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Document, E> {
        Ok(Document::Boolean(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Document, E> {
        Ok(Document::Integer(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Document, E> {
        Ok(i64::try_from(value).map_or(Document::Unsigned(value), Document::Integer))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Document, E> {
        Ok(Document::Number(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Document, E> {
        Ok(Document::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Document, E> {
        Ok(Document::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Document, A::Error> {
        let below = self.below()?;
        // The length that a format announces is not trusted: nothing is allocated ahead.
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(below)? {
            list.push(item);
        }
        Ok(Document::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Document, A::Error> {
        let below = self.below()?;
        let mut object = Vec::new();
        while let Some(name) = members.next_key_seed(MemberName)? {
            object.push((name, members.next_value_seed(below)?));
        }
        Ok(Document::Object(object))
    }
}

/// Reads the name of a member: text, and nothing else.
struct MemberName;

impl<'de> DeserializeSeed<'de> for MemberName {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for MemberName {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text as the name of a member")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        Ok(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<String, E> {
        Ok(value)
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, member) in members {
                    map.serialize_entry(name, member)?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Document {
        serde_json::from_str(text).expect("a document")
    }

    #[test]
    fn keeps_order_and_duplicates() {
        let text = r#"{"b":1,"a":[null,true,-2,18446744073709551615,1.5,"x"],"b":{}}"#;
        let document = read(text);
        assert_eq!(serde_json::to_string(&document).expect("text"), text);
    }

    #[test]
    fn stops_at_its_own_depth() {
        // A format without a limit of its own: serde's value deserialisers, nested by hand.
        struct Endless;
        impl<'de> Deserializer<'de> for Endless {
            type Error = serde::de::value::Error;
            fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
                visitor.visit_some(Endless)
            }
            serde::forward_to_deserialize_any! {
                bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
                unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
            }
        }
        let error = Document::deserialize(Endless).expect_err("too deep");
        assert_eq!(error.to_string(), "nested more than 128 levels deep");
    }

    #[test]
    fn refuses_member_names_that_are_not_text() {
        use serde::de::{IntoDeserializer, value::MapDeserializer};
        let members = [(1_u32, 2_u32)];
        let map: MapDeserializer<'_, _, serde::de::value::Error> = MapDeserializer::new(members.into_iter());
        let error = Document::deserialize(map.into_deserializer()).expect_err("a number");
        assert!(
            error.to_string().contains("text as the name of a member"),
            "{error}"
        );
    }

    #[test]
    fn positions_are_in_document_order() {
        let document = read(r#"{"a":[1,{"x":2}],"b/c":3,"d":4}"#);
        let pointers = ["", "/a", "/a/0", "/a/1", "/a/1/x", "/b~1c", "/d"];
        for (position, pointer) in pointers.into_iter().enumerate() {
            assert_eq!(document.position(pointer), position, "{pointer}");
        }
        assert_eq!(document.position("/a/1/missing"), 3);
        assert_eq!(document.position("/a/7"), 1);
        assert_eq!(document.position("/missing/deep"), 0);
    }
}
