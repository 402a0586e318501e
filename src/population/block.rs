//! Some thousand customers, and all conditions of a plan asked of them at once.

use std::{borrow::Cow, ops::Range};

use super::{
    asking::Asking,
    lens::{Classed, Lens},
    plan::{Node, Plan},
    rows::Rows,
};
use crate::{asked::bound::Bound, clock::instant::Instant};

/// Customers who follow each other.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Their rows in the population.
    pub(crate) rows: Range<usize>,
    /// Who holds each tag at all times, by the tag's place among those that audiences read.
    pub(crate) tags: Vec<Rows>,
    /// By tag, then row.
    pub(crate) timed: Vec<Timed>,
    /// The customers themselves, where audiences ask what no column tells.
    pub(crate) customers: Vec<Bound>,
}

/// A tag held for some time only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Timed {
    pub(crate) tag: usize,
    pub(crate) row: u16,
    pub(crate) since: Instant,
    pub(crate) until: Instant,
}

/// Of whom a condition is true, and of whom it is not false; none for the same.
#[derive(Debug, Clone)]
pub(crate) struct Verdict<'b> {
    pub(crate) yes: Cow<'b, Rows>,
    pub(crate) open: Option<Rows>,
}

impl Verdict<'_> {
    pub(crate) fn new(yes: Rows, open: Option<Rows>) -> Self {
        Self {
            yes: Cow::Owned(yes),
            open,
        }
    }

    fn unknown() -> Self {
        Self::new(Rows::NONE, Some(Rows::ALL))
    }

    pub(crate) fn open(&self) -> &Rows {
        self.open.as_ref().unwrap_or(&self.yes)
    }

    /// How many it is true of, and of how many it is unknown, of a block of `rows`.
    pub(crate) fn counts(&self, rows: usize) -> (usize, usize) {
        let yes = self.yes.count(rows);
        let open = self.open.as_ref().map_or(yes, |open| open.count(rows));
        (yes, open.saturating_sub(yes))
    }
}

impl Block {
    /// What every node of the plan is for the customers of this block; none where nobody needs to know.
    pub(crate) fn verdicts<'b>(
        &'b self,
        plan: &'b Plan<'b>,
        tags: &[usize],
        lenses: &[Lens<'_>],
        now: Instant,
    ) -> Vec<Option<Verdict<'b>>> {
        let rows = self.rows.len();
        let classed: Vec<Classed> = lenses
            .iter()
            .map(|lens| lens.classed(self.rows.clone()))
            .collect();
        let mut asking = Asking::new(self, plan, now);
        let mut verdicts: Vec<Option<Verdict<'b>>> = Vec::with_capacity(plan.nodes.len());
        for node in &plan.nodes {
            let verdict = match node {
                Node::Unknown => Verdict::unknown(),
                Node::All(parts) => asking.all(parts, &mut verdicts),
                Node::Any(parts) => {
                    asking.settle(parts, &mut verdicts);
                    join(parts, &verdicts, |sets| Rows::union(sets, rows))
                }
                Node::Not(part) => {
                    asking.settle(&[*part], &mut verdicts);
                    match verdict_of(&verdicts, *part) {
                        Some(part) => {
                            let yes = part.open().clone().complement(rows);
                            let open = part.open.as_ref().map(|_| part.yes.clone().into_owned());
                            Verdict::new(yes, open.map(|yes| yes.complement(rows)))
                        }
                        None => Verdict::unknown(),
                    }
                }
                Node::Tag(tag) => Verdict {
                    yes: self.holders(*tag, tags, now),
                    open: None,
                },
                Node::Tests(subject, test) => match (lenses.get(*subject), classed.get(*subject)) {
                    (Some(lens), Some(classed)) => {
                        let (yes, open) = lens.rows(*test, classed);
                        Verdict::new(yes, open)
                    }
                    _ => Verdict::unknown(),
                },
                // Asked when it is known of whom.
                Node::Asked(_) => {
                    verdicts.push(None);
                    continue;
                }
            };
            verdicts.push(Some(verdict));
        }
        asking.settle(&plan.audiences, &mut verdicts);
        verdicts
    }

    /// Who holds a tag at `now`.
    fn holders(&self, tag: usize, tags: &[usize], now: Instant) -> Cow<'_, Rows> {
        let none = || Cow::Owned(Rows::NONE);
        let Ok(tag) = tags.binary_search(&tag) else {
            return none();
        };
        let Some(always) = self.tags.get(tag) else {
            return none();
        };
        let first = self.timed.partition_point(|timed| timed.tag < tag);
        let mut live: Vec<u16> = self
            .timed
            .iter()
            .skip(first)
            .take_while(|timed| timed.tag == tag)
            .filter(|timed| timed.since <= now && now < timed.until)
            .map(|timed| timed.row)
            .collect();
        if live.is_empty() {
            return Cow::Borrowed(always);
        }
        live.dedup();
        let rows = self.rows.len();
        Cow::Owned(Rows::union([always, &Rows::of(live, rows)].into_iter(), rows))
    }
}

/// Kleene's all and any: the one of what is true, and the one of what is not false.
pub(crate) fn join<'b>(
    parts: &[usize],
    verdicts: &[Option<Verdict<'b>>],
    joined: impl Fn(&mut dyn Iterator<Item = &Rows>) -> Rows,
) -> Verdict<'b> {
    let parts = || parts.iter().filter_map(|&part| verdict_of(verdicts, part));
    let yes = joined(&mut parts().map(|part| &*part.yes));
    let known = parts().all(|part| part.open.is_none());
    Verdict::new(yes, (!known).then(|| joined(&mut parts().map(Verdict::open))))
}

/// The verdict of a node, if it is known.
pub(crate) fn verdict_of<'v, 'b>(
    verdicts: &'v [Option<Verdict<'b>>],
    node: usize,
) -> Option<&'v Verdict<'b>> {
    verdicts.get(node).and_then(Option::as_ref)
}
