//! A customer bound to an engine: names are numbers, the history is sorted, and every question is infallible.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, OnceLock},
};

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::{bars::Bars, identity::KeyHead, recent::Recents};
use crate::{
    checked::{
        declarations,
        input_error::InputError,
        name_hash::NameHash,
        read_case::{read_declared_case, read_declared_facts},
    },
    clock::{instant::Instant, zone::Clock},
    compiled::{
        bits::RuleBits,
        engine::{Channel, Compiled, Engine},
        index::Possible,
        scalar::Scalar,
        symbols::{Symbol, Symbols},
    },
    written::{
        condition::{Literal, Status},
        customer::Customer,
        document::Document,
        facts::{Case, FactValue, Facts},
        history::HistoryEntry,
        rulebook::{ChannelConsent, ValueType},
    },
};

/// Facts bound to an engine; cheap to clone and share among all customers.
#[derive(Clone)]
pub struct BoundFacts {
    pub(crate) compiled: Arc<Compiled>,
    pub(crate) tables: Arc<[FactTable]>,
}

impl fmt::Debug for BoundFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BoundFacts")
            .field("declared", &self.tables.len())
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(crate) enum FactTable {
    Single(Option<Scalar>),
    /// Looked up only, never walked.
    Keyed(HashMap<SmolStr, Scalar, NameHash>),
}

impl FactTable {
    #[inline]
    pub(crate) fn get(&self, key: Option<&str>) -> Option<&Scalar> {
        match (self, key) {
            (Self::Single(value), None) => value.as_ref(),
            (Self::Keyed(values), Some(key)) => values.get(key),
            _ => None,
        }
    }
}

/// A customer with history and facts, bound to an engine once for many questions.
#[derive(Clone)]
pub struct Bound {
    pub(crate) compiled: Arc<Compiled>,
    pub(crate) facts: Arc<[FactTable]>,
    pub(crate) id: SmolStr,
    /// What the customer's keys begin with, if that is short.
    pub(crate) key_head: Option<KeyHead>,
    /// The customer's clocks; none at all is to refrain.
    pub(crate) clocks: SmallVec<[Clock; 1]>,
    /// By number of the tag.
    pub(crate) tags: Vec<Held>,
    /// Whether any tag is held for some time only.
    pub(crate) timed_tags: bool,
    /// By number of the attribute.
    pub(crate) attributes: Vec<Option<Scalar>>,
    /// By name.
    consent: Vec<(SmolStr, bool)>,
    /// Whether each channel may be used, as far as that needs consent; by number.
    allowed: SmallVec<[bool; 16]>,
    pub(crate) senders: Vec<(SmolStr, Symbol)>,
    pub(crate) active_hours: Option<[u64; 24]>,
    /// By instant, then amount.
    pub(crate) purchases: Option<Vec<(Instant, Option<f64>)>>,
    /// Which campaigns of the first blocks can ever concern the customer, once somebody asked: most questions end there.
    pub(crate) ever_possible: [OnceLock<Possible>; 4],
    /// Which bars stand in the way, once somebody asked.
    pub(crate) bars: OnceLock<Bars>,
    /// The latest touches that caps count, once somebody asked.
    pub(crate) recents: Recents,
    /// The bits of the campaigns of the history.
    pub(crate) sent: u64,
    /// By instant.
    pub(crate) marks: Vec<Mark>,
    /// What the marks of the history carry besides, by number of the mark.
    pub(crate) entries: Vec<Entry>,
}

/// The customer's id alone: logs are no place for what is known of a person.
impl fmt::Debug for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bound")
            .field("customer", &self.id)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) tag: usize,
    pub(crate) since: Instant,
    pub(crate) until: Instant,
}

/// A touch as rules and conditions see it: of the history, or placed by a plan.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) at: Instant,
    pub(crate) channel: Symbol,
    pub(crate) purpose: Symbol,
    pub(crate) campaign: Symbol,
    /// The bits of the policies' caps that count it.
    pub(crate) caps: u64,
    /// What conditions know its occurrence by: of a touch that names none, each to which it belongs.
    pub(crate) occurrences: SmallVec<[Symbol; 1]>,
    pub(crate) sender: Symbol,
    pub(crate) content: Symbol,
    pub(crate) status: Status,
    pub(crate) responses: SmallVec<[(Symbol, Instant); 1]>,
    /// Its place in the plan, from 1; 0 for the history.
    pub(crate) rank: usize,
}

#[inline]
fn is_counted(status: Status) -> bool {
    matches!(status, Status::Scheduled | Status::Sent)
}

