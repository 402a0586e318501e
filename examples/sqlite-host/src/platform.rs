//! The platform that delivers: a system of its own, here a second database.
//!
//! It takes each idempotency key once, and says on request whether it has one. Of yours, find out both. If it can do
//! neither, settle a touch whose worker died as sent: in doubt, silence.

use std::{env, path::Path, thread, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};
use tactful::{Key, Touch};

use crate::Result;

pub struct Platform {
    connection: Connection,
    /// How long a request takes on its way, there and back.
    way: Duration,
}

impl Platform {
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(30))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             CREATE TABLE IF NOT EXISTS delivery(
                 key TEXT PRIMARY KEY, customer TEXT, channel TEXT, campaign TEXT, occurrence TEXT, at TEXT,
                 requests INTEGER);",
        )?;
        let way = env::var("SQLITE_HOST_WAY_MS")
            .ok()
            .and_then(|ms| ms.parse().ok())
            .unwrap_or(0);
        Ok(Self {
            connection,
            way: Duration::from_millis(way),
        })
    }

    /// Delivers a touch, once.
    pub fn deliver(&self, customer: &str, touch: &Touch, at: DateTime<Utc>) -> Result<()> {
        thread::sleep(self.way);
        let sql = "INSERT INTO delivery VALUES (?, ?, ?, ?, ?, ?, 1)
                   ON CONFLICT (key) DO UPDATE SET requests = requests + 1";
        self.connection.execute(
            sql,
            params![
                touch.key().to_string(),
                customer,
                touch.channel(),
                touch.campaign(),
                touch.occurrence(),
                at.to_rfc3339(),
            ],
        )?;
        thread::sleep(self.way);
        Ok(())
    }

    /// Whether a delivery has arrived.
    pub fn has(&self, key: Key) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT * FROM delivery WHERE key = ?)";
        Ok(self
            .connection
            .query_row(sql, [key.to_string()], |row| row.get(0))?)
    }

    /// What the customer answers. Here the key decides: most say nothing, some click, few complain.
    pub fn response(touch: &Touch, at: DateTime<Utc>) -> Option<(&'static str, DateTime<Utc>)> {
        match touch.key().as_u128() % 40 {
            0 => Some(("complained", at + TimeDelta::minutes(20))),
            1..=8 => Some(("clicked", at + TimeDelta::minutes(5))),
            _ => None,
        }
    }
}
