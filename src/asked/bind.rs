//! How facts, and a customer with their history, are bound to an engine.
//!
//! Each part is looked up once, and what is wrong with any ends it: only then the checks look for what to tell.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, Utc};
use smallvec::SmallVec;
use smol_str::SmolStr;

use super::{
    bound::{Bound, BoundFacts, Entry, FactTable, Held, Mark},
    identity::KeyHead,
    opening::Openings,
    recent::Recents,
};
use crate::{
    checked::{
        declarations,
        input_error::InputError,
        input_limits::{
            MOST_CONSENTS, MOST_HISTORY, MOST_PURCHASES, MOST_RESPONSES, MOST_SENDERS, MOST_TAGS, fits,
            is_name,
        },
        read_case::{read_declared_case, read_declared_facts},
    },
    clock::{instant::Instant, zone::Clock},
    compiled::{
        bits::RuleBits,
        engine::{Compiled, Engine},
        scalar::Scalar,
        symbols::{Symbol, Symbols},
    },
    written::{
        condition::Literal,
        customer::{Customer, Purchase},
        document::Document,
        facts::{Case, FactValue, Facts},
        history::{HistoryEntry, Response},
    },
};

impl Engine {
    /// Reads a case from a document of any serde format and checks it against what the rulebook declares.
    ///
    /// # Errors
    ///
    /// The first mistake in the document, with its place.
    pub fn read_case(&self, document: &Document) -> Result<Case, InputError> {
        read_declared_case(document, &self.compiled.frame.declarations)
    }

    /// Reads facts from a document of any serde format and checks them against what the rulebook declares.
    ///
    /// # Errors
    ///
    /// The first mistake in the document, with its place from the document's root.
    pub fn read_facts(&self, document: &Document) -> Result<Facts, InputError> {
        read_declared_facts(document, &self.compiled.frame.declarations)
    }

    /// Binds facts to this engine, for all customers.
    ///
    /// ```
    /// # use tactful::{Engine, Facts, FactDeclaration, Duration, Rulebook, UnknownTimeZone, ValueType};
    /// let book = Rulebook::new(tactful::chrono_tz::Europe::Berlin, UnknownTimeZone::House, Duration::days(7))
    ///     .fact("weather.temp_c", FactDeclaration::keyed(ValueType::Number));
    /// let (engine, _) = Engine::compile(&book)?;
    /// assert!(engine.bind_facts(&Facts::new().set_for("weather.temp_c", "Berlin", 8)).is_ok());
    /// let error = engine.bind_facts(&Facts::new().set("weather.temp_c", 8)).expect_err("of which city?");
    /// assert_eq!(error.path(), "/facts/weather.temp_c");
    /// # Ok::<(), tactful::Problems>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first fact that the rulebook does not declare, or that has not its declared type.
    pub fn bind_facts(&self, facts: &Facts) -> Result<BoundFacts, InputError> {
        let compiled = &self.compiled;
        declarations::check_facts(facts, &compiled.frame.declarations)?;
        let scalar = |value: &Option<Literal>, value_type| {
            value
                .as_ref()
                .and_then(|value| Scalar::read(value, value_type, &compiled.symbols))
        };
        let tables = compiled.frame.declarations.facts.iter().map(|(name, declared)| {
            let value_type = declared.value_type;
            match facts.values.get(name) {
                Some(FactValue::Single(value)) => FactTable::Single(scalar(value, value_type)),
                Some(FactValue::Keyed(values)) => {
                    let mut table = HashMap::with_hasher(compiled.symbols.hash());
                    let known = values.iter();
                    table.extend(
                        known.filter_map(|(key, value)| Some((key.into(), scalar(value, value_type)?))),
                    );
                    FactTable::Keyed(table)
                }
                None => FactTable::Single(None),
            }
        });
        Ok(BoundFacts {
            compiled: compiled.clone(),
            tables: tables.collect(),
        })
    }

    /// Binds the customer of a case with its history and its own facts.
    pub(crate) fn bind_case(&self, case: &Case) -> Result<Bound, InputError> {
        let facts = self.bind_facts(&case.facts)?;
        self.bind(&case.customer, &case.history, &facts)
    }

