//! The engine: a rulebook compiled.

use std::{collections::BTreeMap, fmt, sync::Arc};

use super::{
    campaign::{Arm, Between, Campaign, Field, OnDays, Reach, Repeat, Schedule, Score, Style, Variant, Wave},
    condition::{Condition, Reads},
    fingerprint::fingerprint,
    resolve::{Resolver, reads, weekday_bits},
    rule::{Counted, Rule},
    symbols::{Symbol, Symbols},
};
use crate::{
    checked::{
        check::{Origin, Presets, check},
        declarations::Declarations,
        limits::Limits,
        problem::{Problem, Problems, Warning},
        read_rulebook::read_rulebook,
    },
    clock::{
        wall::{day_of, micros},
        zone::Clock,
    },
    presets,
    written::{
        self,
        calendar::{LocalDateTime, UnknownTimeZone},
        document::Document,
        rulebook::{ChannelConsent, Rulebook},
        variant::FieldSource,
    },
};

/// A rulebook compiled: immutable, `Send + Sync`, and cheap to clone and share.
#[derive(Clone)]
pub struct Engine {
    pub(crate) compiled: Arc<Compiled>,
}

/// Its fingerprint: what it is compiled to is large, and of no use in a log.
impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Engine");
        shown
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

/// What the engine knows.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) fingerprint: u128,
    pub(crate) symbols: Symbols,
    pub(crate) declarations: Declarations,
    /// By number.
    pub(crate) attribute_names: Vec<String>,
    pub(crate) fact_names: Vec<String>,
    /// The derived tags by number: name, condition, what it reads.
    pub(crate) derived: Vec<(String, Condition, Reads)>,
    /// The numbers of the tags that hosts give.
    pub(crate) held_tags: BTreeMap<String, usize>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) styles: Vec<Style>,
    /// By priority (high first), then id.
    pub(crate) campaigns: Vec<Campaign>,
    pub(crate) house: Clock,
    pub(crate) unknown_time_zone: UnknownClock,
    /// How far back any condition looks for touches, in microseconds; sorted.
    pub(crate) looks_back: Vec<i64>,
    /// Whether any condition asks for touches of certain occurrences.
    pub(crate) filters_occurrences: bool,
    /// Microseconds.
    pub(crate) look_ahead: i64,
}

#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) name: Box<str>,
    pub(crate) consent: ChannelConsent,
}

/// The clocks of a customer without a zone; none at all is to refrain.
#[derive(Debug)]
pub(crate) struct UnknownClock(pub(crate) Box<[Clock]>);

impl Engine {
    /// Compiles a rulebook under the default [`Limits`]: the engine and its warnings, or all problems.
    ///
    /// ```
    /// use tactful::{Campaign, Code, Duration, Engine, Rulebook, UnknownTimeZone, Value, Variant};
    /// let book = Rulebook::new(tactful::chrono_tz::Europe::Berlin, UnknownTimeZone::House, Duration::days(7))
    ///     .purpose("news")
    ///     .campaign(Campaign::new("tea", "news", Value::Knowledge).channels(["mail"]).variant(Variant::new("letter")));
    /// let problems = Engine::compile(&book).expect_err("the channel is not declared");
    /// let told: Vec<_> = problems.iter().map(|problem| (problem.path(), problem.code())).collect();
    /// assert_eq!(told, [("/campaigns/0/channels/0", Code::UndeclaredChannel)]);
    /// ```
    ///
    /// # Errors
    ///
    /// Every problem at once, each with its place.
    pub fn compile(rulebook: &Rulebook) -> Result<(Self, Vec<Warning>), Problems> {
        Self::compile_with(rulebook, &Limits::default())
    }

    /// Compiles a rulebook under the host's own limits.
    ///
    /// # Errors
    ///
    /// Every problem at once, each with its place.
    pub fn compile_with(rulebook: &Rulebook, limits: &Limits) -> Result<(Self, Vec<Warning>), Problems> {
        Self::finish(rulebook, Origin::Built, limits, Vec::new())
    }

