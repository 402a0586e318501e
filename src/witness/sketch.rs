//! A case made of a model.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeZone, Utc};

use super::{
    question::{Model, Question},
    truths::Truths,
    variable::{Value, Variable},
};
use crate::written::{
    campaign::Campaign,
    condition::{
        Condition, FactKey, FactRef, Literal, Operand, PurchaseMeasure, Reference, Test, TouchFilter,
    },
    customer::Customer,
    duration::Duration,
    facts::{Case, Facts},
    history::HistoryEntry,
    rulebook::{ChannelConsent, Rulebook, ValueType},
    schedule::{Cycle, Schedule},
};

/// A sender, where one is read of.
const SENDER: &str = "sender-1";
/// The key of a fact whose attribute no condition reads.
const KEY: &str = "somewhere";
/// Touches lie so far back, where no window says how far.
const BACK: Duration = Duration::days(60);
/// The gap between purchases whose next is due.
const PACE: Duration = Duration::days(30);

/// Makes a case of a model, at an instant, in an occurrence of the campaign where its schedule hangs on the customer. What
/// the model does not say is as plain as it can be: a zone, all consents of the campaign's channels, and nothing else.
pub(crate) fn sketch(
    question: &Question<'_>,
    model: &Model,
    campaign: Option<&Campaign>,
    id: &str,
    now: DateTime<Utc>,
) -> Case {
    let book = question.book;
    let mut sketch = Sketch {
        book,
        campaign,
        now,
        customer: Customer::new(id).time_zone(book.time_zone),
        history: Vec::new(),
        facts: Facts::new(),
    };
    sketch.consents();
    // Facts are keyed by attributes, which therefore come first.
    let is_fact = |variable: &Variable| {
        matches!(
            variable,
            Variable::Fact(_) | Variable::Elapsed(Reference::Fact(_))
        )
    };
    for facts in [false, true] {
        for (variable, value) in question.variables.iter().zip(model) {
            if let Some(value) = value
                && is_fact(variable) == facts
            {
                sketch.put(variable, value);
            }
        }
    }
    sketch.anchor();
    Case::new(sketch.customer, now)
        .history(sketch.history)
        .facts(sketch.facts)
}

struct Sketch<'b> {
    book: &'b Rulebook,
    campaign: Option<&'b Campaign>,
    now: DateTime<Utc>,
    customer: Customer,
    history: Vec<HistoryEntry>,
    facts: Facts,
}

impl<'b> Sketch<'b> {
    fn consents(&mut self) {
        for name in self.campaign.iter().flat_map(|campaign| &campaign.channels) {
            let channel = self.book.channels.get(name);
            if channel.is_some_and(|channel| channel.consent == ChannelConsent::OptIn) {
                self.customer.consent.insert(name.clone(), Some(true));
            }
        }
    }

    fn put(&mut self, variable: &Variable, value: &Value) {
        match (variable, value) {
            (Variable::Tag(name), Value::Held(true)) => self.customer.tags.push(name.as_str().into()),
            (Variable::Attribute(name), Value::Literal(literal)) => self.attribute(name, literal.clone()),
            (Variable::Fact(fact), Value::Literal(literal)) => self.fact(fact, literal.clone()),
            (Variable::Elapsed(since), Value::Elapsed(micros)) => {
                let at = before(self.now, *micros);
                self.reference(since, instant(at));
            }
            (Variable::Touches(filter), Value::Count(count)) => self.touches(filter, *count),
            (Variable::Purchases(PurchaseMeasure::Count, within), Value::Count(count)) => {
                self.purchases(*within, *count, 1.0);
            }
            (Variable::Purchases(PurchaseMeasure::Amount, within), Value::Amount(amount)) => {
                self.purchases(*within, i64::from(*amount != 0.0), *amount);
            }
            (Variable::Related(condition), Value::Truth(truth)) => self.relate(condition, *truth),
            _ => {}
        }
    }

    fn reference(&mut self, reference: &Reference, literal: Literal) {
        match reference {
            Reference::Attribute(name) => self.attribute(name, literal),
            Reference::Fact(fact) => self.fact(fact, literal),
        }
    }

