//! Every instant at which anything can change: always a superset, so that judging each of them literally
//! finds the earliest that passes.

use super::time::{self, DAY, HOUR};
use super::world::{Campaign, World, calendar, get, text};
use chrono_tz::Tz;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

impl World<'_> {
    /// An instant moved by every span; one tick after the earlier ones, since what looks ahead from
    /// there (a rolling cap, another touch's `within`) changes just after, not at, that instant.
    pub fn around(&self, at: i64) -> Vec<i64> {
        let moved = self
            .spans
            .iter()
            .flat_map(|span| [at - span, at - span + 1, at + span]);
        moved
            .chain([at])
            .filter(|t| self.now <= *t && *t <= self.limit)
            .collect()
    }

    pub fn all_changes(&self) -> Vec<i64> {
        let mut bases = BTreeSet::new();
        instants(self.case, &mut bases);
        bases.extend(
            ["first_at", "last_at", "due_at"]
                .iter()
                .filter_map(|n| self.purchase_instant(&format!("purchases.{n}"))),
        );
        let mut all: Vec<i64> = bases.into_iter().flat_map(|at| self.around(at)).collect();
        let mut clocks: HashMap<Tz, BTreeSet<i64>> = HashMap::new();
        let mut note = |zone: &Value, times: &[i64]| {
            for tz in self.zones(text(zone, "zone")).unwrap_or_default() {
                clocks.entry(tz).or_default().extend(times);
            }
        };
        for campaign in &self.campaigns {
            note(&campaign.body["repeat"], &[0]);
            for rule in &campaign.rules {
                rule.then("quiet")
                    .iter()
                    .for_each(|quiet| note(quiet, &window_edges(quiet)));
                rule.then("cap")
                    .iter()
                    .filter(|cap| calendar(cap))
                    .for_each(|cap| note(cap, &[0]));
            }
        }
        for (tz, times) in clocks {
            all.extend(time::wall_clock_instants(tz, &times, self.now, self.limit));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Where the weight of a campaign's `prefer` rules can change in `[from, to]`.
    pub fn weight_changes(&self, campaign: &Campaign, from: i64, to: i64) -> Vec<i64> {
        let mut all = Vec::new();
        for prefer in campaign.rules.iter().filter_map(|rule| rule.then("prefer")) {
            let hours = get(prefer, "active_hours").map(|_| (0..24).map(|hour| hour * HOUR).collect());
            let times: BTreeSet<i64> = hours.unwrap_or_else(|| BTreeSet::from(window_edges(prefer)));
            for tz in self.zones(text(prefer, "zone")).unwrap_or_default() {
                all.extend(time::wall_clock_instants(tz, &times, from, to));
            }
        }
        all
    }
}

fn window_edges(window: &Value) -> [i64; 2] {
    [
        text(window, "from").map_or(0, time::clock),
        text(window, "to").map_or(DAY, time::clock),
    ]
}

/// Every string anywhere that is an instant.
fn instants(value: &Value, into: &mut BTreeSet<i64>) {
    match value {
        Value::String(text) => into.extend(time::instant(text)),
        Value::Array(items) => items.iter().for_each(|item| instants(item, into)),
        Value::Object(members) => members.values().for_each(|member| instants(member, into)),
        _ => {}
    }
}

/// Every string anywhere that is a duration, and `after + hold` of a reaction.
pub fn durations(value: &Value, into: &mut BTreeSet<i64>) {
    match value {
        Value::String(text) => into.extend(time::duration(text).map(i64::abs)),
        Value::Array(items) => items.iter().for_each(|item| durations(item, into)),
        Value::Object(members) => {
            members.values().for_each(|member| durations(member, into));
            let own = |key| text(value, key).and_then(time::duration);
            if let (true, Some(after), Some(hold)) = (
                value["to"].is_string() && value["from"].is_null(),
                own("after"),
                own("hold"),
            ) {
                into.insert(after + hold);
            }
        }
        _ => {}
    }
}