    /// Reads and compiles a rulebook from a document of any serde format: what is misspelled and what is undeclared is
    /// told together.
    ///
    /// # Errors
    ///
    /// Every problem at once, each with its place.
    pub fn from_document(document: &Document) -> Result<(Self, Vec<Warning>), Problems> {
        Self::from_document_with(document, &Limits::default())
    }

    /// As [`Engine::from_document`], under the host's own limits.
    ///
    /// # Errors
    ///
    /// Every problem at once, each with its place.
    pub fn from_document_with(
        document: &Document,
        limits: &Limits,
    ) -> Result<(Self, Vec<Warning>), Problems> {
        let mut problems = Vec::new();
        let rulebook = read_rulebook(document, &mut problems);
        Self::finish(&rulebook, Origin::Read, limits, problems)
            .map_err(|problems| problems.in_order(document))
    }

    /// The fingerprint of the rulebook, presets spelled out, as 32 hexadecimal digits: store it beside decisions that may
    /// be questioned later, with [`Engine::time_zone_database`].
    ///
    /// ```
    /// use tactful::{Duration, Engine, Rulebook, UnknownTimeZone};
    /// let book = |days| Rulebook::new(tactful::chrono_tz::Asia::Shanghai, UnknownTimeZone::House, Duration::days(days));
    /// let fingerprint = |days| Engine::compile(&book(days)).map(|(engine, _)| engine.fingerprint());
    /// assert_eq!(fingerprint(7)?, fingerprint(7)?);
    /// assert_ne!(fingerprint(7)?, fingerprint(8)?);
    /// assert_eq!(fingerprint(7)?.len(), 32);
    /// # Ok::<(), tactful::Problems>(())
    /// ```
    pub fn fingerprint(&self) -> String {
        format!("{:032x}", self.compiled.fingerprint)
    }

    /// The version of the tz database by which clocks are read, such as `2025b`.
    pub fn time_zone_database() -> &'static str {
        chrono_tz::IANA_TZDB_VERSION
    }

    fn finish(
        rulebook: &Rulebook,
        origin: Origin,
        limits: &Limits,
        mut problems: Vec<Problem>,
    ) -> Result<(Self, Vec<Warning>), Problems> {
        let presets = Presets {
            find: presets::policy,
            ids: presets::IDS,
        };
        let (found, warnings) = check(rulebook, origin, limits, &presets);
        problems.extend(found);
        if problems.is_empty() {
            Ok((
                Self {
                    compiled: Arc::new(compile(rulebook)),
                },
                warnings,
            ))
        } else {
            Err(Problems::new(problems))
        }
    }
}

