//! The whole answer of the index against all that tactful's decision shows.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use tactful::{Bound, Outcome};

use crate::{
    contenders::Setting,
    index::{Answer, Reason, WholeIndex, WholeSeat},
};

/// They send the same, member for member, or nothing.
pub(super) fn answer(
    setting: &Setting,
    bound: &Bound,
    index: &WholeIndex,
    seat: &WholeSeat,
    now: DateTime<Utc>,
) -> Option<Answer> {
    let decision = bound.decide(now);
    let sends = decision.outcome() == Outcome::Send;
    let of_tactful = sends.then(|| serde_json::to_value(&decision).expect("a decision is data"));
    let answer = index.send(seat, now);
    assert_eq!(
        of_tactful,
        answer.as_ref().map(shown),
        "tactful and the index agree on the whole answer: {} campaigns, {}, {now}",
        setting.campaigns,
        decision.customer()
    );
    answer
}

/// An answer as tactful shows it, with what is the same for everybody here.
fn shown(answer: &Answer) -> Value {
    let reasons: Vec<Value> = answer.reasons.iter().map(shown_reason).collect();
    json!({
        "customer": answer.customer.as_str(),
        "outcome": "send",
        "touch": {
            "key": format!("{:032x}", answer.key),
            "campaign": answer.campaign.as_str(),
            "occurrence": answer.occurrence,
            "channel": answer.channel,
            "sender": null,
            "variant": answer.variant,
            "arm": null,
            "content": answer.content.as_str(),
            "fields": {},
            "style": {},
            "purpose": answer.purpose,
            "value": answer.value,
            "score": answer.score,
            "at": answer.at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        },
        "until": null,
        "recheck_at": null,
        "held_out": [],
        "observed": [],
        "reasons": reasons,
    })
}

fn shown_reason(reason: &Reason) -> Value {
    json!({
        "campaign": reason.campaign.as_str(),
        "occurrence": reason.occurrence,
        "channel": reason.channel,
        "sender": null,
        "code": reason.code,
        "rule": reason.rule,
        "frees_at": null,
        "missing": [],
        "detail": reason.detail.as_str(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::TimeDelta;

    use super::*;
    use crate::{
        audience,
        workload::{self, Random},
    };

    /// More of it than the workload has, so that every reason and number comes up.
    #[test]
    fn after_a_crowded_month_they_agree_on_the_whole_answer() {
        let mut setting = Setting {
            campaigns: 400,
            ranked: audience::ranked(400),
            people: (3_000..3_600).map(workload::person).collect(),
            now: workload::now(),
        };
        let mut random = Random::new(17);
        for person in &mut setting.people {
            for _ in 0..random.below(20) {
                let at = setting.now - TimeDelta::minutes(random.below(60 * 24 * 30) as i64);
                // One channel stays as it was.
                let touch = (at, random.below(3) as usize);
                let times = 1 + usize::from(random.below(4) == 0);
                person.history.extend(std::iter::repeat_n(touch, times));
            }
            person.history.sort_unstable();
        }
        let engine = workload::engine(setting.campaigns);
        let facts = engine.bind_facts(&workload::facts()).unwrap();
        let index = WholeIndex::new(&setting.ranked);
        let mut told = BTreeSet::new();
        for person in &setting.people {
            let (customer, history) = (workload::customer(person), workload::history(person));
            let bound = engine.bind(&customer, &history, &facts).unwrap();
            let seat = WholeSeat::new(&index.index, person);
            for _ in 0..12 {
                // Often right when a touch leaves its thirty days.
                let minutes = random.below(60 * 24 * 20) as i64;
                let (touched, _) = person.history[random.below(person.history.len() as u64) as usize];
                let leaves = touched + TimeDelta::days(30);
                let now = if leaves > setting.now {
                    leaves
                } else {
                    setting.now + TimeDelta::minutes(minutes)
                };
                let answer = answer(&setting, &bound, &index, &seat, now);
                let reasons = answer.into_iter().flat_map(|answer| answer.reasons);
                told.extend(reasons.map(|reason| (reason.code, reason.detail)));
            }
        }
        let codes: BTreeSet<&str> = told.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, BTreeSet::from(["cap", "not_scheduled", "reserved"]));
        let used = |number: char| told.iter().any(|(_, detail)| detail.starts_with(number));
        assert!(('2'..='7').all(used), "{told:?}");
    }
}
