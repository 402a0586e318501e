//! From a checked rulebook to what the engine asks.

use std::sync::Arc;

use super::{
    bits::RuleBits,
    campaign::{Arm, Between, Campaign, Field, OnDays, Reach, Repeat, Schedule, Score, Style, Variant, Wave},
    campaigns::Campaigns,
    condition::Condition,
    engine::{Channel, Compiled, Derived, Frame, UnknownClock},
    fields::Fields,
    fingerprint::Fingerprints,
    reads::{Reads, reads, reads_of},
    resolve::{Resolver, weekday_bits},
    rule::{Counted, Effect, Rule, Zone},
    rules::{Lanes, Rules},
    symbols::{Symbol, Symbols},
};
use crate::{
    checked::{declarations::Declarations, limits::Limits},
    clock::{
        wall::{day_of, micros},
        zone::Clock,
    },
    presets,
    written::{
        self,
        calendar::{LocalDateTime, UnknownTimeZone},
        rulebook::Rulebook,
        variant::FieldSource,
    },
};

/// Compiles a rulebook without problems.
pub(super) fn compile(book: &Rulebook, limits: &Limits) -> Compiled {
    let fingerprints = Fingerprints::of(book);
    let declarations = Declarations::of(book, fingerprints.seed());
    let mut resolver = Resolver::new(book, &declarations, Symbols::new(fingerprints.seed()));
    let frame = Arc::new(compile_frame(book, *limits, declarations, &mut resolver));
    let mut rules = Rules::new(&frame.rules, Lanes::default());
    let campaigns = book
        .campaigns
        .iter()
        .map(|campaign| Arc::new(compile_campaign(&frame, campaign, &mut resolver, &mut rules)));
    Compiled {
        campaigns: Campaigns::new(campaigns.collect(), &frame.derived),
        lanes: rules.lanes,
        frame,
        fingerprints,
        symbols: resolver.symbols,
        mentions: resolver.mentions,
    }
}

/// Compiles all but the campaigns.
fn compile_frame(
    book: &Rulebook,
    limits: Limits,
    declarations: Declarations,
    resolver: &mut Resolver,
) -> Frame {
    let derived = derived_tags(book, resolver);
    let rules = presets::policies_of(book).flat_map(|policy| {
        let compiled = policy
            .rules
            .iter()
            .map(|rule| resolver.rule(rule, &policy.id, None, &derived));
        compiled.collect::<Vec<_>>()
    });
    let mut rules: Vec<Rule> = rules.collect();
    rules.sort_by(|a, b| a.address.cmp(&b.address));
    RuleBits::give(&mut rules, book.channels.len());
    let rules: Vec<Arc<Rule>> = rules.into_iter().map(Arc::new).collect();
    let channels = book.channels.iter().map(|(name, channel)| Channel {
        name: name.as_str().into(),
        consent: channel.consent,
    });
    let channels = channels.collect();
    let styles = book.styles.iter().map(|style| Style {
        when: style.when.as_ref().map(|when| resolver.condition(when)),
        set: style
            .set
            .iter()
            .map(|(key, value)| (key.as_str().into(), value.clone()))
            .collect(),
    });
    let styles = styles.collect();
    let held = book.tags.iter().filter(|tag| tag.when.is_none());
    let free = book.purposes.iter().filter(|purpose| !purpose.needs_consent);
    Frame {
        declarations,
        attribute_names: book.attributes.keys().map(Into::into).collect(),
        fact_names: book.facts.keys().map(Into::into).collect(),
        tag_names: held.map(|tag| tag.name.as_str().into()).collect(),
        derived,
        channels,
        rule_bits: RuleBits::of(&rules),
        rules,
        styles,
        free_purposes: free.map(|purpose| purpose.name.as_str().into()).collect(),
        house: resolver.house,
        unknown_time_zone: UnknownClock(match &book.unknown_time_zone {
            UnknownTimeZone::House => [resolver.house].into(),
            UnknownTimeZone::Refrain => [].into(),
            UnknownTimeZone::Every(zones) => zones.iter().map(|&tz| Clock::new(tz)).collect(),
        }),
        look_ahead: book.look_ahead.micros,
        book: book.without_campaigns(),
        limits,
    }
}

fn derived_tags(book: &Rulebook, resolver: &mut Resolver) -> Vec<Derived> {
    let mut derived: Vec<Derived> = Vec::new();
    for tag in &book.tags {
        if let Some(when) = &tag.when {
            derived.push(Derived {
                name: tag.name.as_str().into(),
                when: resolver.condition(when),
                reads: Reads::default(),
            });
        }
    }
    // Tags may stand before those that they are made of. Each round settles at least one more level, and a round without
    // change is the last: there are no more rounds than tags, because tags that depend on themselves are problems.
    loop {
        let known: Vec<Reads> = derived.iter().map(|derived| derived.reads).collect();
        let mut changed = false;
        for derived in &mut derived {
            let found = reads(&derived.when, &|number| {
                known.get(number).copied().unwrap_or_default()
            });
            changed |= found != derived.reads;
            derived.reads = found;
        }
        if !changed {
            return derived;
        }
    }
}

