//! Words of the calendar and the clock on the wall.

use std::{fmt, str::FromStr};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

/// A day of the week.
pub use chrono::Weekday;

const DAY_SECONDS: u32 = 86_400;

/// A wall-clock time of day, `HH:MM[:SS]`; `24:00` only as an end.
///
/// ```
/// use tactful::LocalTime;
///
/// let night: LocalTime = "22:00".parse()?;
/// assert_eq!(Some(night), LocalTime::new(22, 0, 0));
/// assert_eq!("24:00".parse(), Ok(LocalTime::END_OF_DAY));
/// assert!("25:00".parse::<LocalTime>().is_err());
/// # Ok::<(), tactful::ParseTimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime {
    /// Seconds since local midnight, 0 to 86,400.
    pub(crate) seconds: u32,
}

impl LocalTime {
    /// `00:00`.
    pub const MIDNIGHT: Self = Self { seconds: 0 };
    /// `24:00`: the end of a day.
    pub const END_OF_DAY: Self = Self { seconds: DAY_SECONDS };

    /// A time of day; none if there is no such time. `24:00:00` is [`LocalTime::END_OF_DAY`].
    pub fn new(hour: u8, minute: u8, second: u8) -> Option<Self> {
        let seconds = u32::from(hour)
            .saturating_mul(3_600)
            .saturating_add(u32::from(minute).saturating_mul(60))
            .saturating_add(u32::from(second));
        (minute < 60 && second < 60 && seconds <= DAY_SECONDS).then_some(Self { seconds })
    }

    /// Seconds since local midnight, 0 to 86,400.
    pub fn second_of_day(self) -> u32 {
        self.seconds
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, rest) = (self.seconds / 3_600, self.seconds % 3_600);
        let (minute, second) = (rest / 60, rest % 60);
        write!(f, "{hour:02}:{minute:02}")?;
        if second != 0 {
            write!(f, ":{second:02}")?;
        }
        Ok(())
    }
}

/// Why a text is not a [`LocalTime`] or a [`LocalDateTime`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a local {wanted}")]
pub struct ParseTimeError {
    text: String,
    wanted: &'static str,
}

impl ParseTimeError {
    fn new(text: &str, wanted: &'static str) -> Self {
        Self {
            text: text.chars().take(40).collect(),
            wanted,
        }
    }
}

impl FromStr for LocalTime {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_time(text).ok_or_else(|| ParseTimeError::new(text, "time; write it like `22:00` or `22:00:30`"))
    }
}

fn parse_time(text: &str) -> Option<LocalTime> {
    let mut parts = text.split(':');
    let hour = two_digits(parts.next()?)?;
    let minute = two_digits(parts.next()?)?;
    let second = match parts.next() {
        Some(second) => two_digits(second)?,
        None => 0,
    };
    match parts.next() {
        Some(_) => None,
        None => LocalTime::new(hour, minute, second),
    }
}

fn two_digits(text: &str) -> Option<u8> {
    match text.as_bytes() {
        &[tens, ones] => digits(tens, ones),
        _ => None,
    }
}

/// A date, exactly `YYYY-MM-DD`.
pub(crate) fn parse_date(text: &str) -> Option<NaiveDate> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return None;
    };
    let (century, year) = (digits(y1, y2)?, digits(y3, y4)?);
    let year = i32::from(century)
        .saturating_mul(100)
        .saturating_add(i32::from(year));
    NaiveDate::from_ymd_opt(year, digits(m1, m2)?.into(), digits(d1, d2)?.into())
}

/// The number that two digits write.
fn digits(tens: u8, ones: u8) -> Option<u8> {
    let digit = |byte: u8| byte.is_ascii_digit().then_some(byte & 15);
    Some(digit(tens)?.saturating_mul(10).saturating_add(digit(ones)?))
}

/// A wall-clock date and time without offset, `YYYY-MM-DDTHH:MM[:SS]`; `24:00` only as an end.
///
/// ```
/// use tactful::LocalDateTime;
///
/// let start: LocalDateTime = "2026-11-20T00:00".parse()?;
/// assert_eq!(start.to_string(), "2026-11-20T00:00");
/// assert!("2026-11-20T00:00+08:00".parse::<LocalDateTime>().is_err());
/// # Ok::<(), tactful::ParseTimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDateTime {
    /// The calendar date.
    pub(crate) date: NaiveDate,
    /// The time of that date.
    pub(crate) time: LocalTime,
}

impl LocalDateTime {
    /// A time of a date.
    pub fn new(date: NaiveDate, time: LocalTime) -> Self {
        Self { date, time }
    }

    /// The calendar date as written.
    pub fn date(self) -> NaiveDate {
        self.date
    }