/// What was found for touches of the history, for the next ones alike.
#[derive(Default)]
struct Alike<'h> {
    channels: Names<'h>,
    purposes: Names<'h>,
    /// The caps that count them, by channel and purpose.
    counting: SmallVec<[(Symbol, Symbol, u64); 8]>,
}

/// The numbers of a few names.
#[derive(Default)]
struct Names<'h>(SmallVec<[(&'h str, Symbol); 4]>);

impl<'h> Names<'h> {
    fn get(&mut self, name: &'h str, symbols: &Symbols) -> Symbol {
        let Self(known) = self;
        if let Some(&(_, symbol)) = known.iter().find(|(known, _)| *known == name) {
            return symbol;
        }
        let symbol = symbols.get(name);
        if known.len() < known.inline_size() {
            known.push((name, symbol));
        }
        symbol
    }
}

impl Alike<'_> {
    fn caps(&mut self, bits: &RuleBits, channel: Symbol, purpose: Symbol, campaign: Symbol) -> u64 {
        if bits.caps_name_campaigns {
            return bits.counting(channel, purpose, campaign);
        }
        let known = &mut self.counting;
        let found = known
            .iter()
            .find(|known| (known.0, known.1) == (channel, purpose));
        if let Some(&(_, _, caps)) = found {
            return caps;
        }
        let caps = bits.counting(channel, purpose, campaign);
        if known.len() < known.inline_size() {
            known.push((channel, purpose, caps));
        }
        caps
    }
}

/// What only the questions of one occurrence read.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) occurrence: Option<SmolStr>,
    pub(crate) key: Option<SmolStr>,
}

impl Mark {
    #[inline]
    pub(crate) fn counted(&self) -> bool {
        is_counted(self.status)
    }

    /// The status at `now`: what was scheduled for the past counts as sent.
    pub(crate) fn status_at(&self, now: Instant) -> Status {
        if self.status == Status::Scheduled && self.at <= now {
            Status::Sent
        } else {
            self.status
        }
    }
}

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
        declarations::check_customer(customer, &compiled.frame.declarations)?;
        declarations::check_history(history)?;
        if !Arc::ptr_eq(compiled, &facts.compiled) {
            return Err(InputError::new(
                "/facts",
                "the facts are bound to another engine; bind them to this one",
            ));
        }
        let clocks: SmallVec<[Clock; 1]> = match customer.time_zone {
            Some(tz) => [Clock::new(tz)].into_iter().collect(),
            None => compiled.frame.unknown_time_zone.0.iter().copied().collect(),
        };
        let mut tags: Vec<_> = customer
            .tags
            .iter()
            .filter_map(|held| {
                Some(Held {
                    tag: compiled.frame.held_tag(&held.tag)?,
                    since: held.since.map_or(Instant::MIN, Into::into),
                    until: held.until.map_or(Instant::MAX, Into::into),
                })
            })
            .collect();
        tags.sort_unstable_by_key(|held| (held.tag, held.since, held.until));
        let attributes =
            compiled
                .frame
                .declarations
                .attributes
                .iter()
                .map(|(name, &value_type): (_, &ValueType)| {
                    let literal = customer.attributes.get(name)?.as_ref()?;
                    Scalar::read(literal, value_type, &compiled.symbols)
                });
        let purchases = customer.purchases.as_ref().map(|purchases| {
            let mut list: Vec<(Instant, Option<f64>)> = purchases
                .iter()
                .map(|purchase| (purchase.at.into(), purchase.amount))
                .collect();
            list.sort_by(|a, b| {
                let amounts = match (a.1, b.1) {
                    (Some(a), Some(b)) => a.total_cmp(&b),
                    (a, b) => a.is_some().cmp(&b.is_some()),
                };
                a.0.cmp(&b.0).then(amounts)
            });
            list
        });
        let consent = customer
            .consent
            .iter()
            .filter_map(|(name, given)| Some((name.into(), (*given)?)));
        let mut bound = Bound {
            compiled: compiled.clone(),
            facts: facts.tables.clone(),
            id: customer.id.as_str().into(),
            key_head: KeyHead::of(&[&customer.id]),
            clocks,
            timed_tags: tags
                .iter()
                .any(|held| held.since != Instant::MIN || held.until != Instant::MAX),
            tags,
            attributes: attributes.collect(),
            consent: consent.collect(),
            allowed: SmallVec::new(),
            senders: Vec::new(),
            active_hours: customer.active_hours,
            purchases,
            ever_possible: Default::default(),
            bars: OnceLock::new(),
            recents: Recents::default(),
            sent: 0,
            marks: Vec::new(),
            entries: Vec::new(),
        };
        let channels = compiled.frame.channels.iter();
        bound.allowed = channels.map(|channel| bound.allows(channel)).collect();
        for sender in &customer.senders {
            let symbol = bound.sender_symbol(sender);
            let symbol = if symbol == Symbol::OTHER {
                bound.next_sender()
            } else {
                symbol
            };
            bound.senders.push((sender.into(), symbol));
        }
        bound.marks.reserve_exact(history.len());
        bound.entries.reserve_exact(history.len());
        let mut alike = Alike::default();
        if history.is_sorted_by_key(|entry| entry.at) {
            history.iter().for_each(|entry| bound.push(entry, &mut alike));
        } else {
            let mut order: Vec<&HistoryEntry> = history.iter().collect();
            order.sort_by_key(|entry| Instant::from(entry.at));
            order.into_iter().for_each(|entry| bound.push(entry, &mut alike));
        }
        Ok(bound)
    }
}

