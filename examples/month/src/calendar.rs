//! One customer's month, as a calendar of text.

use std::{collections::BTreeMap, fmt::Write};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use tactful::{Engine, SimulatedCustomer, World};

const WIDTH: usize = 17;

/// Weeks as rows. A day has what was said, with `*` for a click, `¥` for a purchase and `!` for a complaint; a day without
/// has what refused at noon, after a dot.
pub fn calendar(
    engine: &Engine,
    world: &impl World,
    simulated: &SimulatedCustomer,
    month: NaiveDate,
    zone: Tz,
) -> String {
    let mut lines: BTreeMap<NaiveDate, Vec<String>> = BTreeMap::new();
    for touch in simulated.touches() {
        let local = touch.at().with_timezone(&zone);
        let line = format!("{} {}", local.format("%H:%M"), touch.campaign());
        lines.entry(local.date_naive()).or_default().push(line);
    }
    for (at, mark) in events(simulated) {
        let local = at.with_timezone(&zone);
        let line = format!("{} {mark}", local.format("%H:%M"));
        lines.entry(local.date_naive()).or_default().push(line);
    }
    let days = || month.iter_days().take_while(|day| day.month() == month.month());
    for day in days() {
        let lines = lines.entry(day).or_default();
        lines.sort();
        if lines.is_empty() {
            lines
                .extend(refused_at_noon(engine, world, simulated, day, zone).map(|rule| format!("· {rule}")));
        }
    }
    let monday = month - TimeDelta::days(i64::from(month.weekday().num_days_from_monday()));
    let weeks = monday
        .iter_weeks()
        .take_while(|week| *week < month || week.month() == month.month());
    let rule = format!("+{}", format!("{}+", "-".repeat(WIDTH)).repeat(7));
    let mut text = format!("{rule}\n");
    for name in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] {
        let _ = write!(text, "| {name:<0$}", WIDTH - 1);
    }
    let _ = writeln!(text, "|\n{rule}");
    for week in weeks {
        let of_week: Vec<NaiveDate> = week.iter_days().take(7).collect();
        let height = of_week
            .iter()
            .filter_map(|day| lines.get(day))
            .map(Vec::len)
            .max()
            .unwrap_or(0);
        for row in 0..=height {
            for day in &of_week {
                let in_month = day.month() == month.month();
                let cell = match row {
                    0 if in_month => day.day().to_string(),
                    0 => String::new(),
                    row => lines
                        .get(day)
                        .and_then(|lines| lines.get(row - 1))
                        .cloned()
                        .unwrap_or_default(),
                };
                let cell: String = cell.chars().take(WIDTH - 1).collect();
                let _ = write!(text, "| {cell:<0$}", WIDTH - 1);
            }
            text.push_str("|\n");
        }
        let _ = writeln!(text, "{rule}");
    }
    text
}

/// What the customer did.
pub fn events(simulated: &SimulatedCustomer) -> Vec<(DateTime<Utc>, &'static str)> {
    let responses = simulated.history().iter().flat_map(|entry| &entry.responses);
    let mut events: Vec<_> = responses
        .filter_map(|response| match response.kind.as_str() {
            "clicked" => Some((response.at, "* clicked")),
            "complained" => Some((response.at, "! complained")),
            _ => None,
        })
        .collect();
    let first = simulated.touches().first().map(|touch| touch.at());
    let purchases = simulated.customer().purchases.iter().flatten();
    // Those of before the month are no answer to it.
    let since = purchases.filter(|purchase| first.is_some_and(|first| purchase.at >= first));
    events.extend(since.map(|purchase| (purchase.at, "¥ bought")));
    events.sort();
    events
}

/// The first rule or gate that refuses at noon, with what was known then.
fn refused_at_noon(
    engine: &Engine,
    world: &impl World,
    simulated: &SimulatedCustomer,
    day: NaiveDate,
    zone: Tz,
) -> Option<String> {
    let noon = day
        .and_hms_opt(12, 0, 0)?
        .and_local_timezone(zone)
        .earliest()?
        .to_utc();
    let mut history = simulated.history().to_vec();
    history.retain(|entry| entry.at <= noon);
    for entry in &mut history {
        entry.responses.retain(|response| response.at <= noon);
    }
    let mut customer = simulated.customer().clone();
    customer.purchases = customer
        .purchases
        .map(|all| all.into_iter().filter(|one| one.at <= noon).collect());
    let facts = engine.bind_facts(&world.facts(day)).ok()?;
    let decision = engine.bind(&customer, &history, &facts).ok()?.decide(noon);
    // A campaign that is not on asks nothing of anybody.
    let reason = decision.reasons().iter().find(|reason| reason.rule().is_some())?;
    let rule = reason.rule().unwrap_or_default();
    Some(rule.rsplit('/').next().unwrap_or(rule).to_owned())
}
