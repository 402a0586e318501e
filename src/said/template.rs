//! Templates: text with placeholders, and parts that show only when they have something to say.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A sentence with holes.
///
/// - `{name}` is a placeholder.
/// - `[…]` is a part that shows only when every placeholder inside it has a value; `[…|…]` shows the first of its
///   alternatives for which that holds.
/// - A backslash takes the character after it as it is: `\{ \} \[ \] \| \\`.
///
/// Parts do not nest. What is wrong with a template is told when a [`Language`](crate::Language) is made of it.
///
/// ```
/// use tactful::Template;
///
/// let template = Template::from("{campaign} waits[ until {time}| for now].");
/// assert_eq!(template.as_str(), "{campaign} waits[ until {time}| for now].");
/// ```
#[derive(Debug, Clone)]
pub struct Template {
    source: String,
    pieces: Vec<Piece>,
    fault: Option<String>,
}

#[derive(Debug, Clone)]
enum Piece {
    Words(Words),
    /// Alternatives, the first complete one shows.
    Part(Vec<Words>),
}

/// Text and placeholders, in order.
type Words = Vec<Word>;

#[derive(Debug, Clone)]
enum Word {
    Text(String),
    Placeholder(String),
}

/// A placeholder that a template may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    pub(crate) name: &'static str,
    /// Always has a value, so that it may stand outside of a part.
    pub(crate) always: bool,
}

impl Template {
    /// The template as it is written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Fills in the values. What has none is left out, and so is the part around it.
    pub(crate) fn fill(&self, values: &Values<'_>) -> String {
        let mut text = String::with_capacity(self.source.len());
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => values.write(words, &mut text),
                Piece::Part(alternatives) => {
                    if let Some(words) = alternatives.iter().find(|words| values.complete(words)) {
                        values.write(words, &mut text);
                    }
                }
            }
        }
        text
    }

    /// What is wrong with the template where these placeholders are at hand.
    pub(crate) fn check(&self, slots: &[Slot]) -> Result<(), String> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => {
                    for name in placeholders(words) {
                        if !slot(name, slots)?.always {
                            return Err(format!(
                                "`{{{name}}}` can be missing; put it and the words that belong to it in `[…]`"
                            ));
                        }
                    }
                }
                Piece::Part(alternatives) => {
                    for name in alternatives.iter().flat_map(placeholders) {
                        slot(name, slots)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn placeholders(words: &Words) -> impl Iterator<Item = &str> {
    words.iter().filter_map(|word| match word {
        Word::Placeholder(name) => Some(name.as_str()),
        Word::Text(_) => None,
    })
}

fn slot(name: &str, slots: &[Slot]) -> Result<Slot, String> {
    slots
        .iter()
        .find(|slot| slot.name == name)
        .copied()
        .ok_or_else(|| {
            let known = slots
                .iter()
                .map(|slot| format!("`{{{}}}`", slot.name))
                .collect::<Vec<_>>()
                .join(", ");
            if known.is_empty() {
                format!("`{{{name}}}` cannot be used here; write plain words")
            } else {
                format!("`{{{name}}}` cannot be used here; write one of {known}")
            }
        })
}

/// The values of a template's placeholders.
#[derive(Debug, Default)]
pub(crate) struct Values<'a> {
    list: Vec<(&'static str, std::borrow::Cow<'a, str>)>,
}

impl<'a> Values<'a> {
    /// With one more value.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<std::borrow::Cow<'a, str>>) -> Self {
        self.list.push((name, value.into()));
        self
    }

    /// With one more value, if there is one.
    pub(crate) fn maybe(
        self,
        name: &'static str,
        value: Option<impl Into<std::borrow::Cow<'a, str>>>,
    ) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.list
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_ref())
    }

    fn complete(&self, words: &Words) -> bool {
        placeholders(words).all(|name| self.get(name).is_some())
    }

    fn write(&self, words: &Words, text: &mut String) {
        for word in words {
            match word {
                Word::Text(plain) => text.push_str(plain),
                Word::Placeholder(name) => text.push_str(self.get(name).unwrap_or_default()),
            }
        }
    }
}

/// Reads on even after a fault, so that making a template cannot fail; [`Template::check`] tells the first.
struct Parser {
    pieces: Vec<Piece>,
    /// The alternatives of the open part that are complete.
    part: Option<Vec<Words>>,
    words: Words,
    text: String,
    fault: Option<String>,
}

