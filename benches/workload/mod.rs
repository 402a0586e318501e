//! The workload W(N): customers before N campaigns, of which about two in a hundred concern each of them.
//!
//! Everything follows from fixed seeds. A customer holds 16 of 2,000 tags, eight typed attributes, a zone and twenty
//! touches over four channels. An audience has two to five tests: six in ten ask for a tag, one in four of these for its
//! absence; the others compare a value, so that three in ten customers pass. Half of the campaigns have a date window.

#![allow(dead_code, reason = "each bench uses its part")]

use chrono::{DateTime, TimeDelta, Utc};
use tactful::{
    CalendarPeriod, Campaign, Cap, ChannelConsent, ClockWindow, Condition, Customer, Duration, Engine,
    FactDeclaration, FactKey, FactRef, Facts, GroupedBy, HistoryEntry, PolicySource, Purpose, Rule, Rulebook,
    Schedule, Tag, TouchPolicy, UnknownTimeZone, Value, ValueType, Variant,
};

pub(crate) const TAGS: u64 = 2_000;
pub(crate) const HELD: usize = 16;
pub(crate) const CHANNELS: [&str; 4] = ["direct", "moments", "group", "sms"];
pub(crate) const CITIES: [&str; 8] = ["上海", "北京", "广州", "深圳", "成都", "杭州", "西安", "武汉"];
const ZONES: [chrono_tz::Tz; 4] = [
    chrono_tz::Asia::Shanghai,
    chrono_tz::Asia::Urumqi,
    chrono_tz::Asia::Tokyo,
    chrono_tz::Asia::Singapore,
];
const VALUES: [Value; 6] = [
    Value::Save,
    Value::Earn,
    Value::Knowledge,
    Value::Experience,
    Value::Local,
    Value::Service,
];

/// A stream of numbers that follows from its seed (splitmix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

/// Ten in the morning in Shanghai.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-21T02:00:00Z".parse().expect("an instant")
}

/// One test of an audience, for every engine to say in its own way.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Test {
    Tag(u64),
    NoTag(u64),
    AgeAtLeast(i64),
    AgeBelow(i64),
    SpendAtLeast(f64),
    SpendBelow(f64),
    OrdersAtLeast(i64),
    LevelAtMost(i64),
    Vip,
    CityIs(usize),
    CityIn(usize, usize),
    /// Days since joining.
    JoinedAtLeast(i64),
    JoinedBelow(i64),
    /// A year: born on its first of January or later.
    BornSince(i64),
    /// The temperature in the customer's city.
    WarmerThan(f64),
}

/// One campaign, for every engine to say in its own way.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub(crate) id: String,
    pub(crate) care: bool,
    pub(crate) value: usize,
    pub(crate) priority: i64,
    pub(crate) audience: Vec<Test>,
    /// Positions in [`CHANNELS`], in order of preference.
    pub(crate) channels: Vec<usize>,
    /// Start and length in days; the start counts from 2026-11-01 at midnight in Shanghai.
    pub(crate) window: Option<(i64, i64)>,
}

pub(crate) fn specs(campaigns: u64) -> Vec<Spec> {
    let mut random = Random::new(7);
    (0..campaigns).map(|number| spec(number, &mut random)).collect()
}

fn spec(number: u64, random: &mut Random) -> Spec {
    let tests = 2 + random.below(4);
    let audience = (0..tests).map(|_| test(random)).collect();
    let first = random.below(4) as usize;
    let second = random.below(4) as usize;
    let mut channels = vec![first];
    if second != first {
        channels.push(second);
    }
    Spec {
        id: format!("campaign-{number}"),
        care: random.below(4) == 0,
        value: random.below(6) as usize,
        priority: random.below(100) as i64,
        audience,
        channels,
        window: (random.below(2) == 0).then(|| (random.below(40) as i64, 5 + random.below(16) as i64)),
    }
}

