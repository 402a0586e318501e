//! Lengths of time: exact, in microseconds; a day is always 24 hours.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An exact length of time, possibly zero or negative.
///
/// Written as one number and one of `s m h d w`, the number with decimals if it must: `30d`, `1.5h`. A day is always
/// 24 hours and a week 168. The unit is kept for printing and means nothing else: `24h` equals `1d`.
///
/// ```
/// use tactful::Duration;
///
/// let hold: Duration = "1.5h".parse()?;
/// assert_eq!(hold, Duration::minutes(90));
/// assert_eq!(hold.to_string(), "1.5h");
/// assert_eq!(Duration::hours(24), Duration::days(1));
/// assert!("1 day".parse::<Duration>().is_err());
/// # Ok::<(), tactful::ParseDurationError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Duration {
    pub(crate) micros: i64,
    unit: Unit,
}

#[derive(Clone, Copy)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
}

const SECOND: i64 = 1_000_000;
const LEAST: i64 = -365_250 * 86_400 * SECOND;

impl Unit {
    const fn micros(self) -> i64 {
        match self {
            Self::Second => SECOND,
            Self::Minute => 60 * SECOND,
            Self::Hour => 3_600 * SECOND,
            Self::Day => 86_400 * SECOND,
            Self::Week => 604_800 * SECOND,
        }
    }

    const fn letter(self) -> char {
        match self {
            Self::Second => 's',
            Self::Minute => 'm',
            Self::Hour => 'h',
            Self::Day => 'd',
            Self::Week => 'w',
        }
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self {
        micros: 0,
        unit: Unit::Second,
    };
    /// The longest length a rulebook may name: 1,000 years of 365.25 days.
    pub const MAX: Self = Self {
        micros: 365_250 * 86_400 * SECOND,
        unit: Unit::Day,
    };

    const fn of(count: i64, unit: Unit) -> Self {
        let micros = count.saturating_mul(unit.micros());
        if micros > Self::MAX.micros {
            return Self::MAX;
        }
        if micros < LEAST {
            return Self {
                micros: LEAST,
                unit: Unit::Day,
            };
        }
        Self { micros, unit }
    }

    /// `count` seconds; saturates at [`Duration::MAX`].
    pub const fn seconds(count: i64) -> Self {
        Self::of(count, Unit::Second)
    }
    /// `count` minutes.
    pub const fn minutes(count: i64) -> Self {
        Self::of(count, Unit::Minute)
    }
    /// `count` hours.
    pub const fn hours(count: i64) -> Self {
        Self::of(count, Unit::Hour)
    }
    /// `count` days of exactly 24 hours.
    pub const fn days(count: i64) -> Self {
        Self::of(count, Unit::Day)
    }
    /// `count` weeks of exactly 168 hours.
    pub const fn weeks(count: i64) -> Self {
        Self::of(count, Unit::Week)
    }
    /// Whole microseconds.
    pub const fn as_micros(self) -> i64 {
        self.micros
    }

    /// `count` microseconds, printed in the largest unit up to a day that divides it.
    pub fn microseconds(count: i64) -> Self {
        let micros = count.clamp(LEAST, Self::MAX.micros);
        let units = [Unit::Day, Unit::Hour, Unit::Minute];
        let divides = |unit: &Unit| micros != 0 && micros.checked_rem(unit.micros()) == Some(0);
        Self {
            micros,
            unit: units.into_iter().find(divides).unwrap_or(Unit::Second),
        }
    }

    /// Writes the length in a unit, if it has few enough decimals there.
    fn in_unit(self, unit: Unit) -> Option<String> {
        const MOST_DECIMALS: usize = 18;
        let size = i128::from(unit.micros());
        let micros = i128::from(self.micros).abs();
        let mut text = String::new();
        if self.micros < 0 {
            text.push('-');
        }
        text.push_str(&micros.checked_div(size)?.to_string());
        let mut rest = micros.checked_rem(size)?;
        for decimal in 0..MOST_DECIMALS {
            if rest == 0 {
                break;
            }
            if decimal == 0 {
                text.push('.');
            }
            let tenths = rest.checked_mul(10)?;
            text.push_str(&tenths.checked_div(size)?.to_string());
            rest = tenths.checked_rem(size)?;
        }
        if rest != 0 {
            return None;
        }
        text.push(unit.letter());
        Some(text)
    }
}

impl PartialEq for Duration {
    fn eq(&self, other: &Self) -> bool {
        self.micros == other.micros
    }
}

impl Eq for Duration {}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Duration {
    fn cmp(&self, other: &Self) -> Ordering {
        self.micros.cmp(&other.micros)
    }
}

impl Hash for Duration {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.micros.hash(state);
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Microseconds always end within six decimals of a second.
        let text = self.in_unit(self.unit).or_else(|| self.in_unit(Unit::Second));
        f.pad(&text.unwrap_or_default())
    }
}

