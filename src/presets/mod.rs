//! Ready-made policies: platform rules and house styles, as reviewable data.

mod file;
mod naming;

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use chrono::NaiveDate;

pub(crate) use naming::{Given, named};

use crate::written::{
    policy::{PolicySource, TouchPolicy},
    rule::Rule,
    rulebook::{FactDeclaration, Rulebook, ValueType},
};

/// A policy shipped with the crate, and what is known of where it comes from. The guide has a table of
/// [all of them](crate::guide::presets).
///
/// A preset is a default to review, **not legal advice**: read [`Preset::source`], [`Preset::is_unverified`] and
/// [`Preset::leaves_out`] before it decides for you. A rulebook takes it by its id, may give its own names for the channels
/// and purposes that the preset speaks of, and must declare the tags, attributes and facts that it reads. A preset that asks
/// for public holidays takes their dates from the rulebook:
///
/// ```json
/// {"policies": [{"preset": "wecom.daily", "channels": {"direct": "企微单聊"}}, {"preset": "calm"},
///               {"preset": "fr.sms", "holidays": ["2026-12-25", "2027-01-01"]}]}
/// ```
///
/// Its rules are addressed as those of any policy, with the preset's id: `wecom.daily/direct`.
///
/// ```
/// use tactful::{Confidence, Preset};
///
/// let daily = Preset::find("wecom.daily").ok_or("no such preset")?;
/// assert_eq!(daily.channels(), ["direct"]);
/// assert_eq!(daily.source().map(|source| source.confidence()), Some(Confidence::Official));
/// assert!(!daily.is_unverified());
/// assert_eq!(daily.policy().id, "wecom.daily");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Preset {
    id: String,
    version: u32,
    summary: String,
    valid_from: NaiveDate,
    source: Option<PresetSource>,
    leaves_out: Vec<String>,
    channels: Vec<String>,
    purposes: Vec<String>,
    tags: Vec<String>,
    attributes: BTreeMap<String, ValueType>,
    facts: BTreeMap<String, FactDeclaration>,
    /// The rule that takes the dates of public holidays.
    holidays: Option<String>,
    policy: TouchPolicy,
}

/// Where the facts of a preset were read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PresetSource {
    name: String,
    address: Option<String>,
    date: Option<NaiveDate>,
    confidence: Confidence,
}

/// How sure a preset's facts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Confidence {
    /// A: read on an official page.
    Official,
    /// B: an open-source copy of an official text, or a vendor's help page. Unverified.
    Copy,
    /// C: a third party. Unverified.
    ThirdParty,
}

impl Confidence {
    /// The letter: `A`, `B` or `C`.
    pub fn letter(self) -> char {
        match self {
            Self::Official => 'A',
            Self::Copy => 'B',
            Self::ThirdParty => 'C',
        }
    }
}

impl PresetSource {
    /// What it is: a page, a law, an article.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The page, or the site on which it was read, as an address without parameters; none where only the text is named.
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// The date that the page bears; none for a page without one.
    pub fn date(&self) -> Option<NaiveDate> {
        self.date
    }

    /// How sure it is.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }
}

/// All presets, by id.
static ALL: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    // A test holds that every file can be read.
    file::FILES
        .iter()
        .filter_map(|text| file::read(text).ok())
        .collect()
});

pub(crate) use file::IDS;