fn test(random: &mut Random) -> Test {
    if random.below(100) < 60 {
        let tag = random.below(TAGS);
        return if random.below(4) == 0 {
            Test::NoTag(tag)
        } else {
            Test::Tag(tag)
        };
    }
    // Between one and five in ten customers pass.
    let tenths = 10 + random.below(41) as i64;
    match random.below(12) {
        0 => Test::AgeAtLeast(70 - 52 * tenths / 100),
        1 => Test::AgeBelow(18 + 52 * tenths / 100),
        2 => Test::SpendAtLeast((2_000 - 20 * tenths) as f64),
        3 => Test::SpendBelow((20 * tenths) as f64),
        4 => Test::OrdersAtLeast(40 - 40 * tenths / 100),
        5 => Test::LevelAtMost(tenths / 10),
        6 => Test::Vip,
        7 => Test::CityIs(random.below(8) as usize),
        8 => Test::CityIn(random.below(8) as usize, random.below(8) as usize),
        9 if tenths % 2 == 0 => Test::JoinedAtLeast(730 - 730 * tenths / 100),
        9 => Test::JoinedBelow(730 * tenths / 100),
        10 => Test::BornSince(2_008 - 52 * tenths / 100),
        _ => Test::WarmerThan(35.0 - (35 * tenths / 100) as f64),
    }
}

pub(crate) fn rulebook(campaigns: u64) -> Rulebook {
    let mut book = Rulebook::new(
        chrono_tz::Asia::Shanghai,
        UnknownTimeZone::House,
        Duration::days(7),
    )
    .attribute("age", ValueType::Integer)
    .attribute("city", ValueType::String)
    .attribute("spend", ValueType::Number)
    .attribute("orders", ValueType::Integer)
    .attribute("vip", ValueType::Boolean)
    .attribute("level", ValueType::Integer)
    .attribute("joined_at", ValueType::DateTime)
    .attribute("birthday", ValueType::Date)
    .fact("weather.temp_c", FactDeclaration::keyed(ValueType::Number))
    .tag("no_contact")
    .purpose(Purpose::new("promotion"))
    .purpose(Purpose::new("care"))
    .policy(policy());
    for number in 0..TAGS {
        book = book.tag(Tag::given(format!("tag-{number}")));
    }
    for channel in CHANNELS {
        book = book.channel(channel, ChannelConsent::OptOut);
    }
    for spec in specs(campaigns) {
        book = book.campaign(campaign(&spec));
    }
    book
}

fn policy() -> PolicySource {
    let time = |text: &str| text.parse().expect("a time");
    let policy = TouchPolicy::new("house")
        .rule(Rule::forbid("no-contact").when(Condition::tag("no_contact")))
        .rule(Rule::cap("daily", Cap::new(1, CalendarPeriod::Day)))
        .rule(Rule::cap(
            "monthly",
            Cap::new(2, Duration::days(30)).grouped_by(GroupedBy::Channel),
        ))
        .rule(Rule::quiet(
            "night",
            ClockWindow::new(time("22:00"), time("08:00")),
        ));
    PolicySource::from(policy)
}

pub(crate) fn campaign(spec: &Spec) -> Campaign {
    let purpose = if spec.care { "care" } else { "promotion" };
    let mut campaign = Campaign::new(spec.id.clone(), purpose, VALUES[spec.value])
        .priority(spec.priority)
        .audience(Condition::all(spec.audience.iter().copied().map(condition)))
        .channels(spec.channels.iter().map(|&number| CHANNELS[number]))
        .variant(Variant::new("only").content(format!("content-of-{}", spec.id)));
    if let Some((start, length)) = spec.window {
        let first = chrono::NaiveDate::from_ymd_opt(2026, 11, 1).expect("a date");
        let date = |days: i64| {
            format!("{}T00:00", first + TimeDelta::days(days))
                .parse()
                .expect("a local date-time")
        };
        campaign = campaign.schedule(Schedule::between(date(start), date(start + length)));
    }
    campaign
}

