//! Checking a rulebook, read or built in Rust: every value that may not be, every name that is not declared.
//!
//! The walk is bounded by [`Limits`], and what is told has the path that the place has in JSON.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    limits::Limits,
    names::{NameKind, Names, PURCHASE_ATTRIBUTES},
    path::Path,
    problem::{Code, Problem, Warning, WarningCode},
};
use crate::written::{
    calendar::UnknownTimeZone, campaign::Campaign, duration::Duration, policy::PolicySource,
    rulebook::Rulebook, tag::Tag, variant::Style,
};

/// The longest look-ahead.
const LONGEST_LOOK_AHEAD: Duration = Duration::days(400);

/// How a rulebook came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From a document: what could not be read is told already, and stands as an unreadable name.
    Read,
    /// In Rust: every name is as somebody wrote it.
    Built,
}

/// Everything that is wrong with a rulebook, and everything that is legal but suspicious.
pub(crate) fn check(book: &Rulebook, origin: Origin, limits: &Limits) -> (Vec<Problem>, Vec<Warning>) {
    let mut checker = Checker::new(book, origin, limits);
    checker.rulebook();
    (checker.problems, checker.warnings)
}

/// What a campaign that comes later stands beside.
pub(crate) struct Beside<'b> {
    /// The rulebook without its campaigns, which has no problems.
    pub(crate) book: &'b Rulebook,
    /// The ids of the other campaigns.
    pub(crate) campaigns: BTreeSet<&'b str>,
    /// How many parts the conditions of the other campaigns have.
    pub(crate) conditions: usize,
    /// Addresses of others' rules that the campaign's may have too, and how long the part of each is that names the owner.
    pub(crate) addresses: Vec<(String, usize)>,
}

/// Everything that is wrong with one campaign beside others that are checked, and everything suspicious; at the places
/// that they have in the campaign.
pub(crate) fn check_campaign(
    campaign: &Campaign,
    origin: Origin,
    beside: &Beside<'_>,
    limits: &Limits,
) -> (Vec<Problem>, Vec<Warning>) {
    let mut checker = Checker::new(beside.book, Origin::Built, limits);
    checker.rulebook();
    checker.origin = origin;
    checker.problems.clear();
    checker.warnings.clear();
    checker.conditions = checker.conditions.saturating_add(beside.conditions);
    checker.addresses.extend(beside.addresses.iter().cloned());
    let others = beside.campaigns.len();
    let own = [campaign.id.as_str()];
    checker.names.campaigns = beside.campaigns.iter().copied().chain(own).collect();
    let path = Path::ROOT;
    if checker.list_length(others.saturating_add(1), limits.campaigns, &path) {
        checker.id(&campaign.id, &mut BTreeSet::new(), &path.member("id"));
        checker.campaign(campaign, &path);
    }
    (checker.problems, checker.warnings)
}

/// Where a condition stands, which decides what it may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A derived tag, an audience, a stop condition: no touch is known yet.
    Customer,
    /// A score.
    Score,
    /// A variant or a style.
    Variant,
    /// A policy's rule.
    PolicyRule,
    /// A campaign's rule.
    CampaignRule,
}

/// What is carried along while walking a rulebook.
pub(crate) struct Checker<'b> {
    pub(crate) book: &'b Rulebook,
    pub(crate) origin: Origin,
    /// The rules' addresses so far, and how long the part of each is that names the policy or campaign.
    pub(crate) addresses: BTreeMap<String, usize>,
    pub(crate) limits: &'b Limits,
    pub(crate) names: Names<'b>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Warning>,
    /// Parts of conditions seen so far.
    pub(crate) conditions: usize,
    /// The longest window of a cap, and its rule.
    pub(crate) longest_cap: Option<(Duration, String)>,
    /// Levels and parts of each tag's condition with the tags in it spelled out.
    pub(crate) tag_sizes: Vec<(usize, usize)>,
}

impl<'b> Checker<'b> {
    fn new(book: &'b Rulebook, origin: Origin, limits: &'b Limits) -> Self {
        Self {
            book,
            origin,
            addresses: BTreeMap::new(),
            limits,
            names: Names::of(book),
            problems: Vec::new(),
            warnings: Vec::new(),
            conditions: 0,
            longest_cap: None,
            tag_sizes: Vec::new(),
        }
    }
}

