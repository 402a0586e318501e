//! Two rulebooks compared in words.

use std::collections::BTreeMap;

use super::{
    change::{Difference, Effect, changes},
    effect::{Judge, opposite},
};
use crate::{
    presets,
    written::{as_document::AsDocument, document::Document, rule::Rule, rulebook::Rulebook},
};

/// Everything that two rulebooks say differently, presets spelled out: the settings, declarations, tags, rules, styles and
/// campaigns that are new, gone or changed, each with what that does by itself.
///
/// What tightens or loosens is proved from what is written: of a condition by all the values that it can tell apart, of a
/// window by its seconds. What cannot be is said to shift.
pub fn diff(old: &Rulebook, new: &Rulebook) -> Vec<Difference> {
    let judge = Judge { old, new };
    let mut found = Vec::new();
    settings(&judge, &mut found);
    declarations(&judge, &mut found);
    rules(&judge, &mut found);
    campaigns(&judge, &mut found);
    found
}

fn difference(
    of: String,
    effect: Effect,
    was: Option<&Document>,
    is: Option<&Document>,
) -> Option<Difference> {
    let mut found = Vec::new();
    if was.is_some() && is.is_some() {
        changes("", was, is, &mut found);
        if found.is_empty() {
            return None;
        }
    }
    Some(Difference {
        of,
        effect,
        is_added: was.is_none(),
        is_removed: is.is_none(),
        changes: found,
    })
}

fn settings(judge: &Judge<'_>, found: &mut Vec<Difference>) {
    let (old, new) = (judge.old.as_document(), judge.new.as_document());
    for name in ["time_zone", "unknown_time_zone", "look_ahead", "styles"] {
        let (was, is) = (old.member(name), new.member(name));
        if was != is {
            let mut list = Vec::new();
            changes("", was, is, &mut list);
            found.push(Difference {
                of: format!("`{name}`"),
                effect: Effect::Shifts,
                is_added: false,
                is_removed: false,
                changes: list,
            });
        }
    }
}

fn declarations(judge: &Judge<'_>, found: &mut Vec<Difference>) {
    let (old, new) = (judge.old.as_document(), judge.new.as_document());
    for (noun, list) in [
        ("attribute", "attributes"),
        ("fact", "facts"),
        ("channel", "channels"),
    ] {
        let members = |document: &Document| match document.member(list) {
            Some(Document::Object(members)) => members.iter().cloned().collect(),
            _ => BTreeMap::new(),
        };
        each(members(&old), members(&new), |name, was, is| {
            let effect = match noun {
                "channel" => judge.channel(name),
                _ => Effect::Shifts,
            };
            found.extend(difference(format!("{noun} `{name}`"), effect, was, is));
        });
    }
    let tags = |book: &Rulebook| -> BTreeMap<String, Document> {
        let tags = book.tags.iter();
        tags.map(|tag| (tag.name.clone(), tag.as_document())).collect()
    };
    each(tags(judge.old), tags(judge.new), |name, was, is| {
        found.extend(difference(format!("tag `{name}`"), Effect::Shifts, was, is));
    });
    let purposes = |book: &Rulebook| -> BTreeMap<String, Document> {
        let purposes = book.purposes.iter();
        purposes
            .map(|purpose| (purpose.name.clone(), Document::Boolean(purpose.needs_consent)))
            .collect()
    };
    each(purposes(judge.old), purposes(judge.new), |name, was, is| {
        let effect = match (was, is) {
            (Some(Document::Boolean(false)), Some(Document::Boolean(true))) => Effect::Tightens,
            (Some(Document::Boolean(true)), Some(Document::Boolean(false))) => Effect::Loosens,
            _ => Effect::Shifts,
        };
        let said = |needs: &Document| {
            let consent = if *needs == Document::Boolean(true) {
                "needed"
            } else {
                "none"
            };
            Document::Object(vec![("consent".to_owned(), Document::Text(consent.to_owned()))])
        };
        let (was, is) = (was.map(said), is.map(said));
        found.extend(difference(
            format!("purpose `{name}`"),
            effect,
            was.as_ref(),
            is.as_ref(),
        ));
    });
}

fn rules(judge: &Judge<'_>, found: &mut Vec<Difference>) {
    let ruled = |book| presets::policy_rules(book).collect::<BTreeMap<_, _>>();
    let (old, new) = (ruled(judge.old), ruled(judge.new));
    each(old, new, |address, was, is| {
        rule(judge, format!("rule `{address}`"), was, is, found);
    });
}

fn rule(judge: &Judge<'_>, of: String, was: Option<&Rule>, is: Option<&Rule>, found: &mut Vec<Difference>) {
    let effect = match (was, is) {
        (Some(was), Some(is)) => judge.rule(was, is),
        (None, Some(rule)) => judge.new_rule(rule),
        (Some(rule), None) => opposite(judge.new_rule(rule)),
        (None, None) => Effect::Shifts,
    };
    found.extend(difference(
        of,
        effect,
        was.map(AsDocument::as_document).as_ref(),
        is.map(AsDocument::as_document).as_ref(),
    ));
}

fn campaigns(judge: &Judge<'_>, found: &mut Vec<Difference>) {
    let of = |book: &Rulebook| -> BTreeMap<String, _> {
        let campaigns = book.campaigns.iter();
        campaigns
            .map(|campaign| (campaign.id.clone(), campaign.clone()))
            .collect()
    };
    each(of(judge.old), of(judge.new), |id, was, is| {
        let name = format!("campaign `{id}`");
        let (Some(was), Some(is)) = (was, is) else {
            let effect = if was.is_some() {
                Effect::Tightens
            } else {
                Effect::Loosens
            };
            found.extend(difference(
                name,
                effect,
                was.map(AsDocument::as_document).as_ref(),
                is.map(AsDocument::as_document).as_ref(),
            ));
            return;
        };
        let (mut plain_was, mut plain_is) = (was.clone(), is.clone());
        plain_was.rules.clear();
        plain_is.rules.clear();
        let effect = judge.campaign(&plain_was, &plain_is);
        found.extend(difference(
            name,
            effect,
            Some(&plain_was.as_document()),
            Some(&plain_is.as_document()),
        ));
        let rules = |rules: &[Rule]| -> BTreeMap<String, Rule> {
            rules.iter().map(|rule| (rule.id.clone(), rule.clone())).collect()
        };
        each(rules(&was.rules), rules(&is.rules), |rule_id, was, is| {
            rule(judge, format!("rule `campaign:{id}/{rule_id}`"), was, is, found);
        });
    });
}

/// Each name that either has, with what each has of it.
fn each<T: PartialEq>(
    old: BTreeMap<String, T>,
    new: BTreeMap<String, T>,
    mut call: impl FnMut(&str, Option<&T>, Option<&T>),
) {
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        let (was, is) = (old.get(name), new.get(name));
        if was != is {
            call(name, was, is);
        }
    }
}
