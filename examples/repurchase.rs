//! When would a house have reminded its customers, and did they buy soon after?
//!
//! Reads purchases, goes through the days from 1998-01-01 to 1998-06-16, asks the engine about each customer on each
//! of them, and counts. One rulebook reminds at the customer's own pace, the other 30 days after a purchase.
//!
//! ```text
//! cargo run --release --example repurchase -- FILE
//! ```
//!
//! One purchase a line. The last four columns, separated by blanks, are the customer, the date (`YYYYMMDD`), the
//! quantity and the amount; what stands before them is not read. Each date is taken as noon in New York.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fs,
    process::ExitCode,
    time::Instant,
};

use chrono::{DateTime, NaiveDate, Utc};
use tactful::{BoundFacts, Customer, Engine, Facts, HistoryEntry, InputError, Outcome, Status};

/// The purchases of each customer, by date. Those of one day are at one instant, and so one purchase.
type Purchases = BTreeMap<String, Vec<(NaiveDate, f64)>>;

/// How long after a reminder a purchase is a hit.
const DAYS_TO_BUY: i64 = 14;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).ok_or("name the file of purchases")?;
    let text = fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let purchases = read(&text).map_err(|error| format!("{file}: {error}"))?;
    let (first, last) = (day(1998, 1, 1)?, day(1998, 6, 16)?);
    let days: Vec<NaiveDate> = first.iter_days().take_while(|&day| day <= last).collect();

    let three = purchases
        .values()
        .filter(|bought| {
            let dates = bought.iter().map(|&(date, _)| date);
            dates.filter(|&date| date <= last).collect::<BTreeSet<_>>().len() >= 3
        })
        .count();
    println!(
        "{} customers, {} rows of purchases; {three} customers had bought on three days by {last}.",
        purchases.len(),
        purchases.values().map(Vec::len).sum::<usize>(),
    );
    println!(
        "Each customer is asked about at noon of {} days, {first} to {last}.\n",
        days.len()
    );

    println!(
        "{:<28} {:>9} {:>6} {:>9} {:>13}",
        "reminder", "reminders", "hits", "hit rate", "decisions/s"
    );
    let own_pace = r#"{"after": "purchases.due_at", "from": "0s", "until": "1d"}"#;
    let fixed = r#"{"after": "purchases.last_at", "from": "30d", "until": "31d"}"#;
    for (name, schedule) in [
        ("at the customer's own pace", own_pace),
        ("30 days after a purchase", fixed),
    ] {
        let (engine, _) = Engine::from_document(&serde_json::from_str(&rulebook(schedule))?)?;
        let start = Instant::now();
        let (mut count, facts) = (Count::default(), engine.bind_facts(&Facts::new())?);
        for (id, bought) in &purchases {
            count.customer(&engine, &facts, id, bought, &days)?;
        }
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{name:<28} {:>9} {:>6} {:>7.1} % {:>13.0}",
            count.reminders,
            count.hits,
            100.0 * count.hits as f64 / count.reminders.max(1) as f64,
            count.decisions as f64 / seconds,
        );
    }

    println!(
        "\nBoth speak to the same customers: those who have bought on at least three days by the day of the question,\n\
         and once per purchase. A hit is a purchase on one of the {DAYS_TO_BUY} days after the day of the reminder.\n\
         Decisions are counted on one thread, with binding and bookkeeping."
    );
    println!(
        "\nThese data show when people buy, never what a reminder causes: they do not say who was reminded of what. A\n\
         higher hit rate says that the moments were closer to purchases that came anyway. What a reminder changes, only\n\
         a holdout can tell."
    );
    Ok(())
}

