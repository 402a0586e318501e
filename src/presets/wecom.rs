//! WeCom (企业微信): what the platform itself lets a house send to one customer.

use super::{Confidence, Preset, PresetSource, date};
use crate::written::{
    calendar::{CalendarPeriod, Zone},
    rule::{AtMost, Cap, Effect, Per, Rule},
    scope::Scope,
};

/// The platform counts by its own clock, wherever the customer is.
const SHANGHAI: Zone = Zone::Named(chrono_tz::Asia::Shanghai);

const MASS_MESSAGES: Option<PresetSource> = Some(PresetSource {
    address: "https://developer.work.weixin.qq.com/document/path/92135",
    date: Some(date(2025, 11, 17)),
    confidence: Confidence::Official,
});

const ONE_COUNTER: &str = "One counter for the whole house: messages that the house creates and those that a member \
                           creates count together, whichever member sends them.";
const GROUPS: &str = "A customer group has a counter of its own: give it to the engine as a customer with its own id, \
                      reached over `direct`.";
const REPLIES: &str = "Messages that a member writes in a running conversation are no mass messages: give them the \
                       purpose `reply`, which is not counted. A rulebook without a purpose of that name counts all.";
const REFUSED: &str =
    "A message that the platform refuses over its limit is to be recorded as `failed`; it does not count.";
const CONFIRMED: &str = "The member who must confirm each mass message, and that only the member who last spoke with \
                         the customer may send it.";
const OTHER_OPTIONS: &str = "A house has one of three options, set in the group-send assistant: by day, by week or by \
                             month. Take the one that is set.";

pub(super) const DAILY: Preset = Preset {
    id: "wecom.daily",
    version: 1,
    summary: "One mass message to a customer a day: the strictest of the platform's three options.",
    valid_from: date(2025, 11, 17),
    source: MASS_MESSAGES,
    leaves_out: &[ONE_COUNTER, GROUPS, REPLIES, REFUSED, CONFIRMED, OTHER_OPTIONS],
    channels: &["direct"],
    purposes: &["reply"],
    tags: &[],
    rules: || vec![mass_messages(AtMost::Count(1), CalendarPeriod::Day)],
};

pub(super) const WEEKLY: Preset = Preset {
    id: "wecom.weekly",
    version: 1,
    summary: "Seven mass messages to a customer a week: one of the platform's three options.",
    valid_from: date(2025, 11, 17),
    source: MASS_MESSAGES,
    leaves_out: &[
        "That the week is the calendar's, from Monday, is a reading: the page does not say.",
        ONE_COUNTER,
        GROUPS,
        REPLIES,
        REFUSED,
        CONFIRMED,
        OTHER_OPTIONS,
    ],
    channels: &["direct"],
    purposes: &["reply"],
    tags: &[],
    rules: || vec![mass_messages(AtMost::Count(7), CalendarPeriod::Week)],
};

pub(super) const MONTHLY: Preset = Preset {
    id: "wecom.monthly",
    version: 1,
    summary: "As many mass messages to a customer a month as the month has days: the platform's default.",
    valid_from: date(2025, 11, 17),
    source: MASS_MESSAGES,
    leaves_out: &[ONE_COUNTER, GROUPS, REPLIES, REFUSED, CONFIRMED, OTHER_OPTIONS],
    channels: &["direct"],
    purposes: &["reply"],
    tags: &[],
    rules: || vec![mass_messages(AtMost::DaysInMonth, CalendarPeriod::Month)],
};

pub(super) const MOMENTS: Preset = Preset {
    id: "wecom.moments",
    version: 1,
    summary: "Three moments of the house shown to a customer a day. Unverified.",
    valid_from: date(2022, 1, 1),
    source: Some(PresetSource {
        address: "https://developer.work.weixin.qq.com/document/path/96351",
        date: None,
        confidence: Confidence::Copy,
    }),
    leaves_out: &[
        "The official page, whose address this is, gives no number now: the number is the rule of 2022 as copies of it \
         tell it, and the day in 2022 is not known.",
        "Older copies tell moments that the house creates (four a month) from those that a member creates (three a \
         day); here all count together, three a day.",
        "Moments that a member deletes again are still shown as sent.",
    ],
    channels: &["moments"],
    purposes: &[],
    tags: &[],
    rules: || {
        vec![capped(
            "moments",
            "moments",
            None,
            AtMost::Count(3),
            CalendarPeriod::Day,
        )]
    },
};

fn mass_messages(at_most: AtMost, per: CalendarPeriod) -> Rule {
    let replies = Scope {
        purposes: Some(vec!["reply".to_owned()]),
        ..Scope::default()
    };
    capped("direct", "direct", Some(replies), at_most, per)
}

fn capped(id: &str, channel: &str, except: Option<Scope>, at_most: AtMost, per: CalendarPeriod) -> Rule {
    Rule {
        id: id.to_owned(),
        note: None,
        scope: Some(Scope {
            channels: Some(vec![channel.to_owned()]),
            ..Scope::default()
        }),
        except,
        when: None,
        observe: false,
        then: Effect::Cap(Cap {
            at_most,
            per: Per::Calendar(per),
            zone: Some(SHANGHAI),
            counting: None,
            grouped_by: None,
        }),
    }
}
