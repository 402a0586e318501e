//! Decisions, agendas and reasons, said.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    clock::say_time,
    language::{Language, Templates},
    template::Values,
};
use crate::{
    asked::decision::{
        Agenda, Decision, Explained, Explanation, HeldOut, Outcome, ReadValue, Reason, ReasonCode, Touch,
    },
    written::condition::Literal,
};

impl Decision {
    /// The decision in sentences: who gets what, when and by whom, or when to ask again; then what is held out, what
    /// rules that only watch would have said, and why not the rest. Times are read on the clock of `zone`, the
    /// customer's as a rule.
    ///
    /// ```
    /// use chrono_tz::Asia::Shanghai;
    /// use tactful::{Decision, Language};
    ///
    /// let decision: Decision = serde_json::from_str(
    ///     r#"{"customer": "c-001", "outcome": "refrain", "touch": null, "until": null,
    ///         "recheck_at": "2026-11-30T16:00:00Z", "held_out": [], "observed": [],
    ///         "reasons": [{"campaign": "double11", "occurrence": "core", "channel": "direct",
    ///                      "sender": "advisor-7", "code": "cap", "rule": "house/daily",
    ///                      "frees_at": "2026-11-21T16:00:00Z", "missing": [], "detail": "1 of 1 per day used"}]}"#,
    /// )?;
    /// assert_eq!(
    ///     decision.sentences(&Language::english(), Shanghai),
    ///     [
    ///         "Send nothing to c-001 for now; ask again on Tue 1 Dec 2026 at 00:00.",
    ///         "`double11` (core) cannot go by direct from advisor-7: house/daily allows no more until Sun 22 Nov \
    ///          2026 at 00:00 (1 of 1 used).",
    ///     ],
    /// );
    /// assert_eq!(
    ///     decision.sentences(&Language::chinese(), Shanghai),
    ///     [
    ///         "暂时没有内容要发给 c-001；请在2026年12月1日 周二 00:00 重新判断。",
    ///         "「double11」（core）现在不能由 advisor-7 通过 direct 发送：house/daily 的次数已满（已用 1/1），\
    ///          2026年11月22日 周日 00:00 起可以再发。",
    ///     ],
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn sentences(&self, language: &Language, zone: Tz) -> Vec<String> {
        let voice = Voice::new(language, zone);
        let templates = voice.templates;
        let customer = self.customer.as_str();
        let mut sentences = Vec::new();
        match (self.outcome, &self.touch) {
            (Outcome::Send, Some(touch)) => {
                sentences.push(templates.send.fill(&voice.dated(customer, touch)))
            }
            (Outcome::Wait, Some(touch)) => {
                sentences.push(templates.wait.fill(&voice.dated(customer, touch)))
            }
            // A decision that was read from outside may lack its touch: then there is nothing to send.
            (Outcome::Refrain | Outcome::Send | Outcome::Wait, _) => sentences.push(
                templates.refrain.fill(
                    &Values::default()
                        .with("customer", customer)
                        .maybe("time", self.recheck_at.or(self.until).map(|at| voice.time(at))),
                ),
            ),
        }
        sentences.extend(
            self.held_out
                .iter()
                .map(|held_out| voice.held_out(customer, held_out, None)),
        );
        sentences.extend(
            self.observed
                .iter()
                .map(|reason| templates.observed.fill(&voice.reason(reason))),
        );
        sentences.extend(self.reasons.iter().map(|reason| voice.say_reason(reason)));
        sentences
    }
}

impl Agenda {
    /// The agenda in sentences: each planned touch, what is held out, and why not the rest. Times are read on the
    /// clock of `zone`, the customer's as a rule.
    pub fn sentences(&self, language: &Language, zone: Tz) -> Vec<String> {
        let voice = Voice::new(language, zone);
        let templates = voice.templates;
        let customer = self.customer.as_str();
        let mut sentences = Vec::new();
        if self.touches.is_empty() {
            sentences.push(
                templates
                    .nothing_planned
                    .fill(&Values::default().with("customer", customer)),
            );
        }
        sentences.extend(
            self.touches
                .iter()
                .map(|touch| templates.planned.fill(&voice.dated(customer, touch))),
        );
        sentences.extend(
            self.held_out
                .iter()
                .map(|held_out| voice.held_out(customer, held_out, Some(held_out.touch.at))),
        );
        sentences.extend(self.reasons.iter().map(|reason| voice.say_reason(reason)));
        sentences
    }
}

impl Reason {
    /// The reason as one sentence: what does not go, which rule or gate refuses, until when, and what was missing.
    /// Times are read on the clock of `zone`, the customer's as a rule.
    ///
    /// ```
    /// use chrono_tz::Europe::Berlin;
    /// use tactful::{Language, Reason};
    ///
    /// let reason: Reason = serde_json::from_str(
    ///     r#"{"campaign": "tea", "occurrence": "always", "channel": "sms", "sender": null, "code": "quiet",
    ///         "rule": "house/night", "frees_at": "2026-03-02T07:00:00Z", "missing": [], "detail": "quiet time"}"#,
    /// )?;
    /// assert_eq!(
    ///     reason.sentence(&Language::english(), Berlin),
    ///     "`tea` cannot go by sms: house/night keeps quiet time until Mon 2 Mar 2026 at 08:00.",
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn sentence(&self, language: &Language, zone: Tz) -> String {
        Voice::new(language, zone).say_reason(self)
    }

