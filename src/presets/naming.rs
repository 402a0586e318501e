//! A shipped policy under a rulebook's own names for channels and purposes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::Preset;
use crate::written::{
    condition::Condition,
    policy::TouchPolicy,
    rule::{Effect, Rule},
    rulebook::Rulebook,
    scope::{Counting, Scope},
};

/// A policy with a rulebook's names in it, and what it named before.
pub(crate) struct Named {
    pub(crate) policy: TouchPolicy,
    pub(crate) used: NamesUsed,
}

/// What a policy names.
#[derive(Debug, Default)]
pub(crate) struct NamesUsed {
    pub(crate) channels: BTreeSet<String>,
    pub(crate) purposes: BTreeSet<String>,
    #[cfg_attr(not(test), allow(dead_code))]
    pub(crate) tags: BTreeSet<String>,
}

/// What a rulebook gives to a preset.
#[derive(Clone, Copy)]
pub(crate) struct Given<'g> {
    /// Its names by the preset's.
    pub(crate) channels: &'g BTreeMap<String, String>,
    pub(crate) purposes: &'g BTreeMap<String, String>,
    /// The dates of public holidays.
    pub(crate) holidays: &'g [NaiveDate],
}

/// Puts a rulebook's names in place of a policy's own, and leaves away exceptions for names that the rulebook does not
/// declare: no touch has them. What is in a scope stays, declared or not, because without it the rule would say more.
pub(crate) fn named(preset: &Preset, given: Given<'_>, book: &Rulebook) -> Named {
    let mut policy = preset.policy();
    if let Some(id) = &preset.holidays {
        keep_holidays(&mut policy, id, given.holidays);
    }
    let mut naming = Naming {
        channels: given.channels,
        purposes: given.purposes,
        used: NamesUsed::default(),
    };
    for rule in &mut policy.rules {
        naming.rule(rule);
        let counting = match &mut rule.then {
            Effect::Cap(cap) => cap.counting.as_mut(),
            Effect::React(react) => react.counting.as_mut(),
            _ => None,
        };
        keep_declared(&mut rule.except, book);
        if let Some(Counting::Scope { except, .. }) = counting {
            keep_declared(except, book);
        }
    }
    Named {
        policy,
        used: naming.used,
    }
}

/// What a policy names.
#[cfg(test)]
pub(crate) fn names_used(policy: &TouchPolicy) -> NamesUsed {
    let none = BTreeMap::new();
    let mut naming = Naming {
        channels: &none,
        purposes: &none,
        used: NamesUsed::default(),
    };
    for rule in &mut policy.clone().rules {
        naming.rule(rule);
    }
    naming.used
}

/// Puts the dates into the rule for public holidays. A quiet time without dates would be every day's, so without any it goes.
fn keep_holidays(policy: &mut TouchPolicy, id: &str, holidays: &[NaiveDate]) {
    policy.rules.retain(|rule| rule.id != id || !holidays.is_empty());
    for rule in policy.rules.iter_mut().filter(|rule| rule.id == id) {
        if let Effect::Quiet(quiet) = &mut rule.then {
            quiet.dates = Some(holidays.to_vec());
        }
    }
}

/// An exception with an emptied dimension matches nothing, so it goes as a whole.
fn keep_declared(except: &mut Option<Scope>, book: &Rulebook) {
    let Some(scope) = except else {
        return;
    };
    if let Some(channels) = &mut scope.channels {
        channels.retain(|name| book.channels.contains_key(name));
    }
    if let Some(purposes) = &mut scope.purposes {
        purposes.retain(|name| book.purposes.iter().any(|purpose| purpose.name == *name));
    }
    let emptied = |names: &Option<Vec<String>>| names.as_ref().is_some_and(Vec::is_empty);
    if emptied(&scope.channels) || emptied(&scope.purposes) {
        *except = None;
    }
}

struct Naming<'n> {
    channels: &'n BTreeMap<String, String>,
    purposes: &'n BTreeMap<String, String>,
    used: NamesUsed,
}

impl Naming<'_> {
    fn rule(&mut self, rule: &mut Rule) {
        for scope in [&mut rule.scope, &mut rule.except].into_iter().flatten() {
            self.scope(scope);
        }
        if let Some(when) = &mut rule.when {
            self.condition(when);
        }
        match &mut rule.then {
            Effect::Cap(cap) => self.counting(cap.counting.as_mut()),
            Effect::React(react) => self.counting(react.counting.as_mut()),
            _ => {}
        }
    }

    fn counting(&mut self, counting: Option<&mut Counting>) {
        if let Some(Counting::Scope { scope, except }) = counting {
            self.scope(scope);
            if let Some(except) = except {
                self.scope(except);
            }
        }
    }

    fn scope(&mut self, scope: &mut Scope) {
        put(scope.channels.as_mut(), self.channels, &mut self.used.channels);
        put(scope.purposes.as_mut(), self.purposes, &mut self.used.purposes);
    }

    fn condition(&mut self, condition: &mut Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition(part);
                }
            }
            Condition::Not(part) => self.condition(part),
            Condition::Tag(tag) => {
                self.used.tags.insert(tag.clone());
            }
            Condition::Touches { filter, .. } => {
                put(filter.channels.as_mut(), self.channels, &mut self.used.channels);
                put(filter.purposes.as_mut(), self.purposes, &mut self.used.purposes);
            }
            _ => {}
        }
    }
}

/// Puts new names in place. Two old names may become one, which is then listed once.
fn put(names: Option<&mut Vec<String>>, new: &BTreeMap<String, String>, used: &mut BTreeSet<String>) {
    if let Some(names) = names {
        used.extend(names.iter().cloned());
        let mut seen = BTreeSet::new();
        *names = names
            .iter()
            .map(|old| new.get(old).unwrap_or(old).clone())
            .filter(|name| seen.insert(name.clone()))
            .collect();
    }
}
