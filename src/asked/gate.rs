//! The gates that a touch must pass: how each refuses at an instant, and when it lets pass.
//!
//! Every gate answers two questions, and all that is asked of time is made of them: whether it refuses at `t`, and, where
//! it does, an instant after `t` up to which it surely still refuses. Stepping from one to the next finds the first
//! instant at which a gate, or all of them, let pass: exactly, and without looking at the instants between.

use std::collections::BTreeSet;

use smallvec::SmallVec;

use super::{cap::Used, decision::ReasonCode, identity::bucket, view::View};
use crate::{
    clock::instant::Instant,
    compiled::{
        campaign::{Campaign, Reach, Schedule},
        condition::{Condition, Truth},
        occurrence::OccurrenceId,
        rule::{Effect, Rule},
    },
};

/// One gate of a touch, or one rule of the gates that are made of rules.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Gate<'a> {
    NotScheduled,
    Spent,
    Audience,
    Stopped,
    Consent,
    /// Of the occurrence or its repetition; rules have their own.
    UnknownTimeZone,
    Rule(&'a Rule),
    NoVariant,
    /// Would displace what is placed above. Asked last: it asks the gates of others.
    Reserved,
}

/// How a gate refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: ReasonCode,
    pub(crate) used: Option<Used>,
}

impl Refusal {
    pub(super) fn when(refuses: bool, code: ReasonCode) -> Option<Self> {
        refuses.then_some(Self { code, used: None })
    }
}

impl Gate<'_> {
    /// Those that come before any rule: [`View::refuses_itself`] asks them all.
    pub(crate) const BEFORE_RULES: [Self; 6] = [
        Self::NotScheduled,
        Self::Spent,
        Self::Audience,
        Self::Stopped,
        Self::Consent,
        Self::UnknownTimeZone,
    ];
}

