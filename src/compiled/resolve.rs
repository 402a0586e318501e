//! From written to compiled: names become numbers and literals become typed values.
//!
//! INVARIANT: only rulebooks without problems come here, so every name resolves. Should one not, the part that names it
//! never holds: it becomes a name that nothing has, or an unknown value.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use smol_str::{SmolStr, format_smolstr};

use super::{
    condition::{
        Comparison, Condition, ElapsedTest, FactKey, Filter, Operand, PurchaseInstant, Source, Test,
    },
    engine::Derived,
    reads::reads_of,
    rule::{Cap, Counted, Days, Effect, Per, Preference, React, ReactTo, Rule, Scope, Window, Zone},
    scalar::Scalar,
    symbols::{Symbol, Symbols},
};
use crate::{
    checked::{
        declarations::{Declarations, TagNumber},
        name_hash::NameHash,
    },
    clock::{
        wall::{day_of, micros},
        zone::Clock,
    },
    written::{
        self,
        calendar::{CalendarPeriod, ClockWindow, Weekday},
        condition::{Literal, Reference},
        rule::{AtMost, GroupedBy, Hold},
        rulebook::{Rulebook, ValueType},
    },
};

/// The declared names and the symbols given so far.
pub(super) struct Resolver {
    pub(super) symbols: Symbols,
    pub(super) house: Clock,
    attributes: BTreeMap<String, (usize, ValueType)>,
    facts: BTreeMap<String, (usize, ValueType)>,
    tags: HashMap<String, TagNumber, NameHash>,
    pub(super) mentions: Mentions,
    /// How many parts the conditions so far have.
    pub(super) parts: usize,
}

/// What any condition of the rulebook asks. More than that does no harm: a dropped campaign's may stay.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mentions {
    /// How far back conditions look for touches, in microseconds.
    pub(crate) looks_back: BTreeSet<i64>,
    /// Whether any condition asks for touches of certain occurrences.
    pub(crate) filters_occurrences: bool,
    /// Whether any condition names occurrences, its own or those of touches.
    pub(crate) names_occurrences: bool,
    /// Whether any rule's cap tells touches apart by more than channel and purpose.
    pub(crate) caps_tell_apart: bool,
}

/// A number that nothing has.
const NOTHING: usize = usize::MAX;

impl Resolver {
    pub(super) fn new(book: &Rulebook, declarations: &Declarations, symbols: Symbols) -> Self {
        let number = |types: &mut dyn Iterator<Item = (&String, ValueType)>| {
            types
                .enumerate()
                .map(|(index, (name, value_type))| (name.clone(), (index, value_type)))
                .collect()
        };
        Self {
            symbols,
            house: Clock::new(book.time_zone),
            attributes: number(
                &mut book
                    .attributes
                    .iter()
                    .map(|(name, value_type)| (name, *value_type)),
            ),
            facts: number(&mut book.facts.iter().map(|(name, fact)| (name, fact.value_type))),
            tags: declarations.tags.clone(),
            mentions: Mentions::default(),
            parts: 0,
        }
    }

