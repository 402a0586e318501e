//! Literals from Rust's values.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use super::condition::Literal;

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Literal {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<i32> for Literal {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<u32> for Literal {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<f64> for Literal {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Literal {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Literal {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// As it is written: `2026-11-20`.
impl From<NaiveDate> for Literal {
    fn from(value: NaiveDate) -> Self {
        Self::Text(value.format("%Y-%m-%d").to_string())
    }
}

/// As it is written: `2026-11-20T02:00:00Z`.
impl From<DateTime<Utc>> for Literal {
    fn from(value: DateTime<Utc>) -> Self {
        Self::Text(value.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}
