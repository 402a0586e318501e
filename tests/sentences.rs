//! Every reason and outcome, said in both languages, word for word.

use chrono_tz::{Asia::Shanghai, Tz};
use serde_json::{Value, json};
use tactful::{Agenda, Decision, Explanation, Language, Reason, ReasonCode};

const ZONE: Tz = Shanghai;

/// What a reason says: everything known, and nothing known beside the campaign.
struct Said {
    code: &'static str,
    english: [&'static str; 2],
    chinese: [&'static str; 2],
}

/// With an option, a rule, an instant and missing values, as far as the code can have them.
fn full(code: &str) -> Value {
    let no_rule = [
        "not_scheduled",
        "spent",
        "audience",
        "stopped",
        "consent",
        "reserved",
        "no_variant",
        "changed",
    ];
    let waits = ["better_time", "preferred_option"];
    let by_campaign = ["not_scheduled", "audience", "stopped"];
    let knows = [
        "spent",
        "consent",
        "reserved",
        "changed",
        "better_time",
        "preferred_option",
        "cap",
    ];
    json!({
        "campaign": "double11",
        "occurrence": "core",
        "channel": if by_campaign.contains(&code) { Value::Null } else { json!("direct") },
        "sender": if by_campaign.contains(&code) { Value::Null } else { json!("advisor-7") },
        "code": code,
        "rule": if no_rule.contains(&code) || waits.contains(&code) { Value::Null } else { json!("house/rule") },
        "frees_at": if code == "changed" { Value::Null } else { json!("2026-11-21T16:00:00Z") },
        "missing": if knows.contains(&code) { json!([]) } else { json!(["age", "city"]) },
        "detail": if code == "cap" { "1 of 2 per day used" } else { "in short" },
    })
}

fn bare(code: &str) -> Value {
    json!({
        "campaign": "tea", "occurrence": "always", "channel": null, "sender": null, "code": code, "rule": null,
        "frees_at": null, "missing": [], "detail": "",
    })
}

fn say(reason: &Value, language: &Language) -> String {
    serde_json::from_value::<Reason>(reason.clone())
        .unwrap()
        .sentence(language, ZONE)
}

#[test]
fn every_reason_in_both_languages() {
    let mut codes = Vec::new();
    for said in SAID {
        assert_eq!(say(&full(said.code), &Language::english()), said.english[0]);
        assert_eq!(say(&bare(said.code), &Language::english()), said.english[1]);
        assert_eq!(say(&full(said.code), &Language::chinese()), said.chinese[0]);
        assert_eq!(say(&bare(said.code), &Language::chinese()), said.chinese[1]);
        codes.push(said.code);
    }
    let all: Vec<&str> = ReasonCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(codes, all);
}

fn touch(campaign: &str, occurrence: &str, sender: Value, content: Value, at: &str) -> Value {
    json!({
        "key": "0123456789abcdef0123456789abcdef", "campaign": campaign, "occurrence": occurrence, "channel": "direct",
        "sender": sender, "variant": "iced", "arm": null, "content": content, "fields": {}, "style": {},
        "purpose": "benefit", "value": "save", "score": 0, "at": at,
    })
}

fn decision(outcome: &str, members: Value) -> Decision {
    let mut decision = json!({
        "customer": "c-001", "outcome": outcome, "touch": null, "until": null, "recheck_at": null, "held_out": [],
        "observed": [], "reasons": [],
    });
    if let (Some(all), Some(some)) = (decision.as_object_mut(), members.as_object()) {
        all.extend(some.clone());
    }
    serde_json::from_value(decision).unwrap()
}

#[track_caller]
fn assert_said(decision: &Decision, english: &[&str], chinese: &[&str]) {
    assert_eq!(decision.sentences(&Language::english(), ZONE), english);
    assert_eq!(decision.sentences(&Language::chinese(), ZONE), chinese);
}

#[test]
fn send() {
    let iced = touch(
        "coconut-latte",
        "once",
        json!("advisor-7"),
        json!("tpl-iced"),
        "2026-11-21T02:00:00Z",
    );
    assert_said(
        &decision("send", json!({"touch": iced})),
        &["Send `coconut-latte` to c-001 now, by direct from advisor-7 (tpl-iced)."],
        &["现在由 advisor-7 通过 direct 向 c-001 发送「coconut-latte」（tpl-iced）。"],
    );
    let plain = touch(
        "double11",
        "core",
        Value::Null,
        Value::Null,
        "2026-11-21T02:00:00Z",
    );
    assert_said(
        &decision("send", json!({"touch": plain})),
        &["Send `double11` (core) to c-001 now, by direct."],
        &["现在通过 direct 向 c-001 发送「double11」（core）。"],
    );
}

#[test]
fn wait_with_what_is_held_out_and_watched() {
    let at = "2026-11-21T10:00:00Z";
    let members = json!({
        "touch": touch("coconut-latte", "once", json!("advisor-7"), json!("tpl-iced"), at),
        "until": at,
        "held_out": [{
            "touch": touch("tea", "always", Value::Null, Value::Null, "2026-11-21T02:00:00Z"),
            "rules": ["house/control", "house/small"],
        }],
        "observed": [full("quiet"), bare("audience")],
        "reasons": [bare("cap")],
    });
    assert_said(
        &decision("wait", members),
        &[
            "Send `coconut-latte` to c-001 on Sat 21 Nov 2026 at 18:00, by direct from advisor-7 (tpl-iced); ask again \
             then.",
            "Do not send `tea` to c-001 now: the customer is held out for measurement (house/control and house/small). \
             Record it as held out.",
            "Only watching: house/rule (quiet time) would have refused `double11` (core) by direct from advisor-7 until \
             Sun 22 Nov 2026 at 00:00 (we do not know `age` and `city`).",
            "Only watching: a rule (not in the audience) would have refused `tea`.",
            "`tea` cannot go now: the cap allows no more.",
        ],
        &[
            "等到2026年11月21日 周六 18:00，再由 advisor-7 通过 direct 向 c-001 发送「coconut-latte」（tpl-iced）；届时请重新判断。",
            "现在不向 c-001 发送「tea」：该客户属于 house/control、house/small 的对照组，请以 held_out 状态记录。",
            "仅观察：house/rule（静默时段）本会拦下「double11」（core）（由 advisor-7 通过 direct），直到2026年11月22日 周日 \
             00:00（未知：age、city）。",
            "仅观察：某条规则（不在受众）本会拦下「tea」。",
            "「tea」现在不能发送：次数已满。",
        ],
    );
}

#[test]
fn refrain() {
    assert_said(
        &decision("refrain", json!({"recheck_at": "2026-11-30T16:00:00Z"})),
        &["Send nothing to c-001 for now; ask again on Tue 1 Dec 2026 at 00:00."],
        &["暂时没有内容要发给 c-001；请在2026年12月1日 周二 00:00 重新判断。"],
    );
    assert_said(
        &decision("refrain", json!({})),
        &["Send nothing to c-001 for now; ask again when something has changed."],
        &["暂时没有内容要发给 c-001；情况有变化时请重新判断。"],
    );
    // Read from outside without its touch: still something to say.
    assert_said(
        &decision("send", json!({})),
        &["Send nothing to c-001 for now; ask again when something has changed."],
        &["暂时没有内容要发给 c-001；情况有变化时请重新判断。"],
    );
}

#[test]
fn agenda() {
    let agenda: Agenda = serde_json::from_value(json!({
        "customer": "c-001",
        "touches": [
            touch("coconut-latte", "once", json!("advisor-7"), json!("tpl-iced"), "2026-11-21T10:00:00Z"),
            touch("double11", "core", Value::Null, Value::Null, "2026-11-22T10:00:00Z"),
        ],
        "held_out": [{
            "touch": touch("tea", "always", Value::Null, Value::Null, "2026-11-21T02:00:00Z"),
            "rules": ["house/control"],
        }],
        "reasons": [bare("stopped")],
    }))
    .unwrap();
    assert_eq!(
        agenda.sentences(&Language::english(), ZONE),
        [
            "Send `coconut-latte` to c-001 on Sat 21 Nov 2026 at 18:00, by direct from advisor-7 (tpl-iced).",
            "Send `double11` (core) to c-001 on Sun 22 Nov 2026 at 18:00, by direct.",
            "Do not send `tea` to c-001 on Sat 21 Nov 2026 at 10:00: the customer is held out for measurement \
             (house/control). Record it as held out.",
            "`tea` has stopped for this customer.",
        ]
    );
    assert_eq!(
        agenda.sentences(&Language::chinese(), ZONE),
        [
            "2026年11月21日 周六 18:00，由 advisor-7 通过 direct 向 c-001 发送「coconut-latte」（tpl-iced）。",
            "2026年11月22日 周日 18:00，通过 direct 向 c-001 发送「double11」（core）。",
            "2026年11月21日 周六 10:00 不向 c-001 发送「tea」：该客户属于 house/control 的对照组，请以 held_out 状态记录。",
            "「tea」已对该客户停止。",
        ]
    );
    let empty: Agenda =
        serde_json::from_value(json!({"customer": "c-001", "touches": [], "held_out": [], "reasons": []}))
            .unwrap();
    assert_eq!(
        empty.sentences(&Language::english(), ZONE),
        ["Nothing is planned for c-001."]
    );
    assert_eq!(
        empty.sentences(&Language::chinese(), ZONE),
        ["没有为 c-001 安排任何触达。"]
    );
}

#[test]
fn explanation() {
    let mut reason = bare("audience");
    reason["missing"] = json!(["spend"]);
    reason["values"] = json!([
        {"name": "age", "value": 34},
        {"name": "weather.temp_c", "of": "上海", "value": 31.5},
        {"name": "vip", "value": true},
        {"name": "city", "value": "上海"},
        {"name": "spend", "value": null},
    ]);
    let mut without = bare("cap");
    without["values"] = json!([]);
    let explanation: Explanation = serde_json::from_value(json!([reason, without])).unwrap();
    assert_eq!(
        explanation.sentences(&Language::english(), ZONE),
        [
            "`tea` is not for this customer now (we do not know `spend`). We looked at `age` = 34, `weather.temp_c` of \
             上海 = 31.5, `vip` = true, `city` = 上海 and `spend` (not known).",
            "`tea` cannot go now: the cap allows no more.",
        ]
    );
    assert_eq!(
        explanation.sentences(&Language::chinese(), ZONE),
        [
            "「tea」目前不面向该客户（未知：spend）。依据：age = 34、上海 的 weather.temp_c = 31.5、vip = true、city = 上海、\
             spend（未知）。",
            "「tea」现在不能发送：次数已满。",
        ]
    );
}

#[test]
fn a_code_without_words_of_its_own_falls_back() {
    let mut templates = Language::english().templates().clone();
    templates.reasons.clear();
    let language = Language::new(templates).unwrap();
    let reason: Reason = serde_json::from_value(full("forbidden")).unwrap();
    assert_eq!(
        reason.sentence(&language, ZONE),
        "`double11` (core) cannot go by direct from advisor-7: in short until Sun 22 Nov 2026 at 00:00 (we do not know \
         `age` and `city`)."
    );
}

const SAID: &[Said] = &[
    Said {
        code: "not_scheduled",
        english: [
            "`double11` (core) is not scheduled now; its schedule starts Sun 22 Nov 2026 at 00:00 (we do not know `age` and `city`).",
            "`tea` is not scheduled now.",
        ],
        chinese: [
            "「double11」（core）现在不在投放时间内，投放时间从 2026年11月22日 周日 00:00 开始（未知：age、city）。",
            "「tea」现在不在投放时间内。",
        ],
    },
    Said {
        code: "spent",
        english: [
            "`double11` (core) has already been used by direct from advisor-7; it can go again from Sun 22 Nov 2026 at 00:00.",
            "`tea` has already been used.",
        ],
        chinese: [
            "「double11」（core）由 advisor-7 通过 direct 的机会已经用过，2026年11月22日 周日 00:00 起可以再次发送。",
            "「tea」的机会已经用过。",
        ],
    },
    Said {
        code: "audience",
        english: [
            "`double11` (core) is not for this customer before Sun 22 Nov 2026 at 00:00 (we do not know `age` and `city`).",
            "`tea` is not for this customer now.",
        ],
        chinese: [
            "「double11」（core）在2026年11月22日 周日 00:00 之前不面向该客户（未知：age、city）。",
            "「tea」目前不面向该客户。",
        ],
    },
    Said {
        code: "stopped",
        english: [
            "`double11` (core) has stopped for this customer until Sun 22 Nov 2026 at 00:00 (we do not know `age` and `city`).",
            "`tea` has stopped for this customer.",
        ],
        chinese: [
            "「double11」（core）已对该客户停止，直到2026年11月22日 周日 00:00（未知：age、city）。",
            "「tea」已对该客户停止。",
        ],
    },
    Said {
        code: "consent",
        english: [
            "`double11` (core) cannot go by direct from advisor-7: the customer has not agreed to it.",
            "`tea` cannot go now: the customer has not agreed to it.",
        ],
        chinese: [
            "「double11」（core）现在不能由 advisor-7 通过 direct 发送：客户没有同意接收。",
            "「tea」现在不能发送：客户没有同意接收。",
        ],
    },
    Said {
        code: "unknown_time_zone",
        english: [
            "`double11` (core) cannot go by direct from advisor-7: we do not know the customer's time zone, which house/rule needs, until Sun 22 Nov 2026 at 00:00 (nor do we know `age` and `city`).",
            "`tea` cannot go now: we do not know the customer's time zone.",
        ],
        chinese: [
            "「double11」（core）现在不能由 advisor-7 通过 direct 发送：不知道客户的时区，而 house/rule 需要它，直到2026年11月22日 周日 00:00（未知：age、city）。",
            "「tea」现在不能发送：不知道客户的时区。",
        ],
    },
    Said {
        code: "forbidden",
        english: [
            "`double11` (core) cannot go by direct from advisor-7: house/rule forbids it until Sun 22 Nov 2026 at 00:00 (we do not know `age` and `city`).",
            "`tea` cannot go now: it is forbidden.",
        ],
        chinese: [
            "「double11」（core）现在不能由 advisor-7 通过 direct 发送：house/rule 禁止发送，直到2026年11月22日 周日 00:00（未知：age、city）。",
            "「tea」现在不能发送：规则禁止发送。",
        ],
    },
    Said {
        code: "reaction",
        english: [
            "`double11` (core) cannot go by direct from advisor-7: house/rule holds it back because of how the customer reacted, until Sun 22 Nov 2026 at 00:00 (we do not know `age` and `city`).",
            "`tea` cannot go now: it is held back because of how the customer reacted.",
        ],
        chinese: [
            "「double11」（core）现在不能由 advisor-7 通过 direct 发送：根据客户的反应，house/rule 要求暂停发送，直到2026年11月22日 周日 00:00（未知：age、city）。",
            "「tea」现在不能发送：根据客户的反应，需要暂停发送。",
        ],
    },
    Said {
        code: "quiet",
        english: [
            "`double11` (core) cannot go by direct from advisor-7: house/rule keeps quiet time until Sun 22 Nov 2026 at 00:00 (we do not know `age` and `city`).",
            "`tea` cannot go now: it is quiet time.",
        ],
        chinese: [
            "「double11」（core）现在不能由 advisor-7 通过 direct 发送：现在是 house/rule 的静默时段，直到2026年11月22日 周日 00:00（未知：age、city）。",
            "「tea」现在不能发送：现在是静默时段。",
        ],
    },
    Said {
        code: "cap",
        english: [
            "`double11` (core) cannot go by direct from advisor-7: house/rule allows no more until Sun 22 Nov 2026 at 00:00 (1 of 2 used).",
            "`tea` cannot go now: the cap allows no more.",
        ],
        chinese: [
            "「double11」（core）现在不能由 advisor-7 通过 direct 发送：house/rule 的次数已满（已用 1/2），2026年11月22日 周日 00:00 起可以再发。",
            "「tea」现在不能发送：次数已满。",
        ],
    },
    Said {
        code: "reserved",
        english: [
            "`double11` (core) cannot go by direct from advisor-7: it would displace a touch that ranks higher, until Sun 22 Nov 2026 at 00:00.",
            "`tea` cannot go now: it would displace a touch that ranks higher.",
        ],
        chinese: [
            "「double11」（core）现在不能由 advisor-7 通过 direct 发送：会挤掉排序更高的触达，直到2026年11月22日 周日 00:00。",
            "「tea」现在不能发送：会挤掉排序更高的触达。",
        ],
    },
    Said {
        code: "no_variant",
        english: [
            "`double11` (core) has nothing that fits this customer by direct from advisor-7 before Sun 22 Nov 2026 at 00:00 (we do not know `age` and `city`).",
            "`tea` has nothing that fits this customer.",
        ],
        chinese: [
            "「double11」（core）现在不能由 advisor-7 通过 direct 发送：没有适合该客户的内容，直到2026年11月22日 周日 00:00（未知：age、city）。",
            "「tea」现在不能发送：没有适合该客户的内容。",
        ],
    },
    Said {
        code: "holdout",
        english: [
            "`double11` (core) cannot go by direct from advisor-7: house/rule holds the customer out for measurement until Sun 22 Nov 2026 at 00:00 (we do not know `age` and `city`).",
            "`tea` cannot go now: we hold the customer out for measurement.",
        ],
        chinese: [
            "「double11」（core）现在不能由 advisor-7 通过 direct 发送：该客户属于 house/rule 的对照组，直到2026年11月22日 周日 00:00（未知：age、city）。",
            "「tea」现在不能发送：该客户属于对照组。",
        ],
    },
    Said {
        code: "better_time",
        english: [
            "`double11` (core) could go now, but waits for a better time: Sun 22 Nov 2026 at 00:00.",
            "`tea` could go now, but waits for a better time.",
        ],
        chinese: [
            "「double11」（core）现在可以发送，但要等待更好的时间：2026年11月22日 周日 00:00。",
            "「tea」现在可以发送，但要等待更好的时间。",
        ],
    },
    Said {
        code: "preferred_option",
        english: [
            "`double11` (core) could go now, but waits to go by direct from advisor-7 on Sun 22 Nov 2026 at 00:00.",
            "`tea` could go now, but waits for a preferred option.",
        ],
        chinese: [
            "「double11」（core）现在可以发送，但要等待更合适的方式：由 advisor-7 通过 direct，2026年11月22日 周日 00:00。",
            "「tea」现在可以发送，但要等待更合适的方式。",
        ],
    },
    Said {
        code: "changed",
        english: [
            "`double11` (core) would now say something else than was planned; decide again.",
            "`tea` would now say something else than was planned; decide again.",
        ],
        chinese: [
            "「double11」（core）此刻的内容已与计划不同，请重新判断。",
            "「tea」此刻的内容已与计划不同，请重新判断。",
        ],
    },
];
