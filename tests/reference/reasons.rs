//! Why not now: reasons, in order.

use super::condition::Truth;
use super::gates::{CODES, Check, Refusal, Slot, gates, independent, judge, refuse, rules_in_scope};
use super::occurrence::occurrences;
use super::plan::{Entry, Plan, frees_at};
use super::time;
use super::world::World;
use serde_json::{Value, json};

#[derive(Clone, Copy, PartialEq)]
pub enum Which {
    /// The first option, of an occurrence whose audience at `now` is not false.
    First,
    /// Every option of every campaign.
    All,
}

/// One reason; without a slot it does not depend on the option.
pub struct Found<'i> {
    pub slot: Option<Slot<'i>>,
    pub refusal: Refusal,
    pub frees_at: Option<i64>,
}

/// By option, gate, rule address.
pub fn sorted(mut found: Vec<Found>, campaign: &str, occurrence: Option<&str>) -> Vec<Value> {
    found.sort_by_key(|Found { slot, refusal, .. }| {
        let gate = CODES.iter().position(|code| *code == refusal.code);
        (slot.map(|slot| slot.option), gate, refusal.rule.clone())
    });
    let json = |Found {
                    slot,
                    refusal,
                    frees_at,
                }: Found| {
        json!({
            "campaign": campaign,
            "occurrence": occurrence,
            "channel": slot.map(|slot| slot.channel),
            "sender": slot.and_then(|slot| slot.sender),
            "code": refusal.code,
            "rule": refusal.rule,
            "frees_at": frees_at.map(time::print),
            "missing": refusal.missing,
            "detail": refusal.detail,
        })
    };
    found.into_iter().map(json).collect()
}

/// Each of these gates and rules that refuses at `t`.
pub fn refusing<'i>(
    world: &'i World<'i>,
    entry: &Entry<'i>,
    slot: &Slot<'i>,
    checks: impl IntoIterator<Item = Check<'i>>,
    t: i64,
) -> Vec<(Check<'i>, Refusal)> {
    let judged = |check| Some((check, judge(world, &entry.view, slot, &check, t)?));
    checks.into_iter().filter_map(judged).collect()
}

/// Why one occurrence does not go now: every gate and rule that refuses at `now`, and a wait by choice.
pub fn reasons<'i>(world: &'i World<'i>, entry: &Entry<'i>, which: Which, with_frees_at: bool) -> Vec<Value> {
    let campaign = entry.item.campaign;
    if which == Which::First && entry.item.audience_now(world, &entry.view) == Truth::False {
        return Vec::new();
    }
    let Some(occurrence) = &entry.item.occurrence else {
        return without_occurrence(world, entry, which, with_frees_at);
    };
    let mut found = Vec::new();
    let mut feasible_now = Vec::new();
    for slot in &entry.slots {
        let refusing = refusing(world, entry, slot, gates(slot), world.now);
        feasible_now.push(refusing.is_empty());
        for (check, refusal) in refusing {
            let alike = independent(&check, campaign);
            if slot.option == 0 || (which == Which::All && !alike) {
                let frees_at = with_frees_at
                    .then(|| frees_at(world, entry, slot, &check, world.now))
                    .flatten();
                found.push(Found {
                    slot: (!alike).then_some(*slot),
                    refusal,
                    frees_at,
                });
            }
        }
    }
    // Some option could go now, but this one was planned for later.
    if let Some(plan) = entry
        .plan
        .as_ref()
        .filter(|plan| plan.at > world.now && feasible_now.contains(&true))
    {
        let refusal = if feasible_now[plan.slot.option] {
            refuse("better_time", "waits for a better time")
        } else {
            refuse("preferred_option", "waits for a preferred option")
        };
        let frees_at = with_frees_at.then_some(plan.at);
        found.push(Found {
            slot: Some(plan.slot),
            refusal: refusal.unwrap(),
            frees_at,
        });
    }
    sorted(found, campaign.id, Some(&occurrence.id))
}

/// A missing anchor names what is missing; `explain` also tells of a campaign with nothing in the look-ahead.
fn without_occurrence(world: &World, entry: &Entry, which: Which, with_frees_at: bool) -> Vec<Value> {
    let campaign = entry.item.campaign;
    let (detail, missing, frees_at) = match &entry.item.missing_anchor {
        Some(anchor) => ("its anchor is missing", vec![anchor.clone()], None),
        None if which == Which::First => return Vec::new(),
        None => {
            let later = occurrences(world, campaign, world.ahead, world.limit);
            let next = later.first().map(|next| next.start).filter(|_| with_frees_at);
            ("no occurrence in the look-ahead", Vec::new(), next)
        }
    };
    let refusal = Refusal {
        missing,
        ..refuse("not_scheduled", detail).unwrap()
    };
    sorted(
        vec![Found {
            slot: None,
            refusal,
            frees_at,
        }],
        campaign.id,
        None,
    )
}

/// What observing rules would have refused of the chosen touch at its instant.
pub fn observed<'i>(world: &'i World<'i>, entry: &Entry<'i>, plan: &Plan<'i>) -> Vec<Value> {
    let slot = &plan.slot;
    let watching = rules_in_scope(slot)
        .filter(|rule| rule.observing())
        .map(Check::Rule);
    let refusing = refusing(world, entry, slot, watching, plan.at).into_iter();
    let found = refusing.map(|(check, refusal)| {
        let frees_at = frees_at(world, entry, slot, &check, plan.at);
        Found {
            slot: Some(*slot),
            refusal,
            frees_at,
        }
    });
    sorted(found.collect(), slot.campaign.id, Some(&slot.occurrence.id))
}
