//! Frequency caps.

use super::{
    calendar::{CalendarPeriod, Zone},
    duration::Duration,
    scope::Counting,
};

/// A frequency cap.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Cap {
    /// How many, the candidate included.
    pub at_most: AtMost,
    /// In what.
    pub per: Per,
    /// Whose calendar, for calendar periods. Default the customer's.
    pub zone: Option<Zone>,
    /// Which touches of the history count; default those of the rule.
    pub counting: Option<Counting>,
    /// Count apart by.
    pub grouped_by: Option<GroupedBy>,
}

/// The number of a cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AtMost {
    /// A number, zero or more.
    Count(u32),
    /// The number of days of the calendar month; with [`CalendarPeriod::Month`] only.
    DaysInMonth,
}

/// The window of a cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Per {
    /// Any window of this length.
    Rolling(Duration),
    /// A period of the local calendar.
    Calendar(CalendarPeriod),
    /// All time.
    Lifetime,
}

/// The dimension by which a cap counts apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GroupedBy {
    /// By channel.
    Channel,
    /// By purpose.
    Purpose,
    /// By campaign.
    Campaign,
    /// By sender.
    Sender,
    /// By content.
    Content,
}

impl Cap {
    /// So many in a window, calendar period or lifetime.
    ///
    /// ```
    /// use tactful::{AtMost, CalendarPeriod, Cap, Counting, Duration, GroupedBy, Per};
    ///
    /// let rolling = Cap::new(3, Duration::days(30)).counting(Counting::All).grouped_by(GroupedBy::Sender);
    /// assert_eq!(rolling.per, Per::Rolling(Duration::days(30)));
    /// let daily_on_average = Cap::new(AtMost::DaysInMonth, CalendarPeriod::Month);
    /// assert_eq!(daily_on_average.at_most, AtMost::DaysInMonth);
    /// ```
    pub fn new(at_most: impl Into<AtMost>, per: impl Into<Per>) -> Self {
        Self {
            at_most: at_most.into(),
            per: per.into(),
            zone: None,
            counting: None,
            grouped_by: None,
        }
    }

    /// Whose calendar, for calendar periods.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Which touches of the history count.
    #[must_use]
    pub fn counting(mut self, counting: impl Into<Counting>) -> Self {
        self.counting = Some(counting.into());
        self
    }

    /// Count apart by a dimension.
    #[must_use]
    pub fn grouped_by(mut self, dimension: GroupedBy) -> Self {
        self.grouped_by = Some(dimension);
        self
    }
}

impl From<u32> for AtMost {
    fn from(count: u32) -> Self {
        Self::Count(count)
    }
}

impl From<Duration> for Per {
    fn from(window: Duration) -> Self {
        Self::Rolling(window)
    }
}

impl From<CalendarPeriod> for Per {
    fn from(period: CalendarPeriod) -> Self {
        Self::Calendar(period)
    }
}