fn compile(book: &Rulebook) -> Compiled {
    let mut resolver = Resolver::new(book);
    let derived = derived_tags(book, &mut resolver);
    let mut rules = Vec::new();
    for source in &book.policies {
        if let Some(policy) = presets::policy_of(source, book) {
            rules.extend(
                policy
                    .rules
                    .iter()
                    .map(|rule| resolver.rule(rule, &policy.id, None)),
            );
        }
    }
    let channels: Vec<_> = book
        .channels
        .iter()
        .map(|(name, channel)| Channel {
            name: name.as_str().into(),
            consent: channel.consent,
        })
        .collect();
    let styles = book.styles.iter().map(|style| Style {
        when: style.when.as_ref().map(|when| resolver.condition(when)),
        set: style
            .set
            .iter()
            .map(|(key, value)| (key.as_str().into(), value.clone()))
            .collect(),
    });
    let styles = styles.collect();
    let mut campaigns: Vec<_> = book
        .campaigns
        .iter()
        .map(|campaign| {
            let owner = format!("campaign:{}", campaign.id);
            let own = campaign
                .rules
                .iter()
                .map(|rule| resolver.rule(rule, &owner, Some(&campaign.id)));
            rules.extend(own.collect::<Vec<_>>());
            compile_campaign(book, campaign, &mut resolver, &derived)
        })
        .collect();
    campaigns.sort_by(|a, b| b.priority.cmp(&a.priority).then_with(|| a.id.cmp(&b.id)));
    rules.sort_by(|a, b| a.address.cmp(&b.address));
    assign_rules(&mut campaigns, &rules, &derived);
    let held = book.tags.iter().filter(|tag| tag.when.is_none());
    Compiled {
        fingerprint: fingerprint(book),
        declarations: Declarations::of(book),
        attribute_names: book.attributes.keys().cloned().collect(),
        fact_names: book.facts.keys().cloned().collect(),
        held_tags: held
            .enumerate()
            .map(|(number, tag)| (tag.name.clone(), number))
            .collect(),
        derived,
        channels,
        rules,
        styles,
        campaigns,
        house: resolver.house,
        unknown_time_zone: UnknownClock(match &book.unknown_time_zone {
            UnknownTimeZone::House => [resolver.house].into(),
            UnknownTimeZone::Refrain => [].into(),
            UnknownTimeZone::Every(zones) => zones.iter().map(|&tz| Clock::new(tz)).collect(),
        }),
        look_ahead: book.look_ahead.micros,
        looks_back: resolver.looks_back.iter().copied().collect(),
        filters_occurrences: resolver.filters_occurrences,
        symbols: resolver.symbols,
    }
}

fn derived_tags(book: &Rulebook, resolver: &mut Resolver) -> Vec<(String, Condition, Reads)> {
    let mut derived: Vec<(String, Condition, Reads)> = Vec::new();
    for tag in &book.tags {
        if let Some(when) = &tag.when {
            derived.push((tag.name.clone(), resolver.condition(when), Reads::default()));
        }
    }
    // Tags may stand before those that they are made of. Each round settles at least one more level, and a round without
    // change is the last: there are no more rounds than tags, because tags that depend on themselves are problems.
    loop {
        let known: Vec<Reads> = derived.iter().map(|&(_, _, reads)| reads).collect();
        let mut changed = false;
        for (_, when, own) in &mut derived {
            let found = reads(when, &|number| known.get(number).copied().unwrap_or_default());
            changed |= found != *own;
            *own = found;
        }
        if !changed {
            return derived;
        }
    }
}

fn compile_campaign(
    book: &Rulebook,
    campaign: &written::campaign::Campaign,
    resolver: &mut Resolver,
    derived: &[(String, Condition, Reads)],
) -> Campaign {
    let audience = campaign
        .audience
        .as_ref()
        .map(|audience| resolver.condition(audience));
    let numbers: BTreeMap<&str, usize> = book
        .channels
        .keys()
        .enumerate()
        .map(|(number, name)| (name.as_str(), number))
        .collect();
    let channels = campaign.channels.iter().filter_map(|name| {
        let channel = numbers.get(name.as_str()).copied()?;
        Some(Reach {
            channel,
            symbol: resolver.symbols.intern(name),
            rules: [].into(),
        })
    });
    let channels = channels.collect();
    let needs_consent = book
        .purposes
        .iter()
        .find(|purpose| purpose.name == campaign.purpose)
        .is_none_or(|purpose| purpose.needs_consent);
    Campaign {
        id: campaign.id.as_str().into(),
        symbol: resolver.symbols.intern(&campaign.id),
        purpose: resolver.symbols.intern(&campaign.purpose),
        purpose_name: campaign.purpose.as_str().into(),
        needs_consent,
        value: campaign.value,
        topic: campaign
            .topic
            .as_ref()
            .map(|topic| format!("topic:{topic}").into()),
        priority: campaign.priority,
        audience_reads: audience
            .as_ref()
            .map(|audience| reads_of(audience, derived))
            .unwrap_or_default(),
        audience,
        schedule: compile_schedule(&campaign.schedule, resolver),
        channels,
        patience: campaign.patience,
        timing: campaign.timing,
        score: Score {
            base: campaign.score.base,
            add: campaign
                .score
                .add
                .iter()
                .map(|add| (resolver.condition(&add.when), add.points))
                .collect(),
        },
        stop_when: campaign.stop_when.as_ref().map(|stop| resolver.condition(stop)),
        repeat: campaign.repeat.as_ref().map(|repeat| Repeat {
            cap: resolver.cap(
                repeat.at_most,
                repeat.per,
                repeat.zone,
                Counted::default(),
                repeat.grouped_by,
            ),
            gap: repeat.gap.micros,
        }),
        reserve: campaign.reserve.unwrap_or(book.look_ahead).micros,
        variants: campaign
            .variants
            .iter()
            .map(|variant| compile_variant(variant, &campaign.id, resolver))
            .collect(),
        judged_by_touches: false,
    }
}

