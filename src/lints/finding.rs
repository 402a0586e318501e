//! What was found, and by whom it is shown.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    asked::{bound::Bound, decision::Decision},
    witness::{question::Answer, reach::Met},
    written::facts::Case,
};

/// The stable code of a lint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LintCode {
    /// Nobody can be in an audience, the campaign's or a wave's.
    AudienceNever,
    /// An attribute without which nobody is in an audience, and which fewer than one in ten customers has.
    RarelyGiven,
    /// A campaign to everyone says one thing to all.
    Undifferentiated,
    /// A derived tag that everybody holds, always.
    TagAlways,
    /// A derived tag that nobody ever holds.
    TagNever,
    /// Somebody in the audience for whom no variant is written.
    VariantGap,
    /// A variant that no one in the audience is left for.
    VariantNever,
    /// A rule that no touch of any campaign is in scope of.
    RuleWithoutTouch,
    /// A rule whose condition is false for everyone in the audiences in its scope.
    RuleNeverActs,
    /// A campaign that its schedule, its channels and the rules together leave no instant.
    NoTime,
    /// A campaign with the audience and schedule of a higher one, which leaves it no turn.
    Outranked,
    /// A cap that another one always reaches first.
    CapNeverBinds,
    /// A rule can cause a wait that is longer than the look-ahead.
    ShortLookAhead,
    /// A tag, attribute or fact that is declared, and that nothing reads.
    Unused,
    /// What decides reads further back than the host keeps the history.
    ShortRetention,
}

impl LintCode {
    /// Every code of this version.
    pub const ALL: &'static [Self] = &[
        Self::AudienceNever,
        Self::RarelyGiven,
        Self::Undifferentiated,
        Self::TagAlways,
        Self::TagNever,
        Self::VariantGap,
        Self::VariantNever,
        Self::RuleWithoutTouch,
        Self::RuleNeverActs,
        Self::NoTime,
        Self::Outranked,
        Self::CapNeverBinds,
        Self::ShortLookAhead,
        Self::Unused,
        Self::ShortRetention,
    ];

    /// The code as it is written: `audience_never`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AudienceNever => "audience_never",
            Self::RarelyGiven => "rarely_given",
            Self::Undifferentiated => "undifferentiated",
            Self::TagAlways => "tag_always",
            Self::TagNever => "tag_never",
            Self::VariantGap => "variant_gap",
            Self::VariantNever => "variant_never",
            Self::RuleWithoutTouch => "rule_without_touch",
            Self::RuleNeverActs => "rule_never_acts",
            Self::NoTime => "no_time",
            Self::Outranked => "outranked",
            Self::CapNeverBinds => "cap_never_binds",
            Self::ShortLookAhead => "short_look_ahead",
            Self::Unused => "unused",
            Self::ShortRetention => "short_retention",
        }
    }
}

impl fmt::Display for LintCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something legal that is hardly meant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    code: LintCode,
    path: String,
    sentence: String,
    witness: Option<Witness>,
}

impl Finding {
    /// What kind.
    pub fn code(&self) -> LintCode {
        self.code
    }

    /// Where: a JSON pointer into the rulebook.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is so, in English.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// Somebody to show it, where there can be one and one was found.
    pub fn witness(&self) -> Option<&Witness> {
        self.witness.as_ref()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.path, self.code, self.sentence)?;
        match &self.witness {
            Some(witness) => write!(f, " ({})", witness.shows),
            None => Ok(()),
        }
    }
}

/// A case of which the engine was asked, and what it decided.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Witness {
    case: Case,
    decision: Decision,
    shows: String,
}

impl Witness {
    pub(super) fn of(met: &Met, shows: impl Into<String>) -> Self {
        Self::asked(met.case.clone(), &met.bound, shows)
    }

    pub(super) fn asked(case: Case, bound: &Bound, shows: impl Into<String>) -> Self {
        let decision = bound.decide(case.now);
        Self {
            case,
            decision,
            shows: shows.into(),
        }
    }

    /// The customer, the history, the facts and the instant: in JSON, a case as the engine reads it.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// What the engine decides of it.
    pub fn decision(&self) -> &Decision {
        &self.decision
    }

    /// What is to be seen in it, in English.
    pub fn shows(&self) -> &str {
        &self.shows
    }
}

/// What could not be ruled out, and of which nothing was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undecided {
    code: LintCode,
    path: String,
    why: String,
}

impl Undecided {
    /// What kind.
    pub fn code(&self) -> LintCode {
        self.code
    }

    /// Where: a JSON pointer into the rulebook.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Why it cannot be told.
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: cannot tell: {}", self.path, self.code, self.why)
    }
}

/// What was found of a rulebook, and what cannot be told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lints {
    findings: Vec<Finding>,
    undecided: Vec<Undecided>,
}

impl Lints {
    /// What was found, by code and then in the rulebook's order.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What cannot be told.
    pub fn undecided(&self) -> &[Undecided] {
        &self.undecided
    }
}

impl fmt::Display for Lints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        for undecided in &self.undecided {
            writeln!(f, "{undecided}")?;
        }
        Ok(())
    }
}

/// What is noted while going through a rulebook.
pub(super) struct Notes(Lints);

impl Notes {
    pub(super) fn new() -> Self {
        Self(Lints {
            findings: Vec::new(),
            undecided: Vec::new(),
        })
    }

    pub(super) fn found(
        &mut self,
        code: LintCode,
        path: impl Into<String>,
        sentence: impl Into<String>,
        witness: Option<Witness>,
    ) {
        self.0.findings.push(Finding {
            code,
            path: path.into(),
            sentence: sentence.into(),
            witness,
        });
    }

    pub(super) fn undecided(&mut self, code: LintCode, path: impl Into<String>, why: impl Into<String>) {
        self.0.undecided.push(Undecided {
            code,
            path: path.into(),
            why: why.into(),
        });
    }

    /// Notes what is found of a search by the engine; what has models, but none that the engine agrees to, is not decided.
    pub(super) fn shown(
        &mut self,
        code: LintCode,
        path: &str,
        sentence: &str,
        found: Result<Witness, Answer>,
    ) {
        match found {
            Ok(witness) => self.found(code, path, sentence, Some(witness)),
            Err(Answer::Never) => {}
            Err(Answer::Yes | Answer::CannotTell) => self.undecided(
                code,
                path,
                "it may be, but of the customers that were thought up none shows it",
            ),
        }
    }

    pub(super) fn lints(self) -> Lints {
        let mut lints = self.0;
        lints.findings.sort_by_key(|finding| finding.code);
        lints.undecided.sort_by_key(|undecided| undecided.code);
        lints
    }
}
