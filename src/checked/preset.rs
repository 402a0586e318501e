//! Presets in a rulebook: policies shipped with the crate, with the rulebook's own names put in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    check::{Checker, Place},
    names::NameKind,
    nearest::{did_you_mean, quoted},
    path::Path,
    problem::{Code, Problem},
    reader::UNREADABLE,
};
use crate::{
    presets::{Given, IDS, Preset, named},
    written::policy::TouchPolicy,
};

impl Checker<'_> {
    /// A preset with the names that the rulebook gives to its channels and purposes.
    pub(crate) fn preset(
        &mut self,
        id: &str,
        (channels, purposes): (&BTreeMap<String, String>, &BTreeMap<String, String>),
        holidays: Option<&[NaiveDate]>,
        path: &Path<'_>,
    ) {
        let channels = &self.renaming(channels, NameKind::Channel, &path.member("channels"));
        let purposes = &self.renaming(purposes, NameKind::Purpose, &path.member("purposes"));
        let member = path.member("preset");
        if id == UNREADABLE || id.is_empty() {
            return;
        }
        let Some(preset) = Preset::find(id) else {
            let meant = did_you_mean(id, IDS.iter().copied());
            let sentence = format!("{} is not a preset{meant}", quoted(id));
            self.problem(&member, Code::UnknownPreset, sentence);
            return;
        };
        self.holidays(preset, holidays, path);
        let given = Given {
            channels,
            purposes,
            holidays: holidays.unwrap_or_default(),
        };
        let named = named(preset, given, self.book);
        for (kind, names, used) in [
            ("channels", channels, &named.used.channels),
            ("purposes", purposes, &named.used.purposes),
        ] {
            let at = path.member(kind);
            for old in names.keys().filter(|old| !used.contains(*old)) {
                let sentence = format!("{} is not among the preset's {kind}; leave it out", quoted(old));
                self.problem(&at.member(old), Code::BadValue, sentence);
            }
        }
        self.shipped_rules(&named.policy, &member);
    }

    /// The dates of public holidays are given where they are asked for, and nowhere else.
    fn holidays(&mut self, preset: &Preset, holidays: Option<&[NaiveDate]>, path: &Path<'_>) {
        let member = path.member("holidays");
        match (preset.asks_for_holidays(), holidays) {
            (true, None) => {
                let sentence =
                    "`holidays` is missing: write the dates of the public holidays, or `[]` for none";
                self.problem(path, Code::MissingField, sentence);
            }
            (false, Some(_)) => {
                let sentence = "the preset says nothing of holidays; leave it out";
                self.problem(&member, Code::NotAllowed, sentence);
            }
            (true, Some(dates)) => {
                self.list_length(dates.len(), self.limits.list_length, &member);
            }
            (false, None) => {}
        }
    }

    /// New names by old ones; those that are told already are passed over where they are put in.
    fn renaming(
        &mut self,
        names: &BTreeMap<String, String>,
        kind: NameKind,
        path: &Path<'_>,
    ) -> BTreeMap<String, String> {
        let mut checked = names.clone();
        for (old, new) in &mut checked {
            let before = self.problems.len();
            self.used_name(new, kind, &path.member(old));
            if self.problems.len() > before {
                UNREADABLE.clone_into(new);
            }
        }
        checked
    }

    /// The preset's rules. What they name and the rulebook does not declare is told of the preset as a whole.
    fn shipped_rules(&mut self, policy: &TouchPolicy, path: &Path<'_>) {
        let before = std::mem::take(&mut self.problems);
        let warnings = self.warnings.len();
        self.rules(&policy.rules, Place::PolicyRule, &policy.id, path);
        let found = std::mem::replace(&mut self.problems, before);
        // Its writer is not the reader of warnings.
        self.warnings.truncate(warnings);
        let mut told = BTreeSet::new();
        for problem in found {
            let sentence = format!("the preset needs it: {}", problem.sentence());
            if told.insert(sentence.clone()) {
                self.problems.push(Problem::new(path, problem.code(), sentence));
            }
        }
    }
}