    fn attribute(&mut self, name: &str, literal: Literal) {
        if self.book.attributes.contains_key(name) {
            self.customer.attributes.insert(name.to_owned(), Some(literal));
            return;
        }
        // What is made of purchases is given by purchases.
        let Literal::Text(at) = literal else { return };
        let Ok(at) = at.parse::<DateTime<Utc>>() else {
            return;
        };
        let back: &[i32] = if name == "purchases.due_at" {
            &[3, 2, 1]
        } else {
            &[0]
        };
        for steps in back {
            let at = before(at, PACE.micros.saturating_mul(i64::from(*steps)));
            self.customer = std::mem::take(&mut self.customer).purchase(at, 1.0);
        }
    }

    fn fact(&mut self, fact: &FactRef, literal: Literal) {
        let facts = std::mem::take(&mut self.facts);
        let key = match &fact.of {
            None => {
                self.facts = facts.set(fact.name.as_str(), literal);
                return;
            }
            Some(FactKey::Is(key)) => key.clone(),
            Some(FactKey::Attribute(name)) => match self.customer.attributes.get(name) {
                Some(Some(Literal::Text(text))) => text.clone(),
                _ => {
                    self.customer
                        .attributes
                        .insert(name.clone(), Some(Literal::Text(KEY.to_owned())));
                    KEY.to_owned()
                }
            },
            Some(FactKey::Campaign) => self
                .campaign
                .map_or(String::new(), |campaign| campaign.id.clone()),
            Some(FactKey::Channel) => self.channel().to_owned(),
            Some(FactKey::Sender) => {
                if self.customer.senders.is_empty() {
                    self.customer.senders.push(SENDER.to_owned());
                }
                SENDER.to_owned()
            }
        };
        self.facts = facts.set_for(fact.name.as_str(), key, literal);
    }

