//! Re-judging one scheduled touch at delivery.

use super::gates::{Check, View, gates, independent, refuse, rules_in_scope};
use super::message::choose_variant;
use super::occurrence::occurrence_by_id;
use super::plan::{Entry, Item, frees_at, instants};
use super::reasons::{Found, refusing, sorted};
use super::time;
use super::world::{World, list, text};
use serde_json::Value;
use std::rc::Rc;

/// All the reasons against it; none = yes.
pub fn confirm(rulebook: &Value, case: &Value, touch: &Value) -> Vec<Value> {
    let mut world = World::new(rulebook, case);
    // Of the scheduled entries only those earlier by (at, key) count, an absent key first, even when in the past.
    let own = (
        time::instant(text(touch, "at").unwrap()).unwrap(),
        text(touch, "key"),
    );
    let entries = world.history.iter().zip(list(case, "history"));
    let counts = |(entry, raw): &(&Rc<_>, &Value)| raw["status"] != "scheduled" || place(entry) < own;
    world.history = entries
        .filter(counts)
        .map(|(entry, _)| Rc::clone(entry))
        .collect();
    against(&world, touch).unwrap_or_else(|| {
        // Its campaign, occurrence, channel or sender is gone.
        let refusal = refuse("not_scheduled", "outside its schedule").unwrap();
        let found = vec![Found {
            slot: None,
            refusal,
            frees_at: None,
        }];
        sorted(
            found,
            text(touch, "campaign").unwrap_or(""),
            text(touch, "occurrence"),
        )
    })
}

fn place(entry: &super::touch::Touch) -> (i64, Option<&str>) {
    (entry.at, entry.key.as_deref())
}

/// All gates at `now` for its own option, holdouts, `changed`; none = something is gone.
fn against(world: &World, touch: &Value) -> Option<Vec<Value>> {
    let own = |key: &str| text(touch, key);
    let campaign = world
        .campaigns
        .iter()
        .find(|campaign| Some(campaign.id) == own("campaign"))?;
    let item = Item::of(campaign, occurrence_by_id(world, campaign, own("occurrence")?)?);
    let slots = item.slots(world, 0);
    let slot = slots
        .iter()
        .find(|slot| (Some(slot.channel), slot.sender) == (own("channel"), own("sender")))?;
    let view = View::default();
    let instants = instants(world, &view, item.occurrence.as_ref());
    let entry = Entry {
        item: &item,
        slots: slots.clone(),
        view,
        instants,
        plan: None,
    };
    // A holdout refuses here whether its condition is true or unknown.
    let is_holdout = |check: &Check| matches!(check, Check::Rule(rule) if rule.then("holdout").is_some());
    let holdouts = rules_in_scope(slot)
        .filter(|rule| rule.then("holdout").is_some())
        .map(Check::HeldOut);
    let checks = gates(slot)
        .into_iter()
        .filter(|check| !is_holdout(check))
        .chain(holdouts);
    let mut found = Vec::new();
    for (check, refusal) in refusing(world, &entry, slot, checks, world.now) {
        let shown = (!independent(&check, campaign)).then_some(*slot);
        found.push(Found {
            slot: shown,
            refusal,
            frees_at: frees_at(world, &entry, slot, &check, world.now),
        });
    }
    // The variant, arm or content chosen now differs; an entry of the history tells only its content.
    if let Ok(chosen) = choose_variant(&entry.view.moment(world, slot, world.now)) {
        let message = (own("variant"), own("arm"));
        let differs = message.0.is_some() && message != (Some(&*chosen.variant), chosen.arm.as_deref());
        if differs || own("content") != chosen.content.as_deref() {
            let refusal = refuse("changed", "the content would differ now").unwrap();
            found.push(Found {
                slot: Some(*slot),
                refusal,
                frees_at: None,
            });
        }
    }
    Some(sorted(found, campaign.id, own("occurrence")))
}
