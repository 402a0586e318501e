//! The files of the presets, read.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{Confidence, Preset, PresetSource};
use crate::{
    checked::{
        read_rulebook::read_touch_policy,
        reader::{Node, Nulls},
    },
    written::{
        document::Document,
        rulebook::{FactDeclaration, ValueType},
    },
};

macro_rules! files {
    ($($id:literal),* $(,)?) => {
        /// The ids of all presets, in order.
        pub(crate) const IDS: &[&str] = &[$($id),*];
        pub(super) const FILES: &[&str] = &[$(include_str!(concat!("data/", $id, ".json"))),*];
    };
}

files![
    "ae.sms",
    "br.lgpd",
    "calm",
    "cn.minor_mode",
    "cn.sms",
    "eu.eprivacy",
    "fr.call",
    "fr.sms",
    "in.sms",
    "jp.optin",
    "kr.kakao_brand",
    "kr.night",
    "line.push",
    "onboarding.30d",
    "play.assistant",
    "play.expert",
    "play.partner",
    "sender.health",
    "slack.app",
    "telegram.bot",
    "us.fl",
    "us.tcpa",
    "wechat.customer_service",
    "wechat.service_account",
    "wechat.subscribe_message",
    "wechat.subscription_account",
    "wechat.template",
    "wecom.2021",
    "wecom.app",
    "wecom.daily",
    "wecom.moments",
    "wecom.monthly",
    "wecom.weekly",
    "wecom.welcome",
    "whatsapp.business",
];

/// A preset as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    version: u32,
    summary: String,
    valid_from: NaiveDate,
    source: Option<Source>,
    leaves_out: Vec<String>,
    channels: Vec<String>,
    purposes: Vec<String>,
    tags: Vec<String>,
    attributes: BTreeMap<String, ValueType>,
    facts: BTreeMap<String, Fact>,
    #[serde(default)]
    holidays: Option<String>,
    rules: Document,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    name: String,
    address: Option<String>,
    date: Option<NaiveDate>,
    confidence: Letter,
}

#[derive(Deserialize)]
enum Letter {
    A,
    B,
    C,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    #[serde(rename = "type")]
    value_type: ValueType,
    #[serde(default)]
    keyed: bool,
}

/// Reads a file.
pub(super) fn read(text: &str) -> Result<Preset, String> {
    let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut problems = Vec::new();
    let written = Document::Object(vec![
        ("id".to_owned(), Document::Text(file.id.clone())),
        ("rules".to_owned(), file.rules),
    ]);
    let policy = read_touch_policy(Node::root(&written, Nulls::Refused), &mut problems);
    if let Some(problem) = problems.first() {
        return Err(problem.to_string());
    }
    let facts = file.facts.into_iter().map(|(name, fact)| {
        let declared = FactDeclaration {
            value_type: fact.value_type,
            keyed: fact.keyed,
        };
        (name, declared)
    });
    Ok(Preset {
        id: file.id,
        version: file.version,
        summary: file.summary,
        valid_from: file.valid_from,
        source: file.source.map(|source| PresetSource {
            name: source.name,
            address: source.address,
            date: source.date,
            confidence: match source.confidence {
                Letter::A => Confidence::Official,
                Letter::B => Confidence::Copy,
                Letter::C => Confidence::ThirdParty,
            },
        }),
        leaves_out: file.leaves_out,
        channels: file.channels,
        purposes: file.purposes,
        tags: file.tags,
        attributes: file.attributes,
        facts: facts.collect(),
        holidays: file.holidays,
        policy,
    })
}
