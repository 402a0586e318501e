//! A customer bound to an engine: names are numbers, the history is sorted, and every question is infallible.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, OnceLock},
};

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::{bars::Bars, identity::KeyHead, opening::Openings, recent::Recents};
use crate::{
    checked::name_hash::NameHash,
    clock::{instant::Instant, zone::Clock},
    compiled::{
        engine::{Channel, Compiled, Engine},
        index::Possible,
        scalar::Scalar,
        symbols::Symbol,
    },
    written::{condition::Status, rulebook::ChannelConsent},
};

/// Facts bound to an engine; cheap to clone and share among all customers.
#[derive(Clone)]
pub struct BoundFacts {
    pub(crate) compiled: Arc<Compiled>,
    pub(crate) tables: Arc<[FactTable]>,
}

impl fmt::Debug for BoundFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundFacts")
            .field("declared", &self.tables.len())
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(crate) enum FactTable {
    Single(Option<Scalar>),
    /// Looked up only, never walked.
    Keyed(HashMap<SmolStr, Scalar, NameHash>),
}

impl FactTable {
    #[inline]
    pub(crate) fn get(&self, key: Option<&str>) -> Option<&Scalar> {
        match (self, key) {
            (Self::Single(value), None) => value.as_ref(),
            (Self::Keyed(values), Some(key)) => values.get(key),
            _ => None,
        }
    }
}

/// A customer with history and facts, bound to an engine once for many questions.
#[derive(Clone)]
pub struct Bound {
    pub(crate) compiled: Arc<Compiled>,
    pub(crate) facts: Arc<[FactTable]>,
    pub(crate) id: SmolStr,
    /// What the customer's keys begin with, if that is short.
    pub(crate) key_head: Option<KeyHead>,
    /// The customer's clocks; none at all is to refrain.
    pub(crate) clocks: SmallVec<[Clock; 1]>,
    /// By number of the tag.
    pub(crate) tags: Vec<Held>,
    /// Whether any tag is held for some time only.
    pub(crate) timed_tags: bool,
    /// By number of the attribute.
    pub(crate) attributes: Vec<Option<Scalar>>,
    /// By name.
    pub(super) consent: Vec<(SmolStr, bool)>,
    /// Whether each channel may be used, as far as that needs consent; by number.
    pub(super) allowed: SmallVec<[bool; 16]>,
    pub(crate) senders: Vec<(SmolStr, Symbol)>,
    pub(crate) active_hours: Option<[u64; 24]>,
    /// By instant, then amount.
    pub(crate) purchases: Option<Vec<(Instant, Option<f64>)>>,
    /// Which campaigns of the first blocks can ever concern the customer, once somebody asked: most questions end there.
    pub(crate) ever_possible: [OnceLock<Possible>; 4],
    /// Which bars stand in the way, once somebody asked.
    pub(crate) bars: OnceLock<Bars>,
    /// The latest touches that caps count, once somebody asked.
    pub(crate) recents: Recents,
    /// When the caps of lanes open, once somebody asked.
    pub(crate) openings: Openings,
    /// The bits of the campaigns of the history.
    pub(crate) sent: u64,
    /// By instant.
    pub(crate) marks: Vec<Mark>,
    /// What the marks of the history carry besides, by number of the mark.
    pub(crate) entries: Vec<Entry>,
}

/// The customer's id alone: logs are no place for what is known of a person.
impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bound")
            .field("customer", &self.id)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) tag: usize,
    pub(crate) since: Instant,
    pub(crate) until: Instant,
}

impl Held {
    /// Whether it is held for some time only.
    #[inline]
    pub(crate) fn is_timed(&self) -> bool {
        self.since != Instant::MIN || self.until != Instant::MAX
    }
}

/// A touch as rules and conditions see it: of the history, or placed by a plan.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) at: Instant,
    pub(crate) channel: Symbol,
    pub(crate) purpose: Symbol,
    pub(crate) campaign: Symbol,
    /// The bits of the policies' caps that count it.
    pub(crate) caps: u64,
    /// What conditions know its occurrence by: of a touch that names none, each to which it belongs.
    pub(crate) occurrences: SmallVec<[Symbol; 1]>,
    pub(crate) sender: Symbol,
    pub(crate) content: Symbol,
    pub(crate) status: Status,
    pub(crate) responses: SmallVec<[(Symbol, Instant); 1]>,
    /// Its place in the plan, from 1; 0 for the history.
    pub(crate) rank: usize,
}

/// What only the questions of one occurrence read.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) occurrence: Option<SmolStr>,
    pub(crate) key: Option<SmolStr>,
}

impl Mark {
    #[inline]
    pub(crate) fn counted(&self) -> bool {
        self.status.is_counted()
    }

    /// The status at `now`: what was scheduled for the past counts as sent.
    pub(crate) fn status_at(&self, now: Instant) -> Status {
        if self.status == Status::Scheduled && self.at <= now {
            Status::Sent
        } else {
            self.status
        }
    }
}

impl Bound {
    /// The customer's id.
    pub fn customer(&self) -> &str {
        &self.id
    }

    /// The engine that the customer is bound to.
    pub fn engine(&self) -> Engine {
        Engine {
            compiled: self.compiled.clone(),
        }
    }

    /// The value of an attribute, by number.
    #[inline]
    pub(crate) fn attribute(&self, number: usize) -> Option<&Scalar> {
        self.attributes.get(number)?.as_ref()
    }

    /// Whether a channel may be used, as far as that needs consent.
    pub(super) fn allows(&self, channel: &Channel) -> bool {
        match channel.consent {
            ChannelConsent::OptIn => self.consent(&channel.name) == Some(true),
            ChannelConsent::OptOut => self.consent(&channel.name) != Some(false),
            ChannelConsent::None => true,
        }
    }

    /// As [`Bound::allows`], of a channel by number.
    #[inline]
    pub(crate) fn allows_channel(&self, number: usize) -> bool {
        self.allowed.get(number).copied().unwrap_or(false)
    }

    /// What is recorded of a consent: of a channel, or of `topic:<topic>`.
    pub(crate) fn consent(&self, name: &str) -> Option<bool> {
        let found = self
            .consent
            .binary_search_by(|(known, _)| (**known).cmp(name))
            .ok()?;
        self.consent.get(found).map(|&(_, given)| given)
    }
}
