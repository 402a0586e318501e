//! Before anything is timed: everybody gives the same answers.

mod whole;

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use tactful::{Bound, Outcome, ReasonCode};

use crate::{
    audience,
    contenders::Setting,
    index::{Index, Seat, Slot, WholeIndex, WholeSeat},
    measure::Question,
    plain::{self, Placed},
    workload::{self, Person, Spec},
};

/// An instant in the morning, one at night, one right before the night ends, and two in the days after.
const LATER: [i64; 5] = [0, 13 * 60, 20 * 60 + 17, 3 * 1_440 + 95, 9 * 1_440 + 600];
/// To explain 64 people 10,000 campaigns takes longer than all the rest.
const EXPLAINED: u64 = 1_000;

/// tactful, the plain loop and the hand-written index, on touch and agenda, for every person at several instants.
pub(crate) fn decisions(setting: &Setting) {
    let engine = workload::engine(setting.campaigns);
    let facts = engine.bind_facts(&workload::facts()).expect("the facts bind");
    let whole = WholeIndex::new(&setting.ranked);
    let index = &whole.index;
    let later = if setting.campaigns <= 1_000 {
        &LATER[..]
    } else {
        &LATER[..2]
    };
    for person in &setting.people {
        let bound = engine
            .bind(&workload::customer(person), &workload::history(person), &facts)
            .expect("the customer binds");
        let whole_seat = WholeSeat::new(index, person);
        let seat = &whole_seat.seat;
        for &minutes in later {
            let now = setting.now + TimeDelta::minutes(minutes);
            touch(setting, &bound, index, seat, person, now);
            whole::answer(setting, &bound, &whole, &whole_seat, now);
            audiences(setting, &bound, index, seat, person, now);
        }
    }
}

fn touch(setting: &Setting, bound: &Bound, index: &Index, seat: &Seat, person: &Person, now: DateTime<Utc>) {
    let ranked = &setting.ranked;
    let place = |slot: &Slot| Placed {
        rank: slot.rank,
        channel: slot.channel,
        at: DateTime::from_timestamp_micros(slot.at).expect("an instant"),
    };
    let about = format!("{} campaigns, {}, {now}", setting.campaigns, person.id);

    let decision = bound.decide(now);
    let of_tactful = decision.touch().map(|touch| placed(ranked, touch));
    let outcome = match of_tactful {
        Some(placed) if placed.at == now => Outcome::Send,
        Some(_) => Outcome::Wait,
        None => Outcome::Refrain,
    };
    assert_eq!(
        decision.outcome(),
        outcome,
        "tactful's outcome and touch agree: {about}"
    );
    assert_eq!(
        of_tactful,
        plain::decide(ranked, person, now),
        "tactful and the plain loop agree on the touch: {about}"
    );
    assert_eq!(
        of_tactful,
        index.decide(seat, now).as_ref().map(place),
        "tactful and the index agree on the touch: {about}"
    );

    let agenda = bound.agenda(now);
    let of_tactful: Vec<Placed> = agenda
        .touches()
        .iter()
        .map(|touch| placed(ranked, touch))
        .collect();
    assert_eq!(
        of_tactful,
        plain::agenda(ranked, person, now),
        "tactful and the plain loop agree on the agenda: {about}"
    );
    let (slots, placed) = index.agenda(seat, now);
    let of_index: Vec<Placed> = slots[..placed].iter().map(place).collect();
    assert_eq!(
        of_tactful, of_index,
        "tactful and the index agree on the agenda: {about}"
    );
}

fn placed(ranked: &[Spec], touch: &tactful::Touch) -> Placed {
    let rank = ranked.iter().position(|spec| spec.id == touch.campaign());
    let channel = workload::CHANNELS
        .iter()
        .position(|&name| name == touch.channel());
    Placed {
        rank: rank.expect("a campaign of the workload"),
        channel: channel.expect("a channel of the workload"),
        at: touch.at(),
    }
}

/// The index's count against the plain one, and that against what tactful explains of audiences.
fn audiences(
    setting: &Setting,
    bound: &Bound,
    index: &Index,
    seat: &Seat,
    person: &Person,
    now: DateTime<Utc>,
) {
    let about = format!("{} campaigns, {}, {now}", setting.campaigns, person.id);
    let truths: Vec<bool> = setting
        .ranked
        .iter()
        .map(|spec| audience::matches(spec, person, now))
        .collect();
    let count = truths.iter().filter(|&&truth| truth).count();
    assert_eq!(
        index.count(seat, now),
        count,
        "the index counts all matches: {about}"
    );
    let first = truths.iter().position(|&truth| truth);
    assert_eq!(
        index.first(seat, now),
        first,
        "the index finds the first match: {about}"
    );
    if setting.campaigns > EXPLAINED {
        return;
    }
    let explanation = bound.explain(now);
    let named = |code: ReasonCode| -> HashSet<&str> {
        let reasons = explanation.reasons().iter().map(|explained| explained.reason());
        let named = reasons.filter(|reason| reason.code() == code);
        named.map(|reason| reason.campaign()).collect()
    };
    let (out, unscheduled) = (named(ReasonCode::Audience), named(ReasonCode::NotScheduled));
    for (spec, truth) in setting.ranked.iter().zip(truths) {
        // Of a campaign without an occurrence in the look-ahead nothing else is explained.
        let judged = out.contains(spec.id.as_str()) || !unscheduled.contains(spec.id.as_str());
        if judged {
            let of_tactful = !out.contains(spec.id.as_str());
            assert_eq!(
                of_tactful, truth,
                "tactful explains the audience of {}: {about}",
                spec.id
            );
        }
    }
}

