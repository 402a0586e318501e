//! Invariants of one question by itself.

use super::{
    host::Host,
    timeline::{Asked, bind},
};
use crate::{
    asked::decision::{Outcome, ReasonCode},
    compiled::engine::Engine,
    written::{history::HistoryEntry, policy::PolicySource, rulebook::Rulebook},
};

/// What is sent and has a reason against it, or is not sent and has none.
pub(super) fn unexplained(engine: &Engine, asked: &Asked, book: &Rulebook) -> Option<String> {
    let bound = bind(engine, &asked.case)?;
    let agenda = bound.agenda(asked.case.now);
    for campaign in &book.campaigns {
        let explanation = bound.explain_campaign(asked.case.now, &campaign.id)?;
        let mut reasons = explanation.reasons().iter().map(|explained| explained.reason());
        let delivered = asked.delivered.as_ref();
        match delivered.filter(|touch| touch.campaign.as_ref() == Some(&campaign.id)) {
            Some(touch) => {
                if !campaign.channels.contains(&touch.channel) {
                    return Some(format!(
                        "`{}` does not go by `{}`, and was sent by it",
                        campaign.id, touch.channel
                    ));
                }
                let against = reasons.find(|reason| {
                    reason.occurrence() == touch.occurrence.as_deref()
                        && reason.channel().is_none_or(|channel| channel == touch.channel)
                        && (reason.channel().is_none() || reason.sender() == touch.sender.as_deref())
                        && !matches!(
                            reason.code(),
                            ReasonCode::BetterTime | ReasonCode::PreferredOption
                        )
                });
                if let Some(reason) = against {
                    return Some(format!(
                        "`{}` is sent by `{}` against {}",
                        campaign.id,
                        touch.channel,
                        reason.code()
                    ));
                }
            }
            None => {
                let mut planned = agenda
                    .touches()
                    .iter()
                    .filter(|touch| touch.campaign() == campaign.id);
                let held_out = agenda
                    .held_out()
                    .iter()
                    .any(|held| held.touch().campaign() == campaign.id);
                if reasons.next().is_none() && planned.next().is_none() && !held_out {
                    return Some(format!("`{}` is not sent, and nothing says why", campaign.id));
                }
            }
        }
    }
    let silent = asked.decision.outcome() == Outcome::Wait
        && asked.decision.until().is_none_or(|until| until <= asked.case.now);
    silent.then(|| "it is told to wait for an instant that has come".to_owned())
}

/// The rulebook with its lists in another order, where order is not meant.
pub(super) fn turned(book: &Rulebook) -> Rulebook {
    let mut turned = book.clone();
    turned.tags.reverse();
    turned.purposes.reverse();
    turned.policies.reverse();
    turned.campaigns.reverse();
    for source in &mut turned.policies {
        if let PolicySource::Policy(policy) = source {
            policy.rules.reverse();
        }
    }
    for campaign in &mut turned.campaigns {
        campaign.rules.reverse();
        campaign.score.add.reverse();
    }
    turned
}

/// Whether the same in another order is decided otherwise.
pub(super) fn hangs_on_order(turned: &Engine, host: &dyn Host, asked: &Asked) -> Option<String> {
    let mut case = asked.kept.clone();
    case.customer.tags.reverse();
    case.history.reverse();
    if let Some(purchases) = &mut case.customer.purchases {
        purchases.reverse();
    }
    let decision = bind(turned, &host.load(case))?.decide(asked.case.now);
    (decision != asked.decision).then(|| "in another order it is decided otherwise".to_owned())
}

/// Whether the touch has another key when it is asked again, or one that was sent.
pub(super) fn other_key(engine: &Engine, asked: &Asked) -> Option<String> {
    let touch = asked.sent()?;
    let again = bind(engine, &asked.case)?.decide(asked.case.now);
    if again.touch().map(|touch| touch.key()) != Some(touch.key()) {
        return Some("asked again, it has another key".to_owned());
    }
    let delivered = asked.delivered.as_ref()?;
    let same = |entry: &HistoryEntry| entry.key.is_some() && entry.key == delivered.key;
    asked.before.iter().any(same).then(|| {
        format!(
            "`{}` is sent again: a touch with its key was sent before",
            touch.campaign()
        )
    })
}
