//! Ranking, choosing option and time, and the agenda.

use super::condition::{Moment, Truth};
use super::gates::{Check, Placed, Slot, View, feasible, gates, judge, rules_in_scope, touch_of};
use super::identity;
use super::message::{choose_variant, style};
use super::occurrence::{Occurrence, missing_anchor, occurrences};
use super::rules::acting_holdouts;
use super::time;
use super::touch::Touch;
use super::world::{Campaign, World, get, list, text};
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::rc::Rc;

/// What is ranked: an occurrence, or a campaign that has none in the look-ahead.
pub struct Item<'w> {
    pub campaign: &'w Campaign<'w>,
    pub occurrence: Option<Occurrence<'w>>,
    pub missing_anchor: Option<String>,
    score: i64,
}

impl<'w> Item<'w> {
    pub fn of(campaign: &'w Campaign<'w>, occurrence: Occurrence<'w>) -> Item<'w> {
        Item {
            campaign,
            occurrence: Some(occurrence),
            missing_anchor: None,
            score: 0,
        }
    }

    pub fn slots<'i>(&'i self, world: &'i World<'i>, rank: usize) -> Vec<Slot<'i>> {
        let Some(occurrence) = &self.occurrence else {
            return Vec::new();
        };
        let options = world.options(self.campaign).into_iter().enumerate();
        let slot = |(option, (channel, sender))| Slot {
            campaign: self.campaign,
            occurrence,
            channel,
            sender,
            option,
            rank,
        };
        options.map(slot).collect()
    }

    pub fn moment<'i>(&'i self, world: &'i World<'i>, seen: &'i [Rc<Touch>]) -> Moment<'i> {
        let occurrence = self.occurrence.as_ref().map(|occurrence| occurrence.id.as_str());
        Moment {
            world,
            t: world.now,
            seen,
            campaign: Some(self.campaign),
            occurrence,
            channel: None,
            sender: None,
        }
    }

    pub fn audience_now(&self, world: &World, view: &View) -> Truth {
        self.moment(world, &view.seen).audience(
            self.occurrence
                .as_ref()
                .and_then(|occurrence| occurrence.audience),
        )
    }
}

/// By priority (high first), score at `now` (high first), campaign id; the occurrences of one by start, then id.
pub fn ranked<'w>(world: &'w World<'w>) -> Vec<Item<'w>> {
    let mut items = Vec::new();
    for campaign in &world.campaigns {
        let found = occurrences(world, campaign, world.now, world.ahead);
        let missing_anchor = missing_anchor(world, campaign);
        let none = found.is_empty().then_some(None);
        for occurrence in found.into_iter().map(Some).chain(none) {
            items.push(Item {
                campaign,
                occurrence,
                missing_anchor: missing_anchor.clone(),
                score: 0,
            });
        }
    }
    for item in &mut items {
        item.score = item.moment(world, &[]).score();
    }
    items.sort_by_cached_key(|item| {
        let place = item
            .occurrence
            .as_ref()
            .map_or((i64::MIN, String::new()), |o| (o.start, o.id.clone()));
        (
            Reverse(item.campaign.body["priority"].as_i64().unwrap_or(0)),
            Reverse(item.score),
            item.campaign.id,
            place,
        )
    });
    items
}

/// A touch with its time, placed or held out.
pub struct Plan<'i> {
    pub slot: Slot<'i>,
    pub at: i64,
    /// §9's `touch`.
    pub json: Value,
    pub held_out_by: Vec<String>,
}

pub struct Entry<'i> {
    pub item: &'i Item<'i>,
    pub slots: Vec<Slot<'i>>,
    /// The placed touches it sees.
    pub view: View<'i>,
    /// A superset of the instants in `[now, limit]` at which anything changes for it.
    pub instants: Vec<i64>,
    pub plan: Option<Plan<'i>>,
}

impl Entry<'_> {
    pub fn placed_at(&self) -> Option<i64> {
        self.plan
            .as_ref()
            .filter(|plan| plan.held_out_by.is_empty())
            .map(|plan| plan.at)
    }

    pub fn held_out_at(&self) -> Option<i64> {
        self.plan
            .as_ref()
            .filter(|plan| !plan.held_out_by.is_empty())
            .map(|plan| plan.at)
    }
}

