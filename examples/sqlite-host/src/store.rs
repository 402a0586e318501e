//! Customers, their history and the time, in SQLite.

use std::{path::Path, time::Duration};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use serde_json::{Value, json};
use tactful::{HistoryEntry, Status, Touch};

use crate::Result;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL; -- What is reserved survives the power cut too.
    CREATE TABLE IF NOT EXISTS customer(
        id TEXT PRIMARY KEY,
        document TEXT NOT NULL,      -- as the engine reads it
        ask_at INTEGER);             -- when to ask next, in microseconds; never is NULL
    CREATE INDEX IF NOT EXISTS customer_ask_at ON customer(ask_at);
    CREATE TABLE IF NOT EXISTS touch(
        key TEXT PRIMARY KEY,        -- the decision's: who comes second with it gets nothing
        customer TEXT NOT NULL REFERENCES customer(id),
        status TEXT NOT NULL,
        entry TEXT NOT NULL,         -- for the history
        touch TEXT NOT NULL,         -- for the delivery
        rulebook TEXT NOT NULL,      -- the fingerprint of the one that decided
        reserved_at INTEGER NOT NULL); -- by the clock on the wall, in milliseconds
    CREATE INDEX IF NOT EXISTS touch_customer ON touch(customer);
    CREATE INDEX IF NOT EXISTS touch_open ON touch(reserved_at) WHERE status = 'scheduled';
    CREATE TABLE IF NOT EXISTS refusal(rule TEXT PRIMARY KEY, count INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS clock(now INTEGER NOT NULL, until INTEGER NOT NULL);";

/// The database of a house.
pub struct Store(Connection);

/// A touch that is reserved and not yet settled.
pub struct Reserved {
    pub customer: String,
    pub touch: Touch,
}

fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

impl Store {
    /// Opens a house's database, and makes one where there is none.
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(30))?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(connection))
    }

    /// A transaction that nobody else writes beside: what is read in it is still true when it is committed.
    pub fn begin(&mut self) -> Result<House<'_>> {
        let behavior = TransactionBehavior::Immediate;
        Ok(House(self.0.transaction_with_behavior(behavior)?))
    }

    /// How many touches there are by status, and refusals by rule.
    pub fn counts(&self) -> Result<Vec<(String, i64)>> {
        let sql = "SELECT status, count(*) FROM touch GROUP BY status
                   UNION ALL SELECT * FROM (SELECT 'refused: ' || rule, count FROM refusal ORDER BY count DESC, rule)";
        let mut statement = self.0.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The time of the house, and the end of the run.
    pub fn clock(&self) -> Result<(DateTime<Utc>, DateTime<Utc>)> {
        let read = |row: &rusqlite::Row<'_>| Ok((instant(row.get(0)?), instant(row.get(1)?)));
        Ok(self.0.query_row("SELECT now, until FROM clock", [], read)?)
    }
}

/// The house in one transaction; nothing of it lasts that is not committed.
pub struct House<'s>(Transaction<'s>);