    /// Binds a customer and their history to this engine and to facts.
    ///
    /// ```
    /// # use tactful::{Customer, Engine, Facts};
    /// # let text = r#"{"format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
    /// #     "tags": ["tea", {"tag": "regular", "when": {"purchases": "count", "ge": 2}}], "purposes": ["news"],
    /// #     "channels": {"mail": {"consent": "none"}},
    /// #     "policies": [{"id": "house", "rules": [{"id": "night", "then": {"quiet": {"from": "21:00", "to": "09:00"}}}]}],
    /// #     "campaigns": [{"id": "first-flush", "purpose": "news", "value": "knowledge", "channels": ["mail"],
    /// #                    "audience": {"tag": "tea"}, "variants": [{"id": "letter"}]}]}"#;
    /// # let (engine, _) = Engine::from_document(&serde_json::from_str(text)?)?;
    /// # let world = engine.bind_facts(&Facts::new())?;
    /// assert_eq!(engine.bind(&Customer::new("kim").tag("tea"), &[], &world)?.customer(), "kim");
    /// let error = engine.bind(&Customer::new("kim").tag("coffee"), &[], &world).expect_err("no such tag");
    /// assert_eq!(error.path(), "/customer/tags/0");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first part of the customer that the rulebook does not declare, that has not its declared type, or that is
    /// larger than the limits; or facts that were bound to another engine.
    pub fn bind(
        &self,
        customer: &Customer,
        history: &[HistoryEntry],
        facts: &BoundFacts,
    ) -> Result<Bound, InputError> {
        let compiled = &self.compiled;
        if Arc::ptr_eq(compiled, &facts.compiled)
            && let Some(bound) = Binding::of(compiled).bind(customer, history, facts)
        {
            return Ok(bound);
        }
        self.check(customer, history)?;
        // INVARIANT: what the checks let pass is bound, to facts of the same engine.
        Err(InputError::new(
            "/facts",
            "the facts are bound to another engine; bind them to this one",
        ))
    }

    /// Finds what is wrong with a customer and their history.
    fn check(&self, customer: &Customer, history: &[HistoryEntry]) -> Result<(), InputError> {
        declarations::check_customer(customer, &self.compiled.frame.declarations)?;
        declarations::check_history(history)
    }
}

/// What the names of one customer are looked up in.
struct Binding<'e, 'i> {
    compiled: &'e Arc<Compiled>,
    /// The customer's senders that were seen so far.
    senders: Vec<(SmolStr, Symbol)>,
    /// What was found for touches of the history, for the next ones alike.
    channels: Names<'i>,
    purposes: Names<'i>,
    /// The caps that count touches, by channel and purpose.
    counting: SmallVec<[(Symbol, Symbol, u64); 8]>,
}

/// The numbers of a few names.
#[derive(Default)]
struct Names<'i>(SmallVec<[(&'i str, Symbol); 4]>);

impl<'i> Names<'i> {
    fn get(&mut self, name: &'i str, symbols: &Symbols) -> Option<Symbol> {
        let Self(known) = self;
        if let Some(&(_, symbol)) = known.iter().find(|(known, _)| *known == name) {
            return Some(symbol);
        }
        let symbol = named(name, symbols)?;
        if known.len() < known.inline_size() {
            known.push((name, symbol));
        }
        Some(symbol)
    }
}

/// The number of a name, if it is one.
fn named(name: &str, symbols: &Symbols) -> Option<Symbol> {
    is_name(name).then(|| symbols.get(name))
}

/// An instant that the calendar holds.
fn instant(at: DateTime<Utc>) -> Option<Instant> {
    Some(Instant::from(at)).filter(|at| at.is_in_calendar())
}

impl<'e, 'i> Binding<'e, 'i> {
    fn of(compiled: &'e Arc<Compiled>) -> Self {
        Self {
            compiled,
            senders: Vec::new(),
            channels: Names::default(),
            purposes: Names::default(),
            counting: SmallVec::new(),
        }
    }

