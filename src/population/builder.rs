//! A population being filled.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Population,
    block::{Block, Timed},
    column::ColumnBuilder,
    plan::{Node, Plan},
    rows::{BLOCK, Rows, row_number},
};
use crate::{
    asked::bound::{Bound, BoundFacts},
    checked::{declarations::check_history, input_error::InputError},
    clock::instant::Instant,
    compiled::engine::Engine,
    written::{customer::Customer, history::HistoryEntry},
};

/// Takes customers into a [`Population`], one after the other.
#[derive(Debug, Clone)]
pub struct PopulationBuilder {
    engine: Engine,
    facts: BoundFacts,
    /// The tags that audiences read, by number.
    tags: Vec<usize>,
    columns: Vec<ColumnBuilder>,
    /// Whether audiences ask what no column tells, and whether that may be of touches.
    asks: bool,
    asks_of_touches: bool,
    ids: String,
    ends: Vec<usize>,
    blocks: Vec<Block>,
    /// Of the block that is being filled: who holds what at all times, by tag.
    held: Vec<(usize, u16)>,
    timed: Vec<Timed>,
    customers: Vec<Bound>,
}

impl Engine {
    /// Starts a population of customers, of whom all audiences are then asked at once.
    ///
    /// # Errors
    ///
    /// Facts that were bound to another engine.
    pub fn population(&self, facts: &BoundFacts) -> Result<PopulationBuilder, InputError> {
        self.same(facts)?;
        let compiled = &self.compiled;
        // What audiences read does not depend on the time, nor on what the facts are.
        let plan = Plan::new(compiled, &facts.tables, Instant(0));
        let tags: BTreeSet<usize> = plan
            .nodes
            .iter()
            .filter_map(|node| match node {
                Node::Tag(tag) => Some(*tag),
                _ => None,
            })
            .collect();
        let attributes: BTreeSet<usize> = plan
            .subjects
            .iter()
            .map(|subject| subject.from.attribute())
            .collect();
        Ok(PopulationBuilder {
            engine: self.clone(),
            facts: facts.clone(),
            tags: tags.into_iter().collect(),
            columns: attributes.into_iter().map(ColumnBuilder::new).collect(),
            asks: !plan.asked.is_empty(),
            asks_of_touches: compiled
                .campaigns
                .iter()
                .any(|campaign| campaign.audience_reads.touches),
            ids: String::new(),
            ends: Vec::new(),
            blocks: Vec::new(),
            held: Vec::new(),
            timed: Vec::new(),
            customers: Vec::new(),
        })
    }
}

impl Engine {
    /// Refuses facts that were bound to another engine.
    pub(super) fn same(&self, facts: &BoundFacts) -> Result<(), InputError> {
        if Arc::ptr_eq(&self.compiled, &facts.compiled) {
            return Ok(());
        }
        Err(InputError::new(
            "/facts",
            "the facts are bound to another engine; bind them to this one",
        ))
    }
}

impl PopulationBuilder {
    /// Takes a customer with their history; the row is that of the order in which they come, from 0.
    ///
    /// ```
    /// # use tactful::{Customer, Duration, Engine, Facts, Rulebook, UnknownTimeZone};
    /// # let book = Rulebook::new(tactful::chrono_tz::Europe::Berlin, UnknownTimeZone::House, Duration::days(7)).tag("tea");
    /// # let (engine, _) = Engine::compile(&book)?;
    /// let mut builder = engine.population(&engine.bind_facts(&Facts::new())?)?;
    /// assert_eq!(builder.push(&Customer::new("kim").tag("tea"), &[])?, 0);
    /// let error = builder.push(&Customer::new("lou").tag("coffee"), &[]).expect_err("no such tag");
    /// assert_eq!(error.path(), "/customer/tags/0");
    /// // Who is not taken leaves no gap.
    /// assert_eq!(builder.push(&Customer::new("lou"), &[])?, 1);
    /// assert_eq!(builder.build().len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Engine::bind`].
    pub fn push(&mut self, customer: &Customer, history: &[HistoryEntry]) -> Result<usize, InputError> {
        let bound = if self.asks_of_touches {
            self.engine.bind(customer, history, &self.facts)?
        } else {
            // Checked all the same, and then not needed.
            let bound = self.engine.bind(customer, &[], &self.facts)?;
            check_history(history)?;
            bound
        };
        Ok(self.take(bound))
    }

    fn take(&mut self, mut bound: Bound) -> usize {
        let row = self.ends.len();
        let in_block = row_number(row % BLOCK);
        self.ids.push_str(&bound.id);
        self.ends.push(self.ids.len());
        for held in &bound.tags {
            let Ok(tag) = self.tags.binary_search(&held.tag) else {
                continue;
            };
            if held.is_timed() {
                self.timed.push(Timed {
                    tag,
                    row: in_block,
                    since: held.since,
                    until: held.until,
                });
            } else {
                self.held.push((tag, in_block));
            }
        }
        for column in &mut self.columns {
            let value = bound.attributes.get(column.attribute);
            column.push(value.and_then(Option::as_ref).map(Into::into));
        }
        if self.asks {
            // What columns tell, and what only decisions read.
            bound.id = smol_str::SmolStr::default();
            bound.tags = Vec::new();
            bound.entries = Vec::new();
            bound.marks.shrink_to_fit();
            self.customers.push(bound);
        }
        if self.ends.len().is_multiple_of(BLOCK) {
            self.close();
        }
        row
    }

    /// Closes the block that is being filled.
    fn close(&mut self) {
        let start = self.blocks.last().map_or(0, |block| block.rows.end);
        let rows = start..self.ends.len();
        if rows.is_empty() {
            return;
        }
        let mut held = std::mem::take(&mut self.held);
        held.sort_unstable();
        held.dedup();
        let mut next = held.iter().peekable();
        let tags = (0..self.tags.len()).map(|tag| {
            let holders = std::iter::from_fn(|| next.next_if(|(held, _)| *held == tag));
            Rows::of(holders.map(|&(_, row)| row).collect(), rows.len())
        });
        let tags = tags.collect();
        let mut timed = std::mem::take(&mut self.timed);
        timed.sort_unstable();
        timed.shrink_to_fit();
        let mut customers = std::mem::take(&mut self.customers);
        customers.shrink_to_fit();
        self.blocks.push(Block {
            rows,
            tags,
            timed,
            customers,
        });
    }

    /// The population of all customers taken.
    pub fn build(mut self) -> Population {
        self.close();
        self.ids.shrink_to_fit();
        self.ends.shrink_to_fit();
        Population {
            engine: self.engine,
            facts: self.facts,
            tags: self.tags,
            columns: self.columns.into_iter().map(ColumnBuilder::build).collect(),
            ids: self.ids,
            ends: self.ends,
            blocks: self.blocks,
        }
    }
}