impl Bound {
    /// The number of a sender that the rulebook does not mention.
    fn next_sender(&self) -> Symbol {
        let own = u32::try_from(self.senders.len()).unwrap_or(u32::MAX);
        Symbol(self.compiled.symbols.end().saturating_add(own))
    }

    fn sender_symbol(&self, sender: &str) -> Symbol {
        match self.compiled.symbols.get(sender) {
            Symbol::OTHER => self
                .senders
                .iter()
                .find_map(|(name, symbol)| (name == sender).then_some(*symbol))
                .unwrap_or(Symbol::OTHER),
            symbol => symbol,
        }
    }

    fn push<'h>(&mut self, entry: &'h HistoryEntry, alike: &mut Alike<'h>) {
        let symbols = &self.compiled.symbols;
        let optional = |name: &Option<String>| name.as_ref().map_or(Symbol::ABSENT, |name| symbols.get(name));
        let campaign = optional(&entry.campaign);
        let channel = alike.channels.get(&entry.channel, symbols);
        let purpose = alike.purposes.get(&entry.purpose, symbols);
        let caps = alike.caps(&self.compiled.frame.rule_bits, channel, purpose, campaign);
        let mark = Mark {
            at: entry.at.into(),
            channel,
            purpose,
            campaign,
            caps: if is_counted(entry.status) { caps } else { 0 },
            occurrences: match &entry.occurrence {
                Some(name) => SmallVec::from_buf([symbols.get(name)]),
                None => SmallVec::new(),
            },
            sender: entry
                .sender
                .as_ref()
                .map_or(Symbol::ABSENT, |sender| self.sender_symbol(sender)),
            content: optional(&entry.content),
            status: entry.status,
            responses: entry
                .responses
                .iter()
                .map(|response| (symbols.get(&response.kind), response.at.into()))
                .collect(),
            rank: 0,
        };
        self.sent |= mark.campaign.bit();
        self.marks.push(mark);
        self.entries.push(Entry {
            occurrence: entry.occurrence.as_deref().map(Into::into),
            key: entry.key.as_deref().map(Into::into),
        });
    }

    /// The customer's id.
    pub fn customer(&self) -> &str {
        &self.id
    }

    /// The engine that the customer is bound to.
    pub fn engine(&self) -> Engine {
        Engine {
            compiled: self.compiled.clone(),
        }
    }

    /// The value of an attribute, by number.
    #[inline]
    pub(crate) fn attribute(&self, number: usize) -> Option<&Scalar> {
        self.attributes.get(number)?.as_ref()
    }

    /// Whether a channel may be used, as far as that needs consent.
    fn allows(&self, channel: &Channel) -> bool {
        match channel.consent {
            ChannelConsent::OptIn => self.consent(&channel.name) == Some(true),
            ChannelConsent::OptOut => self.consent(&channel.name) != Some(false),
            ChannelConsent::None => true,
        }
    }

    /// As [`Bound::allows`], of a channel by number.
    #[inline]
    pub(crate) fn allows_channel(&self, number: usize) -> bool {
        self.allowed.get(number).copied().unwrap_or(false)
    }

    /// What is recorded of a consent: of a channel, or of `topic:<topic>`.
    pub(crate) fn consent(&self, name: &str) -> Option<bool> {
        let found = self
            .consent
            .binary_search_by(|(known, _)| (**known).cmp(name))
            .ok()?;
        self.consent.get(found).map(|&(_, given)| given)
    }
}