    fn channel(&self) -> &'b str {
        let own = self.campaign.and_then(|campaign| campaign.channels.first());
        own.or_else(|| self.book.channels.keys().next())
            .map_or("", String::as_str)
    }

    /// So many touches that a filter counts, each a second after the one before.
    fn touches(&mut self, filter: &TouchFilter, count: i64) {
        fn first(names: &Option<Vec<String>>) -> Option<&String> {
            names.as_ref().and_then(|names| names.first())
        }
        let known = first(&filter.campaigns)
            .and_then(|id| self.book.campaigns.iter().find(|campaign| campaign.id == *id));
        let channel = first(&filter.channels)
            .or_else(|| known.and_then(|campaign| campaign.channels.first()))
            .map_or(self.channel(), String::as_str)
            .to_owned();
        let purpose = first(&filter.purposes)
            .or(known.map(|campaign| &campaign.purpose))
            .or_else(|| self.book.purposes.first().map(|purpose| &purpose.name));
        let purpose = purpose.cloned().unwrap_or_default();
        let back = filter.within.map_or(BACK.micros, |within| within.micros / 2);
        for number in 0..count.min(1_000) {
            let at = before(self.now, back.saturating_sub(number.saturating_mul(1_000_000)));
            let mut entry = HistoryEntry::new(at, channel.as_str(), purpose.as_str());
            entry.campaign = first(&filter.campaigns).cloned();
            entry.occurrence = first(&filter.occurrences).cloned();
            entry.content = first(&filter.contents).cloned();
            entry.sender = first(&filter.senders).cloned();
            if let Some(status) = filter.status.as_ref().and_then(|status| status.first()) {
                entry.status = *status;
            }
            if let Some(kind) = first(&filter.responses) {
                entry = entry.response(kind.as_str(), at);
            }
            self.history.push(entry);
        }
    }

    fn purchases(&mut self, within: Option<Duration>, count: i64, amount: f64) {
        let mut customer = std::mem::take(&mut self.customer).known_purchases();
        let known = customer.purchases.as_ref().map_or(0, Vec::len);
        let known = i64::try_from(known).unwrap_or(i64::MAX);
        let back = within.map_or(BACK.micros, |within| within.micros / 2);
        for number in known..count.min(1_000) {
            let at = before(self.now, back.saturating_sub(number.saturating_mul(1_000_000)));
            customer = customer.purchase(at, amount);
        }
        self.customer = customer;
    }

    /// Two values that stand to each other as they should.
    fn relate(&mut self, condition: &Condition, truth: Truths) {
        let (left, tests) = match condition {
            Condition::Attribute { name, tests } => (Reference::Attribute(name.clone()), tests),
            Condition::Fact { fact, tests } => (Reference::Fact(fact.clone()), tests),
            _ => return,
        };
        let Some(test) = tests.first() else { return };
        let right = test.operands().iter().find_map(|operand| match operand {
            Operand::Reference(right) => Some(right.clone()),
            Operand::Literal(_) => None,
        });
        let (Some(right), false) = (right, truth == Truths::UNKNOWN) else {
            return;
        };
        let variable = match &left {
            Reference::Attribute(name) => Variable::Attribute(name.clone()),
            Reference::Fact(fact) => Variable::Fact(fact.clone()),
        };
        let holds = truth == Truths::TRUE;
        // Whether the left is below, the same, or above.
        let step = match test {
            Test::Lt(_) => {
                if holds {
                    -1
                } else {
                    0
                }
            }
            Test::Gt(_) => i8::from(holds),
            Test::Le(_) | Test::Eq(_) | Test::In(_) => i8::from(!holds),
            Test::Ge(_) => {
                if holds {
                    0
                } else {
                    -1
                }
            }
            Test::Ne(_) => i8::from(holds),
            Test::Present(_) => return,
        };
        let (middle, beside) = match variable.value_type(self.book) {
            Some(ValueType::Integer | ValueType::Number) => (
                Literal::Integer(100),
                Literal::Integer(100_i64.saturating_add(i64::from(step))),
            ),
            Some(ValueType::Boolean) => (Literal::Boolean(true), Literal::Boolean(step == 0)),
            Some(ValueType::String) => {
                let text = |same| Literal::Text(if same { "same" } else { "another" }.to_owned());
                (text(true), text(step == 0))
            }
            Some(ValueType::Date) => {
                let date = |days: i8| {
                    let date = self.now.date_naive();
                    let moved = match days {
                        0 => Some(date),
                        1.. => date.checked_add_days(Days::new(1)),
                        _ => date.checked_sub_days(Days::new(1)),
                    };
                    Literal::Text(moved.unwrap_or(date).to_string())
                };
                (date(0), date(step))
            }
            Some(ValueType::DateTime) => {
                let at = |step: i8| {
                    instant(before(
                        self.now,
                        Duration::days(i64::from(step).saturating_neg()).micros,
                    ))
                };
                (at(0), at(step))
            }
            None => return,
        };
        self.reference(&right, middle);
        self.reference(&left, beside);
    }

    /// An instant or a date that makes an occurrence of the campaign contain now.
    fn anchor(&mut self) {
        let Some(campaign) = self.campaign else { return };
        match &campaign.schedule {
            Schedule::After { anchor, from, until } if !self.has(anchor) => {
                let middle = from.micros.midpoint(until.micros);
                let at = before(self.now, middle);
                self.attribute(anchor, instant(at));
            }
            Schedule::Every { cycle, of, from, .. } if !self.has(of) => {
                let local = before(self.now, from.micros).with_timezone(&self.book.time_zone);
                let months = if *cycle == Cycle::Year { 12 } else { 1 };
                let Some(date) = local.date_naive().checked_sub_months(Months::new(months)) else {
                    return;
                };
                let literal = match self.book.attributes.get(of) {
                    Some(ValueType::Date) => Literal::Text(date.to_string()),
                    _ => instant(self.noon(date)),
                };
                self.attribute(of, literal);
            }
            _ => {}
        }
    }

    fn has(&self, attribute: &str) -> bool {
        self.customer.attributes.contains_key(attribute)
            || (attribute.starts_with("purchases.") && self.customer.purchases.is_some())
    }

    fn noon(&self, date: NaiveDate) -> DateTime<Utc> {
        let noon = self
            .book
            .time_zone
            .with_ymd_and_hms(date.year(), date.month(), date.day(), 12, 0, 0);
        noon.earliest().map_or(self.now, |noon| noon.to_utc())
    }
}

fn before(now: DateTime<Utc>, micros: i64) -> DateTime<Utc> {
    now.checked_sub_signed(chrono::TimeDelta::microseconds(micros))
        .unwrap_or(now)
}

fn instant(at: DateTime<Utc>) -> Literal {
    Literal::Text(at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
}