impl Parser {
    fn parse(source: &str) -> Self {
        let mut parser = Self {
            pieces: Vec::new(),
            part: None,
            words: Vec::new(),
            text: String::new(),
            fault: None,
        };
        let mut characters = source.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some(escaped) => parser.text.push(escaped),
                    None => {
                        parser.blame("a backslash at the end takes nothing; write `\\\\` for a backslash")
                    }
                },
                '{' => {
                    let mut name = String::new();
                    let closed = loop {
                        match characters.next() {
                            Some('}') => break true,
                            Some(letter) => name.push(letter),
                            None => break false,
                        }
                    };
                    if !closed {
                        parser.blame("`{` is not closed; write `}` after the name, or `\\{` for a brace");
                    }
                    parser.end_text();
                    parser.words.push(Word::Placeholder(name));
                }
                '}' => parser.blame("`}` closes nothing; write `\\}` for a brace"),
                '[' if parser.part.is_some() => {
                    parser.blame("`[` cannot stand inside of `[…]`; write `\\[` for a bracket")
                }
                '[' => {
                    parser.end_words();
                    parser.part = Some(Vec::new());
                }
                ']' if parser.part.is_none() => parser.blame("`]` closes nothing; write `\\]` for a bracket"),
                '|' if parser.part.is_some() => parser.end_words(),
                ']' => {
                    parser.end_words();
                    if let Some(alternatives) = parser.part.take() {
                        parser.pieces.push(Piece::Part(alternatives));
                    }
                }
                plain => parser.text.push(plain),
            }
        }
        if parser.part.is_some() {
            parser.blame("`[` is not closed; write `]` after the part, or `\\[` for a bracket");
        }
        parser.end_words();
        parser
    }

    fn blame(&mut self, fault: &str) {
        self.fault.get_or_insert_with(|| fault.to_owned());
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            self.words.push(Word::Text(std::mem::take(&mut self.text)));
        }
    }

    fn end_words(&mut self) {
        self.end_text();
        let words = std::mem::take(&mut self.words);
        match &mut self.part {
            Some(alternatives) => alternatives.push(words),
            None => self.pieces.push(Piece::Words(words)),
        }
    }
}

impl From<&str> for Template {
    fn from(source: &str) -> Self {
        Self::from(source.to_owned())
    }
}

impl From<String> for Template {
    fn from(source: String) -> Self {
        let Parser { pieces, fault, .. } = Parser::parse(&source);
        Self {
            source,
            pieces,
            fault,
        }
    }
}

// INVARIANT: pieces and fault follow from the source, so the source alone tells templates apart.
impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Template {}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.source)
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SLOTS: &[Slot] = &[
        Slot {
            name: "who",
            always: true,
        },
        Slot {
            name: "time",
            always: false,
        },
    ];

    fn fill(template: &str, time: Option<&str>) -> String {
        Template::from(template).fill(&Values::default().with("who", "a {time} [b]").maybe("time", time))
    }

    fn fault(template: &str) -> Option<String> {
        Template::from(template).check(SLOTS).err()
    }

    #[test]
    fn parts_show_only_when_complete() {
        assert_eq!(fill("x[ until {time}].", Some("noon")), "x until noon.");
        assert_eq!(fill("x[ until {time}].", None), "x.");
        assert_eq!(
            fill("x[ until {time}| now|never].", Some("noon")),
            "x until noon."
        );
        assert_eq!(fill("x[ until {time}| now|never].", None), "x now.");
        assert_eq!(fill("[]x[|{time}]", None), "x");
    }

    #[test]
    fn values_are_not_read_as_templates() {
        assert_eq!(fill("{who}!", Some("noon")), "a {time} [b]!");
    }

    #[test]
    fn a_backslash_takes_the_next_character_as_it_is() {
        assert_eq!(
            fill(r"\{who\} \[{who}\] a|b \| \\", None),
            r"{who} [a {time} [b]] a|b | \"
        );
        assert_eq!(fault(r"\{\}\[\]\|\\"), None);
    }

    #[test]
    fn faults_say_what_to_write() {
        let cases = [
            (
                "{whom}",
                "`{whom}` cannot be used here; write one of `{who}`, `{time}`",
            ),
            ("[{}]", "`{}` cannot be used here; write one of `{who}`, `{time}`"),
            (
                "until {time}",
                "`{time}` can be missing; put it and the words that belong to it in `[…]`",
            ),
            (
                "{who",
                "`{` is not closed; write `}` after the name, or `\\{` for a brace",
            ),
            ("who}", "`}` closes nothing; write `\\}` for a brace"),
            (
                "[a",
                "`[` is not closed; write `]` after the part, or `\\[` for a bracket",
            ),
            ("a]", "`]` closes nothing; write `\\]` for a bracket"),
            (
                "[a[b]]",
                "`[` cannot stand inside of `[…]`; write `\\[` for a bracket",
            ),
            (
                "a\\",
                "a backslash at the end takes nothing; write `\\\\` for a backslash",
            ),
        ];
        for (template, expected) in cases {
            assert_eq!(fault(template).as_deref(), Some(expected), "{template}");
        }
        assert_eq!(fault("{who}[ {time}]"), None);
        assert_eq!(
            Template::from("{who}").check(&[]).err().as_deref(),
            Some("`{who}` cannot be used here; write plain words")
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in r"[a{}\[\]|\\é]{0,20}") {
            let template = Template::from(text.as_str());
            let _ = template.check(SLOTS);
            let _ = template.fill(&Values::default());
        }

        #[test]
        fn text_with_backslashes_reads_back(text in r"[a{}\[\]|\\é]{0,20}") {
            let escaped: String = text.chars().flat_map(|character| ['\\', character]).collect();
            prop_assert_eq!(Template::from(escaped).fill(&Values::default()), text);
        }
    }
}
