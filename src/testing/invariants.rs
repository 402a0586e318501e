//! Checking invariants.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use super::{
    apart::{hangs_on_order, other_key, turned, unexplained},
    broken::{Broken, Invariant},
    caps::exceeded,
    host::{Careful, Host},
    quiet::disturbed,
    rules::{Addressed, of_policy, restraining},
    suppression::Suppression,
    timeline::{Asked, bind, run},
    vocabulary::{Listed, Vocabulary, choices},
};
use crate::{
    asked::{
        bound::Bound,
        decision::{Explained, Explanation, Outcome, Reason, ReasonCode},
    },
    checked::problem::Problems,
    compiled::engine::Engine,
    witness::reach::Reach,
    written::{
        condition::Status,
        duration::Duration,
        facts::Case,
        policy::{PolicySource, TouchPolicy},
        rulebook::Rulebook,
    },
};

/// A run goes on for twice the patience.
const LONGEST_PATIENCE: TimeDelta = TimeDelta::days(365);

/// The invariants of a rulebook, to be checked on customers, histories and timelines that fit it.
///
/// The same rulebook, number of cases and seed are checked on the same cases.
pub struct Invariants<'b> {
    book: &'b Rulebook,
    engine: Engine,
    turned: Engine,
    vocabulary: Vocabulary,
    rules: Vec<Addressed>,
    suppression: Suppression,
    host: &'b dyn Host,
    cases: u32,
    seed: u64,
    patience: Option<Duration>,
}

impl<'b> Invariants<'b> {
    /// The invariants of a rulebook: 256 cases, and a host that records what it sends.
    ///
    /// # Errors
    ///
    /// Every problem of a rulebook that does not compile.
    pub fn of(rulebook: &'b Rulebook) -> Result<Self, Problems> {
        let (engine, _) = Engine::compile(rulebook)?;
        let (turned, _) = Engine::compile(&turned(rulebook))?;
        let rules = restraining(rulebook);
        Ok(Self {
            book: rulebook,
            engine,
            turned,
            vocabulary: Vocabulary::of(rulebook),
            suppression: Suppression::of(rulebook, &rules),
            rules,
            host: &Careful,
            cases: 256,
            seed: 0,
            patience: None,
        })
    }

    /// How many cases are tried for each invariant.
    #[must_use]
    pub fn cases(mut self, cases: u32) -> Self {
        self.cases = cases;
        self
    }

    /// Other cases.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The house's own way to load, deliver and record.
    #[must_use]
    pub fn host(mut self, host: &'b dyn Host) -> Self {
        self.host = host;
        self
    }

    /// Rules that the house wants kept, whatever its rulebook says: caps and quiet hours without a condition, and what is
    /// forbidden. They are judged as the rulebook's own are; what they do not count is to be said by their `scope` and
    /// `except`. Rules of other kinds are not judged.
    ///
    /// ```
    /// use tactful::{Cap, CalendarPeriod, Rule, Rulebook, TouchPolicy, testing::{Invariant, Invariants}};
    ///
    /// let rulebook: Rulebook = serde_json::from_str(r#"{
    ///     "format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d", "tags": ["tea"],
    ///     "purposes": ["news"], "channels": {"mail": {"consent": "none"}},
    ///     "policies": [{"id": "house", "rules": [{"id": "few", "then": {"cap": {"at_most": 5, "per": "day"}}}]}],
    ///     "campaigns": [{"id": "leaf", "purpose": "news", "value": "knowledge", "channels": ["mail"],
    ///         "audience": {"tag": "tea"}, "repeat": {"at_most": 9, "per": "day", "gap": "1h"},
    ///         "variants": [{"id": "letter"}]}]}"#)?;
    /// // Somebody meant two.
    /// let meant = TouchPolicy::new("meant").rule(Rule::cap("two", Cap::new(2, CalendarPeriod::Day)));
    /// let broken = Invariants::of(&rulebook)?.expecting(&meant)?.check().unwrap_err();
    /// assert_eq!(broken.invariant(), Invariant::Caps);
    /// assert_eq!(broken.what(), "`meant/two` allows 2, and this is touch number 3");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every problem that the rulebook would have with this policy, such as a name that it does not declare.
    pub fn expecting(mut self, policy: &TouchPolicy) -> Result<Self, Problems> {
        let mut with = self.book.clone();
        with.policies.push(PolicySource::Policy(policy.clone()));
        Engine::compile(&with)?;
        self.rules.extend(of_policy(policy));
        self.suppression = Suppression::of(self.book, &self.rules);
        Ok(self)
    }