    /// The time as written.
    pub fn time(self) -> LocalTime {
        self.time
    }

    /// The reading of the wall clock: `24:00` is midnight of the next date.
    pub(crate) fn wall_clock(self) -> NaiveDateTime {
        match NaiveTime::from_num_seconds_from_midnight_opt(self.time.seconds, 0) {
            Some(time) => self.date.and_time(time),
            None => self
                .date
                .succ_opt()
                .unwrap_or(NaiveDate::MAX)
                .and_time(NaiveTime::MIN),
        }
    }
}

impl fmt::Display for LocalDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{}", self.date, self.time)
    }
}

impl FromStr for LocalDateTime {
    type Err = ParseTimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (date, time) = text.split_once('T')?;
            Some(Self::new(parse_date(date)?, parse_time(time)?))
        };
        parse().ok_or_else(|| {
            ParseTimeError::new(
                text,
                "date and time; write it without offset, like `2026-11-20T09:00`",
            )
        })
    }
}

/// Whose clock is read: `customer`, `house` or an IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Zone {
    /// The customer's own zone.
    Customer,
    /// The house's zone.
    House,
    /// A named IANA zone.
    Named(Tz),
}

impl Zone {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::House => "house",
            Self::Named(zone) => zone.name(),
        }
    }
}

/// What the clock of a customer without a zone is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnknownTimeZone {
    /// The house's zone.
    House,
    /// Refuse what needs the customer's clock.
    Refrain,
    /// Allowed only where allowed in every one of these zones (at least one).
    Every(Vec<Tz>),
}

/// The days of the week as they are written.
pub(crate) const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

/// A day of the week as it is written: `mon`.
pub(crate) fn weekday_word(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "mon",
        Weekday::Tue => "tue",
        Weekday::Wed => "wed",
        Weekday::Thu => "thu",
        Weekday::Fri => "fri",
        Weekday::Sat => "sat",
        Weekday::Sun => "sun",
    }
}

/// A calendar period of a local clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CalendarPeriod {
    /// A local date.
    Day,
    /// An ISO week, from Monday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

impl CalendarPeriod {
    /// As it is written: `day`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// A daily wall-clock window, half-open; wraps midnight when `to` is before `from`.
///
/// ```
/// use tactful::{ClockWindow, LocalTime};
///
/// let night = ClockWindow::new("22:00".parse()?, "08:00".parse()?);
/// assert_eq!(ClockWindow::WHOLE_DAY.to, LocalTime::END_OF_DAY);
/// assert_ne!(night, ClockWindow::WHOLE_DAY);
/// # Ok::<(), tactful::ParseTimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClockWindow {
    /// Start, included. Default `00:00`.
    pub from: LocalTime,
    /// End, excluded. Default `24:00`.
    pub to: LocalTime,
}

impl ClockWindow {
    /// From `00:00` to `24:00`.
    pub const WHOLE_DAY: Self = Self {
        from: LocalTime::MIDNIGHT,
        to: LocalTime::END_OF_DAY,
    };

    /// From one time to another; `from` equal to `to` is found when the rulebook is compiled.
    pub const fn new(from: LocalTime, to: LocalTime) -> Self {
        Self { from, to }
    }
}

impl Default for ClockWindow {
    fn default() -> Self {
        Self::WHOLE_DAY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_and_print() {
        for text in ["00:00", "08:05", "23:59:59", "24:00"] {
            assert_eq!(text.parse::<LocalTime>().expect(text).to_string(), text);
        }
        for text in [
            "24:01",
            "24:00:01",
            "8:00",
            "08:60",
            "08:00:60",
            "08",
            "08:00:00:00",
            "+8:00",
            " 8:00",
            "",
        ] {
            assert!(text.parse::<LocalTime>().is_err(), "{text}");
        }
    }

    #[test]
    fn date_times_read_and_print() {
        for text in ["2026-02-28T24:00", "2024-02-29T09:30:15"] {
            assert_eq!(text.parse::<LocalDateTime>().expect(text).to_string(), text);
        }
        let bad = [
            "2026-02-29T00:00",
            "2026-11-20",
            "2026-11-20 00:00",
            "2026-11-20T00:00Z",
            "26-11-20T00:00",
        ];
        for text in bad {
            assert!(text.parse::<LocalDateTime>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_end_of_a_day_is_the_next_midnight() {
        let end: LocalDateTime = "2026-11-30T24:00".parse().expect("an end");
        let midnight: LocalDateTime = "2026-12-01T00:00".parse().expect("midnight");
        assert_eq!(end.wall_clock(), midnight.wall_clock());
    }
}
