//! The fingerprint of a rulebook: which rules a decision was made by.

use smol_str::SmolStr;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::{
    presets,
    written::{as_document::AsDocument, campaign::Campaign, document::Document, rulebook::Rulebook},
};

/// The hashes of a rulebook's parts as they are written, presets spelled out: the same for the same rules, on every
/// platform. A campaign that changes changes its own, so that the rest need not be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fingerprints {
    /// Of all but the campaigns.
    frame: u128,
    /// The campaigns' ids and hashes, as they are written.
    campaigns: Vec<(SmolStr, u128)>,
}

impl Fingerprints {
    pub(super) fn of(book: &Rulebook) -> Self {
        let frame = book.without_campaigns();
        let mut hash = Xxh3::new();
        add(&frame.as_document(), &mut hash);
        for policy in presets::policies_of(book) {
            add(&policy.as_document(), &mut hash);
        }
        let campaigns = book.campaigns.iter();
        Self {
            frame: hash.digest128(),
            campaigns: campaigns
                .map(|campaign| (campaign.id.as_str().into(), of_campaign(campaign)))
                .collect(),
        }
    }

    /// Of the whole rulebook.
    pub(crate) fn all(&self) -> u128 {
        let mut hash = Xxh3::new();
        hash.update(&self.frame.to_le_bytes());
        for (_, campaign) in &self.campaigns {
            hash.update(&campaign.to_le_bytes());
        }
        hash.digest128()
    }

    /// A number that hangs on all of the rulebook.
    pub(super) fn seed(&self) -> u64 {
        xxh3_64(&self.all().to_le_bytes())
    }

    /// Puts a campaign in the place of the one with its id, or at the end.
    pub(super) fn set(&mut self, campaign: &Campaign) {
        let hash = of_campaign(campaign);
        match self.campaigns.iter_mut().find(|(id, _)| *id == campaign.id) {
            Some((_, known)) => *known = hash,
            None => self.campaigns.push((campaign.id.as_str().into(), hash)),
        }
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.campaigns.retain(|(known, _)| known != id);
    }
}

fn of_campaign(campaign: &Campaign) -> u128 {
    let mut hash = Xxh3::new();
    add(&campaign.as_document(), &mut hash);
    hash.digest128()
}

/// Every value is preceded by its kind, and every text and list by its length, so that no two documents look alike.
fn add(document: &Document, hash: &mut Xxh3) {
    let mut sized = |kind: u8, length: usize| {
        hash.update(&[kind]);
        hash.update(&u64::try_from(length).unwrap_or(u64::MAX).to_le_bytes());
    };
    match document {
        Document::Null | Document::TooDeep => sized(0, 0),
        Document::Boolean(value) => sized(1, usize::from(*value)),
        Document::Integer(value) => {
            sized(2, 0);
            hash.update(&value.to_le_bytes());
        }
        Document::Unsigned(value) => {
            sized(3, 0);
            hash.update(&value.to_le_bytes());
        }
        Document::Number(value) => {
            sized(4, 0);
            hash.update(&value.to_bits().to_le_bytes());
        }
        Document::Text(text) => {
            sized(5, text.len());
            hash.update(text.as_bytes());
        }
        Document::List(list) => {
            sized(6, list.len());
            list.iter().for_each(|item| add(item, hash));
        }
        Document::Object(members) => {
            sized(7, members.len());
            for (name, value) in members {
                add(&Document::Text(name.clone()), hash);
                add(value, hash);
            }
        }
    }
}
