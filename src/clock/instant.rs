//! Instants: microseconds since the epoch.

use chrono::{DateTime, Utc};

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;
/// How far ahead questions about the future reach.
pub(crate) const HORIZON: i64 = 400 * DAY;

/// A point of time in microseconds since 1970-01-01T00:00:00Z. Arithmetic saturates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Instant(pub(crate) i64);

impl Instant {
    /// Before everything.
    pub(crate) const MIN: Self = Self(i64::MIN);
    /// After everything: never.
    pub(crate) const MAX: Self = Self(i64::MAX);
    /// 0001-01-01T00:00:00Z.
    const FIRST: Self = Self(-719_162 * DAY);
    /// 9999-01-01T00:00:00Z.
    const END: Self = Self(2_932_532 * DAY);

    #[inline]
    pub(crate) fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    #[inline]
    pub(crate) fn minus(self, micros: i64) -> Self {
        Self(self.0.saturating_sub(micros))
    }

    /// Microseconds from `earlier` to here.
    #[inline]
    pub(crate) fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whether it is of the years 1 to 9998, which the calendar holds.
    #[inline]
    pub(crate) fn is_in_calendar(self) -> bool {
        (Self::FIRST..Self::END).contains(&self)
    }

    /// The first whole second after this instant.
    pub(crate) fn next_second(self) -> Self {
        Self(self.0.div_euclid(SECOND).saturating_add(1).saturating_mul(SECOND))
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(instant: DateTime<Utc>) -> Self {
        // Finer digits are cut off, towards the past.
        Self(instant.timestamp_micros())
    }
}

impl From<Instant> for DateTime<Utc> {
    fn from(instant: Instant) -> Self {
        // INVARIANT: instants outside chrono's range are sentinels and are never shown.
        DateTime::from_timestamp_micros(instant.0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// The earliest of what may be never.
pub(crate) fn shown(instant: Option<Instant>) -> Option<DateTime<Utc>> {
    instant.filter(|&at| at != Instant::MAX).map(Into::into)
}