fn reads_of(condition: &Condition, derived: &[(String, Condition, Reads)]) -> Reads {
    reads(condition, &|number| {
        derived
            .get(number)
            .map(|&(_, _, reads)| reads)
            .unwrap_or_default()
    })
}

fn compile_variant(variant: &written::variant::Variant, campaign: &str, resolver: &mut Resolver) -> Variant {
    let mut content =
        |content: &Option<String>| content.as_ref().map(|content| resolver.symbols.intern(content));
    let content_symbol = content(&variant.content);
    let arms = variant.arms.iter().map(|arm| Arm {
        id: arm.id.as_str().into(),
        weight: u64::from(arm.weight),
        content: arm.content.as_deref().map(Into::into),
        content_symbol: content(&arm.content).or(content_symbol).unwrap_or(Symbol::ABSENT),
    });
    let arms = arms.collect();
    Variant {
        id: variant.id.as_str().into(),
        when: variant.when.as_ref().map(|when| resolver.condition(when)),
        content: variant.content.as_deref().map(Into::into),
        content_symbol: content_symbol.unwrap_or(Symbol::ABSENT),
        fields: variant
            .fields
            .iter()
            .map(|(name, field)| {
                let compiled = match &field.from {
                    FieldSource::Is(literal) => Field::Is(literal.clone()),
                    FieldSource::Reference(reference) => Field::Source {
                        source: resolver.source(reference).0,
                        default: field.default.clone(),
                    },
                };
                (name.as_str().into(), compiled)
            })
            .collect(),
        arms,
        salt: format!("{campaign}/{}", variant.id).into(),
    }
}

fn between(from: LocalDateTime, to: LocalDateTime) -> Between {
    let local = |at: LocalDateTime| (day_of(at.date), micros(at.time.seconds));
    Between {
        from: local(from),
        to: local(to),
    }
}

fn compile_schedule(schedule: &written::schedule::Schedule, resolver: &mut Resolver) -> Schedule {
    use written::schedule::Schedule as Written;
    let zone = |zone| resolver.zone(zone, written::calendar::Zone::House);
    match schedule {
        Written::Always => Schedule::Always,
        Written::Between(dates) => Schedule::Between {
            between: between(dates.from, dates.to),
            zone: zone(dates.zone),
        },
        Written::After { anchor, from, until } => Schedule::After {
            anchor: resolver.attribute(anchor).0,
            from: from.micros,
            until: until.micros,
        },
        Written::Every {
            cycle,
            of,
            from,
            until,
            zone: named,
        } => Schedule::Every {
            cycle: *cycle,
            of: resolver.attribute(of).0,
            from: from.micros,
            until: until.micros,
            zone: zone(*named),
        },
        Written::On {
            days,
            days_of_month,
            months,
            window,
            zone: named,
        } => Schedule::On {
            days: OnDays {
                weekdays: days.as_deref().map(weekday_bits),
                days_of_month: days_of_month.as_deref().map(Into::into),
                months: months.as_deref().map(|months| {
                    let bit = |month: u8| 1_u16.checked_shl(u32::from(month).saturating_sub(1)).unwrap_or(0);
                    months.iter().fold(0, |bits, &month| bits | bit(month))
                }),
            },
            from: micros(window.from.seconds),
            to: micros(window.to.seconds),
            zone: zone(*named),
        },
        Written::Waves { waves, zone: named } => {
            let zone = zone(*named);
            let waves = waves.iter().map(|wave| Wave {
                id: wave.id.as_str().into(),
                between: between(wave.from, wave.to),
                audience: wave
                    .audience
                    .as_ref()
                    .map(|audience| resolver.condition(audience)),
            });
            Schedule::Waves {
                waves: waves.collect(),
                zone,
            }
        }
    }
}

