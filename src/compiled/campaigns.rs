//! All campaigns in the order in which they rank as far as that is known beforehand, in blocks that change apart.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use smol_str::SmolStr;

use super::{campaign::Campaign, engine::Derived, index::Index};

/// How many campaigns a block holds at most.
pub(crate) const BLOCK: usize = 256;

/// Some campaigns that rank next to each other, with the index that finds those that can concern a customer.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) campaigns: Vec<Arc<Campaign>>,
    pub(crate) index: Index,
}

impl Block {
    fn new(campaigns: Vec<Arc<Campaign>>, derived: &[Derived]) -> Arc<Self> {
        let index = Index::new(&campaigns, derived);
        Arc::new(Self { campaigns, index })
    }
}

/// What campaigns rank by before any customer is known.
pub(crate) type Place<'c> = (Reverse<i64>, Reverse<i64>, &'c str);

impl Campaign {
    /// What the campaign ranks by.
    pub(crate) fn place(&self) -> Place<'_> {
        (Reverse(self.priority), Reverse(self.score.base), &self.id)
    }
}

/// The campaigns by priority, base score (both high first) and id.
#[derive(Debug, Clone, Default)]
pub(crate) struct Campaigns {
    blocks: Vec<Arc<Block>>,
    /// The priorities at which some campaign's score hangs on the customer, with how many campaigns that is: there, the
    /// rank is known only when all that match are.
    scored: BTreeMap<i64, usize>,
    by_id: BTreeMap<SmolStr, Arc<Campaign>>,
}

impl Campaigns {
    pub(crate) fn new(mut campaigns: Vec<Arc<Campaign>>, derived: &[Derived]) -> Self {
        campaigns.sort_by(|a, b| a.place().cmp(&b.place()));
        let mut scored = BTreeMap::new();
        for campaign in campaigns.iter().filter(|campaign| campaign.is_scored()) {
            let count: &mut usize = scored.entry(campaign.priority).or_default();
            *count = count.saturating_add(1);
        }
        let by_id = campaigns
            .iter()
            .map(|campaign| (campaign.id.clone(), campaign.clone()));
        Self {
            scored,
            by_id: by_id.collect(),
            blocks: campaigns
                .chunks(BLOCK)
                .map(|chunk| Block::new(chunk.to_vec(), derived))
                .collect(),
        }
    }

    /// Adds a campaign whose id is new. Only one block is made anew, or two where it was full.
    pub(crate) fn insert(&mut self, campaign: Arc<Campaign>, derived: &[Derived]) {
        if campaign.is_scored() {
            let count = self.scored.entry(campaign.priority).or_default();
            *count = count.saturating_add(1);
        }
        self.by_id.insert(campaign.id.clone(), campaign.clone());
        let number = self.block_of(&campaign);
        let Some(block) = self.blocks.get_mut(number) else {
            self.blocks.push(Block::new(vec![campaign], derived));
            return;
        };
        let mut campaigns = block.campaigns.clone();
        let at = campaigns.partition_point(|other| other.place() < campaign.place());
        campaigns.insert(at, campaign);
        if campaigns.len() > BLOCK {
            let rest = campaigns.split_off(campaigns.len() / 2);
            *block = Block::new(campaigns, derived);
            self.blocks
                .insert(number.saturating_add(1), Block::new(rest, derived));
        } else {
            *block = Block::new(campaigns, derived);
        }
    }

    /// Takes a campaign out. Only its block is made anew.
    pub(crate) fn remove(&mut self, id: &str, derived: &[Derived]) -> Option<Arc<Campaign>> {
        let campaign = self.by_id.remove(id)?;
        if campaign.is_scored()
            && let Some(count) = self.scored.get_mut(&campaign.priority)
        {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.scored.remove(&campaign.priority);
            }
        }
        let number = self.block_of(&campaign);
        if let Some(block) = self.blocks.get_mut(number) {
            let left: Vec<_> = block
                .campaigns
                .iter()
                .filter(|other| other.id != campaign.id)
                .cloned()
                .collect();
            if left.is_empty() {
                self.blocks.remove(number);
            } else {
                *block = Block::new(left, derived);
            }
        }
        Some(campaign)
    }

    /// The number of the block in which a campaign is, or belongs.
    fn block_of(&self, campaign: &Campaign) -> usize {
        let starts_after = |block: &Arc<Block>| {
            let first = block.campaigns.first();
            first.is_some_and(|first| first.place() <= campaign.place())
        };
        self.blocks.partition_point(starts_after).saturating_sub(1)
    }

    pub(crate) fn blocks(&self) -> &[Arc<Block>] {
        &self.blocks
    }

    /// All campaigns, as they rank.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Campaign> {
        self.blocks
            .iter()
            .flat_map(|block| &block.campaigns)
            .map(|campaign| &**campaign)
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&Campaign> {
        self.by_id.get(id).map(|campaign| &**campaign)
    }

    /// Whether the campaigns of a priority rank by scores that hang on the customer.
    pub(crate) fn is_scored(&self, priority: i64) -> bool {
        self.scored.contains_key(&priority)
    }
}

impl Campaign {
    /// Whether its score hangs on the customer.
    fn is_scored(&self) -> bool {
        !self.score.add.is_empty()
    }
}

#[cfg(test)]
mod tests;