    fn symbol_list<'n>(&mut self, names: impl IntoIterator<Item = &'n String>) -> Box<[Symbol]> {
        let mut list: Vec<Symbol> = names.into_iter().map(|name| self.symbols.intern(name)).collect();
        list.sort_unstable();
        list.dedup();
        list.into()
    }

    fn optional_symbols(&mut self, names: Option<&Vec<String>>) -> Option<Box<[Symbol]>> {
        names.map(|names| self.symbol_list(names))
    }

    /// The source of a date-time or date by the name of an attribute, or of what purchases give.
    pub(super) fn attribute(&self, name: &str) -> (Source, ValueType) {
        if let Some(instant) = PurchaseInstant::ALL
            .into_iter()
            .find(|instant| instant.name() == name)
        {
            return (Source::Purchase(instant), ValueType::DateTime);
        }
        let (index, value_type) = self
            .attributes
            .get(name)
            .copied()
            .unwrap_or((NOTHING, ValueType::String));
        (Source::Attribute(index), value_type)
    }

    fn fact(&self, fact: &written::condition::FactRef) -> (Source, ValueType) {
        use written::condition::FactKey as Written;
        let (index, value_type) = self
            .facts
            .get(&fact.name)
            .copied()
            .unwrap_or((NOTHING, ValueType::String));
        let key = match &fact.of {
            None => FactKey::None,
            Some(Written::Attribute(name)) => {
                FactKey::Attribute(self.attributes.get(name).map_or(NOTHING, |&(index, _)| index))
            }
            Some(Written::Campaign) => FactKey::Campaign,
            Some(Written::Sender) => FactKey::Sender,
            Some(Written::Channel) => FactKey::Channel,
            Some(Written::Is(key)) => FactKey::Is(key.as_str().into()),
        };
        (Source::Fact { fact: index, key }, value_type)
    }

    pub(super) fn source(&self, reference: &Reference) -> (Source, ValueType) {
        match reference {
            Reference::Attribute(name) => self.attribute(name),
            Reference::Fact(fact) => self.fact(fact),
        }
    }

    fn operand(&mut self, operand: &written::condition::Operand, value_type: ValueType) -> Operand {
        match operand {
            written::condition::Operand::Reference(reference) => Operand::Source(self.source(reference).0),
            written::condition::Operand::Literal(literal) => {
                if let (Literal::Text(text), ValueType::String) = (literal, value_type) {
                    self.symbols.intern(text);
                }
                Scalar::read_operand(literal, value_type, &self.symbols)
                    .map_or(Operand::Source(Source::Attribute(NOTHING)), Operand::Literal)
            }
        }
    }

    fn tests(&mut self, tests: &[written::condition::Test], value_type: ValueType) -> Box<[Test]> {
        use written::condition::Test as Written;
        tests
            .iter()
            .map(|test| {
                let (comparison, operand) = match test {
                    Written::Eq(operand) => (Comparison::Eq, operand),
                    Written::Ne(operand) => (Comparison::Ne, operand),
                    Written::Lt(operand) => (Comparison::Lt, operand),
                    Written::Le(operand) => (Comparison::Le, operand),
                    Written::Gt(operand) => (Comparison::Gt, operand),
                    Written::Ge(operand) => (Comparison::Ge, operand),
                    Written::In(list) => {
                        return Test::In(
                            list.iter()
                                .map(|operand| self.operand(operand, value_type))
                                .collect(),
                        );
                    }
                    Written::Present(wanted) => return Test::Present(*wanted),
                };
                Test::Compare(comparison, self.operand(operand, value_type))
            })
            .collect()
    }

    pub(super) fn condition(&mut self, condition: &written::condition::Condition) -> Condition {
        use written::condition::Condition as Written;
        self.parts = self.parts.saturating_add(1);
        match condition {
            Written::All(parts) => Condition::All(parts.iter().map(|part| self.condition(part)).collect()),
            Written::Any(parts) => Condition::Any(parts.iter().map(|part| self.condition(part)).collect()),
            Written::Not(part) => Condition::Not(Box::new(self.condition(part))),
            Written::Tag(name) => match self.tags.get(name) {
                Some(TagNumber::Held(number)) => Condition::Held(*number),
                Some(TagNumber::Derived(number)) => Condition::Derived(*number),
                None => Condition::Held(NOTHING),
            },
            Written::Attribute { name, tests } => {
                let (subject, value_type) = self.attribute(name);
                Condition::Value {
                    subject,
                    tests: self.tests(tests, value_type),
                }
            }
            Written::Fact { fact, tests } => {
                let (subject, value_type) = self.fact(fact);
                Condition::Value {
                    subject,
                    tests: self.tests(tests, value_type),
                }
            }
            Written::Elapsed { since, tests } => {
                use written::condition::ElapsedTest as Written;
                let tests = tests.iter().map(|test| match test {
                    Written::Lt(duration) => ElapsedTest::Lt(duration.micros),
                    Written::Ge(duration) => ElapsedTest::Ge(duration.micros),
                    Written::Present(wanted) => ElapsedTest::Present(*wanted),
                });
                Condition::Elapsed {
                    since: self.source(since).0,
                    tests: tests.collect(),
                }
            }
            Written::Touches { filter, tests } => Condition::Touches {
                filter: self.filter(filter),
                tests: self.tests(tests, ValueType::Number),
            },
            Written::Purchases {
                measure,
                within,
                tests,
            } => Condition::Purchases {
                measure: *measure,
                within: within.map(|within| within.micros),
                tests: self.tests(tests, ValueType::Number),
            },
            Written::Occurrence(ids) => {
                self.mentions.names_occurrences = true;
                Condition::Occurrence(self.symbol_list(ids))
            }
            Written::Score(tests) => Condition::Score(self.tests(tests, ValueType::Number)),
        }
    }

    fn filter(&mut self, filter: &written::condition::TouchFilter) -> Filter {
        let mentions = &mut self.mentions;
        mentions
            .looks_back
            .extend(filter.within.map(|within| within.micros));
        mentions.filters_occurrences |= filter.occurrences.is_some();
        mentions.names_occurrences |= filter.occurrences.is_some();
        Filter {
            channels: self.optional_symbols(filter.channels.as_ref()),
            purposes: self.optional_symbols(filter.purposes.as_ref()),
            campaigns: self.optional_symbols(filter.campaigns.as_ref()),
            occurrences: self.optional_symbols(filter.occurrences.as_ref()),
            contents: self.optional_symbols(filter.contents.as_ref()),
            senders: self.optional_symbols(filter.senders.as_ref()),
            responses: self.optional_symbols(filter.responses.as_ref()),
            statuses: filter.status.as_deref().map(Into::into),
            within: filter.within.map(|within| within.micros),
            written: written_filter(filter).into(),
        }
    }

    fn scope(&mut self, scope: &written::scope::Scope) -> Scope {
        Scope {
            channels: self.optional_symbols(scope.channels.as_ref()),
            purposes: self.optional_symbols(scope.purposes.as_ref()),
            campaigns: self.optional_symbols(scope.campaigns.as_ref()),
        }
    }

    pub(super) fn zone(
        &self,
        zone: Option<written::calendar::Zone>,
        default: written::calendar::Zone,
    ) -> Zone {
        match zone.unwrap_or(default) {
            written::calendar::Zone::Customer => Zone::Customer,
            written::calendar::Zone::House => Zone::Fixed(self.house),
            written::calendar::Zone::Named(tz) => Zone::Fixed(Clock::new(tz)),
        }
    }

    fn customer_zone(&self, zone: Option<written::calendar::Zone>) -> Zone {
        self.zone(zone, written::calendar::Zone::Customer)
    }

    fn counting(&mut self, counting: Option<&written::scope::Counting>, default: Counted) -> Counted {
        match counting {
            None => default,
            Some(written::scope::Counting::All) => Counted::default(),
            Some(written::scope::Counting::Scope { scope, except }) => Counted {
                campaign: None,
                scope: self.scope(scope),
                except: except.as_ref().map(|except| self.scope(except)),
            },
        }
    }

    pub(super) fn cap(
        &self,
        at_most: AtMost,
        per: written::rule::Per,
        zone: Option<written::calendar::Zone>,
        counting: Counted,
        grouped_by: Option<GroupedBy>,
    ) -> Cap {
        let per = match per {
            written::rule::Per::Rolling(length) => Per::Rolling(length),
            written::rule::Per::Calendar(period) => Per::Calendar(period, self.customer_zone(zone)),
            written::rule::Per::Lifetime => Per::Lifetime,
        };
        let period = match per {
            Per::Rolling(length) => format_smolstr!("{length}"),
            Per::Calendar(CalendarPeriod::Day, _) => SmolStr::new_static("day"),
            Per::Calendar(CalendarPeriod::Week, _) => SmolStr::new_static("week"),
            Per::Calendar(CalendarPeriod::Month, _) => SmolStr::new_static("month"),
            Per::Calendar(CalendarPeriod::Year, _) => SmolStr::new_static("year"),
            Per::Lifetime => SmolStr::new_static("lifetime"),
        };
        Cap {
            at_most,
            per,
            period,
            reach: per.reach(),
            reads_clock: matches!(per, Per::Calendar(_, Zone::Customer)),
            counting,
            grouped_by,
            bit: 0,
            place: None,
        }
    }

    /// A rule of the policy, or of the campaign, at `owner`.
    pub(super) fn rule(
        &mut self,
        rule: &written::rule::Rule,
        owner: &str,
        campaign: Option<&str>,
        derived: &[Derived],
    ) -> Rule {
        use written::rule::Effect as Written;
        let scope = Counted {
            campaign: campaign.map(|id| self.symbols.intern(id)),
            scope: rule
                .scope
                .as_ref()
                .map(|scope| self.scope(scope))
                .unwrap_or_default(),
            except: rule.except.as_ref().map(|except| self.scope(except)),
        };
        let then = match &rule.then {
            Written::Forbid => Effect::Forbid,
            Written::Cap(cap) => {
                let counting = self.counting(cap.counting.as_ref(), scope.clone());
                self.mentions.caps_tell_apart |= counting.names_campaigns()
                    || !matches!(
                        cap.grouped_by,
                        None | Some(GroupedBy::Channel | GroupedBy::Purpose)
                    );
                Effect::Cap(self.cap(cap.at_most, cap.per, cap.zone, counting, cap.grouped_by))
            }
            Written::Quiet(quiet) => Effect::Quiet {
                window: window(quiet.window, quiet.days.as_deref(), quiet.dates.as_deref()),
                zone: self.customer_zone(quiet.zone),
            },
            Written::React(react) => Effect::React(self.react(react, &scope)),
            Written::Prefer(written::rule::Prefer::Window {
                window: hours,
                days,
                dates,
                weight,
                zone,
            }) => Effect::Prefer {
                what: Preference::Window(window(*hours, days.as_deref(), dates.as_deref())),
                weight: *weight,
                zone: self.customer_zone(*zone),
            },
            Written::Prefer(written::rule::Prefer::ActiveHours {
                at_least,
                weight,
                zone,
            }) => Effect::Prefer {
                what: Preference::ActiveHours { at_least: *at_least },
                weight: *weight,
                zone: self.customer_zone(*zone),
            },
            Written::Holdout(holdout) => Effect::Holdout {
                basis_points: u64::from(holdout.basis_points),
                salt: holdout.salt.as_str().into(),
            },
        };
        let when = rule.when.as_ref().map(|when| self.condition(when));
        let reads = when
            .as_ref()
            .map(|when| reads_of(when, derived))
            .unwrap_or_default();
        let by_channel_or_sender = |cap: &Cap| {
            matches!(
                cap.grouped_by,
                None | Some(GroupedBy::Channel | GroupedBy::Sender)
            )
        };
        Rule {
            address: format!("{owner}/{}", rule.id).into(),
            scope,
            alike: !reads.campaign && !matches!(&then, Effect::Cap(cap) if !by_channel_or_sender(cap)),
            reads,
            when,
            observe: rule.observe,
            kept: false,
            bar: 0,
            then,
        }
    }

    fn react(&mut self, react: &written::rule::React, scope: &Counted) -> React {
        let (to, default) = match &react.to {
            written::rule::ReactTo::Response(kind) => {
                (ReactTo::Response(self.symbols.intern(kind)), Counted::default())
            }
            written::rule::ReactTo::Ignored {
                after,
                answered_by,
                in_a_row,
            } => {
                let usual = ["clicked", "replied", "purchased"].map(String::from);
                let answered_by = self.symbol_list(answered_by.as_deref().unwrap_or(&usual));
                (
                    ReactTo::Ignored {
                        after: after.micros,
                        answered_by,
                        in_a_row: *in_a_row,
                    },
                    scope.clone(),
                )
            }
        };
        React {
            to,
            at_least: usize::try_from(react.at_least).unwrap_or(usize::MAX),
            within: react.within.map_or(i64::MAX, |within| within.micros),
            hold: match react.hold {
                Hold::For(hold) => hold.micros,
                Hold::Forever => i64::MAX,
            },
            counting: self.counting(react.counting.as_ref(), default),
        }
    }
}

