//! The gates of one option at one instant: each either passes or refuses with a reason.

use super::condition::{Moment, Truth};
use super::message::choose_variant;
use super::occurrence::Occurrence;
use super::rules::{cap_refuses, fullest_window, holdout_condition, rule_refuses};
use super::time;
use super::touch::{Rule, Touch};
use super::world::{Campaign, World, calendar, get, text};
use serde_json::Value;
use std::rc::Rc;

/// The order of reasons.
pub const CODES: [&str; 16] = [
    "not_scheduled",
    "spent",
    "audience",
    "stopped",
    "consent",
    "unknown_time_zone",
    "forbidden",
    "reaction",
    "quiet",
    "cap",
    "reserved",
    "no_variant",
    "holdout",
    "better_time",
    "preferred_option",
    "changed",
];

/// One option of one occurrence.
#[derive(Clone, Copy)]
pub struct Slot<'w> {
    pub campaign: &'w Campaign<'w>,
    pub occurrence: &'w Occurrence<'w>,
    pub channel: &'w str,
    pub sender: Option<&'w str>,
    /// Position among the options.
    pub option: usize,
    /// Position of the occurrence in the ranking.
    pub rank: usize,
}

#[derive(Clone)]
pub struct Placed<'w> {
    pub slot: Slot<'w>,
    pub touch: Rc<Touch>,
}

/// What a judgement knows besides the history.
#[derive(Clone, Default)]
pub struct View<'w> {
    /// Placed touches that caps and `spent` count.
    pub counted: Vec<Rc<Touch>>,
    /// Placed touches that `touches` conditions see.
    pub seen: Vec<Rc<Touch>>,
    /// Placed touches that must not be displaced.
    pub above: Vec<Placed<'w>>,
}

impl<'w> View<'w> {
    /// What a candidate of a lower rank sees of the placed touches: all of them, everywhere.
    pub fn of(above: Vec<Placed<'w>>) -> View<'w> {
        let touches: Vec<_> = above.iter().map(|placed| placed.touch.clone()).collect();
        View {
            counted: touches.clone(),
            seen: touches,
            above,
        }
    }

    pub fn moment<'m>(&'m self, world: &'m World<'m>, slot: &Slot<'m>, t: i64) -> Moment<'m> {
        Moment {
            world,
            t,
            seen: &self.seen,
            campaign: Some(slot.campaign),
            occurrence: Some(&slot.occurrence.id),
            channel: Some(slot.channel),
            sender: slot.sender,
        }
    }
}

#[derive(Clone, Copy)]
pub enum Check<'w> {
    NotScheduled,
    Spent,
    Audience,
    Stopped,
    Consent,
    UnknownTimeZone,
    Rule(&'w Rule<'w>),
    Reserved,
    NoVariant,
    /// At delivery a holdout refuses too.
    HeldOut(&'w Rule<'w>),
}

#[derive(Debug)]
pub struct Refusal {
    pub code: &'static str,
    pub rule: Option<String>,
    pub missing: Vec<String>,
    pub detail: String,
}

pub fn refuse(code: &'static str, detail: &str) -> Option<Refusal> {
    Some(Refusal {
        code,
        rule: None,
        missing: Vec::new(),
        detail: detail.to_owned(),
    })
}

impl Refusal {
    pub fn missing(mut self, truth: &Truth) -> Refusal {
        self.missing = truth.missing();
        self
    }
}

/// Every gate with the rules in scope; observing rules only watch, `prefer` never refuses.
pub fn gates<'w>(slot: &Slot<'w>) -> Vec<Check<'w>> {
    use Check::*;
    let restraining = rules_in_scope(slot).filter(|rule| !rule.observing() && rule.then("prefer").is_none());
    let mut all = vec![NotScheduled, Spent, Audience, Stopped, Consent, UnknownTimeZone];
    all.extend(restraining.map(Rule));
    all.extend([NoVariant, Reserved]);
    all
}

pub fn rules_in_scope<'w>(slot: &Slot<'w>) -> impl Iterator<Item = &'w Rule<'w>> {
    let touch = touch_of(slot, 0, None);
    slot.campaign
        .rules
        .iter()
        .filter(move |rule| rule.in_scope(&touch))
}

/// Gates that do not depend on the option.
pub fn independent(check: &Check, campaign: &Campaign) -> bool {
    match check {
        Check::NotScheduled | Check::Audience | Check::Stopped => true,
        Check::Spent => get(&campaign.body["repeat"], "grouped_by").is_none(),
        _ => false,
    }
}

