//! Rules with names resolved.

use smol_str::SmolStr;

use super::{condition::Condition, reads::Reads, symbols::Symbol};
use crate::{
    clock::{wall::Day, zone::Clock},
    written::{
        calendar::CalendarPeriod,
        duration::Duration,
        rule::{AtMost, GroupedBy},
    },
};

/// A rule ready to be asked.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// `policy-id/rule-id`, or `campaign:<id>/<rule-id>`.
    pub(crate) address: SmolStr,
    pub(crate) scope: Counted,
    pub(crate) when: Option<Condition>,
    /// What the condition reads that can change.
    pub(crate) reads: Reads,
    /// Whether it says the same of all campaigns that it speaks of, by one channel and sender.
    pub(crate) alike: bool,
    pub(crate) observe: bool,
    pub(crate) then: Effect,
}

/// Which touches: a campaign's own, in a scope, and not in an exception.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counted {
    pub(crate) campaign: Option<Symbol>,
    pub(crate) scope: Scope,
    pub(crate) except: Option<Scope>,
}

/// A set of touches; an absent list asks nothing; lists are sorted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    pub(crate) channels: Option<Box<[Symbol]>>,
    pub(crate) purposes: Option<Box<[Symbol]>>,
    pub(crate) campaigns: Option<Box<[Symbol]>>,
}

/// Whether a list that asks something has the symbol.
#[inline]
pub(crate) fn asks_for(list: Option<&[Symbol]>, symbol: Symbol) -> bool {
    list.is_none_or(|list| list.contains(&symbol))
}

impl Scope {
    #[inline]
    pub(crate) fn holds(&self, channel: Symbol, purpose: Symbol, campaign: Symbol) -> bool {
        asks_for(self.channels.as_deref(), channel)
            && asks_for(self.purposes.as_deref(), purpose)
            && asks_for(self.campaigns.as_deref(), campaign)
    }
}

impl Counted {
    #[inline]
    pub(crate) fn holds(&self, channel: Symbol, purpose: Symbol, campaign: Symbol) -> bool {
        self.campaign.is_none_or(|own| own == campaign)
            && self.scope.holds(channel, purpose, campaign)
            && !self
                .except
                .as_ref()
                .is_some_and(|except| except.holds(channel, purpose, campaign))
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Effect {
    Forbid,
    Cap(Cap),
    Quiet {
        window: Window,
        zone: Zone,
    },
    React(React),
    Prefer {
        what: Preference,
        weight: i64,
        zone: Zone,
    },
    Holdout {
        basis_points: u64,
        salt: Box<str>,
    },
}

/// Whose clock.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Zone {
    Customer,
    /// The house's, or a named one.
    Fixed(Clock),
}

#[derive(Debug, Clone)]
pub(crate) struct Cap {
    pub(crate) at_most: AtMost,
    pub(crate) per: Per,
    /// The period in words: `day`, `30d`.
    pub(crate) period: SmolStr,
    pub(crate) counting: Counted,
    pub(crate) grouped_by: Option<GroupedBy>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Per {
    Rolling(Duration),
    Calendar(CalendarPeriod, Zone),
    Lifetime,
}

/// A daily window on the wall, in microseconds since midnight; wraps where `to` is before `from`.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) days: Days,
}

/// The days on which a window starts.
#[derive(Debug, Clone)]
pub(crate) enum Days {
    Every,
    Listed {
        /// A bit per weekday, Monday the lowest.
        weekdays: u8,
        /// Sorted.
        dates: Box<[Day]>,
    },
}

#[derive(Debug, Clone)]
pub(crate) struct React {
    pub(crate) to: ReactTo,
    pub(crate) at_least: usize,
    /// Microseconds; [`i64::MAX`] is all time.
    pub(crate) within: i64,
    /// Microseconds; [`i64::MAX`] is for ever.
    pub(crate) hold: i64,
    pub(crate) counting: Counted,
}

#[derive(Debug, Clone)]
pub(crate) enum ReactTo {
    Response(Symbol),
    Ignored {
        after: i64,
        answered_by: Box<[Symbol]>,
        in_a_row: bool,
    },
}

#[derive(Debug, Clone)]
pub(crate) enum Preference {
    Window(Window),
    ActiveHours { at_least: u64 },
}