fn window(hours: ClockWindow, days: Option<&[Weekday]>, dates: Option<&[chrono::NaiveDate]>) -> Window {
    let days = if days.is_none() && dates.is_none() {
        Days::Every
    } else {
        let mut dates: Vec<_> = dates.unwrap_or_default().iter().copied().map(day_of).collect();
        dates.sort_unstable();
        Days::Listed {
            weekdays: weekday_bits(days.unwrap_or_default()),
            dates: dates.into(),
        }
    };
    Window {
        from: micros(hours.from.seconds),
        to: micros(hours.to.seconds),
        days,
    }
}

pub(super) fn weekday_bits(days: &[Weekday]) -> u8 {
    days.iter().fold(0, |bits, day| {
        bits | 1_u8.checked_shl(day.num_days_from_monday()).unwrap_or(0)
    })
}

/// A filter in words, whatever the order in which it is written.
fn written_filter(filter: &written::condition::TouchFilter) -> String {
    let lists = [
        ("channels", &filter.channels),
        ("purposes", &filter.purposes),
        ("campaigns", &filter.campaigns),
        ("occurrences", &filter.occurrences),
        ("contents", &filter.contents),
        ("senders", &filter.senders),
        ("responses", &filter.responses),
    ];
    let sorted = |name: &str, mut list: Vec<&str>| {
        list.sort_unstable();
        list.dedup();
        format!("{name} {}", list.join(", "))
    };
    let lists = lists
        .into_iter()
        .filter_map(|(name, list)| Some(sorted(name, list.as_ref()?.iter().map(String::as_str).collect())));
    let statuses = filter
        .status
        .iter()
        .map(|list| sorted("status", list.iter().map(|status| status.as_str()).collect()));
    let within = filter.within.iter().map(|within| format!("within {within}"));
    let parts: Vec<String> = lists.chain(statuses).chain(within).collect();
    parts.join("; ")
}
