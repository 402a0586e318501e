//! The gates that a touch must pass: how each refuses at an instant, and when it lets pass.
//!
//! Every gate answers two questions, and all that is asked of time is made of them: whether it refuses at `t`, and, where
//! it does, an instant after `t` up to which it surely still refuses. Stepping from one to the next finds the first
//! instant at which a gate, or all of them, let pass: exactly, and without looking at the instants between.

use std::collections::BTreeSet;

use smallvec::SmallVec;

use super::{
    cap::{Full, Used},
    decision::ReasonCode,
    identity::bucket,
    occurrence::OccurrenceId,
    tally::Counted,
    view::View,
};
use crate::{
    clock::instant::Instant,
    compiled::{
        campaign::Schedule,
        condition::{Condition, Truth},
        rule::{Cap, Effect, Rule, Zone},
    },
    written::{rule::GroupedBy, rulebook::ChannelConsent},
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
    fn when(refuses: bool, code: ReasonCode) -> Option<Self> {
        refuses.then_some(Self { code, used: None })
    }
}

impl<'a> View<'a, '_> {
    /// The gates of this view's touch but for those that its lane answers. Rules that only watch are none.
    pub(crate) fn gates_apart(&self) -> impl Iterator<Item = Gate<'a>> + use<'a> {
        use Gate::{Audience, Consent, NoVariant, NotScheduled, Reserved, Spent, Stopped, UnknownTimeZone};
        [NotScheduled, Spent, Audience, Stopped, Consent, UnknownTimeZone]
            .into_iter()
            .chain(self.rules_apart().map(Gate::Rule))
            .chain([NoVariant, Reserved])
    }

    /// The rules that speak of this view's touch.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &'a Rule> + use<'a> {
        let rules = self
            .reach
            .into_iter()
            .flat_map(|reach| reach.rules.iter().chain(&reach.own));
        rules.map(|rule| &**rule)
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
            Gate::Rule(rule) => self.rule_escape(rule, t),
            Gate::NoVariant => self.variant_change(t),
            // It has a way of its own.
            Gate::Reserved => Instant::MAX,
        }
    }

    /// The first instant from `t` on at which a gate lets pass, up to `limit`.
    pub(crate) fn passes_from(&self, gate: Gate<'a>, t: Instant, limit: Instant) -> Option<Instant> {
        if let Gate::Rule(rule) = gate
            && let Effect::Cap(cap) = &rule.then
            && cap.grouped_by != Some(GroupedBy::Content)
            && !cap.needs_zone(self)
        {
            return self.cap_passes_from(rule.when.as_ref(), cap, t, limit);
        }
        if let Gate::Reserved = gate {
            return self.respects_from(t, limit);
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

    /// As [`View::passes_from`], of a cap: the touches that it counts are the same at every instant, so they are found once.
    fn cap_passes_from(
        &self,
        when: Option<&Condition>,
        cap: &'a Cap,
        t: Instant,
        limit: Instant,
    ) -> Option<Instant> {
        let passes = |counted: Counted<'_>| {
            let Some(condition) = when else {
                return counted.passes_from(cap, self, t, limit);
            };
            let mut t = t;
            while t <= limit {
                if !self.truth(condition, t).restrains() {
                    return Some(t);
                }
                let Some(full) = counted.refuses(cap, self, t) else {
                    return Some(t);
                };
                t = full.until.min(self.next_change(condition, t));
            }
            None
        };
        self.capped_times(cap, None, t, passes).unwrap_or(Some(t))
    }

    /// The first instant from `t` on at which every gate lets pass, up to `limit`.
    pub(crate) fn feasible_from(&self, t: Instant, limit: Instant) -> Option<Instant> {
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
        if self.is_spent(&occurrence, t) {
            return Some(Gate::Spent);
        }
        if !self.audience(t).permits() {
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
        let refuses_topic = campaign
            .topic
            .as_deref()
            .is_some_and(|topic| bound.consent(topic) == Some(false));
        let channel = self
            .reach
            .and_then(|reach| self.ask.frame.channels.get(reach.channel));
        let allows_channel = channel.is_some_and(|channel| match channel.consent {
            ChannelConsent::OptIn => bound.consent(&channel.name) == Some(true),
            ChannelConsent::OptOut => bound.consent(&channel.name) != Some(false),
            ChannelConsent::None => true,
        });
        allows_channel && !refuses_topic
    }

    fn needs_zone(&self) -> bool {
        let repeat = self.campaign.and_then(|campaign| campaign.repeat.as_ref());
        self.occurrence_needs_zone() || repeat.is_some_and(|repeat| repeat.cap.needs_zone(self))
    }

    /// Whether a rule reads the customer's clock while it is not known.
    fn rule_needs_zone(&self, rule: &Rule) -> bool {
        match &rule.then {
            Effect::Quiet { zone, .. } => matches!(zone, Zone::Customer) && self.ask.bound.clocks.is_empty(),
            Effect::Cap(cap) => cap.needs_zone(self),
            _ => false,
        }
    }

    /// Whether a rule refuses at `t`.
    pub(crate) fn rule_refuses(&self, rule: &'a Rule, t: Instant) -> bool {
        if let Effect::Cap(cap) = &rule.then
            && let Some(room) = self.room(cap, self.content_for(cap, t), t)
        {
            return !room && self.holds(rule.when.as_ref(), t).restrains();
        }
        self.rule_refusal(rule, t).is_some()
    }

    /// How a rule refuses at `t`, if it does.
    pub(crate) fn rule_refusal(&self, rule: &'a Rule, t: Instant) -> Option<Refusal> {
        let when = self.holds(rule.when.as_ref(), t);
        if !when.restrains() {
            return None;
        }
        if self.rule_needs_zone(rule) {
            return Refusal::when(true, ReasonCode::UnknownTimeZone);
        }
        match &rule.then {
            Effect::Forbid => Refusal::when(true, ReasonCode::Forbidden),
            Effect::Quiet { window, zone } => {
                Refusal::when(window.contains_any(self.ask.clocks(zone), t), ReasonCode::Quiet)
            }
            Effect::React(react) => Refusal::when(react.holds(self, t), ReasonCode::Reaction),
            Effect::Cap(cap) => {
                let full = self.cap_refuses(cap, t)?;
                Some(Refusal {
                    code: ReasonCode::Cap,
                    used: Some(full.used),
                })
            }
            Effect::Holdout { .. } => Refusal::when(
                when == Truth::Unknown && self.in_bucket(rule),
                ReasonCode::Holdout,
            ),
            Effect::Prefer { .. } => None,
        }
    }

    fn rule_escape(&self, rule: &'a Rule, t: Instant) -> Instant {
        let effect = match &rule.then {
            _ if self.rule_needs_zone(rule) => Instant::MAX,
            Effect::Forbid | Effect::Holdout { .. } | Effect::Prefer { .. } => Instant::MAX,
            Effect::Quiet { window, zone } => window.escape(self.ask.clocks(zone), t),
            Effect::React(react) => react.escape(self, t),
            Effect::Cap(cap) => {
                let escape = self.cap_refuses(cap, t).map_or(Instant::MAX, |full| full.until);
                if cap.grouped_by == Some(GroupedBy::Content) {
                    escape.min(self.variant_change(t))
                } else {
                    escape
                }
            }
        };
        effect.min(self.next_change_of(rule.when.as_ref(), t))
    }

    /// How a cap refuses at `t`, if it does.
    fn cap_refuses(&self, cap: &'a Cap, t: Instant) -> Option<Full> {
        let content = self.content_for(cap, t);
        if self.room(cap, content, t) == Some(true) {
            return None;
        }
        self.capped_times(cap, content, t, |counted| counted.refuses(cap, self, t))?
    }

    /// The content that a cap counts by, if it does.
    fn content_for(&self, cap: &Cap, t: Instant) -> Option<crate::compiled::symbols::Symbol> {
        if cap.grouped_by == Some(GroupedBy::Content) {
            self.content_symbol(t)
        } else {
            None
        }
    }

    /// Whether the customer is in the bucket of a holdout.
    pub(crate) fn in_bucket(&self, rule: &Rule) -> bool {
        match &rule.then {
            Effect::Holdout { basis_points, salt } => bucket(salt, &self.ask.bound.id) < *basis_points,
            _ => false,
        }
    }

    /// The holdouts that act at `t`, by address.
    pub(crate) fn holdouts(&self, t: Instant) -> Vec<&'a Rule> {
        if !self.reach.is_some_and(|reach| reach.holds_out) {
            return Vec::new();
        }
        let acts = |rule: &&'a Rule| self.in_bucket(rule) && self.holds(rule.when.as_ref(), t) == Truth::True;
        let mut holdouts: Vec<&'a Rule> = self.rules().filter(acts).collect();
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
