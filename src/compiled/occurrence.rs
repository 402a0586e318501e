//! Occurrences: the stretches of time in which a campaign may speak to a customer.

use smol_str::{SmolStr, format_smolstr};

use super::{
    campaign::{Campaign, Schedule},
    scalar::written,
    symbols::Symbol,
};
use crate::clock::{
    instant::Instant,
    wall::{Day, date_of},
};

/// The ids of the occurrences that have one name each.
pub(super) const ALWAYS: &str = "always";
pub(super) const ONCE: &str = "once";

/// One stretch of time, half-open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Occurrence {
    pub(crate) id: OccurrenceId,
    /// The id as conditions name it; of most where none names any, [`Symbol::OTHER`].
    pub(crate) symbol: Symbol,
    pub(crate) start: Instant,
    pub(crate) end: Instant,
}

/// What the id of an occurrence is made of; it is written out only when it is shown or compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OccurrenceId {
    Always,
    Once,
    Anchor(Instant),
    Year(i64),
    Month(i64),
    Date(Day),
    /// The number of the wave.
    Wave(usize),
}

impl OccurrenceId {
    /// Its name, where that is the same for all.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Always => Some(ALWAYS),
            Self::Once => Some(ONCE),
            _ => None,
        }
    }

    /// As it is written, in a campaign.
    pub(crate) fn written(self, campaign: &Campaign) -> SmolStr {
        match self {
            Self::Always => SmolStr::new_static(ALWAYS),
            Self::Once => SmolStr::new_static(ONCE),
            Self::Anchor(at) => written(at),
            Self::Year(n) => format_smolstr!("year-{n}"),
            Self::Month(n) => format_smolstr!("month-{n}"),
            Self::Date(day) => format_smolstr!("{}", date_of(day)),
            Self::Wave(number) => match &campaign.schedule {
                Schedule::Waves { waves, .. } => {
                    waves.get(number).map(|wave| wave.id.clone()).unwrap_or_default()
                }
                _ => SmolStr::default(),
            },
        }
    }
}

impl Occurrence {
    pub(crate) fn contains(&self, t: Instant) -> bool {
        self.start <= t && t < self.end
    }

    pub(crate) fn intersects(&self, from: Instant, to: Instant) -> bool {
        self.start <= to && self.end > from
    }
}

impl Schedule {
    /// The occurrence of a schedule that has but one, the same for all.
    pub(super) fn fixed(&self) -> Option<Occurrence> {
        let (id, symbol, (start, end)) = match self {
            Self::Always => (OccurrenceId::Always, Symbol::ALWAYS, (Instant::MIN, Instant::MAX)),
            Self::Between { between, .. } => (OccurrenceId::Once, Symbol::ONCE, between.fixed?),
            _ => return None,
        };
        (start < end).then_some(Occurrence {
            id,
            symbol,
            start,
            end,
        })
    }
}
