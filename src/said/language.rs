//! Languages: all the words, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    chinese, english,
    template::{Slot, Template},
    what_if::WhatIfTemplates,
};
use crate::asked::decision::ReasonCode;

/// The words in which decisions are said: English, Chinese, or a host's own.
///
/// A language is data. Take the [templates](Language::templates) of one, translate them, and make a language of them
/// again, in Rust or from any serde format.
///
/// ```
/// use tactful::Language;
///
/// let mut templates = Language::english().templates().clone();
/// templates.name = "en-GB-formal".to_owned();
/// templates.nothing_planned = "We have no plans to write to {customer}.".into();
/// let formal = Language::new(templates)?;
/// assert_eq!(formal.name(), "en-GB-formal");
///
/// let mut templates = formal.templates().clone();
/// templates.nothing_planned = "We have no plans to write to {costumer}.".into();
/// let error = Language::new(templates).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "/nothing_planned: `{costumer}` cannot be used here; write one of `{customer}`",
/// );
/// # Ok::<(), tactful::LanguageError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Templates", into = "Templates")]
pub struct Language {
    // INVARIANT: every template passes its check.
    templates: Templates,
}

impl Language {
    /// A language of these templates, if each of them can be read and uses only the placeholders it can have.
    pub fn new(templates: Templates) -> Result<Self, LanguageError> {
        templates.check()?;
        Ok(Self { templates })
    }

    /// English.
    pub fn english() -> Self {
        Self {
            templates: english::templates(),
        }
    }

    /// Chinese in simplified characters, 简体中文.
    pub fn chinese() -> Self {
        Self {
            templates: chinese::templates(),
        }
    }

    /// The language's name: `en`, `zh-Hans`, or what the host calls its own.
    pub fn name(&self) -> &str {
        &self.templates.name
    }

    /// All its words.
    pub fn templates(&self) -> &Templates {
        &self.templates
    }
}

impl TryFrom<Templates> for Language {
    type Error = LanguageError;

    fn try_from(templates: Templates) -> Result<Self, LanguageError> {
        Self::new(templates)
    }
}

impl From<Language> for Templates {
    fn from(language: Language) -> Self {
        language.templates
    }
}

/// All the words of a language.
///
/// A placeholder marked with `?` has no value at times and stands inside a `[…]` (see [`Template`]). The placeholders
/// of a touch are `{customer} {campaign} {option} {channel} {sender}? {variant} {arm}? {content}? {purpose}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Templates {
    /// What the language is called: `en`.
    pub name: String,
    /// The touch goes now. Those of a touch, and `{time}`.
    pub send: Template,
    /// The touch goes later. Those of a touch, and `{time}`.
    pub wait: Template,
    /// There is nothing to send. `{customer} {time}?`: when to ask again.
    pub refrain: Template,
    /// One planned touch of an agenda. Those of a touch, and `{time}`.
    pub planned: Template,
    /// An agenda with no touches. `{customer}`.
    pub nothing_planned: Template,
    /// A touch that is held out. Those of a touch, `{rules}` and `{time}?` (absent when it is now).
    pub held_out: Template,
    /// What a rule that only watches would have refused. Those of a reason's sentence.
    pub observed: Template,
    /// How a campaign is named: the `{campaign}` of the other templates. `{campaign} {occurrence}?`; the occurrence
    /// is absent where it is `always` or `once`.
    pub campaign: Template,
    /// How an option is named: the `{option}` of the other templates. `{channel} {sender}?`.
    pub option: Template,
    /// How a missing value is named, in the `{missing}` of the other templates. `{name}`.
    pub missing_name: Template,
    /// What stands between the names of a list.
    pub list: ListWords,
    /// How an instant is written: the `{time}` of the other templates. `{weekday} {day} {month} {year} {clock}
    /// {offset}?`; the offset from UTC has a value only where the wall clock shows the same time twice.
    pub time: Template,
    /// January to December.
    pub months: [String; 12],
    /// Monday to Sunday.
    pub weekdays: [String; 7],
    /// What follows the sentence of an explained reason: `{values}`.
    pub values: Template,
    /// One of the values that a condition read. `{name} {of}? {value}?`.
    pub value: Template,
    /// What would have to be otherwise. English where a language does not say it.
    #[serde(default)]
    pub what_if: WhatIfTemplates,
    /// The reasons, by code.
    pub reasons: BTreeMap<ReasonCode, ReasonTemplates>,
    /// For codes that have none of their own; a later version of this crate may add codes.
    pub other_reason: ReasonTemplates,
}

/// The words of one reason code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonTemplates {
    /// A few words, for labels: the `{label}` of other templates. Plain words.
    pub label: Template,
    /// The sentence. `{campaign} {option}? {channel}? {sender}? {rule}? {time}? {missing}? {label} {detail} {used}?
    /// {at_most}?`: `{time}` is when it frees, `{used}` and `{at_most}` are of a cap.
    pub sentence: Template,
}

/// What stands between the names of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListWords {
    /// Between two names that are not the last two: a comma.
    pub between: String,
    /// Between the last two: `and`.
    pub last: String,
}

impl ListWords {
    /// The names as one text; none for no names.
    pub(crate) fn join(&self, names: &[String]) -> Option<String> {
        let (last, others) = names.split_last()?;
        if others.is_empty() {
            return Some(last.clone());
        }
        Some(format!("{}{}{last}", others.join(&self.between), self.last))
    }
}

impl Templates {
    /// The words for a code.
    pub(crate) fn reason(&self, code: ReasonCode) -> &ReasonTemplates {
        self.reasons.get(&code).unwrap_or(&self.other_reason)
    }