/// An engine's matches against the plain evaluation, for every person.
pub(crate) fn matches(setting: &Setting, name: &str, matches: &mut dyn FnMut(usize) -> Vec<usize>) {
    for (number, person) in setting.people.iter().enumerate() {
        let mut of_engine = matches(number);
        of_engine.sort_unstable();
        let specs = setting.ranked.iter().enumerate();
        let expected: Vec<usize> = specs
            .filter(|(_, spec)| audience::matches(spec, person, setting.now))
            .map(|(rank, _)| rank)
            .collect();
        assert_eq!(
            of_engine, expected,
            "{name} finds the matches of {} among {} campaigns",
            person.id, setting.campaigns
        );
    }
}

/// What is timed, where it is about audiences, against the plain evaluation; no match is told as 0.
pub(crate) fn answers(
    setting: &Setting,
    name: &str,
    question: Question,
    ask: &mut dyn FnMut(usize) -> usize,
) {
    if !matches!(question, Question::First | Question::All) {
        return;
    }
    for (number, person) in setting.people.iter().enumerate() {
        let mut truths = setting
            .ranked
            .iter()
            .map(|spec| audience::matches(spec, person, setting.now));
        let expected = match question {
            Question::First => truths.position(|truth| truth).unwrap_or(0),
            _ => truths.filter(|&truth| truth).count(),
        };
        assert_eq!(
            ask(number),
            expected,
            "{name} answers {question:?} for {} among {} campaigns",
            person.id,
            setting.campaigns
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::Random;

    fn setting(campaigns: u64, people: std::ops::Range<u64>) -> Setting {
        Setting {
            campaigns,
            ranked: audience::ranked(campaigns),
            people: people.map(workload::person).collect(),
            now: workload::now(),
        }
    }

    /// Midnights, mornings, evenings, and the microseconds around them.
    fn edges(person: &Person, random: &mut Random) -> DateTime<Utc> {
        let hour = [0, 2, 14, 16, 22, 23][random.below(6) as usize] + random.below(20 * 24) as i64 / 24 * 24;
        let hour = workload::now() - TimeDelta::hours(2) + TimeDelta::hours(hour);
        let joined = person.joined_at + TimeDelta::days(random.below(730) as i64);
        let at = if random.below(4) == 0 && joined > workload::now() {
            joined
        } else {
            hour.max(workload::now())
        };
        at + TimeDelta::microseconds(random.below(3) as i64)
    }

    #[test]
    fn at_the_edges_of_days_and_windows_all_agree() {
        let setting = setting(400, 1_000..1_120);
        let engine = workload::engine(setting.campaigns);
        let facts = engine.bind_facts(&workload::facts()).unwrap();
        let whole = WholeIndex::new(&setting.ranked);
        let mut random = Random::new(11);
        for person in &setting.people {
            let (customer, history) = (workload::customer(person), workload::history(person));
            let bound = engine.bind(&customer, &history, &facts).unwrap();
            let seat = WholeSeat::new(&whole.index, person);
            for _ in 0..6 {
                let now = edges(person, &mut random);
                touch(&setting, &bound, &whole.index, &seat.seat, person, now);
                whole::answer(&setting, &bound, &whole, &seat, now);
            }
        }
    }

    /// The index knows no planned touches; tactful and the plain loop do.
    #[test]
    fn with_touches_planned_and_sent_lately_they_agree() {
        let mut setting = setting(400, 2_000..2_150);
        let mut random = Random::new(13);
        let month = 60 * 24 * 30;
        for person in &mut setting.people {
            for _ in 0..random.below(7) {
                let minutes = random.below(2 * month) as i64 - month as i64;
                let at = workload::now() + TimeDelta::minutes(minutes);
                person.history.push((at, random.below(4) as usize));
            }
            person.history.sort_unstable();
        }
        let engine = workload::engine(setting.campaigns);
        let facts = engine.bind_facts(&workload::facts()).unwrap();
        for person in &setting.people {
            let (customer, history) = (workload::customer(person), workload::history(person));
            let bound = engine.bind(&customer, &history, &facts).unwrap();
            for _ in 0..6 {
                let now = edges(person, &mut random);
                let agenda = bound.agenda(now);
                let of_tactful: Vec<Placed> = agenda
                    .touches()
                    .iter()
                    .map(|touch| placed(&setting.ranked, touch))
                    .collect();
                let expected = plain::agenda(&setting.ranked, person, now);
                assert_eq!(of_tactful, expected, "{} at {now}", person.id);
                let decided = bound.decide(now);
                let decided = decided.touch().map(|touch| placed(&setting.ranked, touch));
                let expected = plain::decide(&setting.ranked, person, now);
                assert_eq!(decided, expected, "{} at {now}", person.id);
            }
        }
    }
}
