//! Counterfactuals, said.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    clock::say_time,
    language::{Language, always, maybe},
    template::{Slot, Template, Values},
};
use crate::{
    counterfactuals::{Counterfactual, Step},
    written::condition::Literal,
};

/// The words of what would have to be otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhatIfTemplates {
    /// It goes as it is. `{customer} {campaign}`.
    pub goes: Template,
    /// One way. `{customer} {campaign} {steps}`.
    pub way: Template,
    /// No way was found. `{customer} {campaign} {most}`: how many steps were tried at once.
    pub no_way: Template,
    /// If nothing changes. `{time}?`: when it goes; absent if it does not within so many `{days}`.
    pub next: Template,
    /// A rule that does not act. `{rule}`.
    pub lift: Template,
    /// A tag that is held. `{tag}`.
    pub hold: Template,
    /// A tag that is not held. `{tag}`.
    pub drop: Template,
    /// Another value. `{name} {of}? {value}`.
    pub set: Template,
    /// Consent. `{to}`.
    pub consent: Template,
    /// A known time zone. `{zone}`.
    pub time_zone: Template,
}

impl Default for WhatIfTemplates {
    /// English, for a language that was written before there were these words.
    fn default() -> Self {
        Self::english()
    }
}

impl WhatIfTemplates {
    pub(super) fn english() -> Self {
        Self {
            goes: "{campaign} goes to {customer} now.".into(),
            way: "{campaign} would go to {customer} now if {steps}.".into(),
            no_way: "No change of up to {most} rules or values that we tried would let {campaign} go to {customer} now.".into(),
            next: "If nothing changes, it [can go from {time}|cannot go within {days} days].".into(),
            lift: "the rule {rule} did not act".into(),
            hold: "the customer held `{tag}`".into(),
            drop: "the customer did not hold `{tag}`".into(),
            set: "`{name}`[ of {of}] were {value}".into(),
            consent: "the customer had agreed to `{to}`".into(),
            time_zone: "the customer's time zone were known, such as {zone}".into(),
        }
    }

    pub(super) fn chinese() -> Self {
        Self {
            goes: "{campaign}现在就会发给 {customer}。".into(),
            way: "如果{steps}，{campaign}现在就会发给 {customer}。".into(),
            no_way: "我们试过的规则和数值改动（最多 {most} 处）都不能让{campaign}现在发给 {customer}。"
                .into(),
            next: "如果一切不变，[{time} 起可以发送|{days} 天内都不能发送]。".into(),
            lift: "规则 {rule} 不起作用".into(),
            hold: "客户有标签「{tag}」".into(),
            drop: "客户没有标签「{tag}」".into(),
            set: "[{of} 的]「{name}」是 {value}".into(),
            consent: "客户同意「{to}」".into(),
            time_zone: "知道客户的时区（例如 {zone}）".into(),
        }
    }

    /// Checks each template by its name and what can stand in it.
    pub(super) fn check<E>(
        &self,
        mut check: impl FnMut(&str, &Template, &[Slot]) -> Result<(), E>,
    ) -> Result<(), E> {
        let about = [always("customer"), always("campaign")];
        let [customer, campaign] = about;
        check("goes", &self.goes, &about)?;
        check("way", &self.way, &[customer, campaign, always("steps")])?;
        check("no_way", &self.no_way, &[customer, campaign, always("most")])?;
        check("next", &self.next, &[maybe("time"), always("days")])?;
        check("lift", &self.lift, &[always("rule")])?;
        check("hold", &self.hold, &[always("tag")])?;
        check("drop", &self.drop, &[always("tag")])?;
        check("set", &self.set, &[always("name"), maybe("of"), always("value")])?;
        check("consent", &self.consent, &[always("to")])?;
        check("time_zone", &self.time_zone, &[always("zone")])
    }
}

impl Counterfactual {
    /// In sentences: each way, and when it goes if nothing changes. Times are read on the clock of `zone`, the customer's as
    /// a rule.
    pub fn sentences(&self, language: &Language, zone: Tz) -> Vec<String> {
        let templates = language.templates();
        let words = &templates.what_if;
        let campaign = templates.campaign.fill(
            &Values::default()
                .with("campaign", self.campaign.as_str())
                .maybe("occurrence", None::<String>),
        );
        let about = || {
            Values::default()
                .with("customer", self.customer.as_str())
                .with("campaign", campaign.as_str())
        };
        if self.goes {
            return vec![words.goes.fill(&about())];
        }
        let mut sentences: Vec<String> = self
            .ways
            .iter()
            .map(|way| {
                let steps: Vec<String> = way.iter().map(|step| say(step, language)).collect();
                words
                    .way
                    .fill(&about().with("steps", templates.list.join(&steps).unwrap_or_default()))
            })
            .collect();
        if sentences.is_empty() {
            sentences.push(words.no_way.fill(&about().with("most", self.tried.to_string())));
        }
        let time = self.next.map(|at| say_time(at, zone, templates));
        sentences.push(
            words.next.fill(
                &Values::default()
                    .maybe("time", time)
                    .with("days", self.days.to_string()),
            ),
        );
        sentences
    }
}

fn say(step: &Step, language: &Language) -> String {
    let words = &language.templates().what_if;
    let set = |name: &str, of: Option<&str>, value: &Literal| {
        let value = match value {
            Literal::Boolean(value) => value.to_string(),
            Literal::Integer(value) => value.to_string(),
            Literal::Number(value) => value.to_string(),
            Literal::Text(value) => value.clone(),
        };
        words.set.fill(
            &Values::default()
                .with("name", name.to_owned())
                .maybe("of", of.map(str::to_owned))
                .with("value", value),
        )
    };
    match step {
        Step::Lift { rule } => words.lift.fill(&Values::default().with("rule", rule.as_str())),
        Step::Hold { tag } => words.hold.fill(&Values::default().with("tag", tag.as_str())),
        Step::Drop { tag } => words.drop.fill(&Values::default().with("tag", tag.as_str())),
        Step::Attribute { name, value } => set(name, None, value),
        Step::Fact { name, of, value } => set(name, of.as_deref(), value),
        Step::Consent { to } => words.consent.fill(&Values::default().with("to", to.as_str())),
        Step::TimeZone { zone } => words.time_zone.fill(&Values::default().with("zone", zone.name())),
    }
}