    fn check(&self) -> Result<(), LanguageError> {
        const TIME: &[&[Slot]] = &[TOUCH, &[always("time")]];
        let single: [(&str, &Template, &[&[Slot]]); 13] = [
            ("/send", &self.send, TIME),
            ("/wait", &self.wait, TIME),
            ("/refrain", &self.refrain, &[&[always("customer"), maybe("time")]]),
            ("/planned", &self.planned, TIME),
            (
                "/nothing_planned",
                &self.nothing_planned,
                &[&[always("customer")]],
            ),
            (
                "/held_out",
                &self.held_out,
                &[TOUCH, &[always("rules"), maybe("time")]],
            ),
            ("/observed", &self.observed, &[REASON]),
            (
                "/campaign",
                &self.campaign,
                &[&[always("campaign"), maybe("occurrence")]],
            ),
            ("/option", &self.option, &[&[always("channel"), maybe("sender")]]),
            ("/missing_name", &self.missing_name, &[&[always("name")]]),
            ("/time", &self.time, &[CLOCK]),
            ("/values", &self.values, &[&[always("values")]]),
            (
                "/value",
                &self.value,
                &[&[always("name"), maybe("of"), maybe("value")]],
            ),
        ];
        for (path, template, slots) in single {
            check(path, template, &slots.concat())?;
        }
        self.what_if
            .check(|name, template, slots| check(&format!("/what_if/{name}"), template, slots))?;
        let named = self
            .reasons
            .iter()
            .map(|(code, templates)| (format!("/reasons/{code}"), templates));
        for (path, templates) in named.chain([("/other_reason".to_owned(), &self.other_reason)]) {
            check(&format!("{path}/label"), &templates.label, &[])?;
            check(&format!("{path}/sentence"), &templates.sentence, REASON)?;
        }
        Ok(())
    }
}

fn check(path: &str, template: &Template, slots: &[Slot]) -> Result<(), LanguageError> {
    template.check(slots).map_err(|message| LanguageError {
        path: path.to_owned(),
        message,
    })
}

pub(super) const fn always(name: &'static str) -> Slot {
    Slot { name, always: true }
}

pub(super) const fn maybe(name: &'static str) -> Slot {
    Slot { name, always: false }
}

const TOUCH: &[Slot] = &[
    always("customer"),
    always("campaign"),
    always("option"),
    always("channel"),
    maybe("sender"),
    always("variant"),
    maybe("arm"),
    maybe("content"),
    always("purpose"),
];

const REASON: &[Slot] = &[
    always("campaign"),
    maybe("option"),
    maybe("channel"),
    maybe("sender"),
    maybe("rule"),
    maybe("time"),
    maybe("missing"),
    always("label"),
    always("detail"),
    maybe("used"),
    maybe("at_most"),
];

const CLOCK: &[Slot] = &[
    always("weekday"),
    always("day"),
    always("month"),
    always("year"),
    always("clock"),
    maybe("offset"),
];

/// What is wrong with a template of a language, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct LanguageError {
    path: String,
    message: String,
}

impl LanguageError {
    /// Where: a JSON pointer into the templates, such as `/reasons/cap/sentence`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong and what to write instead.
    pub fn message(&self) -> &str {
        &self.message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_languages_of_the_crate_are_whole() {
        for language in [Language::english(), Language::chinese()] {
            assert_eq!(
                Language::new(language.templates().clone()).as_ref(),
                Ok(&language)
            );
            for code in ReasonCode::ALL {
                assert!(
                    language.templates().reasons.contains_key(code),
                    "{}: {code}",
                    language.name()
                );
            }
        }
    }

    #[test]
    fn a_language_survives_json() {
        for language in [Language::english(), Language::chinese()] {
            let text = serde_json::to_string(&language).unwrap();
            assert_eq!(serde_json::from_str::<Language>(&text).unwrap(), language);
        }
    }

    #[test]
    fn a_wrong_template_is_named_by_its_path() {
        let wrong = |change: fn(&mut Templates)| {
            let mut templates = Language::english().templates().clone();
            change(&mut templates);
            Language::new(templates).unwrap_err()
        };
        let error = wrong(|templates| templates.time = "{dya}".into());
        assert_eq!(error.path(), "/time");
        assert!(
            error
                .message()
                .starts_with("`{dya}` cannot be used here; write one of `{weekday}`"),
            "{error}"
        );
        let error = wrong(|templates| templates.other_reason.label = "{rule}".into());
        assert_eq!(
            error.to_string(),
            "/other_reason/label: `{rule}` cannot be used here; write plain words"
        );
        let error = wrong(|templates| {
            if let Some(cap) = templates.reasons.get_mut(&ReasonCode::Cap) {
                cap.sentence = "until {time}".into();
            }
        });
        assert_eq!(error.path(), "/reasons/cap/sentence");
        assert!(error.message().contains("can be missing"), "{error}");
    }

    #[test]
    fn a_wrong_template_cannot_be_read_either() {
        let text = serde_json::to_string(&Language::english()).unwrap();
        let error = serde_json::from_str::<Language>(&text.replace("{clock}", "{cock}")).unwrap_err();
        assert!(
            error.to_string().contains("/time: `{cock}` cannot be used here"),
            "{error}"
        );
        let error = serde_json::from_str::<Language>(&text.replace("\"send\":", "\"sned\":")).unwrap_err();
        assert!(error.to_string().contains("sned"), "{error}");
    }

    #[test]
    fn lists_end_in_their_last_word() {
        let words = ListWords {
            between: ", ".to_owned(),
            last: " and ".to_owned(),
        };
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(words.join(&[]), None);
        assert_eq!(words.join(&names[..1]).as_deref(), Some("a"));
        assert_eq!(words.join(&names[..2]).as_deref(), Some("a and b"));
        assert_eq!(words.join(&names).as_deref(), Some("a, b and c"));
    }
}