    fn bind(
        mut self,
        customer: &'i Customer,
        history: &'i [HistoryEntry],
        facts: &BoundFacts,
    ) -> Option<Bound> {
        if !is_name(&customer.id) {
            return None;
        }
        let tags = self.tags(customer)?;
        let attributes = self.attributes(customer)?;
        let consent = consent(customer)?;
        self.add_senders(customer)?;
        let purchases = match &customer.purchases {
            Some(purchases) => Some(sorted_purchases(purchases)?),
            None => None,
        };
        let (marks, entries) = self.history(history)?;
        let clocks = match customer.time_zone {
            Some(tz) => SmallVec::from_buf([Clock::new(tz)]),
            None => self.compiled.frame.unknown_time_zone.0.iter().copied().collect(),
        };
        let mut bound = Bound {
            compiled: self.compiled.clone(),
            facts: facts.tables.clone(),
            id: customer.id.as_str().into(),
            key_head: KeyHead::of(&[&customer.id]),
            clocks,
            timed_tags: tags.iter().any(Held::is_timed),
            tags,
            attributes,
            consent,
            allowed: SmallVec::new(),
            senders: self.senders,
            active_hours: customer.active_hours,
            purchases,
            ever_possible: Default::default(),
            bars: OnceLock::new(),
            recents: Recents::default(),
            openings: Openings::default(),
            sent: marks.iter().fold(0, |sent, mark| sent | mark.campaign.bit()),
            marks,
            entries,
        };
        let channels = self.compiled.frame.channels.iter();
        bound.allowed = channels.map(|channel| bound.allows(channel)).collect();
        Some(bound)
    }

    fn tags(&self, customer: &Customer) -> Option<Vec<Held>> {
        if customer.tags.len() > MOST_TAGS {
            return None;
        }
        let mut tags = Vec::with_capacity(customer.tags.len());
        for held in &customer.tags {
            tags.push(Held {
                tag: self.compiled.frame.held_tag(&held.tag)?,
                since: held.since.map_or(Some(Instant::MIN), instant)?,
                until: held.until.map_or(Some(Instant::MAX), instant)?,
            });
        }
        tags.sort_unstable_by_key(|held| (held.tag, held.since, held.until));
        Some(tags)
    }

    /// By number: those that are declared, and those that are given, both come by name.
    fn attributes(&self, customer: &Customer) -> Option<Vec<Option<Scalar>>> {
        let mut given = customer.attributes.iter();
        let mut next = given.next();
        let declared = &self.compiled.frame.declarations.attributes;
        let mut attributes = Vec::with_capacity(declared.len());
        for (name, &value_type) in declared {
            let Some((_, value)) = next.filter(|(given, _)| *given == name) else {
                attributes.push(None);
                continue;
            };
            next = given.next();
            attributes.push(match value {
                Some(Literal::Text(text)) if !fits(text) => return None,
                Some(literal) => Some(Scalar::read(literal, value_type, &self.compiled.symbols)?),
                None => None,
            });
        }
        // What is not declared was never reached.
        next.is_none().then_some(attributes)
    }

    fn add_senders(&mut self, customer: &Customer) -> Option<()> {
        if customer.senders.len() > MOST_SENDERS {
            return None;
        }
        self.senders.reserve_exact(customer.senders.len());
        for sender in &customer.senders {
            let symbol = match self.sender(sender)? {
                Symbol::OTHER => self.next_sender(),
                symbol => symbol,
            };
            self.senders.push((sender.into(), symbol));
        }
        Some(())
    }

    /// The number of a sender that the rulebook does not mention.
    fn next_sender(&self) -> Symbol {
        let own = u32::try_from(self.senders.len()).unwrap_or(u32::MAX);
        Symbol(self.compiled.symbols.end().saturating_add(own))
    }

    fn sender(&self, sender: &str) -> Option<Symbol> {
        let symbol = named(sender, &self.compiled.symbols)?;
        if symbol != Symbol::OTHER {
            return Some(symbol);
        }
        let mut own = self.senders.iter().filter(|(name, _)| name == sender);
        Some(own.next().map_or(Symbol::OTHER, |&(_, symbol)| symbol))
    }

