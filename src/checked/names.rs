//! What a rulebook declares, and whether what is used is declared.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    check::{Checker, Origin},
    nearest::{did_you_mean, quoted},
    path::Path,
    problem::{Code, WarningCode},
    reader::{NO_NAME, UNREADABLE, suggests, untyped},
};
use crate::written::rulebook::{Rulebook, ValueType};

/// Date-time attributes that every customer has without a declaration.
pub(crate) const PURCHASE_ATTRIBUTES: [&str; 3] =
    ["purchases.first_at", "purchases.last_at", "purchases.due_at"];

/// What a rulebook declares, where it is not a map already.
pub(crate) struct Names<'b> {
    pub(crate) tags: BTreeMap<&'b str, usize>,
    purposes: BTreeSet<&'b str>,
    pub(crate) campaigns: BTreeSet<&'b str>,
}

impl<'b> Names<'b> {
    pub(crate) fn of(book: &'b Rulebook) -> Self {
        let mut tags = BTreeMap::new();
        for (index, tag) in book.tags.iter().enumerate() {
            tags.entry(tag.name.as_str()).or_insert(index);
        }
        Self {
            tags,
            purposes: book
                .purposes
                .iter()
                .map(|purpose| purpose.name.as_str())
                .collect(),
            campaigns: book
                .campaigns
                .iter()
                .map(|campaign| campaign.id.as_str())
                .collect(),
        }
    }
}

/// What the names of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    /// Declared channels.
    Channel,
    /// Declared purposes.
    Purpose,
    /// Campaigns, which may be of another year.
    Campaign,
    /// Names that the rulebook does not declare.
    Free,
}

impl Checker<'_> {
    /// A name that is given here: neither empty nor too long. Whether it is worth looking at further.
    pub(crate) fn name(&mut self, name: &str, path: &Path<'_>) -> bool {
        if name.starts_with(UNREADABLE) {
            if self.origin == Origin::Built {
                self.problem(path, Code::BadValue, NO_NAME);
            }
            return false;
        }
        if name.is_empty() {
            self.problem(path, Code::Empty, "a name cannot be empty; write one");
            return false;
        }
        self.text_length(name, path)
    }

    /// A text that may be empty but not too long.
    pub(crate) fn text_length(&mut self, text: &str, path: &Path<'_>) -> bool {
        let most = self.limits.text_length;
        if text.len() > most {
            let sentence = format!("the text is {} bytes long; write at most {most}", text.len());
            self.problem(path, Code::TooLarge, sentence);
            return false;
        }
        true
    }

    /// A list that is not empty and not too long. Whether it is worth looking at further.
    pub(crate) fn list_length(&mut self, length: usize, most: usize, path: &Path<'_>) -> bool {
        if length > most {
            let sentence = format!("the list has {length} elements; write at most {most}");
            self.problem(path, Code::TooLarge, sentence);
            return false;
        }
        true
    }

    /// A list that may not be empty.
    pub(crate) fn not_empty(&mut self, length: usize, path: &Path<'_>) {
        if length == 0 {
            self.problem(
                path,
                Code::Empty,
                "the list is empty; write at least one element or leave it out",
            );
        }
    }

    /// Names used in a list: not empty, each once, and declared if their kind is.
    pub(crate) fn names(&mut self, names: &[String], kind: NameKind, path: &Path<'_>) {
        self.not_empty(names.len(), path);
        if !self.list_length(names.len(), self.limits.list_length, path) {
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, name) in names.iter().enumerate() {
            let place = path.index(index);
            if !self.name(name, &place) {
                continue;
            }
            if !seen.insert(name.as_str()) {
                self.duplicate(name, &place);
                continue;
            }
            match kind {
                NameKind::Channel => self.channel(name, &place),
                NameKind::Purpose => self.purpose(name, &place),
                NameKind::Campaign => self.campaign_name(name, &place),
                NameKind::Free => {}
            }
        }
    }

    /// The second of two equal names.
    pub(crate) fn duplicate(&mut self, name: &str, path: &Path<'_>) {
        let sentence = format!(
            "{} is there already; write another name or leave it out",
            quoted(name)
        );
        self.problem(path, Code::Duplicate, sentence);
    }

    /// A channel used here.
    pub(crate) fn channel(&mut self, name: &str, path: &Path<'_>) {
        let declared = &self.book.channels;
        if declared.contains_key(name) || declared.contains_key(UNREADABLE) {
            return;
        }
        let candidates = declared.keys().map(String::as_str);
        let sentence = self.undeclared(name, "channel", candidates);
        self.problem(path, Code::UndeclaredChannel, sentence);
    }

    /// A purpose used here.
    pub(crate) fn purpose(&mut self, name: &str, path: &Path<'_>) {
        let declared = &self.names.purposes;
        if declared.contains(name) || declared.contains(UNREADABLE) {
            return;
        }
        let sentence = self.undeclared(name, "purpose", declared.iter().copied());
        self.problem(path, Code::UndeclaredPurpose, sentence);
    }

    /// A campaign used here: it may be last year's, so it is not a mistake.
    fn campaign_name(&mut self, name: &str, path: &Path<'_>) {
        let declared = &self.names.campaigns;
        if declared.contains(name) || declared.contains(UNREADABLE) {
            return;
        }
        let sentence = self.undeclared(name, "campaign", declared.iter().copied());
        self.warning(path, WarningCode::UndeclaredCampaign, sentence);
    }

    /// A tag used here.
    pub(crate) fn tag(&mut self, name: &str, path: &Path<'_>) {
        if !self.name(name, path) {
            return;
        }
        let declared = &self.names.tags;
        if declared.contains_key(name) || declared.contains_key(UNREADABLE) {
            return;
        }
        let sentence = self.undeclared(name, "tag", declared.keys().copied());
        self.problem(path, Code::UndeclaredTag, sentence);
    }

    /// The type of an attribute used here, if it is known.
    pub(crate) fn attribute(&mut self, name: &str, path: &Path<'_>) -> Option<ValueType> {
        if !self.name(name, path) {
            return None;
        }
        if PURCHASE_ATTRIBUTES.contains(&name) {
            return Some(ValueType::DateTime);
        }
        let declared = &self.book.attributes;
        if let Some(value_type) = declared.get(name) {
            return Some(*value_type);
        }
        if !declared.contains_key(UNREADABLE) && !declared.contains_key(&untyped(name)) {
            let candidates = declared.keys().map(String::as_str).chain(PURCHASE_ATTRIBUTES);
            let sentence = self.undeclared(name, "attribute", candidates);
            self.problem(path, Code::UndeclaredAttribute, sentence);
        }
        None
    }

    /// Notes a fact that is not declared.
    pub(crate) fn undeclared_fact(&mut self, name: &str, path: &Path<'_>) {
        let declared = &self.book.facts;
        if declared.contains_key(UNREADABLE) || declared.contains_key(&untyped(name)) {
            return;
        }
        let sentence = self.undeclared(name, "fact", declared.keys().map(String::as_str));
        self.problem(path, Code::UndeclaredFact, sentence);
    }

    fn undeclared<'a>(&self, name: &str, kind: &str, candidates: impl Iterator<Item = &'a str>) -> String {
        let meant = if suggests(&self.problems) && self.warnings.len() < 1_000 {
            did_you_mean(name, candidates)
        } else {
            String::new()
        };
        format!("{} is not a declared {kind}{meant}", quoted(name))
    }
}
