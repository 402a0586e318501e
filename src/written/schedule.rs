//! Schedules: when a campaign may speak, as occurrences.

use super::{
    calendar::{ClockWindow, LocalDateTime, Weekday, Zone},
    condition::Condition,
    duration::Duration,
};

/// When a campaign may speak.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Schedule {
    /// At any time; the one occurrence is `always`.
    #[default]
    Always,
    /// Between two local date-times; the one occurrence is `once`.
    Between(Between),
    /// From an instant of the customer on; the occurrence is that instant.
    After {
        /// A date-time attribute.
        anchor: String,
        /// Start, from the anchor. Default zero.
        from: Duration,
        /// End, from the anchor.
        until: Duration,
    },
    /// At every calendar anniversary; the occurrences are `year-1`, … or `month-1`, ….
    Every {
        /// Which anniversary.
        cycle: Cycle,
        /// A date or date-time attribute.
        of: String,
        /// Start, from local midnight. Default zero.
        from: Duration,
        /// End, from local midnight. Default one day.
        until: Duration,
        /// Default the house's.
        zone: Option<Zone>,
    },
    /// On days of the calendar; the occurrences are the local dates on which the windows start.
    On {
        /// Weekdays.
        days: Option<Vec<Weekday>>,
        /// Days of the month, 1 to 31, or −1 (the last) to −31.
        days_of_month: Option<Vec<i8>>,
        /// Months, 1 to 12.
        months: Option<Vec<u8>>,
        /// The hours.
        window: ClockWindow,
        /// Default the house's.
        zone: Option<Zone>,
    },
    /// In named waves; the occurrences are the waves' ids.
    Waves {
        /// At least one.
        waves: Vec<Wave>,
        /// Default the house's.
        zone: Option<Zone>,
    },
}

/// Two local date-times, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Between {
    /// Start, included.
    pub from: LocalDateTime,
    /// End, excluded.
    pub to: LocalDateTime,
    /// Default the house's.
    pub zone: Option<Zone>,
}

/// What recurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cycle {
    /// Every year.
    Year,
    /// Every month.
    Month,
}

/// One wave of a campaign.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Wave {
    /// Unique in the campaign; the occurrence's id.
    pub id: String,
    /// Start, included.
    pub from: LocalDateTime,
    /// End, excluded.
    pub to: LocalDateTime,
    /// Besides the campaign's audience.
    pub audience: Option<Condition>,
}

impl Schedule {
    /// Between two local date-times of the house.
    ///
    /// ```
    /// use tactful::{Schedule, Zone};
    ///
    /// let week = Schedule::between("2026-11-20T00:00".parse()?, "2026-11-27T00:00".parse()?).zone(Zone::Customer);
    /// assert!(matches!(week, Schedule::Between(between) if between.zone == Some(Zone::Customer)));
    /// # Ok::<(), tactful::ParseTimeError>(())
    /// ```
    pub fn between(from: LocalDateTime, to: LocalDateTime) -> Self {
        Self::Between(Between { from, to, zone: None })
    }

    /// From one offset to another of a date-time attribute; both may be negative.
    pub fn after(anchor: impl Into<String>, from: Duration, until: Duration) -> Self {
        Self::After {
            anchor: anchor.into(),
            from,
            until,
        }
    }

    /// The day of every anniversary of a date or date-time attribute, on the house's calendar.
    pub fn every(cycle: Cycle, of: impl Into<String>) -> Self {
        Self::Every {
            cycle,
            of: of.into(),
            from: Duration::ZERO,
            until: Duration::days(1),
            zone: None,
        }
    }

    /// On some weekdays, within a daily window of the house.
    pub fn on_weekdays(days: impl IntoIterator<Item = Weekday>, window: ClockWindow) -> Self {
        Self::On {
            days: Some(days.into_iter().collect()),
            days_of_month: None,
            months: None,
            window,
            zone: None,
        }
    }

    /// In waves, on the house's clock.
    pub fn waves(waves: impl IntoIterator<Item = Wave>) -> Self {
        Self::Waves {
            waves: waves.into_iter().collect(),
            zone: None,
        }
    }

    /// Whose clock it is read on. Schedules without a local clock, [`Schedule::Always`] and [`Schedule::After`], stay
    /// as they are.
    #[must_use]
    pub fn zone(mut self, new: Zone) -> Self {
        match &mut self {
            Self::Between(Between { zone, .. })
            | Self::Every { zone, .. }
            | Self::On { zone, .. }
            | Self::Waves { zone, .. } => *zone = Some(new),
            Self::Always | Self::After { .. } => {}
        }
        self
    }
}

impl Wave {
    /// A wave for the campaign's whole audience.
    pub fn new(id: impl Into<String>, from: LocalDateTime, to: LocalDateTime) -> Self {
        Self {
            id: id.into(),
            from,
            to,
            audience: None,
        }
    }

    /// Only for those of the campaign's audience who are also in this one.
    #[must_use]
    pub fn audience(mut self, audience: Condition) -> Self {
        self.audience = Some(audience);
        self
    }
}
