//! Many customers at once: who is in which audience.
//!
//! From the ground up: [`rows`] sets of customers · [`value`], [`column`] what is known of them · [`builder`] takes them
//! in · [`plan`] what all audiences ask · [`lens`], [`asking`],
//! [`block`] the answers · [`audience`] who they are.
//!
//! An audience is Kleene's: of every condition is kept of whom it is true and of whom it is not false; `all` and `any`
//! are intersection and union of both, and `not` swaps their complements.

mod asking;
pub(crate) mod audience;
mod block;
pub(crate) mod builder;
mod column;
mod lens;
mod plan;
mod rows;
mod value;

use std::fmt;

use chrono::{DateTime, Utc};

use self::{
    audience::{AudienceCount, Audiences},
    block::{Block, Verdict, verdict_of},
    column::Column,
    lens::Lens,
    plan::Plan,
};
use crate::{
    asked::bound::BoundFacts, checked::input_error::InputError, clock::instant::Instant,
    compiled::engine::Engine,
};

/// Many customers bound to an engine, of whom every campaign's audience is asked at once: to count it before a campaign
/// starts, to list it, to see how audiences overlap.
///
/// An audience here is the campaign's own `audience`, true at an instant, as [`Bound::explain`](crate::Bound::explain)
/// judges it; a campaign without one speaks to everybody. The audiences of waves, consent, rules and schedules are not
/// asked: who is in an audience is not yet sent anything.
///
/// It keeps of each customer the id and what audiences read. Where an audience asks for touches or purchases, or compares
/// one attribute with another, it keeps the customers themselves and asks one after the other: that takes longer, and
/// more memory.
///
/// ```
/// use tactful::{Customer, Engine, Facts};
///
/// let rulebook = r#"{
///     "format": 1, "time_zone": "Europe/Berlin", "unknown_time_zone": "house", "look_ahead": "7d",
///     "attributes": {"joined_at": "date-time"}, "tags": ["tea"], "purposes": ["news"],
///     "channels": {"mail": {"consent": "opt_in"}},
///     "campaigns": [{"id": "welcome", "purpose": "news", "value": "knowledge", "channels": ["mail"],
///         "audience": {"all": [{"tag": "tea"}, {"elapsed": "joined_at", "lt": "30d"}]},
///         "variants": [{"id": "letter"}]}]}"#;
/// let (engine, _warnings) = Engine::from_document(&serde_json::from_str(rulebook)?)?;
/// let world = engine.bind_facts(&Facts::new())?;
///
/// let mut builder = engine.population(&world)?;
/// builder.push(&Customer::new("kim").tag("tea").attribute("joined_at", "2026-02-20T12:00:00+01:00"), &[])?;
/// builder.push(&Customer::new("lou").attribute("joined_at", "2026-02-20T12:00:00+01:00"), &[])?;
/// builder.push(&Customer::new("ann").tag("tea"), &[])?;
/// let population = builder.build();
///
/// let audiences = population.audiences("2026-03-02T12:00:00+01:00".parse()?);
/// let welcome = audiences.of("welcome").expect("a campaign of the rulebook");
/// // Of Ann nobody knows when she joined.
/// assert_eq!((welcome.count(), welcome.unknown()), (1, 1));
/// assert_eq!(welcome.customers().collect::<Vec<_>>(), ["kim"]);
/// // A month later.
/// assert_eq!(population.counts("2026-04-02T12:00:00+02:00".parse()?)[0].matching(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Population {
    engine: Engine,
    facts: BoundFacts,
    /// The tags that audiences read, by number.
    tags: Vec<usize>,
    /// The attributes that audiences read, by number.
    columns: Vec<Column>,
    /// The ids one after the other, and where each ends.
    ids: String,
    ends: Vec<usize>,
    blocks: Vec<Block>,
}

/// How many there are: logs are no place for what is known of people.
impl fmt::Debug for Population {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Population")
            .field("customers", &self.len())
            .finish_non_exhaustive()
    }
}

