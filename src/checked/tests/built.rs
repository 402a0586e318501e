//! A rulebook built in Rust is held to the same as one that is read, also where JSON cannot be wrong.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::Limits;
use crate::{
    AtMost, CalendarPeriod, Campaign, Cap, ChannelConsent, ClockWindow, Code, Condition, Duration,
    ElapsedTest, LocalDateTime, LocalTime, Purpose, Quiet, React, Rule, Rulebook, Schedule, Scope, Tag, Test,
    UnknownTimeZone, Value, ValueType, Variant,
    checked::check::{Origin, check},
};

fn plain() -> Rulebook {
    Rulebook::new(Tz::UTC, UnknownTimeZone::House, Duration::days(31))
        .attribute("age", ValueType::Integer)
        .tag("latte")
        .purpose(Purpose::without_consent("reply"))
        .purpose("care")
        .channel("direct", ChannelConsent::OptOut)
}

fn campaign() -> Campaign {
    Campaign::new("c", "care", Value::Service)
        .audience(Condition::tag("latte"))
        .channels(["direct"])
        .variant(Variant::new("v"))
}

fn told(book: &Rulebook) -> Vec<(String, Code)> {
    let (problems, _) = check(book, Origin::Built, &Limits::new());
    problems
        .iter()
        .map(|problem| (problem.path().to_owned(), problem.code()))
        .collect()
}

#[test]
fn each_mistake_has_the_path_of_its_place_in_json() {
    assert_eq!(told(&plain().campaign(campaign())), []);
    let age = |tests: Vec<Test>| campaign().audience(Condition::attribute("age").all(tests));
    let rule = |rule: Rule| campaign().rule(rule);
    let react = |react: React| rule(Rule::react("r", react));
    let date_time = |hour| {
        let date = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date");
        LocalDateTime::new(date, LocalTime::new(hour, 0, 0).expect("a time"))
    };
    let cases = [
        (
            campaign().audience(Condition::tag("lattee")),
            "/audience/tag",
            Code::UndeclaredTag,
        ),
        (age(vec![]), "/audience", Code::MissingField),
        (
            age(vec![Test::ge(1), Test::ge(2)]),
            "/audience/ge",
            Code::Duplicate,
        ),
        (age(vec![Test::ge(f64::NAN)]), "/audience/ge", Code::BadValue),
        (
            age(vec![Test::one_of(Vec::<i64>::new())]),
            "/audience/in",
            Code::Empty,
        ),
        (
            campaign().audience(Condition::elapsed("purchases.last_at").all(Vec::<ElapsedTest>::new())),
            "/audience",
            Code::MissingField,
        ),
        (
            campaign().channels(Vec::<String>::new()),
            "/channels",
            Code::Empty,
        ),
        (campaign().topic(""), "/topic", Code::Empty),
        (
            campaign().reserve(Duration::seconds(-1)),
            "/reserve",
            Code::BadDuration,
        ),
        (
            campaign().variant(Variant::new("v")),
            "/variants/1/id",
            Code::Duplicate,
        ),
        (
            campaign().schedule(Schedule::between(date_time(9), date_time(9))),
            "/schedule/between",
            Code::EmptyWindow,
        ),
        (
            campaign().schedule(Schedule::between(date_time(24), date_time(24))),
            "/schedule/between/0",
            Code::BadDate,
        ),
        (
            campaign().schedule(Schedule::On {
                days: None,
                days_of_month: Some(vec![1, 0]),
                months: Some(vec![12]),
                window: ClockWindow::WHOLE_DAY,
                zone: None,
            }),
            "/schedule/on/days_of_month/1",
            Code::BadValue,
        ),
        (
            rule(Rule::forbid("r").scope(Scope::new())),
            "/rules/0/scope",
            Code::Empty,
        ),
        (
            rule(Rule::cap("r", Cap::new(AtMost::DaysInMonth, CalendarPeriod::Day))),
            "/rules/0/then/cap/at_most",
            Code::NotAllowed,
        ),
        (
            rule(Rule::cap("r", Cap::new(1, Duration::ZERO))),
            "/rules/0/then/cap/per",
            Code::BadDuration,
        ),
        (
            rule(Rule::quiet("r", Quiet::new(ClockWindow::WHOLE_DAY).days([]))),
            "/rules/0/then/quiet/days",
            Code::Empty,
        ),
        (
            react(React::to("complained", Duration::days(1)).at_least(0)),
            "/rules/0/then/react/at_least",
            Code::BadValue,
        ),
        (
            react(React::to("ignored", Duration::days(1))),
            "/rules/0/then/react",
            Code::MissingField,
        ),
    ];
    for (wrong, place, code) in cases {
        assert_eq!(
            told(&plain().campaign(wrong)),
            [(format!("/campaigns/0{place}"), code)]
        );
    }
}

#[test]
fn each_mistake_of_the_head_as_well() {
    let cases = [
        (plain().tag("latte"), "/tags/1", Code::Duplicate),
        (
            plain().tag(Tag::derived("latte", Condition::tag("latte"))),
            "/tags/1/tag",
            Code::Duplicate,
        ),
        (plain().tag(""), "/tags/1", Code::Empty),
        (plain().purpose("reply"), "/purposes/2", Code::Duplicate),
        (
            plain().purpose(Purpose::without_consent("care")),
            "/purposes/2/purpose",
            Code::Duplicate,
        ),
        (
            plain().channel("", ChannelConsent::None),
            "/channels/",
            Code::Empty,
        ),
        (
            plain()
                .attribute("a/b~c", ValueType::Integer)
                .attribute("", ValueType::Date),
            "/attributes/",
            Code::Empty,
        ),
    ];
    for (book, place, code) in cases {
        assert_eq!(told(&book), [(place.to_owned(), code)]);
    }
}

#[test]
fn a_condition_of_any_depth_is_refused_without_following_it() {
    let mut deep = Condition::tag("latte");
    for _ in 0..5_000 {
        deep = !deep;
    }
    let place = format!("/campaigns/0/audience{}", "/not".repeat(32));
    assert_eq!(
        told(&plain().campaign(campaign().audience(deep))),
        [(place, Code::TooDeep)]
    );
}

#[test]
fn a_name_that_stands_for_what_cannot_be_read_cannot_be_built() {
    let book = plain().channel("\0", ChannelConsent::None).tag("\0latte");
    let mut campaign = campaign();
    campaign.channels = vec!["typo".to_owned()];
    let told = told(&book.campaign(campaign));
    assert!(
        told.contains(&("/channels/\0".to_owned(), Code::BadValue)),
        "{told:?}"
    );
    assert!(told.contains(&("/tags/1".to_owned(), Code::BadValue)), "{told:?}");
}