/// Compiles one campaign. What it is given is the same for all, and may be kept from one to the next.
pub(super) fn compile_campaign(
    frame: &Frame,
    campaign: &written::campaign::Campaign,
    resolver: &mut Resolver,
    rules: &mut Rules,
) -> Campaign {
    let parts = resolver.parts;
    let derived = &frame.derived;
    let symbol = resolver.symbols.intern(&campaign.id);
    let purpose = resolver.symbols.intern(&campaign.purpose);
    let owner = format!("campaign:{}", campaign.id);
    let own = campaign
        .rules
        .iter()
        .map(|rule| Arc::new(resolver.rule(rule, &owner, Some(&campaign.id), derived)));
    let mut own: Vec<Arc<Rule>> = own.collect();
    own.sort_by(|a, b| a.address.cmp(&b.address));
    let audience = campaign
        .audience
        .as_ref()
        .map(|audience| resolver.condition(audience));
    let stop_when = campaign.stop_when.as_ref().map(|stop| resolver.condition(stop));
    let schedule = compile_schedule(&campaign.schedule, resolver);
    let fixed = schedule.fixed();
    let variants = campaign
        .variants
        .iter()
        .map(|variant| compile_variant(variant, &campaign.id, resolver));
    let variants: Box<[Variant]> = variants.collect();
    let touches = |condition: &Condition| reads_of(condition, derived).touches;
    let wave_audiences = match &schedule {
        Schedule::Waves { waves, .. } => waves.iter().filter_map(|wave| wave.audience.as_ref()).collect(),
        _ => Vec::new(),
    };
    let mut judged_by_touches = audience
        .iter()
        .chain(&stop_when)
        .chain(variants.iter().filter_map(|variant| variant.when.as_ref()))
        .chain(wave_audiences)
        .any(touches)
        || own.iter().any(|rule| rule.reads.touches);
    let mut channels = Vec::new();
    for name in &campaign.channels {
        let Some(channel) = frame.channel(name) else {
            continue;
        };
        let symbol_of_channel = resolver.symbols.intern(name);
        let speaking = rules.speaking(symbol_of_channel, purpose, symbol);
        judged_by_touches |= speaking.read_touches;
        let own = own
            .iter()
            .filter(|rule| rule.scope.holds(symbol_of_channel, purpose, symbol));
        let mut named: Vec<Arc<Rule>> = speaking.named.into_iter().chain(own.cloned()).collect();
        named.sort_by(|a, b| a.address.cmp(&b.address));
        let rules = || speaking.rules.iter().chain(&named);
        let judging = || rules().filter(|rule| !rule.observe);
        let caps = || judging().filter_map(|rule| rule.cap());
        channels.push(Reach {
            channel,
            symbol: symbol_of_channel,
            rules: speaking.rules.clone(),
            lane: speaking.lane,
            asked: speaking.asked,
            caps: caps().fold(0, |bits, cap| bits | cap.bit),
            has_other_caps: caps().any(|cap| cap.bit == 0),
            bars: judging().fold(0, |bits, rule| bits | rule.bar),
            counted_by: frame.rule_bits.counting(symbol_of_channel, purpose, symbol),
            watches: rules().any(|rule| rule.observe),
            holds_out: rules().any(|rule| matches!(rule.then, Effect::Holdout { .. })),
            own: named.into(),
        });
    }
    Campaign {
        id: campaign.id.as_str().into(),
        symbol,
        purpose,
        purpose_name: campaign.purpose.as_str().into(),
        needs_consent: !frame.free_purposes.contains(campaign.purpose.as_str()),
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
        key_tail: fixed.and_then(|fixed| Fields::of(&[&campaign.id, fixed.id.name()?, "0"])),
        fixed,
        schedule,
        channels: channels.into(),
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
        stop_when,
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
        reserve: campaign
            .reserve
            .map_or(frame.look_ahead, |reserve| reserve.micros),
        variants,
        rules: own.into(),
        judged_by_touches,
        parts: resolver.parts.saturating_sub(parts),
    }
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

fn between(from: LocalDateTime, to: LocalDateTime, zone: Zone) -> Between {
    let local = |at: LocalDateTime| (day_of(at.date), micros(at.time.seconds));
    let between = Between {
        from: local(from),
        to: local(to),
        fixed: None,
    };
    let fixed = if let Zone::Fixed(clock) = zone {
        Some(between.on(clock))
    } else {
        None
    };
    Between { fixed, ..between }
}

fn compile_schedule(schedule: &written::schedule::Schedule, resolver: &mut Resolver) -> Schedule {
    use written::schedule::Schedule as Written;
    let zone = |zone| resolver.zone(zone, written::calendar::Zone::House);
    match schedule {
        Written::Always => Schedule::Always,
        Written::Between(dates) => {
            let zone = zone(dates.zone);
            Schedule::Between {
                between: between(dates.from, dates.to, zone),
                zone,
            }
        }
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
                symbol: resolver.symbols.intern(&wave.id),
                between: between(wave.from, wave.to, zone),
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