/// A rulebook with one reminder.
///
/// The occurrence of an `after` schedule is its anchor's instant. A purchase after a reminder moves the anchor past it,
/// and so never back to one that was used: hence once per purchase. The windows are one day long, so that each holds
/// one of the daily questions, and that what fell due before the first day is not made up for on it. (A house with
/// quiet hours, or that asks less often, makes them longer: an occurrence that is spent stays spent.)
fn rulebook(schedule: &str) -> String {
    format!(
        r#"{{
            "format": 1, "time_zone": "America/New_York", "unknown_time_zone": "house", "look_ahead": "0s",
            "purposes": ["care"],
            "channels": {{"mail": {{"consent": "none"}}}},
            "campaigns": [
                {{"id": "reminder", "purpose": "care", "value": "service", "channels": ["mail"],
                  "audience": {{"attribute": "purchases.due_at", "present": true}},
                  "schedule": {schedule},
                  "variants": [{{"id": "plain", "content": "tpl-time-for-more"}}]}}
            ]
        }}"#
    )
}

#[derive(Default)]
struct Count {
    decisions: u64,
    reminders: u64,
    hits: u64,
}

impl Count {
    /// Goes through the days with one customer, and records what is sent.
    fn customer(
        &mut self,
        engine: &Engine,
        facts: &BoundFacts,
        id: &str,
        bought: &[(NaiveDate, f64)],
        days: &[NaiveDate],
    ) -> Result<(), InputError> {
        let mut customer = Customer::new(id).known_purchases();
        let mut history: Vec<HistoryEntry> = Vec::new();
        let mut unknown = bought.iter().peekable();
        let mut bound = engine.bind(&customer, &history, facts)?;
        for &day in days {
            // Only what is known by noon of the day. The binding is kept while nothing changes.
            let known_before = unknown.len();
            while let Some(&(date, amount)) = unknown.next_if(|&&(date, _)| date <= day) {
                customer = customer.purchase(noon(date), amount);
            }
            if unknown.len() < known_before {
                bound = engine.bind(&customer, &history, facts)?;
            }
            let decision = bound.decide(noon(day));
            self.decisions += 1;
            if let (Outcome::Send, Some(touch)) = (decision.outcome(), decision.touch()) {
                history.push(touch.entry(Status::Sent));
                bound = engine.bind(&customer, &history, facts)?;
                self.reminders += 1;
                let hit = bought
                    .iter()
                    .any(|&(date, _)| (1..=DAYS_TO_BUY).contains(&(date - day).num_days()));
                self.hits += u64::from(hit);
            }
        }
        Ok(())
    }
}

/// Noon in New York; no clock is ever changed at noon.
fn noon(date: NaiveDate) -> DateTime<Utc> {
    let noon = date.and_time(chrono::NaiveTime::MIN) + chrono::Duration::hours(12);
    match noon.and_local_timezone(chrono_tz::America::New_York).earliest() {
        Some(local) => local.to_utc(),
        None => noon.and_utc(),
    }
}

fn day(year: i32, month: u32, day: u32) -> Result<NaiveDate, &'static str> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or("no such day")
}

/// Reads purchases, or says which line is wrong.
fn read(text: &str) -> Result<Purchases, String> {
    let mut purchases = Purchases::new();
    for (number, line) in text.lines().enumerate() {
        let columns: Vec<&str> = line.split_whitespace().collect();
        if columns.is_empty() {
            continue;
        }
        let wrong = |what: &str| format!("line {}: {what}", number + 1);
        let [.., customer, date, quantity, amount] = columns[..] else {
            return Err(wrong("write a customer, a date, a quantity and an amount"));
        };
        let date = NaiveDate::parse_from_str(date, "%Y%m%d")
            .map_err(|_| wrong(&format!("`{date}` is not a date; write YYYYMMDD")))?;
        quantity
            .parse::<u64>()
            .map_err(|_| wrong(&format!("`{quantity}` is not a quantity; write a whole number")))?;
        let amount = amount
            .parse()
            .map_err(|_| wrong(&format!("`{amount}` is not an amount; write a number")))?;
        purchases
            .entry(customer.to_owned())
            .or_default()
            .push((date, amount));
    }
    for bought in purchases.values_mut() {
        bought.sort_by_key(|&(date, _)| date);
    }
    Ok(purchases)
}
