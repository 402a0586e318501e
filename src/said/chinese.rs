//! 简体中文。

use super::{
    language::{ListWords, ReasonTemplates, Templates},
    what_if::WhatIfTemplates,
};
use crate::asked::decision::ReasonCode;

pub(crate) fn templates() -> Templates {
    Templates {
        name: "zh-Hans".to_owned(),
        send: "现在{option} 向 {customer} 发送{campaign}[（{content}）]。".into(),
        wait: "等到{time}，再{option} 向 {customer} 发送{campaign}[（{content}）]；届时请重新判断。".into(),
        refrain: "暂时没有内容要发给 {customer}；[请在{time} |情况有变化时请]重新判断。".into(),
        planned: "{time}，{option} 向 {customer} 发送{campaign}[（{content}）]。".into(),
        nothing_planned: "没有为 {customer} 安排任何触达。".into(),
        held_out: "[{time} |现在]不向 {customer} 发送{campaign}：该客户属于 {rules} 的对照组，请以 held_out 状态记录。"
            .into(),
        observed: concat!(
            "仅观察：[{rule}（{label}）|某条规则（{label}）]本会拦下{campaign}[（{option}）]",
            "[，直到{time}][（未知：{missing}）]。"
        )
        .into(),
        campaign: "「{campaign}」[（{occurrence}）]".into(),
        option: "[由 {sender} |]通过 {channel}".into(),
        missing_name: "{name}".into(),
        list: ListWords {
            between: "、".to_owned(),
            last: "、".to_owned(),
        },
        time: "{year}年{month}月{day}日 {weekday} {clock}[（UTC{offset}）]".into(),
        months: ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"].map(str::to_owned),
        weekdays: ["周一", "周二", "周三", "周四", "周五", "周六", "周日"].map(str::to_owned),
        values: "依据：{values}。".into(),
        value: "[{of} 的 {name}|{name}][ = {value}|（未知）]".into(),
        what_if: WhatIfTemplates::chinese(),
        reasons: REASONS.iter().map(|&(code, label, sentence)| (code, reason(label, sentence))).collect(),
        other_reason: reason(
            "其他原因",
            "{campaign}现在不能[{option} |]发送：{detail}[，直到{time}][（未知：{missing}）]。",
        ),
    }
}

fn reason(label: &str, sentence: &str) -> ReasonTemplates {
    ReasonTemplates {
        label: label.into(),
        sentence: sentence.into(),
    }
}

const REASONS: &[(ReasonCode, &str, &str)] = &[
    (
        ReasonCode::NotScheduled,
        "不在投放时间",
        "{campaign}现在不在投放时间内[，投放时间从 {time} 开始][（未知：{missing}）]。",
    ),
    (
        ReasonCode::Spent,
        "机会已用",
        "{campaign}[{option} |]的机会已经用过[，{time} 起可以再次发送]。",
    ),
    (
        ReasonCode::Audience,
        "不在受众",
        "{campaign}[在{time} 之前|目前]不面向该客户[（未知：{missing}）]。",
    ),
    (
        ReasonCode::Stopped,
        "已停止",
        "{campaign}已对该客户停止[，直到{time}][（未知：{missing}）]。",
    ),
    (
        ReasonCode::Consent,
        "未获同意",
        "{campaign}现在不能[{option} |]发送：客户没有同意接收。",
    ),
    (
        ReasonCode::UnknownTimeZone,
        "时区未知",
        concat!(
            "{campaign}现在不能[{option} |]发送：不知道客户的时区[，而 {rule} 需要它][，直到{time}]",
            "[（未知：{missing}）]。"
        ),
    ),
    (
        ReasonCode::Forbidden,
        "禁止发送",
        "{campaign}现在不能[{option} |]发送：[{rule} |规则]禁止发送[，直到{time}][（未知：{missing}）]。",
    ),
    (
        ReasonCode::Reaction,
        "反应后暂停",
        concat!(
            "{campaign}现在不能[{option} |]发送：[根据客户的反应，{rule} 要求|根据客户的反应，需要]暂停发送",
            "[，直到{time}][（未知：{missing}）]。"
        ),
    ),
    (
        ReasonCode::Quiet,
        "静默时段",
        "{campaign}现在不能[{option} |]发送：现在是[ {rule} 的|]静默时段[，直到{time}][（未知：{missing}）]。",
    ),
    (
        ReasonCode::Cap,
        "频次上限",
        concat!(
            "{campaign}现在不能[{option} |]发送：[{rule} 的|]次数已满[（已用 {used}/{at_most}）]",
            "[，{time} 起可以再发][（未知：{missing}）]。"
        ),
    ),
    (
        ReasonCode::Reserved,
        "为更高排序预留",
        "{campaign}现在不能[{option} |]发送：会挤掉排序更高的触达[，直到{time}]。",
    ),
    (
        ReasonCode::NoVariant,
        "没有合适的版本",
        "{campaign}现在不能[{option} |]发送：没有适合该客户的内容[，直到{time}][（未知：{missing}）]。",
    ),
    (
        ReasonCode::Holdout,
        "对照组",
        "{campaign}现在不能[{option} |]发送：该客户属于[ {rule} 的|]对照组[，直到{time}][（未知：{missing}）]。",
    ),
    (
        ReasonCode::BetterTime,
        "等待更好的时间",
        "{campaign}现在可以发送，但要等待更好的时间[：{time}]。",
    ),
    (
        ReasonCode::PreferredOption,
        "等待更合适的方式",
        "{campaign}现在可以发送，但要等待更合适的方式[：{option}][，{time}]。",
    ),
    (
        ReasonCode::Changed,
        "内容已变",
        "{campaign}此刻的内容已与计划不同，请重新判断。",
    ),
];