/// One gate or rule at `t`: none = it passes.
pub fn judge<'w>(
    world: &'w World<'w>,
    view: &View<'w>,
    slot: &Slot<'w>,
    check: &Check<'w>,
    t: i64,
) -> Option<Refusal> {
    let (body, moment) = (slot.campaign.body, view.moment(world, slot, t));
    match check {
        Check::NotScheduled if slot.occurrence.contains(t) => None,
        Check::NotScheduled => refuse("not_scheduled", "outside its schedule"),
        Check::Spent if spent(world, view, slot, t) => refuse("spent", "already used"),
        Check::Spent => None,
        Check::Audience => match moment.audience(slot.occurrence.audience) {
            Truth::True => None,
            truth => refuse("audience", "not in the audience").map(|refusal| refusal.missing(&truth)),
        },
        Check::Stopped => {
            let truth = get(body, "stop_when").map_or(Truth::False, |stop| moment.holds(Some(stop)));
            refuse("stopped", "its stop condition holds")
                .filter(|_| truth.acts())
                .map(|refusal| refusal.missing(&truth))
        }
        Check::Consent if consents(world, slot) => None,
        Check::Consent => refuse("consent", "no consent"),
        Check::UnknownTimeZone => {
            let repeat = get(body, "repeat").filter(|repeat| calendar(repeat));
            let refused = slot.occurrence.zone_unknown
                || repeat.is_some_and(|repeat| world.zones(text(repeat, "zone")).is_none());
            refuse("unknown_time_zone", "the customer's time zone is unknown").filter(|_| refused)
        }
        Check::Rule(rule) => rule_refuses(world, view, slot, rule, t),
        Check::Reserved if displaces(world, view, slot, t) => {
            refuse("reserved", "would displace a higher-ranked touch")
        }
        Check::Reserved => None,
        Check::NoVariant => match choose_variant(&moment) {
            Ok(_) => None,
            Err(missing) => {
                refuse("no_variant", "no variant fits").map(|refusal| Refusal { missing, ..refusal })
            }
        },
        Check::HeldOut(rule) => {
            let truth = holdout_condition(world, view, slot, rule, t);
            let refusal = refuse("holdout", "in a holdout").filter(|_| truth.acts());
            refusal.map(|refusal| Refusal {
                rule: Some(rule.address.clone()),
                ..refusal.missing(&truth)
            })
        }
    }
}

/// The candidate as a touch at `t`, with the content chosen there.
pub fn candidate(world: &World, view: &View, slot: &Slot, t: i64) -> Touch {
    let content = choose_variant(&view.moment(world, slot, t))
        .ok()
        .and_then(|chosen| chosen.content);
    touch_of(slot, t, content)
}

pub fn touch_of(slot: &Slot, at: i64, content: Option<String>) -> Touch {
    Touch {
        at,
        channel: slot.channel.to_owned(),
        purpose: text(slot.campaign.body, "purpose").unwrap().to_owned(),
        campaign: Some(slot.campaign.id.to_owned()),
        occurrence: Some(slot.occurrence.id.clone()),
        sender: slot.sender.map(str::to_owned),
        content,
        key: None,
        status: "sent".to_owned(),
        responses: Vec::new(),
        rank: slot.rank,
    }
}

fn consents(world: &World, slot: &Slot) -> bool {
    let given = |name: &str| get(&world.customer["consent"], name).and_then(Value::as_bool);
    if world.purpose_needs_no_consent(text(slot.campaign.body, "purpose").unwrap()) {
        return true;
    }
    let channel = match text(&world.rulebook["channels"][slot.channel], "consent") {
        Some("opt_in") => given(slot.channel) == Some(true),
        Some("opt_out") => given(slot.channel) != Some(false),
        _ => true,
    };
    channel
        && text(slot.campaign.body, "topic")
            .is_none_or(|topic| given(&format!("topic:{topic}")) != Some(false))
}

/// Once a scheduled, sent, cancelled or held-out touch belongs to it; with `repeat`, when one more such
/// touch at `t` would break its cap or its gap.
fn spent(world: &World, view: &View, slot: &Slot, t: i64) -> bool {
    let known = world.history.iter().chain(&view.counted);
    let own: Vec<&Touch> = known
        .map(|touch| &**touch)
        .filter(|touch| touch.status != "failed" && slot.occurrence.owns(slot.campaign.id, touch))
        .collect();
    let Some(repeat) = get(slot.campaign.body, "repeat") else {
        return !own.is_empty();
    };
    let gap = time::duration(text(repeat, "gap").unwrap()).unwrap();
    cap_refuses(world, view, slot, repeat, &own, t).is_some()
        || fullest_window(&own, t, gap).is_some_and(|count| count >= 1)
}

/// With this touch placed, a touch placed above it would be refused at its own instant by a gate other
/// than `reserved`, though it is not without it. A purpose that asks no consent skips this.
fn displaces<'w>(world: &'w World<'w>, view: &View<'w>, slot: &Slot<'w>, t: i64) -> bool {
    if view.above.is_empty() || world.purpose_needs_no_consent(text(slot.campaign.body, "purpose").unwrap()) {
        return false;
    }
    let mine = Rc::new(candidate(world, view, slot, t));
    view.above.iter().any(|placed| {
        let at = placed.touch.at;
        let others = view
            .above
            .iter()
            .map(|other| other.touch.clone())
            .filter(|other| !Rc::ptr_eq(other, &placed.touch));
        let without: Vec<Rc<Touch>> = others.collect();
        let with: Vec<Rc<Touch>> = without.iter().cloned().chain([mine.clone()]).collect();
        let refused = |counted: Vec<Rc<Touch>>| {
            // Of the same instant only what ranks above is seen by its `touches` conditions.
            let before =
                |touch: &&Rc<Touch>| touch.at < at || (touch.at == at && touch.rank < placed.slot.rank);
            let seen = counted.iter().filter(before).cloned().collect();
            !feasible(
                world,
                &View {
                    counted,
                    seen,
                    above: Vec::new(),
                },
                &placed.slot,
                at,
            )
        };
        refused(with) && !refused(without)
    })
}

pub fn feasible<'w>(world: &'w World<'w>, view: &View<'w>, slot: &Slot<'w>, t: i64) -> bool {
    gates(slot)
        .iter()
        .all(|check| judge(world, view, slot, check, t).is_none())
}