impl Population {
    /// The engine that the customers are bound to.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// How many customers there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The id of the customer in a row: the first who was pushed is in row 0.
    pub fn customer(&self, row: usize) -> Option<&str> {
        let end = *self.ends.get(row)?;
        let start = match row.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.ids.get(start..end)
    }

    /// The same customers in another world: the facts change, nobody is read again.
    ///
    /// # Errors
    ///
    /// Facts that were bound to another engine.
    pub fn set_facts(&mut self, facts: &BoundFacts) -> Result<(), InputError> {
        self.engine.same(facts)?;
        self.facts = facts.clone();
        for block in &mut self.blocks {
            for customer in &mut block.customers {
                customer.facts = facts.tables.clone();
            }
        }
        Ok(())
    }

    /// The audiences of all campaigns at `now`.
    pub fn audiences(&self, now: DateTime<Utc>) -> Audiences<'_> {
        let answers = self.ask(now.into(), |verdict, rows| {
            (verdict.counts(rows), verdict.yes.clone().into_owned())
        });
        let mut blocks = Vec::with_capacity(answers.len());
        let mut counts = Vec::with_capacity(answers.len());
        for block in answers {
            let (of_block, rows): (Vec<_>, Vec<_>) = block.into_iter().unzip();
            counts.push(of_block);
            blocks.push(rows);
        }
        Audiences {
            population: self,
            counts: self.sums(counts),
            blocks,
        }
    }

    /// How many customers are in the audience of each campaign at `now`, by rank of the campaigns: priority (high
    /// first), then id. Less work than [`Population::audiences`], and the same counts.
    pub fn counts(&self, now: DateTime<Utc>) -> Vec<AudienceCount<'_>> {
        self.sums(self.ask(now.into(), |verdict, rows| verdict.counts(rows)))
    }

    /// Adds up what the blocks say of every campaign.
    fn sums(&self, blocks: Vec<Vec<(usize, usize)>>) -> Vec<AudienceCount<'_>> {
        let mut sums: Vec<AudienceCount<'_>> = self
            .engine
            .compiled
            .campaigns
            .iter()
            .map(|campaign| AudienceCount {
                campaign: &campaign.id,
                matching: 0,
                unknown: 0,
            })
            .collect();
        for block in blocks {
            for (sum, (matching, unknown)) in sums.iter_mut().zip(block) {
                sum.matching = sum.matching.saturating_add(matching);
                sum.unknown = sum.unknown.saturating_add(unknown);
            }
        }
        sums
    }

    /// What is to be told of every campaign's audience, for every block.
    fn ask<T: Send>(&self, now: Instant, tell: impl Fn(&Verdict<'_>, usize) -> T + Sync) -> Vec<Vec<T>> {
        let plan = Plan::new(&self.engine.compiled, &self.facts.tables, now);
        // INVARIANT: every subject has its column: what audiences read does not depend on the time or on facts.
        let lenses: Vec<Lens<'_>> = plan
            .subjects
            .iter()
            .filter_map(|subject| {
                let attribute = subject.from.attribute();
                let column = self.columns.iter().find(|column| column.attribute == attribute)?;
                Some(Lens::new(subject, column, &self.facts.tables))
            })
            .collect();
        self.each_block(|block| {
            let verdicts = block.verdicts(&plan, &self.tags, &lenses, now);
            let audiences = plan
                .audiences
                .iter()
                .filter_map(|&node| verdict_of(&verdicts, node));
            audiences.map(|verdict| tell(verdict, block.rows.len())).collect()
        })
    }

    /// Does the same with every block, in parallel; the answers are in order.
    #[cfg(feature = "rayon")]
    fn each_block<T: Send>(&self, work: impl Fn(&Block) -> T + Sync + Send) -> Vec<T> {
        use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
        self.blocks.par_iter().map(work).collect()
    }

    /// Does the same with every block, one after the other.
    #[cfg(not(feature = "rayon"))]
    fn each_block<T>(&self, work: impl Fn(&Block) -> T) -> Vec<T> {
        self.blocks.iter().map(work).collect()
    }
}
