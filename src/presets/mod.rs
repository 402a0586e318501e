//! Ready-made policies: platform rules and house styles, as reviewable data.

mod calm;
mod naming;
mod wecom;

use std::borrow::Cow;

use chrono::NaiveDate;

pub(crate) use naming::named;

use crate::written::{
    policy::{PolicySource, TouchPolicy},
    rule::Rule,
    rulebook::Rulebook,
};

/// A policy shipped with the crate, and what is known of where it comes from.
///
/// A preset is a default to review, **not legal advice**: read [`Preset::source`], [`Preset::is_unverified`] and
/// [`Preset::leaves_out`] before it decides for you. A rulebook takes it by its id, and may give its own names for the
/// channels and purposes that the preset speaks of:
///
/// ```json
/// {"policies": [{"preset": "wecom.daily", "channels": {"direct": "企微单聊"}}, {"preset": "calm"}]}
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
    id: &'static str,
    version: u32,
    summary: &'static str,
    valid_from: NaiveDate,
    source: Option<PresetSource>,
    leaves_out: &'static [&'static str],
    channels: &'static [&'static str],
    purposes: &'static [&'static str],
    tags: &'static [&'static str],
    rules: fn() -> Vec<Rule>,
}

/// Where the facts of a preset were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PresetSource {
    address: &'static str,
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
    /// The page, as an address without parameters.
    pub fn address(&self) -> &'static str {
        self.address
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
static ALL: [Preset; 5] = [
    calm::CALM,
    wecom::DAILY,
    wecom::MOMENTS,
    wecom::MONTHLY,
    wecom::WEEKLY,
];

/// The ids of all presets.
pub(crate) const IDS: &[&str] = &[
    calm::CALM.id,
    wecom::DAILY.id,
    wecom::MOMENTS.id,
    wecom::MONTHLY.id,
    wecom::WEEKLY.id,
];

/// The policy of the preset with this id.
pub(crate) fn policy(id: &str) -> Option<TouchPolicy> {
    Preset::find(id).map(Preset::policy)
}

impl Preset {
    /// Every preset of this version, by id.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// The preset with this id, such as `wecom.daily`.
    pub fn find(id: &str) -> Option<&'static Self> {
        ALL.iter().find(|preset| preset.id == id)
    }

    /// The id, which is also the policy's.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// Counts up with every change of the rules, from 1.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// One sentence.
    pub fn summary(&self) -> &'static str {
        self.summary
    }

    /// The first day for which this version is known to hold, in the zone of its source.
    pub fn valid_from(&self) -> NaiveDate {
        self.valid_from
    }

    /// Where the facts were read; none for a style of the house, which is a choice and not a fact.
    pub fn source(&self) -> Option<PresetSource> {
        self.source
    }

    /// Whether the facts are from a copy or a third party and not from an official page.
    pub fn is_unverified(&self) -> bool {
        self.source
            .is_some_and(|source| source.confidence > Confidence::Official)
    }

    /// What the source says and the rules do not, and what they take for granted: one sentence each.
    pub fn leaves_out(&self) -> &'static [&'static str] {
        self.leaves_out
    }

    /// The channels that a rulebook must declare, under these names or its own.
    pub fn channels(&self) -> &'static [&'static str] {
        self.channels
    }

    /// The purposes that it excepts. One that a rulebook does not declare is left away.
    pub fn purposes(&self) -> &'static [&'static str] {
        self.purposes
    }

    /// The tags that a rulebook must declare.
    pub fn tags(&self) -> &'static [&'static str] {
        self.tags
    }

    /// The rules, to read, or to change and take as a policy of one's own.
    pub fn policy(&self) -> TouchPolicy {
        TouchPolicy {
            id: self.id.to_owned(),
            rules: (self.rules)(),
        }
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
        } => {
            let policy = Preset::find(id)?.policy();
            Some(Cow::Owned(named(policy, channels, purposes, book).policy))
        }
    }
}

/// A date of the calendar. INVARIANT: only called with dates that exist, which a test holds.
const fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_order_and_each_once() {
        let ids: Vec<_> = Preset::all().iter().map(Preset::id).collect();
        assert_eq!(ids, IDS);
        let mut sorted = ids.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(ids, sorted);
        assert!(
            ids.iter()
                .all(|id| Preset::find(id).is_some_and(|preset| preset.id() == *id))
        );
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
            assert!(preset.valid_from() > date(2011, 1, 21), "{id}: before WeChat");
            if let Some(source) = preset.source() {
                assert!(source.address().starts_with("https://"), "{id}");
                assert!(source.date().is_none_or(|date| date > NaiveDate::MIN), "{id}");
            }
        }
    }

    #[test]
    fn copies_are_marked_unverified() {
        let unverified: Vec<_> = Preset::all()
            .iter()
            .filter(|preset| preset.is_unverified())
            .map(Preset::id)
            .collect();
        assert_eq!(unverified, ["wecom.moments"]);
    }

    #[test]
    fn a_preset_names_exactly_the_channels_purposes_and_tags_that_it_lists() {
        for preset in Preset::all() {
            let used = naming::names_used(&preset.policy());
            let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(used.channels, list(preset.channels()), "{}", preset.id());
            assert_eq!(used.purposes, list(preset.purposes()), "{}", preset.id());
            assert_eq!(used.tags, list(preset.tags()), "{}", preset.id());
        }
    }
}
