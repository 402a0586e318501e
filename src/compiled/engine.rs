//! The engine: a rulebook compiled.

use std::{collections::BTreeSet, fmt, sync::Arc};

use smol_str::SmolStr;

use super::{
    bits::RuleBits, campaign::Style, campaigns::Campaigns, compile::compile, condition::Condition,
    fingerprint::Fingerprints, reads::Reads, resolve::Mentions, rule::Rule, rules::Lanes, symbols::Symbols,
};
use crate::{
    checked::{
        check::{Origin, check},
        declarations::{Declarations, TagNumber},
        limits::Limits,
        problem::{Problem, Problems, Warning},
        read_rulebook::read_rulebook,
    },
    clock::zone::Clock,
    written::{
        document::Document,
        rulebook::{ChannelConsent, Rulebook},
    },
};

/// A rulebook compiled: immutable, `Send + Sync`, and cheap to clone and share.
#[derive(Clone)]
pub struct Engine {
    pub(crate) compiled: Arc<Compiled>,
}

/// Its fingerprint: what it is compiled to is large, and of no use in a log.
impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Engine");
        shown
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

/// What the engine knows.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    pub(crate) frame: Arc<Frame>,
    pub(crate) campaigns: Campaigns,
    pub(crate) lanes: Lanes,
    pub(crate) symbols: Symbols,
    pub(crate) fingerprints: Fingerprints,
    pub(crate) mentions: Mentions,
}

/// All of it but the campaigns.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) declarations: Declarations,
    /// By number.
    pub(crate) attribute_names: Vec<SmolStr>,
    pub(crate) fact_names: Vec<SmolStr>,
    /// The tags that hosts give, by number.
    pub(crate) tag_names: Vec<SmolStr>,
    /// By number.
    pub(crate) derived: Vec<Derived>,
    pub(crate) channels: Vec<Channel>,
    /// The policies' rules, by address.
    pub(crate) rules: Vec<Arc<Rule>>,
    pub(crate) rule_bits: RuleBits,
    pub(crate) styles: Vec<Style>,
    /// The purposes that need no consent.
    pub(crate) free_purposes: BTreeSet<SmolStr>,
    pub(crate) house: Clock,
    pub(crate) unknown_time_zone: UnknownClock,
    /// Microseconds.
    pub(crate) look_ahead: i64,
    /// The rulebook without its campaigns, against which a campaign is checked and compiled that comes later.
    pub(crate) book: Rulebook,
    pub(crate) limits: Limits,
}

/// A tag that follows from what is known of the customer.
#[derive(Debug)]
pub(crate) struct Derived {
    pub(crate) name: SmolStr,
    pub(crate) when: Condition,
    pub(crate) reads: Reads,
}

#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) name: SmolStr,
    pub(crate) consent: ChannelConsent,
}

/// The clocks of a customer without a zone; none at all is to refrain.
#[derive(Debug)]
pub(crate) struct UnknownClock(pub(crate) Box<[Clock]>);

impl Engine {
    /// Compiles a rulebook under the default [`Limits`]: the engine and its warnings, or all problems.
    ///
    /// ```
    /// use tactful::{Campaign, Code, Duration, Engine, Rulebook, UnknownTimeZone, Value, Variant};
    /// let book = Rulebook::new(tactful::chrono_tz::Europe::Berlin, UnknownTimeZone::House, Duration::days(7))
    ///     .purpose("news")
    ///     .campaign(Campaign::new("tea", "news", Value::Knowledge).channels(["mail"]).variant(Variant::new("letter")));
    /// let problems = Engine::compile(&book).expect_err("the channel is not declared");
    /// let told: Vec<_> = problems.iter().map(|problem| (problem.path(), problem.code())).collect();
    /// assert_eq!(told, [("/campaigns/0/channels/0", Code::UndeclaredChannel)]);
    /// ```
    ///
    /// # Errors
    ///
    /// Every problem at once, each with its place.
    pub fn compile(rulebook: &Rulebook) -> Result<(Self, Vec<Warning>), Problems> {
        Self::compile_with(rulebook, &Limits::default())
    }

    /// Compiles a rulebook under the host's own limits.
    ///
    /// # Errors
    ///
    /// Every problem at once, each with its place.
    pub fn compile_with(rulebook: &Rulebook, limits: &Limits) -> Result<(Self, Vec<Warning>), Problems> {
        Self::finish(rulebook, Origin::Built, limits, Vec::new())
    }

    /// Reads and compiles a rulebook from a document of any serde format: what is misspelled and what is undeclared is
    /// told together.
    ///
    /// # Errors
    ///
    /// Every problem at once, each with its place.
    pub fn from_document(document: &Document) -> Result<(Self, Vec<Warning>), Problems> {
        Self::from_document_with(document, &Limits::default())
    }

    /// As [`Engine::from_document`], under the host's own limits.
    ///
    /// # Errors
    ///
    /// Every problem at once, each with its place.
    pub fn from_document_with(
        document: &Document,
        limits: &Limits,
    ) -> Result<(Self, Vec<Warning>), Problems> {
        let mut problems = Vec::new();
        let rulebook = read_rulebook(document, &mut problems);
        Self::finish(&rulebook, Origin::Read, limits, problems)
            .map_err(|problems| problems.in_order(document))
    }

    /// The fingerprint of the rulebook, presets spelled out, as 32 hexadecimal digits: store it beside decisions that may
    /// be questioned later, with [`Engine::time_zone_database`].
    ///
    /// ```
    /// use tactful::{Duration, Engine, Rulebook, UnknownTimeZone};
    /// let book = |days| Rulebook::new(tactful::chrono_tz::Asia::Shanghai, UnknownTimeZone::House, Duration::days(days));
    /// let fingerprint = |days| Engine::compile(&book(days)).map(|(engine, _)| engine.fingerprint());
    /// assert_eq!(fingerprint(7)?, fingerprint(7)?);
    /// assert_ne!(fingerprint(7)?, fingerprint(8)?);
    /// assert_eq!(fingerprint(7)?.len(), 32);
    /// # Ok::<(), tactful::Problems>(())
    /// ```
    pub fn fingerprint(&self) -> String {
        format!("{:032x}", self.compiled.fingerprints.all())
    }

    /// The version of the tz database by which clocks are read, such as `2025b`.
    pub fn time_zone_database() -> &'static str {
        chrono_tz::IANA_TZDB_VERSION
    }

    fn finish(
        rulebook: &Rulebook,
        origin: Origin,
        limits: &Limits,
        mut problems: Vec<Problem>,
    ) -> Result<(Self, Vec<Warning>), Problems> {
        let (found, warnings) = check(rulebook, origin, limits);
        problems.extend(found);
        if problems.is_empty() {
            Ok((
                Self {
                    compiled: Arc::new(compile(rulebook, limits)),
                },
                warnings,
            ))
        } else {
            Err(Problems::new(problems))
        }
    }
}

impl Frame {
    /// The number of a tag that hosts give.
    pub(crate) fn held_tag(&self, name: &str) -> Option<usize> {
        match self.declarations.tags.get(name) {
            Some(TagNumber::Held(number)) => Some(*number),
            Some(TagNumber::Derived(_)) | None => None,
        }
    }

    /// The number of a channel.
    pub(crate) fn channel(&self, name: &str) -> Option<usize> {
        // They come by name, as they are declared.
        self.channels
            .binary_search_by(|channel| (*channel.name).cmp(name))
            .ok()
    }
}