impl<'a> View<'a, '_> {
    /// The rules that speak of this view's touch.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &'a Rule> + use<'a> {
        self.reach.into_iter().flat_map(Reach::all_rules)
    }

    /// The rules that may refuse, and so not those that only watch; of the policies' rules without some.
    #[inline]
    pub(crate) fn judging_but(&self, passed_over: impl Fn(&Rule) -> bool) -> impl Iterator<Item = &'a Rule> {
        let (shared, own) = self
            .reach
            .map_or((&[][..], &[][..]), |reach| (&reach.rules, &reach.own));
        let shared = shared.iter().filter(move |rule| !passed_over(rule));
        let rules = shared.chain(own).map(|rule| &**rule);
        rules.filter(|rule| !rule.observe)
    }

    /// How a gate refuses at `t`, if it does.
    pub(crate) fn refusal(&self, gate: Gate<'a>, t: Instant) -> Option<Refusal> {
        match gate {
            Gate::NotScheduled => {
                let open = self.occurrence.is_some_and(|occurrence| occurrence.contains(t));
                Refusal::when(!open, ReasonCode::NotScheduled)
            }
            Gate::Spent => {
                let spent = self
                    .occurrence
                    .is_some_and(|occurrence| self.is_spent(&occurrence, t));
                Refusal::when(spent, ReasonCode::Spent)
            }
            Gate::Audience => Refusal::when(!self.audience(t).permits(), ReasonCode::Audience),
            Gate::Stopped => {
                let stop = self.campaign.and_then(|campaign| campaign.stop_when.as_ref());
                Refusal::when(
                    stop.is_some_and(|stop| self.truth(stop, t).restrains()),
                    ReasonCode::Stopped,
                )
            }
            Gate::Consent => Refusal::when(!self.consents(), ReasonCode::Consent),
            Gate::UnknownTimeZone => Refusal::when(self.needs_zone(), ReasonCode::UnknownTimeZone),
            Gate::Rule(rule) => self.rule_refusal(rule, t),
            Gate::NoVariant => Refusal::when(self.variant(t).is_none(), ReasonCode::NoVariant),
            Gate::Reserved => Refusal::when(self.displaces(t), ReasonCode::Reserved),
        }
    }

    /// Where a gate refuses at `t`: an instant after `t`, not after the first at which it lets pass.
    fn escape(&self, gate: Gate<'a>, t: Instant) -> Instant {
        match gate {
            Gate::NotScheduled => {
                let ahead = self.occurrence.filter(|occurrence| t < occurrence.end);
                ahead.map_or(Instant::MAX, |occurrence| occurrence.start)
            }
            Gate::Spent => self
                .occurrence
                .map_or(Instant::MAX, |occurrence| self.spent_escape(&occurrence, t)),
            Gate::Audience => {
                let [campaign, wave] = self.audiences();
                self.next_change_of(campaign, t).min(self.next_change_of(wave, t))
            }
            Gate::Stopped => {
                self.next_change_of(self.campaign.and_then(|campaign| campaign.stop_when.as_ref()), t)
            }
            Gate::Consent | Gate::UnknownTimeZone => Instant::MAX,
            Gate::NoVariant => self.variant_change(t),
            // They have ways of their own.
            Gate::Rule(_) | Gate::Reserved => Instant::MAX,
        }
    }

    /// The first instant from `t` on at which a gate lets pass, up to `limit`.
    pub(crate) fn passes_from(&self, gate: Gate<'a>, t: Instant, limit: Instant) -> Option<Instant> {
        match gate {
            Gate::Rule(rule) => return self.rule_passes_from(rule, t, limit),
            Gate::Reserved => return self.respects_from(t, limit),
            _ => {}
        }
        let mut t = t;
        while t <= limit {
            if self.refusal(gate, t).is_none() {
                return Some(t);
            }
            t = self.escape(gate, t);
        }
        None
    }

    /// The first instant from `t` on at which every gate lets pass, up to `limit`.
    pub(crate) fn feasible_from(&self, t: Instant, limit: Instant) -> Option<Instant> {
        if self.is_barred() {
            return None;
        }
        let mut t = t;
        while t <= limit {
            // What refuses all alike is passed over at once.
            t = self.lane_passes_from(t, limit)?;
            let gate = match self.refuses_apart(t) {
                Some(gate) => gate,
                None if self.displaces(t) => Gate::Reserved,
                None => return Some(t),
            };
            if self.is_steady(gate) {
                return None;
            }
            t = self.passes_from(gate, t, limit)?;
        }
        None
    }

    /// Whether a gate refuses at all instants or at none.
    pub(crate) fn is_steady(&self, gate: Gate<'a>) -> bool {
        let Some(campaign) = self.campaign else {
            return false;
        };
        match gate {
            Gate::Consent | Gate::UnknownTimeZone => true,
            Gate::Spent => campaign.repeat.is_none(),
            Gate::Audience => {
                !matches!(campaign.schedule, Schedule::Waves { .. })
                    && !self.may_change(campaign.audience_reads)
            }
            Gate::Stopped => campaign.stop_when.is_none(),
            Gate::Rule(rule) => match rule.then {
                Effect::Prefer { .. } => true,
                Effect::Forbid | Effect::Holdout { .. } => !self.may_change(rule.reads),
                Effect::Cap(_) | Effect::Quiet { .. } | Effect::React(_) => false,
            },
            Gate::NoVariant => campaign.variants.iter().all(|variant| variant.when.is_none()),
            Gate::NotScheduled | Gate::Reserved => false,
        }
    }

    /// Whether every gate but [`Gate::Reserved`] lets pass at `t`.
    pub(crate) fn passes_unreserved(&self, t: Instant) -> bool {
        self.lane_passes_from(t, t).is_some() && self.refuses_apart(t).is_none()
    }

    /// A gate but [`Gate::Reserved`] that refuses at `t`, of those that the lane does not answer.
    fn refuses_apart(&self, t: Instant) -> Option<Gate<'a>> {
        let itself = self.refuses_itself(t);
        let variant = || self.variant(t).is_none().then_some(Gate::NoVariant);
        let refuses = |rule: &&'a Rule| self.rule_refuses(rule, t);
        let rule = || self.rules_apart().find(refuses).map(Gate::Rule);
        itself.or_else(variant).or_else(rule)
    }

    /// A gate that refuses at `t`, of those before any rule: they ask about the campaign, its occurrence and the channel.
    pub(crate) fn refuses_itself(&self, t: Instant) -> Option<Gate<'a>> {
        let campaign = self.campaign?;
        let Some(occurrence) = self.occurrence.filter(|occurrence| occurrence.contains(t)) else {
            return Some(Gate::NotScheduled);
        };
        if !self.consents() {
            return Some(Gate::Consent);
        }
        if self.needs_zone() {
            return Some(Gate::UnknownTimeZone);
        }
        // Of most campaigns nothing was ever sent.
        let may_be_spent = campaign.repeat.is_some() || self.ask.may_have_sent(self.campaign);
        if may_be_spent && self.is_spent(&occurrence, t) {
            return Some(Gate::Spent);
        }
        if !self.is_surely_in_audience(campaign) && !self.audience(t).permits() {
            return Some(Gate::Audience);
        }
        let stop = campaign.stop_when.as_ref();
        let stops = stop.is_some_and(|stop| self.truth(stop, t).restrains());
        stops.then_some(Gate::Stopped)
    }

    fn audiences(&self) -> [Option<&'a Condition>; 2] {
        let Some(campaign) = self.campaign else {
            return [None; 2];
        };
        let wave = match (
            &campaign.schedule,
            self.occurrence.map(|occurrence| occurrence.id),
        ) {
            (Schedule::Waves { waves, .. }, Some(OccurrenceId::Wave(number))) => {
                waves.get(number).and_then(|wave| wave.audience.as_ref())
            }
            _ => None,
        };
        [campaign.audience.as_ref(), wave]
    }

    /// Whether the customer is known to be in the audience at all times, the wave's included.
    #[inline]
    fn is_surely_in_audience(&self, campaign: &Campaign) -> bool {
        self.audience == Some(Truth::True) && !matches!(campaign.schedule, Schedule::Waves { .. })
    }

    /// Whether the customer is in the audience, the wave's included.
    pub(crate) fn audience(&self, t: Instant) -> Truth {
        let [campaign, wave] = self.audiences();
        let campaign = self.audience.unwrap_or_else(|| self.holds(campaign, t));
        campaign.and(self.holds(wave, t))
    }

    fn consents(&self) -> bool {
        let Some(campaign) = self.campaign.filter(|campaign| campaign.needs_consent) else {
            return true;
        };
        let bound = self.ask.bound;
        let refuses_topic = || {
            let topic = campaign.topic.as_deref();
            topic.is_some_and(|topic| bound.consent(topic) == Some(false))
        };
        self.reach
            .is_some_and(|reach| bound.allows_channel(reach.channel))
            && !refuses_topic()
    }

    fn needs_zone(&self) -> bool {
        let repeat = self.campaign.and_then(|campaign| campaign.repeat.as_ref());
        self.occurrence_needs_zone() || repeat.is_some_and(|repeat| repeat.cap.needs_zone(self))
    }

    /// Whether the customer is in the bucket of a holdout.
    pub(crate) fn in_bucket(&self, rule: &Rule) -> bool {
        match &rule.then {
            Effect::Holdout { basis_points, salt } => bucket(salt, &self.ask.bound.id) < *basis_points,
            _ => false,
        }
    }

    /// Whether a holdout acts at `t`.
    pub(crate) fn is_held_out(&self, t: Instant) -> bool {
        let may = self.reach.is_some_and(|reach| reach.holds_out);
        may && self.rules().any(|rule| self.holds_out(rule, t))
    }

    fn holds_out(&self, rule: &Rule, t: Instant) -> bool {
        self.in_bucket(rule) && self.holds(rule.when.as_ref(), t) == Truth::True
    }

    /// The holdouts that act at `t`, by address.
    pub(crate) fn holdouts(&self, t: Instant) -> Vec<&'a Rule> {
        if !self.is_held_out(t) {
            return Vec::new();
        }
        let acts = self.rules().filter(|rule| self.holds_out(rule, t));
        let mut holdouts: Vec<&'a Rule> = acts.collect();
        holdouts.sort_by(|a, b| a.address.cmp(&b.address));
        holdouts
    }

    /// The first instant after `t` at which the condition of a holdout no longer acts, up to `limit`.
    pub(crate) fn leaves_holdout(&self, rule: &Rule, t: Instant, limit: Instant) -> Option<Instant> {
        let mut t = t;
        while t <= limit {
            if !self.holds(rule.when.as_ref(), t).restrains() {
                return Some(t);
            }
            t = self.next_change_of(rule.when.as_ref(), t);
        }
        None
    }

    /// The conditions that a gate asks.
    pub(crate) fn conditions(&self, gate: Gate<'a>) -> SmallVec<[&'a Condition; 2]> {
        match gate {
            Gate::Audience => self.audiences().into_iter().flatten().collect(),
            Gate::Stopped => self
                .campaign
                .and_then(|campaign| campaign.stop_when.as_ref())
                .into_iter()
                .collect(),
            Gate::Rule(rule) => rule.when.iter().collect(),
            Gate::NoVariant => {
                let variants = self.campaign.iter().flat_map(|campaign| &campaign.variants);
                variants.filter_map(|variant| variant.when.as_ref()).collect()
            }
            _ => SmallVec::new(),
        }
    }

    /// The names of what was missing where a gate refuses at `t`, sorted.
    pub(crate) fn missing_at(&self, gate: Gate<'a>, t: Instant) -> Vec<String> {
        let mut names = BTreeSet::new();
        match gate {
            Gate::NoVariant => self.missing_in_variants(t, &mut names),
            Gate::Rule(Rule { when: None, .. }) => {}
            Gate::Audience if self.audience(t) != Truth::Unknown => {}
            gate => {
                for condition in self.conditions(gate) {
                    self.missing(condition, t, &mut names);
                }
            }
        }
        if names.is_empty() {
            return Vec::new();
        }
        names.into_iter().map(String::from).collect()
    }
}
