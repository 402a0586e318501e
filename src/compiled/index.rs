//! The index of a block of campaigns: which of them a customer can concern, without asking each.
//!
//! An audience is, as a rule, a conjunction; each of its tests that reads one value, or one tag, is a column of bits over
//! the block's campaigns. A tag keeps the bits of those that ask for it and of those that refuse it. All tests of one
//! value become a table: the literals, sorted, cut the values into pieces, and each piece has the bits of the campaigns
//! whose tests of this value it does not make false. Then a customer costs one search per value and one probe per tag for
//! 256 campaigns, and what comes out, in the order in which they rank, is nearly all true. Time is such a
//! value too, with bounds alone: a window of fixed dates is two bounds of the time, and so is a time that elapses.
//!
//! What the index keeps out is surely false, at every instant asked about. A missing value, which makes a test unknown,
//! keeps nothing out but what asks for presence, and a test that the index cannot read keeps nothing out. What it lets
//! through is asked in full, but for the audiences that the index knows all of: those are surely true, unless a value
//! that they read is missing.
//!
//! What is gathered of one campaign is bounded, whatever is written: long lists and what comes after many parts are left
//! to be asked.
//!
//! Measured against posting lists per tag with the rest asked one by one: on audiences that name a tag, lists are as
//! fast; one in seven of the workload's names none, and lists must ask all of these. Blocks also end early: the first
//! touch that can go now is mostly in the first block, however many there are. And a campaign that changes changes one
//! block.

mod gathered;
mod mask;
mod table;
mod tags;
mod times;

use std::sync::Arc;

use self::{gathered::Gathered, table::Table, tags::Tags, times::Times};
use super::{campaign::Campaign, condition::Source, engine::Derived, scalar::Scalar};

pub(crate) use self::{mask::Mask, times::Time};

/// What a customer is to an index.
pub(crate) trait Customer {
    /// The numbers of the tags that are held at some time, and whether that is at all times.
    fn tags(&self) -> impl Iterator<Item = (usize, bool)>;
    /// Hands over a value, or that it is missing.
    fn value<R>(&self, source: &Source, read: impl FnOnce(Option<&Scalar>) -> R) -> R;
    /// A time, if it is known.
    fn time(&self, time: &Time) -> Option<i64>;
}

/// Finds the campaigns of a block that can concern a customer.
#[derive(Debug)]
pub(crate) struct Index {
    all: Mask,
    /// Those that ask for a tag.
    ask_for_tags: Mask,
    /// Those whose audience asks nothing that is not here, and nothing that time changes.
    known: Mask,
    tags: Tags,
    /// The tables of values that stay as they are, and of those that time changes.
    steady: Vec<Table>,
    changing: Vec<Table>,
    times: Vec<Times>,
}

/// The campaigns of a block that a customer can concern.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Possible {
    /// All but those whose audience is surely false, or that surely have no occurrence.
    pub(crate) all: Mask,
    /// Of these, those whose audience is surely true at all times.
    pub(crate) surely: Mask,
}

impl Index {
    pub(crate) fn new(campaigns: &[Arc<Campaign>], derived: &[Derived]) -> Self {
        let mut found = Gathered::default();
        let mut all = Mask::default();
        for (bit, campaign) in campaigns.iter().enumerate() {
            all.set(bit);
            found.campaign(campaign, bit, derived);
        }
        let tables = found.tables.into_iter();
        let tables = tables.map(|(source, tests)| Table::new(source, &tests));
        let (steady, changing) = tables.partition(Table::is_steady);
        let times = found.times.into_iter();
        Self {
            all,
            ask_for_tags: found.ask_for_tags,
            known: found.known,
            tags: Tags::new(found.tags.into_values()),
            steady,
            changing,
            times: times.map(|(time, bounds)| Times::new(time, bounds)).collect(),
        }
    }

    /// The campaigns that a customer can concern at some time, as far as that follows from what stays as it is.
    pub(crate) fn ever_possible(&self, customer: &impl Customer) -> Possible {
        let (mut wanted, mut refused) = (Mask::default(), Mask::default());
        let mut surely = self.known;
        for (tag, always) in customer.tags() {
            if let Some(entry) = self.tags.get(tag) {
                wanted = wanted.or(entry.wanted);
                if always {
                    refused = refused.or(entry.refused);
                } else {
                    surely = surely.without(entry.wanted.or(entry.refused));
                }
            }
        }
        let all = self
            .all
            .without(self.ask_for_tags.without(wanted))
            .without(refused);
        Possible { all, surely }.through(&self.steady, customer)
    }

    /// Of those that are ever possible, the ones that are possible as far as that follows from values.
    #[inline]
    pub(crate) fn possible(&self, ever: Possible, customer: &impl Customer) -> Possible {
        if self.changing.is_empty() {
            return ever;
        }
        ever.through(&self.changing, customer)
    }

    /// Of these, the ones that are possible in the time that is asked about.
    pub(crate) fn possible_in_time(&self, possible: Possible, customer: &impl Customer) -> Possible {
        let Possible { mut all, mut surely } = possible;
        for times in &self.times {
            match customer.time(&times.time) {
                Some(time) => all = all.and(times.possible(time)),
                None => surely = surely.without(times.readers),
            }
        }
        Possible {
            all,
            surely: surely.and(all),
        }
    }
}

impl Possible {
    fn through(self, tables: &[Table], customer: &impl Customer) -> Self {
        let Self { mut all, mut surely } = self;
        for table in tables {
            if all.is_empty() {
                break;
            }
            let (possible, missing) = customer.value(&table.source, |value| table.possible(value));
            all = all.and(possible);
            if missing {
                surely = surely.without(table.readers);
            }
        }
        Self {
            all,
            surely: surely.and(all),
        }
    }
}