/// Gives each campaign the rules that speak of its touches, by channel. Campaigns with the same rules share the list.
fn assign_rules(campaigns: &mut [Campaign], rules: &[Rule], derived: &[(String, Condition, Reads)]) {
    let touches = |condition: &Condition| reads_of(condition, derived).touches;
    let rule_touches: Vec<bool> = rules
        .iter()
        .map(|rule| rule.when.as_ref().is_some_and(touches))
        .collect();
    // Rules that name campaigns are few and their own; the rest is the same for a purpose and a channel.
    let (named, general): (Vec<usize>, Vec<usize>) = (0..rules.len()).partition(|&number| {
        rules.get(number).is_some_and(|rule| {
            let scope = &rule.scope;
            scope.campaign.is_some()
                || scope.scope.campaigns.is_some()
                || scope
                    .except
                    .as_ref()
                    .is_some_and(|except| except.campaigns.is_some())
        })
    });
    let mut by_campaign: BTreeMap<Symbol, Vec<usize>> = BTreeMap::new();
    let mut others = Vec::new();
    for number in named {
        match rules.get(number).and_then(|rule| rule.scope.campaign) {
            Some(campaign) => by_campaign.entry(campaign).or_default().push(number),
            None => others.push(number),
        }
    }
    let mut shared: BTreeMap<(Symbol, Symbol), Vec<usize>> = BTreeMap::new();
    let mut lists: BTreeMap<Vec<usize>, Arc<[usize]>> = BTreeMap::new();
    for campaign in campaigns {
        let (purpose, symbol) = (campaign.purpose, campaign.symbol);
        let own = by_campaign.get(&symbol).map(Vec::as_slice).unwrap_or_default();
        let mut judged = campaign.audience_reads.touches
            || campaign.stop_when.as_ref().is_some_and(touches)
            || campaign
                .variants
                .iter()
                .any(|variant| variant.when.as_ref().is_some_and(touches));
        if let Schedule::Waves { waves, .. } = &campaign.schedule {
            judged |= waves
                .iter()
                .any(|wave| wave.audience.as_ref().is_some_and(touches));
        }
        for reach in &mut campaign.channels {
            let channel = reach.symbol;
            let speaks = |number: &usize| {
                rules
                    .get(*number)
                    .is_some_and(|rule| rule.scope.holds(channel, purpose, symbol))
            };
            let base = shared
                .entry((purpose, channel))
                .or_insert_with(|| general.iter().copied().filter(speaks).collect());
            let mut list: Vec<usize> = base.clone();
            list.extend(others.iter().chain(own).copied().filter(speaks));
            list.sort_unstable();
            judged |= list
                .iter()
                .any(|&number| rule_touches.get(number).copied().unwrap_or(false));
            reach.rules = lists
                .entry(list)
                .or_insert_with_key(|list| list.as_slice().into())
                .clone();
        }
        campaign.judged_by_touches = judged;
    }
}

impl Compiled {
    pub(crate) fn rule(&self, number: usize) -> Option<&Rule> {
        self.rules.get(number)
    }
}
