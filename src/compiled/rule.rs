//! Rules with names resolved.

use smol_str::SmolStr;

use super::{condition::Condition, reads::Reads, symbols::Symbol};
use crate::{
    clock::{instant::DAY, wall::Day, zone::Clock},
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
    /// Its bit among the policies' bars; none of any other, and of those after the first 64.
    pub(crate) bar: u64,
    /// Whether it is a cap that asks for no condition, and of which customers keep the latest touches.
    pub(crate) kept: bool,
    pub(crate) then: Effect,
}

impl Rule {
    /// Whether it forbids by what is the same in all questions about a customer, whatever the time, the touches, the campaign
    /// and the option.
    pub(super) fn is_bar(&self) -> bool {
        let Reads {
            time,
            touches,
            campaign,
            option,
            now,
            held_tags: _,
        } = self.reads;
        let changes = time || touches || campaign || option || now;
        matches!(self.then, Effect::Forbid) && !self.observe && !changes
    }

    /// Whether a lane asks it as time passes: it says the same of all campaigns, and it is no bar that stands or does not
    /// stand for good.
    pub(super) fn is_asked_of_lanes(&self) -> bool {
        let refuses = !self.observe && !matches!(self.then, Effect::Prefer { .. });
        refuses && self.alike && (self.bar == 0 || self.reads.held_tags)
    }

    pub(crate) fn cap(&self) -> Option<&Cap> {
        match &self.then {
            Effect::Cap(cap) => Some(cap),
            _ => None,
        }
    }
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
    /// Whether it tells campaigns apart by name.
    pub(super) fn names_campaigns(&self) -> bool {
        let names = |scope: &Scope| scope.campaigns.is_some();
        self.campaign.is_some() || names(&self.scope) || self.except.as_ref().is_some_and(names)
    }

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
    /// See [`Per::reach`].
    pub(crate) reach: i64,
    /// Whether it reads the customer's clock.
    pub(crate) reads_clock: bool,
    pub(crate) counting: Counted,
    pub(crate) grouped_by: Option<GroupedBy>,
    /// Its bit among the policies' caps; none of any other, and of those after the first 64.
    pub(crate) bit: u64,
    /// Where the latest touches that it counts are kept; if it is grouped by channel, of the first channel.
    pub(crate) place: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Per {
    Rolling(Duration),
    Calendar(CalendarPeriod, Zone),
    Lifetime,
}

impl Per {
    /// How far apart, at most, two touches are that share a window, in microseconds.
    pub(super) fn reach(&self) -> i64 {
        let days: i64 = match self {
            Self::Rolling(length) => return length.micros,
            Self::Lifetime => return i64::MAX,
            Self::Calendar(CalendarPeriod::Day, _) => 1,
            Self::Calendar(CalendarPeriod::Week, _) => 7,
            Self::Calendar(CalendarPeriod::Month, _) => 31,
            Self::Calendar(CalendarPeriod::Year, _) => 366,
        };
        // No clock is set back or forward by two days.
        DAY.saturating_mul(days.saturating_add(2))
    }
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
