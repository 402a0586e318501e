//! Quiet hours, read off the clock on the wall.

use chrono::{Days, NaiveDate, NaiveDateTime, Timelike};

use super::rules::{Addressed, clocks, wall};
use crate::written::{
    customer::Customer,
    history::HistoryEntry,
    rule::{Effect, Quiet},
    rulebook::Rulebook,
};

/// The first quiet rule without a condition inside whose window a touch was sent.
pub(super) fn disturbed(
    rules: &[Addressed],
    touch: &HistoryEntry,
    customer: &Customer,
    book: &Rulebook,
) -> Option<String> {
    rules.iter().find_map(|addressed| {
        let Effect::Quiet(quiet) = &addressed.rule.then else {
            return None;
        };
        if addressed.rule.when.is_some() || !addressed.covers(touch) {
            return None;
        }
        let zones = clocks(quiet.zone, customer, book);
        let read = zones
            .iter()
            .map(|zone| wall(touch.at, *zone))
            .find(|read| is_inside(quiet, *read))?;
        Some(format!(
            "it is {read} on the clock, and `{}` keeps quiet then",
            addressed.address
        ))
    })
}

fn is_inside(quiet: &Quiet, read: NaiveDateTime) -> bool {
    let (from, to) = (quiet.window.from.second_of_day(), quiet.window.to.second_of_day());
    let second = read.time().num_seconds_from_midnight();
    let (today, yesterday) = (read.date(), read.date().checked_sub_days(Days::new(1)));
    if from < to {
        return from <= second && second < to && begins_on(quiet, today);
    }
    // Over midnight: what began today, or what began yesterday and is not over.
    (from <= second && begins_on(quiet, today))
        || (second < to && yesterday.is_some_and(|yesterday| begins_on(quiet, yesterday)))
}

fn begins_on(quiet: &Quiet, date: NaiveDate) -> bool {
    use chrono::Datelike;
    let on_weekday = quiet
        .days
        .as_ref()
        .is_some_and(|days| days.contains(&date.weekday()));
    let on_date = quiet.dates.as_ref().is_some_and(|dates| dates.contains(&date));
    on_weekday || on_date || (quiet.days.is_none() && quiet.dates.is_none())
}