    /// Asks that nobody for whom a campaign is waits for longer, a year at most: [`Invariant::Starvation`], which is not
    /// checked otherwise.
    #[must_use]
    pub fn nobody_waits_longer_than(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// Checks every invariant.
    ///
    /// # Errors
    ///
    /// The first that is broken, with the plainest case that was found.
    pub fn check(&self) -> Result<(), Broken> {
        Invariant::ALL
            .iter()
            .try_for_each(|invariant| self.holds(*invariant))
    }

    /// Checks one invariant.
    ///
    /// # Errors
    ///
    /// That it is broken, with the plainest case that was found.
    pub fn holds(&self, invariant: Invariant) -> Result<(), Broken> {
        if invariant == Invariant::Reach {
            return self.reach();
        }
        if invariant == Invariant::Starvation && self.patience.is_none() {
            return Ok(());
        }
        let config = Config {
            cases: self.cases,
            failure_persistence: None,
            max_shrink_iters: 20_000,
            ..Config::default()
        };
        let mut seed = [0; 32];
        let (first, _) = seed.split_at_mut(8);
        first.copy_from_slice(&self.seed.to_le_bytes());
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
        let run = runner.run(&choices(), |choices| match self.one(invariant, &choices) {
            Some(broken) => Err(TestCaseError::fail(broken.what)),
            None => Ok(()),
        });
        match run {
            Ok(()) => Ok(()),
            Err(TestError::Fail(reason, choices)) => {
                Err(self.one(invariant, &choices).unwrap_or_else(|| Broken {
                    invariant,
                    what: reason.to_string(),
                    case: None,
                    timeline: Vec::new(),
                }))
            }
            Err(TestError::Abort(reason)) => Err(Broken {
                invariant,
                what: reason.to_string(),
                case: None,
                timeline: Vec::new(),
            }),
        }
    }

    /// What breaks an invariant in one run.
    fn one(&self, invariant: Invariant, choices: &[u32]) -> Option<Broken> {
        let words = self.vocabulary.words();
        let mut listed = Listed::new(choices);
        let case = words.case(&mut listed);
        let start = case.clone();
        let (timeline, what) = if invariant == Invariant::Starvation {
            self.starved(case)
        } else {
            run(&self.engine, self.host, (case, listed), words, |asked| {
                self.broken_by(invariant, asked)
            })
        };
        what.map(|what| Broken {
            invariant,
            what,
            case: Some(Box::new(start)),
            timeline,
        })
    }

    fn broken_by(&self, invariant: Invariant, asked: &Asked) -> Option<String> {
        let sent = asked.delivered.as_ref();
        let customer = &asked.kept.customer;
        match invariant {
            Invariant::Caps => exceeded(&self.rules, sent?, &asked.before, customer, self.book),
            Invariant::QuietHours => disturbed(&self.rules, sent?, customer, self.book),
            Invariant::Suppression => self.suppression.of_touch(sent?, &asked.kept, self.book),
            Invariant::Explanations => unexplained(&self.engine, asked, self.book),
            Invariant::Permutations => hangs_on_order(&self.turned, self.host, asked),
            Invariant::Keys => other_key(&self.engine, asked),
            Invariant::Starvation | Invariant::Reach => None,
        }
    }

    /// Asks once a day, for longer than anybody is to wait.
    fn starved(&self, mut case: Case) -> (Vec<String>, Option<String>) {
        let Some(patience) = self.patience else {
            return (Vec::new(), None);
        };
        let patience = TimeDelta::microseconds(patience.as_micros()).min(LONGEST_PATIENCE);
        let (mut told, mut waits_since) = (Vec::new(), case.now);
        let days = patience.num_days().saturating_mul(2).saturating_add(2);
        for _ in 0..days {
            let Some(bound) = bind(&self.engine, &self.host.load(case.clone())) else {
                break;
            };
            let decision = bound.decide(case.now);
            let day = case.now.format("%Y-%m-%d %H:%M UTC");
            if let Some(touch) = decision.touch().filter(|_| decision.outcome() == Outcome::Send) {
                told.push(format!("{day}  gets `{}`", touch.campaign()));
                let entry = touch.entry(Status::Sent);
                self.host.deliver(&mut case.history, entry);
                waits_since = case.now;
            } else if let Some(campaign) = self.is_for(&bound, &case) {
                told.push(format!("{day}  `{campaign}` is for them, and nothing goes"));
            } else {
                told.push(format!("{day}  nothing is for them"));
                waits_since = case.now;
            }
            if case.now.signed_duration_since(waits_since) > patience {
                let what = format!(
                    "nothing since {}, and every day something was for them",
                    waits_since.format("%Y-%m-%d")
                );
                return (told, Some(what));
            }
            // At the time told, if that is within a day; else tomorrow.
            let tomorrow = case
                .now
                .checked_add_signed(TimeDelta::days(1))
                .unwrap_or(case.now);
            let told_time = decision.until().or(decision.recheck_at());
            case.now = told_time
                .filter(|at| *at > case.now && *at < tomorrow)
                .unwrap_or(tomorrow);
        }
        (told, None)
    }

    /// A campaign that is for somebody now, but for caps, quiet hours and what ranks above it.
    fn is_for(&self, bound: &Bound, case: &Case) -> Option<&str> {
        let is_for = |id: &&str| {
            let explanation = bound.explain_campaign(case.now, id);
            explanation.is_some_and(|explanation| may_go(&explanation, case.now))
        };
        let mut ids = self.book.campaigns.iter().map(|campaign| campaign.id.as_str());
        ids.find(is_for)
    }

    /// Whether every campaign can reach somebody.
    fn reach(&self) -> Result<(), Broken> {
        let reach = Reach {
            book: self.book,
            engine: &self.engine,
        };
        let words = self.vocabulary.words();
        for campaign in &self.book.campaigns {
            let goes = |case: &Case| {
                let bound = bind(&self.engine, case)?;
                let agenda = bound.agenda(case.now);
                let mut touches = agenda.touches().iter();
                touches.any(|touch| touch.campaign() == campaign.id).then_some(())
            };
            let questions = [reach.served(campaign), reach.question(campaign)];
            let thought_up = |question| reach.find(question, campaign, |met| goes(&met.case)).is_ok();
            if questions.iter().any(thought_up) {
                continue;
            }
            let cases = (0..u64::from(self.cases)).map(|number| {
                let number = number.wrapping_add(self.seed.wrapping_mul(1_000_003));
                words.case(&mut crate::simulation::Draw::numbered(number))
            });
            if cases.into_iter().any(|case| goes(&case).is_some()) {
                continue;
            }
            return Err(Broken {
                invariant: Invariant::Reach,
                what: format!(
                    "nobody was found whom `{}` reaches, in {} cases",
                    campaign.id, self.cases
                ),
                case: None,
                timeline: Vec::new(),
            });
        }
        Ok(())
    }
}

/// Whether some option of some occurrence is kept back by nothing but caps, quiet hours and what ranks above it: who is kept
/// from it for good reason does not starve, who waits for room or for daylight does.
fn may_go(explanation: &Explanation, now: DateTime<Utc>) -> bool {
    let soon = |reason: &Reason| {
        reason
            .frees_at()
            .is_some_and(|at| at.signed_duration_since(now) <= TimeDelta::days(1))
    };
    let waits = |reason: &Reason| match reason.code() {
        ReasonCode::Quiet | ReasonCode::Cap | ReasonCode::Reserved => true,
        ReasonCode::BetterTime | ReasonCode::PreferredOption => true,
        // It is asked of once a day, and may be for a few hours of it.
        ReasonCode::NotScheduled => soon(reason),
        _ => false,
    };
    // What holds of an occurrence, and of its options.
    let mut occurrences: BTreeMap<Option<&str>, (bool, BTreeMap<_, bool>)> = BTreeMap::new();
    for reason in explanation.reasons().iter().map(Explained::reason) {
        let waits = waits(reason);
        let (all, options) = occurrences
            .entry(reason.occurrence())
            .or_insert((true, BTreeMap::new()));
        match reason.channel() {
            None => *all &= waits,
            channel => *options.entry((channel, reason.sender())).or_insert(true) &= waits,
        }
    }
    let mut occurrences = occurrences.into_values();
    // What nothing at all is said of would go.
    explanation.reasons().is_empty()
        || occurrences
            .any(|(all, options)| all && (options.is_empty() || options.into_values().any(|waits| waits)))
}