impl Preset {
    /// Every preset of this version, by id.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The preset with this id, such as `wecom.daily`.
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::all().iter().find(|preset| preset.id == id)
    }

    /// The id, which is also the policy's.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Counts up with every change of the rules, from 1.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// One sentence.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// The first day for which this version is known to hold: that of its source, or that on which it was read.
    pub fn valid_from(&self) -> NaiveDate {
        self.valid_from
    }

    /// Where the facts were read; none for a style of the house, which is a choice and not a fact.
    pub fn source(&self) -> Option<&PresetSource> {
        self.source.as_ref()
    }

    /// Whether the facts are from a copy or a third party and not from an official page.
    pub fn is_unverified(&self) -> bool {
        self.source()
            .is_some_and(|source| source.confidence > Confidence::Official)
    }

    /// What the source says and the rules do not, and what they take for granted: a few sentences.
    pub fn leaves_out(&self) -> &[String] {
        &self.leaves_out
    }

    /// The channels that a rulebook must declare, under these names or its own.
    pub fn channels(&self) -> &[String] {
        &self.channels
    }

    /// The purposes that it speaks of, under these names or the rulebook's own. One that is only excepted and that a rulebook
    /// does not declare is left away.
    pub fn purposes(&self) -> &[String] {
        &self.purposes
    }

    /// The tags that a rulebook must declare.
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// The attributes that a rulebook must declare, with their types.
    pub fn attributes(&self) -> &BTreeMap<String, ValueType> {
        &self.attributes
    }

    /// The facts that a rulebook must declare.
    pub fn facts(&self) -> &BTreeMap<String, FactDeclaration> {
        &self.facts
    }

    /// Whether the rulebook must give the dates of public holidays, as `holidays`.
    pub fn asks_for_holidays(&self) -> bool {
        self.holidays.is_some()
    }

    /// The rules, to read, or to change and take as a policy of one's own; of a rule for public holidays, without dates.
    pub fn policy(&self) -> TouchPolicy {
        self.policy.clone()
    }
}

/// The policy that a rulebook means: the one written out, or the preset under the rulebook's names.
/// None for an id that is no preset's.
pub(crate) fn policy_of<'a>(source: &'a PolicySource, book: &Rulebook) -> Option<Cow<'a, TouchPolicy>> {
    match source {
        PolicySource::Policy(policy) => Some(Cow::Borrowed(policy)),
        PolicySource::Preset {
            id,
            channels,
            purposes,
            holidays,
        } => {
            let given = Given {
                channels,
                purposes,
                holidays: holidays.as_deref().unwrap_or_default(),
            };
            Some(Cow::Owned(named(Preset::find(id)?, given, book).policy))
        }
    }
}

/// The policies that a rulebook means, in its order.
pub(crate) fn policies_of(book: &Rulebook) -> impl Iterator<Item = Cow<'_, TouchPolicy>> {
    let sources = book.policies.iter();
    sources.filter_map(move |source| policy_of(source, book))
}

/// The rules of those policies, by address.
pub(crate) fn policy_rules(book: &Rulebook) -> impl Iterator<Item = (String, Rule)> {
    policies_of(book).flat_map(|policy| {
        let TouchPolicy { id, rules } = policy.into_owned();
        let rules = rules.into_iter();
        rules.map(move |rule| (format!("{id}/{}", rule.id), rule))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_they_are_in_order_each_once() {
        for text in file::FILES {
            assert!(file::read(text).is_ok(), "{:?}", file::read(text).err());
        }
        let ids: Vec<_> = Preset::all().iter().map(Preset::id).collect();
        assert_eq!(ids, IDS);
        assert!(ids.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn every_preset_says_where_it_comes_from_and_what_it_leaves_out() {
        for preset in Preset::all() {
            let id = preset.id();
            assert!(preset.version() >= 1, "{id}");
            assert!(
                !preset.summary().is_empty() && !preset.leaves_out().is_empty(),
                "{id}"
            );
            assert!(
                preset.valid_from().to_string().as_str() > "2011-01-21",
                "{id}: before WeChat"
            );
            if let Some(source) = preset.source() {
                assert!(!source.name().is_empty(), "{id}");
                assert!(
                    source
                        .address()
                        .is_none_or(|address| address.starts_with("https://")),
                    "{id}"
                );
            }
            // B and C are marked in the preset itself.
            let unverified =
                preset.summary().ends_with("Unverified.") || preset.summary().ends_with("unverified.");
            assert_eq!(preset.is_unverified(), unverified, "{id}");
        }
    }

    #[test]
    fn a_preset_names_exactly_what_it_lists() {
        for preset in Preset::all() {
            let used = naming::names_used(&preset.policy());
            let list = |names: &[String]| names.iter().cloned().collect();
            assert_eq!(used.channels, list(preset.channels()), "{}", preset.id());
            assert_eq!(used.purposes, list(preset.purposes()), "{}", preset.id());
            assert_eq!(used.tags, list(preset.tags()), "{}", preset.id());
            let holidays = preset.holidays.iter();
            assert!(
                holidays
                    .into_iter()
                    .all(|id| preset.policy.rules.iter().any(|rule| rule.id == *id)),
                "{}",
                preset.id()
            );
        }
    }
}