impl House<'_> {
    pub fn commit(self) -> Result<()> {
        Ok(self.0.commit()?)
    }

    /// Sets the clock of the sample. With customers of your own, the time is `Utc::now()`.
    pub fn set_clock(&self, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<()> {
        self.0.execute("DELETE FROM clock", [])?;
        let sql = "INSERT INTO clock VALUES (?, ?)";
        self.0.execute(sql, params![micros(now), micros(until)])?;
        Ok(())
    }

    pub fn now(&self) -> Result<DateTime<Utc>> {
        let now = self.0.query_row("SELECT now FROM clock", [], |row| row.get(0))?;
        Ok(instant(now))
    }

    /// Lets the time pass until somebody is to be asked about; whether there is such a time before the end. Time stands
    /// still while a touch is on its way.
    pub fn advance(&self) -> Result<bool> {
        let sql = "UPDATE clock SET now = max(now, (SELECT min(ask_at) FROM customer))
                   WHERE (SELECT min(ask_at) FROM customer) <= until
                     AND NOT EXISTS (SELECT * FROM touch WHERE status = 'scheduled')";
        Ok(self.0.execute(sql, [])? > 0)
    }

    /// Whether all has been said up to the end.
    pub fn is_over(&self) -> Result<bool> {
        let sql = "SELECT NOT EXISTS (SELECT * FROM touch WHERE status = 'scheduled')
                      AND ifnull((SELECT min(ask_at) FROM customer) > until, TRUE) FROM clock";
        Ok(self.0.query_row(sql, [], |row| row.get(0))?)
    }

    pub fn add_customer(&self, id: &str, document: &Value, ask_at: DateTime<Utc>) -> Result<()> {
        let sql = "INSERT INTO customer VALUES (?, ?, ?)";
        self.0
            .execute(sql, params![id, document.to_string(), micros(ask_at)])?;
        Ok(())
    }

    /// A customer to be asked about now.
    pub fn due(&self, now: DateTime<Utc>) -> Result<Option<String>> {
        let sql = "SELECT id FROM customer WHERE ask_at <= ? ORDER BY ask_at, id LIMIT 1";
        let found = self.0.query_row(sql, [micros(now)], |row| row.get(0));
        Ok(found.optional()?)
    }

    /// When to ask about a customer next; also to be set whenever something has happened to them.
    pub fn ask_at(&self, customer: &str, at: Option<DateTime<Utc>>) -> Result<()> {
        let sql = "UPDATE customer SET ask_at = ? WHERE id = ?";
        self.0.execute(sql, params![at.map(micros), customer])?;
        Ok(())
    }

    /// A customer with the history, as the engine reads a case.
    pub fn case(&self, customer: &str, now: DateTime<Utc>) -> Result<Value> {
        let sql = "SELECT document FROM customer WHERE id = ?";
        let document: String = self.0.query_row(sql, [customer], |row| row.get(0))?;
        let sql = "SELECT json_set(entry, '$.status', status) FROM touch WHERE customer = ?";
        let mut statement = self.0.prepare_cached(sql)?;
        let entries = statement.query_map([customer], |row| row.get::<_, String>(0))?;
        let history: Result<Vec<Value>> = entries.map(|entry| Ok(serde_json::from_str(&entry?)?)).collect();
        Ok(json!({
            "customer": serde_json::from_str::<Value>(&document)?, "history": history?, "now": now.to_rfc3339(),
        }))
    }

    /// Records a touch. One that failed may be tried again; any other with its key is an error, and nothing is recorded.
    pub fn record(&self, customer: &str, touch: &Touch, status: Status, rulebook: &str) -> Result<()> {
        let sql = "INSERT INTO touch VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (key) DO UPDATE
                   SET status = ?3, entry = ?4, touch = ?5, rulebook = ?6, reserved_at = ?7 WHERE status = 'failed'";
        let entry: HistoryEntry = touch.entry(status);
        let recorded = self.0.execute(
            sql,
            params![
                touch.key().to_string(),
                customer,
                status.as_str(),
                serde_json::to_string(&entry)?,
                serde_json::to_string(touch)?,
                rulebook,
                wall(),
            ],
        )?;
        match recorded {
            0 => Err(format!("the key {} is taken", touch.key()).into()),
            _ => Ok(()),
        }
    }

    /// Moves a reserved touch to the instant at which it is delivered after all.
    pub fn move_to(&self, touch: &Touch, at: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE touch SET entry = json_set(entry, '$.at', ?) WHERE key = ?";
        self.0.execute(sql, [at.to_rfc3339(), touch.key().to_string()])?;
        Ok(())
    }

    /// Says what became of a reserved touch, and what the customer answered.
    pub fn settle(
        &self,
        touch: &Touch,
        status: Status,
        response: Option<(&str, DateTime<Utc>)>,
    ) -> Result<()> {
        let key = touch.key().to_string();
        let sql = "UPDATE touch SET status = ? WHERE key = ? AND status = 'scheduled'";
        let settled = self.0.execute(sql, [status.as_str(), &key])?;
        if let Some((kind, at)) = response.filter(|_| settled > 0) {
            let sql = "UPDATE touch SET entry = json_set(entry, '$.responses', json(?)) WHERE key = ?";
            let responses = json!([{"kind": kind, "at": at.to_rfc3339()}]);
            self.0.execute(sql, [responses.to_string(), key])?;
        }
        Ok(())
    }

    /// Takes over a touch whose worker has not settled it in time: it may have died. The touch is this worker's from now.
    pub fn take_over(&self, patience: Duration) -> Result<Option<Reserved>> {
        let patience = i64::try_from(patience.as_millis())?;
        let sql = "UPDATE touch SET reserved_at = ?1 WHERE key =
                       (SELECT key FROM touch WHERE status = 'scheduled' AND reserved_at <= ?1 - ?2
                        ORDER BY reserved_at LIMIT 1)
                   RETURNING customer, touch";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?));
        let found = self.0.query_row(sql, [wall(), patience], read).optional()?;
        let reserved = found.map(|(customer, touch)| {
            Ok(Reserved {
                customer,
                touch: serde_json::from_str(&touch)?,
            })
        });
        reserved.transpose()
    }

    /// Counts a rule, or a gate without one, that refused.
    pub fn count_refusal(&self, rule: &str) -> Result<()> {
        let sql = "INSERT INTO refusal VALUES (?, 1) ON CONFLICT (rule) DO UPDATE SET count = count + 1";
        self.0.execute(sql, [rule])?;
        Ok(())
    }
}

/// Milliseconds by the clock on the wall.
fn wall() -> i64 {
    Utc::now().timestamp_millis()
}