    /// How many of how many touches a cap has used, read back from its detail.
    fn usage(&self) -> Option<(&str, &str)> {
        if self.code != ReasonCode::Cap {
            return None;
        }
        let (used, rest) = self.detail.split_once(" of ")?;
        let (at_most, _) = rest.split_once(" per ")?;
        let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        (number(used) && number(at_most)).then_some((used, at_most))
    }
}

impl Explanation {
    /// Each reason as one text: its sentence, and the values that its condition read.
    pub fn sentences(&self, language: &Language, zone: Tz) -> Vec<String> {
        self.reasons
            .iter()
            .map(|explained| explained.sentence(language, zone))
            .collect()
    }
}

impl Explained {
    /// The reason's sentence, and the values that its condition read.
    pub fn sentence(&self, language: &Language, zone: Tz) -> String {
        let voice = Voice::new(language, zone);
        let mut text = voice.say_reason(&self.reason);
        let values: Vec<String> = self.values.iter().map(|value| voice.value(value)).collect();
        if let Some(values) = voice.templates.list.join(&values) {
            text.push_str(
                &voice
                    .templates
                    .values
                    .fill(&Values::default().with("values", values)),
            );
        }
        text
    }
}

/// A language on a wall clock.
struct Voice<'a> {
    templates: &'a Templates,
    zone: Tz,
}

impl<'a> Voice<'a> {
    fn new(language: &'a Language, zone: Tz) -> Self {
        Self {
            templates: language.templates(),
            zone,
        }
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        say_time(at, self.zone, self.templates)
    }

    fn campaign(&self, campaign: &str, occurrence: Option<&str>) -> String {
        // The ids of campaigns with a single occurrence say nothing.
        let occurrence = occurrence.filter(|id| !matches!(*id, "always" | "once"));
        self.templates.campaign.fill(
            &Values::default()
                .with("campaign", campaign)
                .maybe("occurrence", occurrence),
        )
    }

    fn option(&self, channel: &str, sender: Option<&str>) -> String {
        self.templates
            .option
            .fill(&Values::default().with("channel", channel).maybe("sender", sender))
    }

    fn touch<'v>(&self, customer: &'v str, touch: &'v Touch) -> Values<'v> {
        Values::default()
            .with("customer", customer)
            .with(
                "campaign",
                self.campaign(&touch.campaign, Some(&touch.occurrence)),
            )
            .with("option", self.option(&touch.channel, touch.sender.as_deref()))
            .with("channel", touch.channel.as_str())
            .maybe("sender", touch.sender.as_deref())
            .with("variant", touch.variant.as_str())
            .maybe("arm", touch.arm.as_deref())
            .maybe("content", touch.content.as_deref())
            .with("purpose", touch.purpose.as_str())
    }

    fn dated<'v>(&self, customer: &'v str, touch: &'v Touch) -> Values<'v> {
        self.touch(customer, touch).with("time", self.time(touch.at))
    }

    fn held_out(&self, customer: &str, held_out: &HeldOut, at: Option<DateTime<Utc>>) -> String {
        let rules = self.templates.list.join(&held_out.rules).unwrap_or_default();
        self.templates.held_out.fill(
            &self
                .touch(customer, &held_out.touch)
                .with("rules", rules)
                .maybe("time", at.map(|at| self.time(at))),
        )
    }

    fn reason<'v>(&self, reason: &'v Reason) -> Values<'v> {
        let templates = self.templates.reason(reason.code);
        let missing: Vec<String> = reason
            .missing
            .iter()
            .map(|name| {
                self.templates
                    .missing_name
                    .fill(&Values::default().with("name", name.as_str()))
            })
            .collect();
        let option = reason
            .channel
            .as_deref()
            .map(|channel| self.option(channel, reason.sender.as_deref()));
        let usage = reason.usage();
        Values::default()
            .with(
                "campaign",
                self.campaign(&reason.campaign, reason.occurrence.as_deref()),
            )
            .maybe("option", option)
            .maybe("channel", reason.channel.as_deref())
            .maybe("sender", reason.sender.as_deref())
            .maybe("rule", reason.rule.as_deref())
            .maybe("time", reason.frees_at.map(|at| self.time(at)))
            .maybe("missing", self.templates.list.join(&missing))
            .with("label", templates.label.fill(&Values::default()))
            .with("detail", reason.detail.as_str())
            .maybe("used", usage.map(|(used, _)| used))
            .maybe("at_most", usage.map(|(_, at_most)| at_most))
    }

    fn say_reason(&self, reason: &Reason) -> String {
        self.templates
            .reason(reason.code)
            .sentence
            .fill(&self.reason(reason))
    }

    fn value(&self, read: &ReadValue) -> String {
        let value = read.value.as_ref().map(|value| match value {
            Literal::Boolean(boolean) => boolean.to_string(),
            Literal::Integer(integer) => integer.to_string(),
            Literal::Number(number) => number.to_string(),
            Literal::Text(text) => text.clone(),
        });
        self.templates.value.fill(
            &Values::default()
                .with("name", read.name.as_str())
                .maybe("of", read.of.as_deref())
                .maybe("value", value),
        )
    }
}
