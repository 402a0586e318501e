//! Everything that may be otherwise.

use chrono::{DateTime, Days, Months, NaiveDate, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{
    Step,
    ground::Ground,
    reading::{Reading, lacks_zone},
};
use crate::{
    witness::{
        question::Question,
        truths::Truths,
        variable::Variable,
        vocabulary::{Vocabulary, conditions},
    },
    written::{
        calendar::{UnknownTimeZone, Zone},
        condition::{Condition, FactKey, FactRef, Literal, Operand, Reference},
        facts::FactValue,
        rule::{Effect, Per, Prefer},
        rulebook::{ChannelConsent, ValueType},
        schedule::{Cycle, Schedule},
    },
};

/// Zones around the world, a few hours apart.
const ZONES: [Tz; 12] = [
    Tz::UTC,
    Tz::Europe__Berlin,
    Tz::Europe__Moscow,
    Tz::Asia__Dubai,
    Tz::Asia__Kolkata,
    Tz::Asia__Shanghai,
    Tz::Asia__Tokyo,
    Tz::Pacific__Auckland,
    Tz::America__Sao_Paulo,
    Tz::America__New_York,
    Tz::America__Los_Angeles,
    Tz::Pacific__Honolulu,
];

/// What is not so of the case and could be: rules first, by address.
pub(super) fn steps(ground: &Ground<'_>) -> Vec<Step> {
    let read = Reading::of_all(ground);
    let vocabulary = Vocabulary::of(&[&ground.book]);
    let mut steps: Vec<Step> = ground
        .rules
        .iter()
        .map(|(rule, _)| Step::Lift { rule: rule.clone() })
        .collect();
    for tag in &read.tags {
        steps.push(Step::Hold { tag: tag.clone() });
        steps.push(Step::Drop { tag: tag.clone() });
    }
    let mut values = related(ground);
    values.extend(keys(ground, &vocabulary));
    values.extend(anniversary(ground));
    values.extend(named(ground, &vocabulary));
    for step in values {
        let reads = match &step {
            Step::Attribute { name, .. } => read.attributes.contains(name),
            Step::Fact { name, .. } => read.facts.contains(name),
            _ => true,
        };
        if reads && !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps.extend(consents(ground));
    steps.extend(zones(ground).into_iter().map(|zone| Step::TimeZone { zone }));
    steps.retain(|step| !step.is_so(ground.case));
    steps
}

/// The values that conditions tell apart.
fn named(ground: &Ground<'_>, vocabulary: &Vocabulary) -> Vec<Step> {
    let now = ground.case.now;
    let attributes = vocabulary.attributes.iter().flat_map(|(name, samples)| {
        samples.iter().map(|sample| Step::Attribute {
            name: name.clone(),
            value: sample.at(now),
        })
    });
    let facts = vocabulary.facts.iter().flat_map(|(fact, samples)| {
        samples
            .iter()
            .flat_map(|sample| set_fact(ground, fact, &sample.at(now)))
    });
    attributes.chain(facts).collect()
}

/// Of what is compared with something else that is read: the other's value, and those beside it.
fn related(ground: &Ground<'_>) -> Vec<Step> {
    let mut question = Question::new(&ground.book);
    let restraints = ground.rules.iter().filter_map(|(_, rule)| rule.when.as_ref());
    for condition in conditions(&ground.book).chain(restraints) {
        question.want(Some(condition), Truths::TRUE);
    }
    let mut steps = Vec::new();
    for variable in &question.variables {
        let (left, tests) = match variable {
            Variable::Related(Condition::Attribute { name, tests }) => {
                (Reference::Attribute(name.clone()), tests)
            }
            Variable::Related(Condition::Fact { fact, tests }) => (Reference::Fact(fact.clone()), tests),
            _ => continue,
        };
        for operand in tests.iter().flat_map(|test| test.operands()) {
            let Operand::Reference(right) = operand else {
                continue;
            };
            for (changed, other) in [(&left, right), (right, &left)] {
                let value_type = value_type(ground, changed);
                let values = current(ground, other).into_iter();
                for value in values.flat_map(|value| beside(&value, value_type)) {
                    match changed {
                        Reference::Attribute(name) => steps.push(Step::Attribute {
                            name: name.clone(),
                            value,
                        }),
                        Reference::Fact(fact) => steps.extend(set_fact(ground, fact, &value)),
                    }
                }
            }
        }
    }
    steps
}

fn value_type(ground: &Ground<'_>, reference: &Reference) -> Option<ValueType> {
    match reference {
        Reference::Attribute(name) => ground.book.attributes.get(name).copied(),
        Reference::Fact(fact) => ground.book.facts.get(&fact.name).map(|fact| fact.value_type),
    }
}

/// The values that it has in the case: of a keyed fact, one for each key that is asked for.
fn current(ground: &Ground<'_>, reference: &Reference) -> Vec<Literal> {
    let case = ground.case;
    match reference {
        Reference::Attribute(name) => case
            .customer
            .attributes
            .get(name)
            .cloned()
            .flatten()
            .into_iter()
            .collect(),
        Reference::Fact(fact) => {
            let keys = keys_of(ground, fact.of.as_ref()).into_iter();
            keys.filter_map(|key| match (case.facts.get(&fact.name)?, key) {
                (FactValue::Single(value), None) => value.clone(),
                (FactValue::Keyed(values), Some(key)) => values.get(&key)?.clone(),
                _ => None,
            })
            .collect()
        }
    }
}

/// A value, and the next on both sides.
fn beside(value: &Literal, value_type: Option<ValueType>) -> Vec<Literal> {
    let values = match value {
        Literal::Integer(number) => [
            Some(Literal::Integer(*number)),
            number.checked_add(1).map(Literal::Integer),
            number.checked_sub(1).map(Literal::Integer),
        ],
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is out of range is as far as it goes"
        )]
        Literal::Number(number) if value_type == Some(ValueType::Integer) => {
            [number.floor(), number.ceil(), number.floor() - 1.0]
                .map(|number| Some(Literal::Integer(number as i64)))
        }
        Literal::Number(number) => {
            [*number, number + 1.0, number - 1.0].map(|number| Some(Literal::Number(number)))
        }
        Literal::Boolean(value) => [
            Some(Literal::Boolean(*value)),
            Some(Literal::Boolean(!value)),
            None,
        ],
        Literal::Text(text) => {
            let (after, before) = match value_type {
                Some(ValueType::Date) => {
                    let day = text.parse::<NaiveDate>().ok();
                    let moved = |day: Option<NaiveDate>| day.map(|day| day.to_string());
                    (
                        moved(day.and_then(|day| day.checked_add_days(Days::new(1)))),
                        moved(day.and_then(|day| day.checked_sub_days(Days::new(1)))),
                    )
                }
                Some(ValueType::DateTime) => {
                    let at = text.parse::<DateTime<Utc>>().ok();
                    let moved = |days| {
                        let at = at?.checked_add_signed(TimeDelta::days(days))?;
                        Some(at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
                    };
                    (moved(1), moved(-1))
                }
                _ => (Some(format!("{text}!")), None),
            };
            [Some(text.clone()), after, before].map(|text| text.map(Literal::Text))
        }
    };
    values.into_iter().flatten().collect()
}

/// The keys under which the case knows a fact, as values of the attribute that it is looked up by.
fn keys(ground: &Ground<'_>, vocabulary: &Vocabulary) -> Vec<Step> {
    let facts = vocabulary.facts.iter();
    let keyed = facts.filter_map(|(fact, _)| match (&fact.of, ground.case.facts.get(&fact.name)) {
        (Some(FactKey::Attribute(name)), Some(FactValue::Keyed(values))) => Some((name, values)),
        _ => None,
    });
    keyed
        .flat_map(|(name, values)| {
            values.keys().map(|key| Step::Attribute {
                name: name.clone(),
                value: Literal::Text(key.clone()),
            })
        })
        .collect()
}

fn set_fact(ground: &Ground<'_>, fact: &FactRef, value: &Literal) -> Vec<Step> {
    let keys = keys_of(ground, fact.of.as_ref()).into_iter();
    keys.map(|of| Step::Fact {
        name: fact.name.clone(),
        of,
        value: value.clone(),
    })
    .collect()
}

/// The keys that a fact is read by.
fn keys_of(ground: &Ground<'_>, key: Option<&FactKey>) -> Vec<Option<String>> {
    let customer = &ground.case.customer;
    let campaigns = || ground.book.campaigns.iter();
    match key {
        None => vec![None],
        Some(FactKey::Is(key)) => vec![Some(key.clone())],
        Some(FactKey::Campaign) => campaigns().map(|campaign| Some(campaign.id.clone())).collect(),
        Some(FactKey::Channel) => {
            let mut channels: Vec<_> = campaigns()
                .flat_map(|campaign| campaign.channels.clone())
                .collect();
            channels.sort();
            channels.dedup();
            channels.into_iter().map(Some).collect()
        }
        Some(FactKey::Sender) => customer.senders.iter().cloned().map(Some).collect(),
        Some(FactKey::Attribute(name)) => match customer.attributes.get(name) {
            Some(Some(Literal::Text(text))) => vec![Some(text.clone())],
            _ => Vec::new(),
        },
    }
}

/// A date or an instant of which now is in an anniversary.
fn anniversary(ground: &Ground<'_>) -> Option<Step> {
    let Schedule::Every { cycle, of, from, .. } = &ground.campaign.schedule else {
        return None;
    };
    let start = ground
        .case
        .now
        .checked_sub_signed(TimeDelta::microseconds(from.micros))?;
    let day = start.with_timezone(&ground.book.time_zone).date_naive();
    let months = match cycle {
        Cycle::Year => 12,
        Cycle::Month => 1,
    };
    let day = day.checked_sub_months(Months::new(months))?;
    let text = match ground.book.attributes.get(of) {
        Some(ValueType::Date) => day.to_string(),
        _ => format!("{day}T12:00:00Z"),
    };
    Some(Step::Attribute {
        name: of.clone(),
        value: Literal::Text(text),
    })
}

/// The consents that the campaign lacks.
fn consents(ground: &Ground<'_>) -> Vec<Step> {
    let (book, campaign) = (&ground.book, ground.campaign);
    let purpose = book
        .purposes
        .iter()
        .find(|purpose| purpose.name == campaign.purpose);
    if purpose.is_some_and(|purpose| !purpose.needs_consent) {
        return Vec::new();
    }
    let given = |name: &str| ground.case.customer.consent.get(name).copied().flatten();
    let channels = campaign
        .channels
        .iter()
        .filter(|name| match book.channels.get(*name) {
            Some(channel) if channel.consent == ChannelConsent::OptIn => given(name) != Some(true),
            Some(channel) if channel.consent == ChannelConsent::OptOut => given(name) == Some(false),
            _ => false,
        });
    let topic = campaign.topic.iter().map(|topic| format!("topic:{topic}"));
    let topic = topic.filter(|name| given(name) == Some(false));
    channels
        .cloned()
        .chain(topic)
        .map(|to| Step::Consent { to })
        .collect()
}

/// Zones that a customer without one may have: the house's, those that the rulebook names, and some around the world.
fn zones(ground: &Ground<'_>) -> Vec<Tz> {
    if !lacks_zone(ground) {
        return Vec::new();
    }
    let book = &ground.book;
    let ruled = ground.rules.iter().filter_map(|(_, rule)| match &rule.then {
        Effect::Quiet(quiet) => quiet.zone,
        Effect::Cap(cap) if matches!(cap.per, Per::Calendar(_)) => cap.zone,
        Effect::Prefer(Prefer::Window { zone, .. } | Prefer::ActiveHours { zone, .. }) => *zone,
        _ => None,
    });
    let named = ruled.filter_map(|zone| match zone {
        Zone::Named(zone) => Some(zone),
        Zone::Customer | Zone::House => None,
    });
    let listed = match &book.unknown_time_zone {
        UnknownTimeZone::Every(zones) => zones.as_slice(),
        UnknownTimeZone::House | UnknownTimeZone::Refrain => &[],
    };
    let mut zones = vec![book.time_zone];
    for zone in listed.iter().copied().chain(named).chain(ZONES) {
        if !zones.contains(&zone) {
            zones.push(zone);
        }
    }
    zones
}