/// One entry per item, by rank; each is planned given the history and the touches already placed.
pub fn agenda<'i>(world: &'i World<'i>, items: &'i [Item<'i>]) -> Vec<Entry<'i>> {
    let mut placed: Vec<Placed<'i>> = Vec::new();
    let mut entries = Vec::new();
    for (rank, item) in items.iter().enumerate() {
        // A touch placed after `now + reserve` is not seen by lower ranks, save its own campaign's.
        let visible = |above: &&Placed| {
            above.touch.at <= world.now.saturating_add(above.slot.campaign.reserve)
                || above.slot.campaign.id == item.campaign.id
        };
        let view = View::of(placed.iter().filter(visible).cloned().collect());
        let slots = item.slots(world, rank);
        let instants = instants(world, &view, item.occurrence.as_ref());
        let plan = plan(world, &view, &slots, &instants);
        if let Some(plan) = plan.as_ref().filter(|plan| plan.held_out_by.is_empty()) {
            let content = text(&plan.json, "content").map(str::to_owned);
            placed.push(Placed {
                slot: plan.slot,
                touch: Rc::new(touch_of(&plan.slot, plan.at, content)),
            });
        }
        entries.push(Entry {
            item,
            slots,
            view,
            instants,
            plan,
        });
    }
    entries
}

/// All instants in `[now, limit]` at which a gate can change for this occurrence.
pub fn instants(world: &World, view: &View, occurrence: Option<&Occurrence>) -> Vec<i64> {
    let mut all = world.changes.clone();
    all.extend(view.counted.iter().flat_map(|touch| world.around(touch.at)));
    all.extend(
        occurrence
            .iter()
            .flat_map(|occurrence| [occurrence.start, occurrence.end]),
    );
    all.push(world.now);
    all.retain(|t| world.now <= *t && *t <= world.limit);
    all.sort_unstable();
    all.dedup();
    all
}

/// `from` itself, and all later instants up to `to`, in order.
fn between(instants: &[i64], from: i64, to: i64) -> impl Iterator<Item = i64> {
    let later = instants.iter().copied().filter(move |t| from < *t && *t <= to);
    Some(from)
        .into_iter()
        .filter(move |from| *from <= to)
        .chain(later)
}

/// The earliest instant in `[from, to]` that every gate passes.
pub fn earliest<'i>(
    world: &'i World<'i>,
    view: &View<'i>,
    slot: &Slot<'i>,
    instants: &[i64],
    from: i64,
    to: i64,
) -> Option<i64> {
    let gates = gates(slot);
    // Only to save time, the gate that refused last is asked first.
    let mut stuck: Option<Check> = None;
    between(instants, from, to).find(|t| {
        let refuses = |check: &Check<'i>| judge(world, view, slot, check, *t).is_some();
        if !stuck.as_ref().is_some_and(refuses) {
            stuck = gates.iter().copied().find(refuses);
        }
        stuck.is_none()
    })
}

/// The earliest instant from `from` on, within 400 days of now, at which that one gate or rule passes.
pub fn frees_at<'i>(
    world: &'i World<'i>,
    entry: &Entry<'i>,
    slot: &Slot<'i>,
    check: &Check<'i>,
    from: i64,
) -> Option<i64> {
    between(&entry.instants, from, world.limit).find(|t| judge(world, &entry.view, slot, check, *t).is_none())
}

