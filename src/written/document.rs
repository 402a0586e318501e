//! Any document that a serde format can say of itself, kept as it came: order and duplicate keys included.
//!
//! Reading goes through this tree rather than through derived deserialisers, so that every mistake of a document can
//! be told at once, each with its path, whatever the format.

use std::{collections::BTreeMap, fmt};

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
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Document {
    /// Nothing.
    #[default]
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
    /// A list or an object that stands too deep inside others. What it holds is not kept.
    TooDeep,
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
            Self::TooDeep => "something nested too deeply",
        }
    }

    /// The first member of a name, if this is an object that has one.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members
            .iter()
            .find(|(member, _)| member == name)
            .map(|(_, value)| value)
    }

    /// Where in document order the nodes stand that JSON pointers name, each or the last node on the way to it that
    /// exists: the root is 0, and a list or an object comes before what it holds. One walk, however many they are.
    pub(crate) fn positions<'p>(&self, pointers: impl Iterator<Item = &'p str>) -> BTreeMap<&'p str, usize> {
        let mut known: BTreeMap<&str, Option<usize>> = BTreeMap::from([("", None)]);
        let pointers: Vec<&str> = pointers.collect();
        for &pointer in &pointers {
            known.extend(prefixes(pointer).map(|prefix| (prefix, None)));
        }
        self.walk(&mut String::new(), &mut 0, &mut known);
        let found = |pointer| prefixes(pointer).find_map(|prefix| known.get(prefix).copied().flatten());
        pointers
            .into_iter()
            .map(|pointer| (pointer, found(pointer).unwrap_or(0)))
            .collect()
    }

    /// Counts the nodes, and notes where those that are asked for stand; of duplicates the first.
    fn walk(&self, pointer: &mut String, count: &mut usize, known: &mut BTreeMap<&str, Option<usize>>) {
        if let Some(position) = known.get_mut(pointer.as_str()) {
            position.get_or_insert(*count);
        }
        *count = count.saturating_add(1);
        let length = pointer.len();
        let mut below = |step: &str, document: &Self| {
            pointer.push('/');
            pointer.push_str(step);
            document.walk(pointer, count, known);
            pointer.truncate(length);
        };
        match self {
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    below(&index.to_string(), item);
                }
            }
            Self::Object(members) => {
                for (name, member) in members {
                    below(&name.replace('~', "~0").replace('/', "~1"), member);
                }
            }
            _ => {}
        }
    }
}

/// A pointer and those of what it is in, the longest first.
fn prefixes(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |pointer| {
        pointer.rsplit_once('/').map(|(parent, _)| parent)
    })
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
    fn below(self) -> Option<Self> {
        self.left.checked_sub(1).map(|left| Self { left })
    }

    fn wrapped<E: Error>(self) -> Result<Self, E> {
        self.below().ok_or_else(|| E::custom(TOO_DEEP))
    }
}

const TOO_DEEP: &str = "nested too deeply to be read at all";

/// Passes over what is nested too deeply to be kept, so that what comes after it is read. Formats that pass over a value
/// by recursion are stopped after as many levels again.
#[derive(Clone, Copy)]
struct PassedOver {
    left: usize,
}

impl PassedOver {
    fn below<E: Error>(self) -> Result<Self, E> {
        let left = self.left.checked_sub(1);
        left.map(|left| Self { left }).ok_or_else(|| E::custom(TOO_DEEP))
    }
}

impl<'de> DeserializeSeed<'de> for PassedOver {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_ignored_any(self)
    }
}

impl<'de> Visitor<'de> for PassedOver {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.below()?.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.below()?.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_bytes<E: Error>(self, _: &[u8]) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let below = self.below()?;
        while items.next_element_seed(below)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let below = self.below()?;
        while members.next_key_seed(below)?.is_some() {
            members.next_value_seed(below)?;
        }
        Ok(())
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
        self.wrapped()?.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document, D::Error> {
        self.wrapped()?.deserialize(deserializer)
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

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Document, A::Error> {
        let Some(below) = self.below() else {
            PassedOver { left: MOST_NESTED }.visit_seq(items)?;
            return Ok(Document::TooDeep);
        };
        let mut items = items;
        // The length that a format announces is not trusted: nothing is allocated ahead.
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(below)? {
            list.push(item);
        }
        Ok(Document::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Document, A::Error> {
        let Some(below) = self.below() else {
            PassedOver { left: MOST_NESTED }.visit_map(members)?;
            return Ok(Document::TooDeep);
        };
        let mut members = members;
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
            Self::Null | Self::TooDeep => serializer.serialize_unit(),
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
    fn numbers_of_many_digits_are_read_as_they_are_written() {
        let read_once = read("10444444444444444444444444444444444444444444");
        assert_eq!(read(&serde_json::to_string(&read_once).expect("text")), read_once);
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
        assert_eq!(error.to_string(), TOO_DEEP);
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
        let positions = document.positions(pointers.into_iter());
        for (position, pointer) in pointers.into_iter().enumerate() {
            assert_eq!(positions[pointer], position, "{pointer}");
        }
        let positions = document.positions(["/a/1/missing", "/a/7", "/missing/deep"].into_iter());
        assert_eq!(positions["/a/1/missing"], 3);
        assert_eq!(positions["/a/7"], 1);
        assert_eq!(positions["/missing/deep"], 0);
    }
}
