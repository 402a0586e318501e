//! The report: one page of HTML that needs nothing else.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use tactful::{Simulated, SimulatedCustomer};

use crate::plots;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const STYLE: &str = include_str!("../sample/report.css");

/// The whole page.
pub fn report(
    title: &str,
    simulated: &Simulated,
    samples: &[&SimulatedCustomer],
    month: NaiveDate,
    zone: Tz,
) -> Result<String> {
    let days = simulated.days();
    let sum = |counts: fn(&tactful::SimulatedDay) -> &BTreeMap<String, u64>| {
        let mut sums: BTreeMap<String, u64> = BTreeMap::new();
        for (name, count) in days.iter().flat_map(counts) {
            *sums.entry(name.clone()).or_default() += count;
        }
        let mut sums: Vec<(String, u64)> = sums.into_iter().collect();
        sums.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        sums
    };
    let by_purpose = sum(|day| day.touches_by_purpose());
    let purposes: Vec<String> = by_purpose.iter().map(|(name, _)| name.clone()).collect();
    let campaigns = sum(|day| day.touches_by_campaign());
    // What is not on, and what was said already, refuses nobody anything.
    let mut refusals = sum(|day| day.refusals());
    refusals.retain(|(name, _)| !["not_scheduled", "spent", "audience"].contains(&name.as_str()));
    let responses: BTreeMap<String, u64> = sum(|day| day.responses()).into_iter().collect();
    let of = |kind: &str| responses.get(kind).copied().unwrap_or(0);
    let touches: u64 = by_purpose.iter().map(|(_, count)| count).sum();
    let reached = simulated
        .customers()
        .iter()
        .filter(|customer| !customer.touches().is_empty())
        .count() as u64;
    let everybody = simulated.customers().len() as u64;
    let held_out: u64 = days.iter().map(|day| day.held_out()).sum();
    let purchases: u64 = days.iter().map(|day| day.purchases()).sum();
    let revenue: f64 = days.iter().map(|day| day.revenue()).sum();

    let tiles = [
        (
            "touches",
            thousands(touches),
            format!(
                "{:.1} per reached customer",
                touches as f64 / reached.max(1) as f64
            ),
        ),
        (
            "reached",
            thousands(reached),
            format!("of {} customers", thousands(everybody)),
        ),
        (
            "clicked",
            share(of("clicked"), touches),
            format!("{} of {}", thousands(of("clicked")), thousands(touches)),
        ),
        (
            "complained",
            share(of("complained"), touches),
            format!("{} of {}", thousands(of("complained")), thousands(touches)),
        ),
        (
            "bought after",
            thousands(purchases),
            format!("¥ {} in all", thousands(revenue.round() as u64)),
        ),
        (
            "held out",
            held_out.to_string(),
            "not sent, for comparison".to_owned(),
        ),
    ];
    let tiles = tiles.map(|(name, value, note)| {
        format!(
            "<div class=tile><span>{name}</span><b>{value}</b><small>{}</small></div>",
            escaped(&note)
        )
    });
    let legend: String = purposes
        .iter()
        .enumerate()
        .map(|(number, purpose)| {
            format!(
                "<span><i style=\"background:var(--p{})\"></i>{}</span>",
                number % 4,
                escaped(purpose)
            )
        })
        .collect();
    let sections = [
        section(
            "Touches per day, by purpose",
            "messages sent, all customers; weeks start on Monday",
            &legend,
            &plots::touches_per_day(simulated, &purposes)?,
            &table("purpose", "touches", &by_purpose),
        ),
        section(
            "Refusals by rule",
            "customers to whom the rule refused something at noon, summed over the days",
            "",
            &plots::bars(&refusals, plots::purpose_colour(3))?,
            "",
        ),
        section(
            "Touches per customer",
            "customers, by how many messages they got in the month",
            "",
            &plots::distribution(simulated)?,
            "",
        ),
        section(
            "Touches by campaign",
            "messages sent",
            "",
            &plots::bars(&campaigns, plots::purpose_colour(1))?,
            "",
        ),
        section(
            "Customers",
            "what was said (dots, by purpose), and what came back: clicked ●, bought ▲, complained ×",
            &legend,
            &plots::timelines(samples, &purposes, month, days.len(), zone)?,
            "",
        ),
    ];
    Ok(format!(
        "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n<meta name=viewport content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n<main>\n<header><h1>{title}</h1>\n<p>Simulated: what the rulebook would send, \
         to customers who behave as the sample says. Nothing was sent.</p></header>\n<div class=tiles>{}</div>\n{}</main>\n</html>\n",
        tiles.concat(),
        sections.concat(),
        title = escaped(title),
    ))
}

/// With a comma before each three digits.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn share(part: u64, whole: u64) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}

fn section(title: &str, unit: &str, legend: &str, plot: &str, table: &str) -> String {
    format!("<section><h2>{title}</h2><p>{unit}</p><div class=legend>{legend}</div>{plot}{table}</section>\n")
}

fn table(of: &str, what: &str, counts: &[(String, u64)]) -> String {
    let rows: String = counts
        .iter()
        .map(|(name, count)| format!("<tr><td>{}<td>{count}", escaped(name)))
        .collect();
    format!("<table><tr><th>{of}<th>{what}{rows}</table>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