impl Checker<'_> {
    /// Notes a problem.
    pub(crate) fn problem(&mut self, path: &Path<'_>, code: Code, sentence: impl Into<String>) {
        self.problems.push(Problem::new(path, code, sentence));
    }

    /// Notes a warning.
    pub(crate) fn warning(&mut self, path: &Path<'_>, code: WarningCode, sentence: impl Into<String>) {
        self.warnings.push(Warning::new(path, code, sentence));
    }

    /// Ids of a list: not empty, each once.
    pub(crate) fn id<'i>(&mut self, id: &'i str, seen: &mut BTreeSet<&'i str>, path: &Path<'_>) {
        if self.name(id, path) && !seen.insert(id) {
            self.duplicate(id, path);
        }
    }

    /// A duration that must be more than nothing.
    pub(crate) fn positive(&mut self, duration: Duration, path: &Path<'_>) {
        if duration <= Duration::ZERO {
            let sentence =
                format!("`{duration}` is not more than nothing; write a positive duration, like `30d`");
            self.problem(path, Code::BadDuration, sentence);
        }
    }

    /// A duration that may be nothing, but not negative.
    pub(crate) fn not_negative(&mut self, duration: Duration, path: &Path<'_>) {
        if duration < Duration::ZERO {
            let sentence = format!("`{duration}` is negative; write `0s` or more");
            self.problem(path, Code::BadDuration, sentence);
        }
    }

    fn rulebook(&mut self) {
        let book = self.book;
        let root = Path::ROOT;
        if let UnknownTimeZone::Every(zones) = &book.unknown_time_zone {
            let path = root.member("unknown_time_zone");
            self.not_empty(zones.len(), &path);
            self.list_length(zones.len(), self.limits.list_length, &path);
        }
        let path = root.member("look_ahead");
        self.not_negative(book.look_ahead, &path);
        if book.look_ahead > LONGEST_LOOK_AHEAD {
            let sentence = format!(
                "`{}` is too long; write at most `{LONGEST_LOOK_AHEAD}`",
                book.look_ahead
            );
            self.problem(&path, Code::BadDuration, sentence);
        }
        self.declarations();
        self.tags(&book.tags, &root.member("tags"));
        self.policies(&book.policies, &root.member("policies"));
        self.styles(&book.styles, &root.member("styles"));
        self.campaigns(&book.campaigns, &root.member("campaigns"));
        self.short_look_ahead();
    }

    fn declarations(&mut self) {
        let book = self.book;
        let most = self.limits.declarations;
        let path = Path::ROOT.member("attributes");
        if self.list_length(book.attributes.len(), most, &path) {
            for name in book.attributes.keys() {
                let place = path.member(name);
                if self.name(name, &place) && PURCHASE_ATTRIBUTES.contains(&name.as_str()) {
                    let sentence =
                        format!("`{name}` is an attribute of every customer; declare another name");
                    self.problem(&place, Code::NotAllowed, sentence);
                }
            }
        }
        let path = Path::ROOT.member("facts");
        if self.list_length(book.facts.len(), most, &path) {
            for name in book.facts.keys() {
                self.name(name, &path.member(name));
            }
        }
        let path = Path::ROOT.member("channels");
        if self.list_length(book.channels.len(), most, &path) {
            for name in book.channels.keys() {
                self.name(name, &path.member(name));
            }
        }
        let path = Path::ROOT.member("purposes");
        if self.list_length(book.purposes.len(), most, &path) {
            let mut seen = BTreeSet::new();
            for (index, purpose) in book.purposes.iter().enumerate() {
                let place = path.index(index);
                // A purpose that needs consent is written as its name alone.
                if purpose.needs_consent {
                    self.id(&purpose.name, &mut seen, &place);
                } else {
                    self.id(&purpose.name, &mut seen, &place.member("purpose"));
                }
            }
        }
    }

    fn tags(&mut self, tags: &[Tag], path: &Path<'_>) {
        if !self.list_length(tags.len(), self.limits.declarations, path) {
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, tag) in tags.iter().enumerate() {
            let place = path.index(index);
            match &tag.when {
                None => self.id(&tag.name, &mut seen, &place),
                Some(when) => {
                    self.id(&tag.name, &mut seen, &place.member("tag"));
                    self.condition(when, Place::Customer, &place.member("when"));
                }
            }
        }
        self.derived_tags(tags, path);
    }

    fn policies(&mut self, policies: &[PolicySource], path: &Path<'_>) {
        if !self.list_length(policies.len(), self.limits.declarations, path) {
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, policy) in policies.iter().enumerate() {
            let place = path.index(index);
            match policy {
                PolicySource::Policy(policy) => {
                    self.id(&policy.id, &mut seen, &place.member("id"));
                    self.rules(
                        &policy.rules,
                        Place::PolicyRule,
                        &policy.id,
                        &place.member("rules"),
                    );
                }
                PolicySource::Preset {
                    id,
                    channels,
                    purposes,
                    holidays,
                } => {
                    self.id(id, &mut seen, &place.member("preset"));
                    self.preset(id, (channels, purposes), holidays.as_deref(), &place);
                }
            }
        }
    }

    fn styles(&mut self, styles: &[Style], path: &Path<'_>) {
        if !self.list_length(styles.len(), self.limits.declarations, path) {
            return;
        }
        for (index, style) in styles.iter().enumerate() {
            let place = path.index(index);
            if let Some(when) = &style.when {
                self.whole_condition(when, Place::Variant, &place.member("when"));
            }
            let set = place.member("set");
            if style.set.is_empty() {
                self.problem(
                    &set,
                    Code::Empty,
                    "the style sets nothing; write at least one member",
                );
            }
            if self.list_length(style.set.len(), self.limits.list_length, &set) {
                for (name, value) in &style.set {
                    let place = set.member(name);
                    if self.name(name, &place) {
                        self.literal(value, &place);
                    }
                }
            }
        }
    }

    /// A name of one of the kinds in the list, for a single member.
    pub(crate) fn used_name(&mut self, name: &str, kind: NameKind, path: &Path<'_>) {
        if self.name(name, path) {
            match kind {
                NameKind::Channel => self.channel(name, path),
                NameKind::Purpose => self.purpose(name, path),
                NameKind::Campaign | NameKind::Free => {}
            }
        }
    }
}