fn plan<'i>(world: &'i World<'i>, view: &View<'i>, slots: &[Slot<'i>], instants: &[i64]) -> Option<Plan<'i>> {
    let occurrence = slots.first()?.occurrence;
    let campaign = slots.first()?.campaign;
    let (from, to) = (
        world.now.max(occurrence.start),
        world.ahead.min(occurrence.end - 1),
    );
    let first = |slot| Some((earliest(world, view, slot, instants, from, to)?, slot));
    let firsts: Vec<(i64, &Slot)> = slots.iter().filter_map(first).collect();
    // Where the customer's zone is unknown, patience is `none` and timing `asap`.
    let zones = world.zones(None).unwrap_or_default();
    let end_of = |period: &str, t: i64| match period {
        "occurrence" => occurrence.end,
        _ => zones
            .iter()
            .map(|tz| time::period_end(*tz, t, period))
            .min()
            .unwrap(),
    };
    let patience = text(campaign.body, "patience").filter(|word| *word != "none" && !zones.is_empty());
    // The option with the earliest time, ties by order; with patience the first in order before the end
    // of the earliest's period.
    let soonest = firsts.iter().map(|(first, _)| *first).min()?;
    let before = patience.map_or(soonest + 1, |period| end_of(period, soonest));
    let (first, slot) = *firsts.iter().find(|(first, _)| *first < before)?;
    let at = match text(&campaign.body["timing"], "best_in").filter(|_| !zones.is_empty()) {
        None => first,
        Some(period) => {
            // Of the feasible instants up to the end of the period, the earliest with the greatest weight.
            let last = to.min(end_of(period, first) - 1);
            let mut all = world.weight_changes(campaign, first, last);
            all.extend(instants);
            all.sort_unstable();
            let good = between(&all, first, last).filter(|t| feasible(world, view, slot, *t));
            good.min_by_key(|t| (Reverse(weight(world, view, slot, *t)), *t))?
        }
    };
    let held_out_by = acting_holdouts(world, view, slot, at);
    Some(Plan {
        slot: *slot,
        at,
        json: touch_json(world, view, slot, at),
        held_out_by,
    })
}

/// The saturating sum of the `prefer` rules in scope whose condition is true; over a list of zones the least.
pub fn weight<'i>(world: &'i World<'i>, view: &View<'i>, slot: &Slot<'i>, t: i64) -> i64 {
    let one = |prefer: &Value, tz: chrono_tz::Tz| -> i128 {
        let weight = i128::from(prefer["weight"].as_i64().unwrap_or(1));
        let reading = time::local(tz, t);
        let Some(_) = get(prefer, "active_hours") else {
            return if time::inside_window(prefer, reading) {
                weight
            } else {
                0
            };
        };
        let hours: Vec<i128> = list(world.customer, "active_hours")
            .iter()
            .map(|n| n.as_i64().unwrap_or(0).into())
            .collect();
        let enough = hours.iter().sum::<i128>() >= prefer["at_least"].as_i64().unwrap_or(1).into();
        let hour = reading.rem_euclid(time::DAY) / time::HOUR;
        if enough {
            weight * hours.get(hour as usize).unwrap_or(&0)
        } else {
            0
        }
    };
    let moment = view.moment(world, slot, t);
    let acting = rules_in_scope(slot).filter(|rule| moment.holds(get(rule.body, "when")) == Truth::True);
    let least = acting.filter_map(|rule| {
        let prefer = rule.then("prefer")?;
        world
            .zones(text(prefer, "zone"))?
            .into_iter()
            .map(|tz| one(prefer, tz))
            .min()
    });
    least.sum::<i128>().clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

fn touch_json<'i>(world: &'i World<'i>, view: &View<'i>, slot: &Slot<'i>, at: i64) -> Value {
    let moment = view.moment(world, slot, at);
    let chosen = choose_variant(&moment).unwrap_or_else(|_| panic!("feasible without a variant"));
    json!({
        "key": key(world, slot.campaign.id, slot.occurrence),
        "campaign": slot.campaign.id,
        "occurrence": slot.occurrence.id,
        "channel": slot.channel,
        "sender": slot.sender,
        "variant": chosen.variant,
        "arm": chosen.arm,
        "content": chosen.content,
        "fields": chosen.fields,
        "style": style(&moment),
        "purpose": slot.campaign.body["purpose"],
        "value": slot.campaign.body["value"],
        "score": moment.score(),
        "at": time::print(at),
    })
}

/// n is the smallest whole number whose key no non-failed entry of the occurrence carries, entries without
/// a key taking the lowest free n each.
fn key(world: &World, campaign: &str, occurrence: &Occurrence) -> String {
    let entries = world
        .history
        .iter()
        .filter(|touch| touch.status != "failed" && occurrence.owns(campaign, touch));
    let entries: Vec<_> = entries.collect();
    let without = entries.iter().filter(|touch| touch.key.is_none()).count();
    let keys = (0..).map(|n| identity::key(text(world.customer, "id").unwrap(), campaign, &occurrence.id, n));
    let mut free = keys.filter(|key| !entries.iter().any(|touch| touch.key.as_ref() == Some(key)));
    free.nth(without).unwrap()
}

/// The first instant after `now + look_ahead`, within 400 days, at which some option is feasible given the history alone.
pub fn first_feasible_after(world: &World) -> Option<i64> {
    let from = world.ahead + 1;
    // What goes on being feasible is asked for at the next whole second.
    let second = (world.ahead.div_euclid(time::SECOND) + 1) * time::SECOND;
    let mut best: Option<i64> = None;
    for campaign in &world.campaigns {
        for occurrence in occurrences(world, campaign, from, world.limit) {
            let view = View::default();
            let instants = instants(world, &view, Some(&occurrence));
            for (option, (channel, sender)) in world.options(campaign).into_iter().enumerate() {
                let slot = Slot {
                    campaign,
                    occurrence: &occurrence,
                    channel,
                    sender,
                    option,
                    rank: 0,
                };
                let to = best.map_or(world.limit, |best| best - 1).min(occurrence.end - 1);
                let found = earliest(world, &view, &slot, &instants, from.max(occurrence.start), to);
                let goes_on = found == Some(from)
                    && occurrence.contains(second)
                    && feasible(world, &view, &slot, second);
                best = found
                    .map(|at| if goes_on { second } else { at })
                    .into_iter()
                    .chain(best)
                    .min();
            }
        }
    }
    best
}
