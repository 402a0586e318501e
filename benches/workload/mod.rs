//! The workload W(N): one customer before N campaigns, of which about two in a hundred concern them. Deterministic.

use chrono::{DateTime, TimeDelta, Utc};
use tactful::{
    CalendarPeriod, Campaign, Cap, ChannelConsent, ClockWindow, Condition, Customer, Duration, Engine,
    FactDeclaration, FactKey, FactRef, Facts, GroupedBy, HistoryEntry, PolicySource, Purpose, Rule, Rulebook,
    Schedule, Tag, TouchPolicy, UnknownTimeZone, Value, ValueType, Variant,
};

const TAGS: u64 = 2_000;
const HELD: u64 = 16;
const CHANNELS: [&str; 4] = ["direct", "moments", "group", "sms"];
const CITIES: [&str; 8] = ["上海", "北京", "广州", "深圳", "成都", "杭州", "西安", "武汉"];
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
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-21T02:00:00Z".parse().expect("an instant")
}

pub(crate) fn rulebook(campaigns: u64) -> Rulebook {
    let mut random = Random(7);
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
    for number in 0..campaigns {
        book = book.campaign(campaign(number, &mut random));
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

fn campaign(number: u64, random: &mut Random) -> Campaign {
    // The first test decides most: about one campaign in fifty names a tag that the customer holds, or asks nothing.
    // The first of them always does, so that there is something to send whatever their number.
    let held = number == 0 || random.below(50) == 0;
    let first = if held {
        random.below(HELD)
    } else {
        HELD + random.below(TAGS - HELD)
    };
    let mut audience = vec![Condition::tag(format!("tag-{first}"))];
    let more = 1 + random.below(4);
    for _ in 0..if number == 0 { 0 } else { more } {
        audience.push(if random.below(100) < 60 {
            !Condition::tag(format!("tag-{}", HELD + random.below(TAGS - HELD)))
        } else {
            comparison(random)
        });
    }
    let channel = CHANNELS[random.below(4) as usize];
    let purpose = if random.below(4) == 0 { "care" } else { "promotion" };
    let mut campaign = Campaign::new(
        format!("campaign-{number}"),
        purpose,
        VALUES[random.below(6) as usize],
    )
    .priority(random.below(100) as i64)
    .audience(Condition::all(audience))
    .channels([channel])
    .variant(Variant::new("only").content(format!("content-{number}")));
    if random.below(2) == 0 && number > 0 {
        let day = random.below(20);
        let date = |day: u64| {
            format!("2026-11-{:02}T00:00", 1 + day)
                .parse()
                .expect("a local date-time")
        };
        campaign = campaign.schedule(Schedule::between(date(day), date(day + 9)));
    }
    campaign
}

fn comparison(random: &mut Random) -> Condition {
    match random.below(6) {
        0 => Condition::attribute("age").ge(18 + random.below(10) as i64),
        1 => Condition::attribute("spend").lt(500.0 + random.below(1_000) as f64),
        2 => Condition::attribute("orders").ge(random.below(4) as i64),
        3 => Condition::attribute("level").le(5 + random.below(5) as i64),
        4 => Condition::fact(FactRef::of("weather.temp_c", FactKey::Attribute("city".into())))
            .ge(random.below(20) as f64),
        _ => Condition::elapsed("joined_at").ge(Duration::days(random.below(20) as i64)),
    }
}

pub(crate) fn customer() -> Customer {
    let mut customer = Customer::new("c-001")
        .time_zone(chrono_tz::Asia::Shanghai)
        .attribute("age", 34)
        .attribute("city", CITIES[0])
        .attribute("spend", 388.5)
        .attribute("orders", 7)
        .attribute("vip", true)
        .attribute("level", 4)
        .attribute("joined_at", "2026-09-01T03:00:00Z")
        .attribute("birthday", "1992-02-29");
    for number in 0..HELD {
        customer = customer.tag(format!("tag-{number}"));
    }
    customer
}

/// Twenty touches over four channels, the last of them long enough ago for one more.
pub(crate) fn history() -> Vec<HistoryEntry> {
    (0..20)
        .map(|number: i64| {
            let at = now() - TimeDelta::days(31 + 3 * number);
            HistoryEntry::new(at, CHANNELS[(number % 4) as usize], "promotion")
                .campaign(format!("campaign-old-{number}"))
        })
        .collect()
}

pub(crate) fn facts() -> Facts {
    CITIES
        .iter()
        .zip(0..)
        .fold(Facts::new(), |facts, (city, number)| {
            facts.set_for("weather.temp_c", *city, 15.0 + f64::from(number))
        })
}

pub(crate) fn engine(campaigns: u64) -> Engine {
    Engine::compile(&rulebook(campaigns))
        .expect("the workload compiles")
        .0
}