fn condition(test: Test) -> Condition {
    let temperature = FactRef::of("weather.temp_c", FactKey::Attribute("city".into()));
    match test {
        Test::Tag(number) => Condition::tag(format!("tag-{number}")),
        Test::NoTag(number) => !Condition::tag(format!("tag-{number}")),
        Test::AgeAtLeast(age) => Condition::attribute("age").ge(age),
        Test::AgeBelow(age) => Condition::attribute("age").lt(age),
        Test::SpendAtLeast(spend) => Condition::attribute("spend").ge(spend),
        Test::SpendBelow(spend) => Condition::attribute("spend").lt(spend),
        Test::OrdersAtLeast(orders) => Condition::attribute("orders").ge(orders),
        Test::LevelAtMost(level) => Condition::attribute("level").le(level),
        Test::Vip => Condition::attribute("vip").eq(true),
        Test::CityIs(city) => Condition::attribute("city").eq(CITIES[city]),
        Test::CityIn(a, b) => Condition::attribute("city").one_of([CITIES[a], CITIES[b]]),
        Test::JoinedAtLeast(days) => Condition::elapsed("joined_at").ge(Duration::days(days)),
        Test::JoinedBelow(days) => Condition::elapsed("joined_at").lt(Duration::days(days)),
        Test::BornSince(year) => Condition::attribute("birthday").ge(format!("{year}-01-01")),
        Test::WarmerThan(degrees) => Condition::fact(temperature).ge(degrees),
    }
}

/// A customer as plain values, for every engine to take in its own way.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) id: String,
    /// Position in the list of zones.
    pub(crate) zone: usize,
    /// Sorted, without repetition.
    pub(crate) tags: Vec<u64>,
    pub(crate) age: i64,
    pub(crate) city: usize,
    pub(crate) spend: f64,
    pub(crate) orders: i64,
    pub(crate) vip: bool,
    pub(crate) level: i64,
    pub(crate) joined_at: DateTime<Utc>,
    pub(crate) birthday: chrono::NaiveDate,
    /// Instant, channel and campaign number of every touch, the oldest first.
    pub(crate) history: Vec<(DateTime<Utc>, usize)>,
}

impl Person {
    pub(crate) fn tz(&self) -> chrono_tz::Tz {
        ZONES[self.zone]
    }
}

pub(crate) fn person(number: u64) -> Person {
    let mut random = Random::new(1_000_003 * (number + 1));
    let mut tags = Vec::new();
    while tags.len() < HELD {
        let tag = random.below(TAGS);
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.sort_unstable();
    let mut history: Vec<(DateTime<Utc>, usize)> = (0..20)
        .map(|_| {
            let hours = 24 + random.below(150 * 24) as i64;
            let at = now() - TimeDelta::hours(hours) + TimeDelta::minutes(random.below(60) as i64);
            (at, random.below(4) as usize)
        })
        .collect();
    history.sort_unstable();
    Person {
        id: format!("c-{number:07}"),
        zone: random.below(4) as usize,
        tags,
        age: 18 + random.below(52) as i64,
        city: random.below(8) as usize,
        spend: random.below(200_000) as f64 / 100.0,
        orders: random.below(40) as i64,
        vip: random.below(10) < 3,
        level: 1 + random.below(10) as i64,
        joined_at: now() - TimeDelta::hours(random.below(730 * 24) as i64),
        birthday: chrono::NaiveDate::from_ymd_opt(1_956, 1, 1).expect("a date")
            + TimeDelta::days(random.below(52 * 365) as i64),
        history,
    }
}

pub(crate) fn customer(person: &Person) -> Customer {
    let mut customer = Customer::new(person.id.clone())
        .time_zone(person.tz())
        .attribute("age", person.age)
        .attribute("city", CITIES[person.city])
        .attribute("spend", person.spend)
        .attribute("orders", person.orders)
        .attribute("vip", person.vip)
        .attribute("level", person.level)
        .attribute("joined_at", person.joined_at.to_rfc3339())
        .attribute("birthday", person.birthday.to_string());
    for number in &person.tags {
        customer = customer.tag(format!("tag-{number}"));
    }
    customer
}

pub(crate) fn history(person: &Person) -> Vec<HistoryEntry> {
    let entries = person.history.iter().enumerate();
    entries
        .map(|(number, &(at, channel))| {
            HistoryEntry::new(at, CHANNELS[channel], "promotion").campaign(format!("campaign-old-{number}"))
        })
        .collect()
}

/// The temperature in a city.
pub(crate) fn temperature(city: usize) -> f64 {
    4.0 * city as f64 + 0.5
}

pub(crate) fn facts() -> Facts {
    CITIES
        .iter()
        .enumerate()
        .fold(Facts::new(), |facts, (number, city)| {
            facts.set_for("weather.temp_c", *city, temperature(number))
        })
}

pub(crate) fn engine(campaigns: u64) -> Engine {
    Engine::compile(&rulebook(campaigns))
        .expect("the workload compiles")
        .0
}