    /// By instant.
    fn history(&mut self, history: &'i [HistoryEntry]) -> Option<(Vec<Mark>, Vec<Entry>)> {
        if history.len() > MOST_HISTORY {
            return None;
        }
        let mut marks = Vec::with_capacity(history.len());
        let mut entries = Vec::with_capacity(history.len());
        let mut add = |entry| {
            marks.push(self.mark(entry)?);
            entries.push(carried(entry)?);
            Some(())
        };
        if history.is_sorted_by_key(|entry| entry.at) {
            history.iter().try_for_each(&mut add)?;
        } else {
            let mut order: Vec<&HistoryEntry> = history.iter().collect();
            order.sort_by_key(|entry| Instant::from(entry.at));
            order.into_iter().try_for_each(&mut add)?;
        }
        Some((marks, entries))
    }

    fn mark(&mut self, entry: &'i HistoryEntry) -> Option<Mark> {
        let symbols = &self.compiled.symbols;
        let optional = |name: &Option<String>| match name {
            Some(name) => named(name, symbols),
            None => Some(Symbol::ABSENT),
        };
        let channel = self.channels.get(&entry.channel, symbols)?;
        let purpose = self.purposes.get(&entry.purpose, symbols)?;
        let campaign = optional(&entry.campaign)?;
        Some(Mark {
            at: instant(entry.at)?,
            channel,
            purpose,
            campaign,
            caps: if entry.status.is_counted() {
                self.caps(channel, purpose, campaign)
            } else {
                0
            },
            occurrences: match &entry.occurrence {
                Some(name) => SmallVec::from_buf([named(name, symbols)?]),
                None => SmallVec::new(),
            },
            sender: match &entry.sender {
                Some(sender) => self.sender(sender)?,
                None => Symbol::ABSENT,
            },
            content: optional(&entry.content)?,
            status: entry.status,
            responses: self.responses(&entry.responses)?,
            rank: 0,
        })
    }

    /// The bits of the caps that count a touch.
    fn caps(&mut self, channel: Symbol, purpose: Symbol, campaign: Symbol) -> u64 {
        let bits: &RuleBits = &self.compiled.frame.rule_bits;
        if bits.caps_name_campaigns {
            return bits.counting(channel, purpose, campaign);
        }
        let known = &mut self.counting;
        let mut found = known
            .iter()
            .filter(|known| (known.0, known.1) == (channel, purpose));
        if let Some(&(_, _, caps)) = found.next() {
            return caps;
        }
        let caps = bits.counting(channel, purpose, campaign);
        if known.len() < known.inline_size() {
            known.push((channel, purpose, caps));
        }
        caps
    }

    fn responses(&self, given: &[Response]) -> Option<SmallVec<[(Symbol, Instant); 1]>> {
        if given.len() > MOST_RESPONSES {
            return None;
        }
        let mut responses = SmallVec::new();
        for response in given {
            responses.push((
                named(&response.kind, &self.compiled.symbols)?,
                instant(response.at)?,
            ));
        }
        Some(responses)
    }
}

/// What an entry carries besides.
fn carried(entry: &HistoryEntry) -> Option<Entry> {
    // Its occurrence is a name: that was asked for its number.
    let key = match &entry.key {
        Some(key) if !is_name(key) => return None,
        key => key.as_deref().map(Into::into),
    };
    Some(Entry {
        occurrence: entry.occurrence.as_deref().map(Into::into),
        key,
    })
}

/// What is recorded, by name.
fn consent(customer: &Customer) -> Option<Vec<(SmolStr, bool)>> {
    let given = &customer.consent;
    if given.len() > MOST_CONSENTS || !given.keys().all(|name| is_name(name)) {
        return None;
    }
    let recorded = given
        .iter()
        .filter_map(|(name, given)| Some((name.into(), (*given)?)));
    Some(recorded.collect())
}

/// By instant, then amount.
fn sorted_purchases(purchases: &[Purchase]) -> Option<Vec<(Instant, Option<f64>)>> {
    if purchases.len() > MOST_PURCHASES {
        return None;
    }
    let mut list = Vec::with_capacity(purchases.len());
    for purchase in purchases {
        if !purchase.amount.is_none_or(f64::is_finite) {
            return None;
        }
        list.push((instant(purchase.at)?, purchase.amount));
    }
    list.sort_by(|a: &(Instant, Option<f64>), b| {
        let amounts = match (a.1, b.1) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        a.0.cmp(&b.0).then(amounts)
    });
    Some(list)
}

#[cfg(test)]
mod tests;
