//! The reference evaluator: the meaning of a rulebook, sentence by sentence, on plain JSON. Short, slow, and it shares
//! nothing with the engine. It assumes a valid rulebook whose presets are expanded, and a valid case.
//!
//! From the ground up: [`time`] · [`touch`], [`world`] the inputs · [`condition`] · [`occurrence`] schedules ·
//! [`message`] variants · [`rules`], [`gates`] · [`changes`], [`plan`] the agenda · [`reasons`], [`confirming`].

#![allow(dead_code, unreachable_pub, missing_docs)]

pub mod changes;
pub mod condition;
pub mod confirming;
pub mod gates;
pub mod identity;
pub mod message;
pub mod occurrence;
pub mod plan;
pub mod reasons;
pub mod rules;
pub mod time;
pub mod touch;
pub mod world;

use condition::{Moment, Truth};
use plan::{Entry, Plan, first_feasible_after, ranked};
use reasons::{Which, observed, reasons};
use serde_json::{Map, Value, json};
use world::{World, get, list, text};

/// The decision of §9.
pub fn decide(rulebook: &Value, case: &Value) -> Value {
    let world = World::new(rulebook, case);
    let items = ranked(&world);
    decision(&world, &plan::agenda(&world, &items))
}

/// The decision, and beside it all reasons of `explain`.
pub fn decide_explained(rulebook: &Value, case: &Value) -> Value {
    let world = World::new(rulebook, case);
    let items = ranked(&world);
    let entries = plan::agenda(&world, &items);
    let mut decision = decision(&world, &entries);
    decision["explained"] = entries
        .iter()
        .flat_map(|entry| reasons(&world, entry, Which::All, true))
        .collect();
    decision
}

/// The whole agenda: touches by instant, then rank; the reasons of what is not placed.
pub fn agenda(rulebook: &Value, case: &Value) -> Value {
    let world = World::new(rulebook, case);
    let items = ranked(&world);
    let entries = plan::agenda(&world, &items);
    let placed = in_order(&entries, Entry::placed_at)
        .into_iter()
        .map(|plan| plan.json.clone());
    let held_out = in_order(&entries, Entry::held_out_at).into_iter().map(held_out);
    let unplaced = entries.iter().filter(|entry| entry.placed_at().is_none());
    json!({
        "customer": world.customer["id"],
        "touches": placed.collect::<Vec<_>>(),
        "held_out": held_out.collect::<Vec<_>>(),
        "reasons": unplaced.flat_map(|entry| reasons(&world, entry, Which::First, true)).collect::<Vec<_>>(),
    })
}

/// Re-judges one scheduled touch at delivery: all the reasons against it, none = yes.
pub fn confirm(rulebook: &Value, case: &Value, touch: &Value) -> Value {
    confirming::confirm(rulebook, case, touch).into()
}

/// Every derived tag at `now`; null = unknown.
pub fn tags(rulebook: &Value, case: &Value) -> Value {
    let world = World::new(rulebook, case);

    let moment = Moment {
        world: &world,
        t: world.now,
        seen: &[],
        campaign: None,
        occurrence: None,
        channel: None,
        sender: None,
    };
    let value = |tag: &Value| match moment.holds(get(tag, "when")) {
        Truth::True => Value::Bool(true),
        Truth::False => Value::Bool(false),
        Truth::Unknown(_) => Value::Null,
    };
    let derived = list(rulebook, "tags").iter().filter(|tag| tag.is_object());
    derived
        .filter_map(|tag| Some((text(tag, "tag")?.to_owned(), value(tag))))
        .collect::<Map<_, _>>()
        .into()
}

/// Those with an instant, by instant, then rank.
fn in_order<'e, 'i>(entries: &'e [Entry<'i>], instant: fn(&Entry<'i>) -> Option<i64>) -> Vec<&'e Plan<'i>> {
    let mut found: Vec<_> = entries.iter().filter(|entry| instant(entry).is_some()).collect();
    found.sort_by_key(|entry| instant(entry));
    found
        .into_iter()
        .filter_map(|entry| entry.plan.as_ref())
        .collect()
}

fn held_out(plan: &Plan) -> Value {
    json!({"touch": plan.json, "rules": plan.held_out_by})
}

fn decision(world: &World, entries: &[Entry]) -> Value {
    let chosen = in_order(entries, Entry::placed_at).into_iter().next();
    let sent = chosen.filter(|plan| plan.at == world.now);
    // On `send` only what ranks above the sent one, and without `frees_at`.
    let above = &entries[..sent.map_or(entries.len(), |plan| plan.slot.rank)];
    let held_out_now = above
        .iter()
        .filter(|entry| entry.held_out_at() == Some(world.now));
    let held_out_now = held_out_now.filter_map(|entry| entry.plan.as_ref()).map(held_out);
    let not_now = above.iter().filter(|entry| entry.placed_at() != Some(world.now));
    let why = not_now.flat_map(|entry| reasons(world, entry, Which::First, sent.is_none()));
    let held_out_later = entries
        .iter()
        .filter_map(Entry::held_out_at)
        .filter(|at| *at > world.now)
        .min();
    let recheck = || {
        [held_out_later, first_feasible_after(world)]
            .into_iter()
            .flatten()
            .min()
    };
    json!({
        "customer": world.customer["id"],
        "outcome": if sent.is_some() { "send" } else if chosen.is_some() { "wait" } else { "refrain" },
        "touch": chosen.map(|plan| plan.json.clone()),
        "until": chosen.filter(|_| sent.is_none()).map(|plan| time::print(plan.at)),
        "recheck_at": if chosen.is_some() { None } else { recheck().map(time::print) },
        "held_out": held_out_now.collect::<Vec<_>>(),
        "observed": chosen.map_or_else(Vec::new, |plan| observed(world, &entries[plan.slot.rank], plan)),
        "reasons": why.collect::<Vec<_>>(),
    })
}