/// Why a text is not a [`Duration`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a duration; write one number and one of `s m h d w`, like `30d`")]
pub struct ParseDurationError {
    text: String,
}

impl FromStr for Duration {
    type Err = ParseDurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| ParseDurationError {
            text: text.chars().take(40).collect(),
        })
    }
}

fn parse(text: &str) -> Option<Duration> {
    let (unsigned, negative) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let unit = match unsigned.chars().next_back()? {
        's' => Unit::Second,
        'm' => Unit::Minute,
        'h' => Unit::Hour,
        'd' => Unit::Day,
        'w' => Unit::Week,
        _ => return None,
    };
    let number = unsigned.strip_suffix(unit.letter())?;
    let (whole, decimals) = match number.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    let size = i128::from(unit.micros());
    let mut micros = digits(whole)?.checked_mul(size)?;
    if let Some(decimals) = decimals {
        let scale = 10_i128.checked_pow(u32::try_from(decimals.len()).ok()?)?;
        let scaled = digits(decimals)?.checked_mul(size)?;
        // Finer than a microsecond would not be exact.
        if scaled.checked_rem(scale)? != 0 {
            return None;
        }
        micros = micros.checked_add(scaled.checked_div(scale)?)?;
    }
    if micros > i128::from(Duration::MAX.micros) {
        return None;
    }
    let micros = i64::try_from(micros).ok()?;
    Some(Duration {
        micros: if negative { micros.checked_neg()? } else { micros },
        unit,
    })
}

/// One to eighteen decimal digits.
fn digits(text: &str) -> Option<i128> {
    if text.is_empty() || text.len() > 18 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_it_was_written() {
        for text in [
            "30d",
            "1.5h",
            "0s",
            "-2d",
            "1w",
            "24h",
            "0.000001s",
            "0.1w",
            "90m",
            "-0.5d",
        ] {
            let duration: Duration = text.parse().expect(text);
            assert_eq!(duration.to_string(), text);
        }
    }

    #[test]
    fn refuses_what_is_not_one_number_and_one_unit() {
        let bad = [
            "",
            "s",
            "1",
            "1 d",
            "d1",
            "1.d",
            ".5d",
            "1.0000001s",
            "+1d",
            "--1d",
            "1D",
            "1ms",
            "1h30m",
            "1e3s",
            "٣d",
            "99999999999w",
        ];
        for text in bad {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }

    #[test]
    fn microseconds_find_their_unit() {
        for text in ["1d", "7d", "25h", "61m", "0s", "0.5s"] {
            let duration: Duration = text.parse().expect(text);
            assert_eq!(Duration::microseconds(duration.micros).to_string(), text);
        }
    }

    #[test]
    fn saturates() {
        assert_eq!(Duration::weeks(i64::MAX), Duration::MAX);
        assert_eq!(Duration::weeks(i64::MIN).to_string(), "-365250d");
    }
}
