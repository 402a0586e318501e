//! Campaigns with names resolved, schedules in instants where they are the same for all, and their rules at hand.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{
    condition::{Condition, Source},
    fields::Fields,
    occurrence::Occurrence,
    reads::Reads,
    rule::{Cap, Rule, Zone},
    rules::Lane,
    symbols::Symbol,
};
use crate::{
    clock::{instant::Instant, wall::Day, zone::Clock},
    written::{
        campaign::{Patience, Timing, Value},
        condition::Literal,
        schedule::Cycle,
    },
};

/// Room for the end of a key.
pub(crate) const KEY_TAIL: usize = 64;

/// A campaign ready to be asked.
#[derive(Debug, Clone)]
pub(crate) struct Campaign {
    pub(crate) id: SmolStr,
    pub(crate) symbol: Symbol,
    pub(crate) purpose: Symbol,
    pub(crate) purpose_name: SmolStr,
    /// Whether consent is asked, and whether touches placed above are respected: not for an answer.
    pub(crate) needs_consent: bool,
    pub(crate) value: Value,
    /// The consent member that refuses it: `topic:<topic>`.
    pub(crate) topic: Option<Box<str>>,
    pub(crate) priority: i64,
    pub(crate) audience: Option<Condition>,
    pub(crate) audience_reads: Reads,
    pub(crate) schedule: Schedule,
    /// What the key of the first touch of its only occurrence ends with, if it is short.
    pub(crate) key_tail: Option<Fields<KEY_TAIL>>,
    /// Its occurrence, where it has but one, the same for all.
    pub(crate) fixed: Option<Occurrence>,
    /// In order of preference.
    pub(crate) channels: Box<[Reach]>,
    pub(crate) patience: Patience,
    pub(crate) timing: Timing,
    pub(crate) score: Score,
    pub(crate) stop_when: Option<Condition>,
    pub(crate) repeat: Option<Repeat>,
    /// Microseconds.
    pub(crate) reserve: i64,
    pub(crate) variants: Box<[Variant]>,
    /// The campaign's own rules, by address.
    pub(crate) rules: Box<[Arc<Rule>]>,
    /// Whether any condition that judges its touches reads touches.
    pub(crate) judged_by_touches: bool,
    /// How many parts its conditions have.
    pub(crate) parts: usize,
}

/// A channel of a campaign, with the rules that speak of the campaign's touches there.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    /// The channel's number.
    pub(crate) channel: usize,
    pub(crate) symbol: Symbol,
    /// The policies' rules, by address; campaigns of the same purpose and channel share the list.
    pub(crate) rules: Arc<[Arc<Rule>]>,
    /// Those who share it; none where the policies except this campaign by name.
    pub(crate) lane: Option<Lane>,
    /// The rules that they ask as time passes.
    pub(crate) asked: Arc<[Arc<Rule>]>,
    /// The campaign's own, by address.
    pub(crate) own: Box<[Arc<Rule>]>,
    /// The bits of the policies' caps and bars that judge here; and whether there are caps without a bit.
    pub(crate) caps: u64,
    pub(crate) has_other_caps: bool,
    pub(crate) bars: u64,
    /// The bits of the policies' caps that count the campaign's touches here.
    pub(crate) counted_by: u64,
    /// Whether any of them only watches, or holds out.
    pub(crate) watches: bool,
    pub(crate) holds_out: bool,
}

impl Reach {
    /// The policies' rules and the campaign's own.
    pub(crate) fn all_rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().chain(&self.own).map(|rule| &**rule)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Score {
    pub(crate) base: i64,
    pub(crate) add: Box<[(Condition, i64)]>,
}

#[derive(Debug, Clone)]
pub(crate) struct Repeat {
    pub(crate) cap: Cap,
    /// Microseconds.
    pub(crate) gap: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Variant {
    pub(crate) id: SmolStr,
    pub(crate) when: Option<Condition>,
    pub(crate) content: Option<SmolStr>,
    pub(crate) content_symbol: Symbol,
    pub(crate) fields: Box<[(Box<str>, Field)]>,
    pub(crate) arms: Box<[Arm]>,
    /// Which draw decides the arm.
    pub(crate) salt: Box<str>,
}

#[derive(Debug, Clone)]
pub(crate) enum Field {
    Is(Literal),
    Source {
        source: Source,
        default: Option<Literal>,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct Arm {
    pub(crate) id: SmolStr,
    pub(crate) weight: u64,
    pub(crate) content: Option<SmolStr>,
    pub(crate) content_symbol: Symbol,
}

#[derive(Debug, Clone)]
pub(crate) struct Style {
    pub(crate) when: Option<Condition>,
    pub(crate) set: Box<[(Box<str>, Literal)]>,
}

/// Local date-times, half-open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Between {
    /// A day and microseconds since its midnight.
    pub(crate) from: (Day, i64),
    pub(crate) to: (Day, i64),
    /// The instants, where the clock is the same for all.
    pub(crate) fixed: Option<(Instant, Instant)>,
}

impl Between {
    /// The instants on a clock.
    pub(crate) fn on(&self, clock: Clock) -> (Instant, Instant) {
        self.fixed.unwrap_or_else(|| {
            (
                clock.local(self.from.0, self.from.1),
                clock.local(self.to.0, self.to.1),
            )
        })
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Schedule {
    Always,
    Between {
        between: Between,
        zone: Zone,
    },
    After {
        anchor: Source,
        from: i64,
        until: i64,
    },
    Every {
        cycle: Cycle,
        of: Source,
        from: i64,
        until: i64,
        zone: Zone,
    },
    On {
        days: OnDays,
        from: i64,
        to: i64,
        zone: Zone,
    },
    Waves {
        waves: Box<[Wave]>,
        zone: Zone,
    },
}

impl Schedule {
    pub(crate) fn zone(&self) -> Option<&Zone> {
        match self {
            Self::Always | Self::After { .. } => None,
            Self::Between { zone, .. }
            | Self::Every { zone, .. }
            | Self::On { zone, .. }
            | Self::Waves { zone, .. } => Some(zone),
        }
    }
}

/// The days on which an occurrence starts; an absent list asks nothing.
#[derive(Debug, Clone)]
pub(crate) struct OnDays {
    /// A bit per weekday, Monday the lowest.
    pub(crate) weekdays: Option<u8>,
    pub(crate) days_of_month: Option<Box<[i8]>>,
    /// A bit per month, January the lowest.
    pub(crate) months: Option<u16>,
}

#[derive(Debug, Clone)]
pub(crate) struct Wave {
    pub(crate) id: SmolStr,
    /// The id as conditions name it.
    pub(crate) symbol: Symbol,
    pub(crate) between: Between,
    pub(crate) audience: Option<Condition>,
}
