//! Who is not to be touched: by a rule that forbids, or for want of consent.

use chrono::{DateTime, Utc};

use super::rules::Addressed;
use crate::{
    checked::input_error::InputError,
    compiled::engine::Engine,
    witness::{question::Question, truths::Truths, variable::Variable},
    written::{
        condition::{Condition, FactKey, Reference},
        customer::Customer,
        facts::Case,
        history::HistoryEntry,
        rule::Effect,
        rulebook::{ChannelConsent, Rulebook},
        tag::Tag,
    },
};

/// The rules that forbid, each with an engine that knows its condition as a tag.
pub(super) struct Suppression {
    rules: Vec<(Addressed, Option<Engine>)>,
}

/// The tag by which it is known; no rulebook of a document can declare it.
const FORBIDDEN: &str = "forbidden here";

impl Suppression {
    /// Rules whose condition reads more than the customer, such as a score or a fact of the sender, are left out.
    pub(super) fn of(book: &Rulebook, rules: &[Addressed]) -> Self {
        let forbids = rules
            .iter()
            .filter(|addressed| addressed.rule.then == Effect::Forbid);
        let rules = forbids.filter_map(|addressed| {
            let engine = match &addressed.rule.when {
                None => None,
                Some(when) if reads_touch(when, book) => return None,
                Some(when) => {
                    let mut known = book.without_campaigns();
                    known.policies.clear();
                    known.styles.clear();
                    known.tags.push(Tag::derived(FORBIDDEN, when.clone()));
                    Some(Engine::compile(&known).ok()?.0)
                }
            };
            Some((addressed.clone(), engine))
        });
        Self {
            rules: rules.collect(),
        }
    }

    /// Why a touch should not have been sent.
    pub(super) fn of_touch(&self, touch: &HistoryEntry, case: &Case, book: &Rulebook) -> Option<String> {
        let forbidden = self.rules.iter().find(|(addressed, engine)| {
            let acts = |engine: &Engine| acts(engine, case, touch.at).unwrap_or(false);
            addressed.covers(touch) && engine.as_ref().is_none_or(acts)
        });
        if let Some((addressed, _)) = forbidden {
            return Some(format!("`{}` forbids it", addressed.address));
        }
        no_consent(touch, &case.customer, book)
    }
}

/// Whether a condition reads a fact by what is known of a touch only.
fn reads_touch(when: &Condition, book: &Rulebook) -> bool {
    let mut question = Question::new(book);
    question.want(Some(when), Truths::TRUE);
    question.variables.iter().any(|variable| match variable {
        Variable::Fact(fact) | Variable::Elapsed(Reference::Fact(fact)) => {
            matches!(
                fact.of,
                Some(FactKey::Campaign | FactKey::Sender | FactKey::Channel)
            )
        }
        // What it compares is not looked at.
        Variable::Related(_) => true,
        _ => false,
    })
}

/// Whether a condition is true, or not known not to be.
fn acts(engine: &Engine, case: &Case, at: DateTime<Utc>) -> Result<bool, InputError> {
    let tags = engine.bind_case(case)?.tags(at);
    Ok(tags
        .iter()
        .any(|tag| tag.tag() == FORBIDDEN && tag.held() != Some(false)))
}

fn no_consent(touch: &HistoryEntry, customer: &Customer, book: &Rulebook) -> Option<String> {
    let purpose = book
        .purposes
        .iter()
        .find(|purpose| purpose.name == touch.purpose)?;
    if !purpose.needs_consent {
        return None;
    }
    let said = |to: &str| customer.consent.get(to).copied().flatten();
    let channel = book.channels.get(&touch.channel)?;
    let agreed = match channel.consent {
        ChannelConsent::None => true,
        ChannelConsent::OptOut => said(&touch.channel) != Some(false),
        ChannelConsent::OptIn => said(&touch.channel) == Some(true),
    };
    if !agreed {
        return Some(format!("there is no consent to `{}`", touch.channel));
    }
    let campaign = book
        .campaigns
        .iter()
        .find(|campaign| Some(&campaign.id) == touch.campaign.as_ref());
    let topic = format!("topic:{}", campaign?.topic.as_ref()?);
    (said(&topic) == Some(false)).then(|| format!("`{topic}` was refused"))
}
