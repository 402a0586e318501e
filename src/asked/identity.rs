//! Stable names and draws: keys of touches, buckets of customers. Never changed.
//!
//! XXH3 with seed 0 over fields that are each preceded by their length in bytes, 64 bits little-endian.

use smallvec::SmallVec;
use smol_str::{SmolStr, format_smolstr};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::{decision::Key, view::View};
use crate::{
    compiled::{
        campaign::KEY_TAIL,
        fields::{Fields, length},
        occurrence::Occurrence,
    },
    written::condition::Status,
};

/// Room for what the key of a customer begins with, and for what that of a campaign's first touch ends with: nearly all
/// have it, and what is written beforehand is copied at once.
pub(crate) type KeyHead = Fields<KEY_HEAD>;
pub(crate) type KeyTail = Fields<KEY_TAIL>;

const KEY_HEAD: usize = 32;

/// Hashes fields, each preceded by its length.
fn hashed<R>(fields: &[&str], hash: impl Fn(&[u8]) -> R) -> R {
    // Nearly all fit, and then nothing is allocated.
    if let Some(short) = Fields::<240>::of(fields) {
        return hash(short.written());
    }
    let mut long = Vec::new();
    for field in fields {
        long.extend_from_slice(&length(field));
        long.extend_from_slice(field.as_bytes());
    }
    hash(&long)
}

/// The key of fields of which both halves are written.
fn key_of(head: &KeyHead, tail: &KeyTail) -> Option<Key> {
    let mut bytes = [0_u8; KEY_HEAD + KEY_TAIL];
    *bytes.first_chunk_mut()? = head.bytes;
    *bytes.get_mut(head.length..)?.first_chunk_mut()? = tail.bytes;
    let length = head.length.saturating_add(tail.length);
    Some(Key(xxh3_128(bytes.get(..length)?)))
}

/// The bucket of a customer in the draw of a salt: 0 to 9,999.
pub(crate) fn bucket(salt: &str, customer: &str) -> u64 {
    let draw = u128::from(hashed(&[salt, customer], xxh3_64));
    u64::try_from(draw.saturating_mul(10_000) >> 64).unwrap_or(0)
}

/// Where the draws of a simulation start for one touch.
pub(crate) fn draw_of(seed: u64, customer: &str, key: &str) -> u64 {
    hashed(&[&format_smolstr!("{seed}"), customer, key], xxh3_64)
}

/// The key of the n-th touch of an occurrence.
pub(crate) fn key(customer: &str, campaign: &str, occurrence: &str, n: usize) -> Key {
    let n = match n {
        0 => SmolStr::new_static("0"),
        n => format_smolstr!("{n}"),
    };
    Key(hashed(&[customer, campaign, occurrence, &n], xxh3_128))
}

impl View<'_, '_> {
    /// The key of the next touch where it is the campaign's first, and both of its halves are written.
    #[inline]
    pub(crate) fn first_key(&self) -> Option<Key> {
        if self.ask.may_have_sent(self.campaign) {
            return None;
        }
        key_of(
            self.ask.bound.key_head.as_ref()?,
            self.campaign?.key_tail.as_ref()?,
        )
    }

    /// The key of the next touch of the occurrence with this id: the first that no touch of it carries. Touches without a
    /// key take the first free ones.
    pub(crate) fn next_key(&self, occurrence: &Occurrence, id: &str) -> Key {
        let Some(campaign) = self.campaign else {
            return Key(0);
        };
        if !self.ask.may_have_sent(self.campaign) {
            return key(&self.ask.bound.id, &campaign.id, id, 0);
        }
        let mut carried: SmallVec<[Key; 8]> = SmallVec::new();
        let mut unnamed = 0_usize;
        for (mark, entry) in self.belonging(occurrence) {
            match (&entry.key, mark.status) {
                (_, Status::Failed) => {}
                // A key that is none is carried by nothing that could come.
                (Some(key), _) => carried.extend(Key::read(key)),
                (None, _) => unnamed = unnamed.saturating_add(1),
            }
        }
        carried.sort_unstable();
        let mut n = 0_usize;
        loop {
            let key = key(&self.ask.bound.id, &campaign.id, id, n);
            if carried.binary_search(&key).is_err() {
                if unnamed == 0 {
                    return key;
                }
                unnamed = unnamed.saturating_sub(1);
            }
            n = n.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Worked out with an independent implementation of XXH3. These values may never change: buckets and keys that hosts
    // have stored hang on them.
    #[test]
    fn keys_and_buckets_are_what_they_always_were() {
        let fields = |fields: &[&str]| -> Vec<u8> {
            fields
                .iter()
                .flat_map(|field| [&(field.len() as u64).to_le_bytes()[..], field.as_bytes()].concat())
                .collect()
        };
        for customer in ["c-001", "", "客户", &"long".repeat(100)] {
            let bytes = fields(&["2026", customer]);
            let draw = twox_hash::XxHash3_64::oneshot(&bytes);
            assert_eq!(
                bucket("2026", customer),
                ((u128::from(draw) * 10_000) >> 64) as u64
            );
            let bytes = fields(&[customer, "coconut-latte", "once", "0"]);
            assert_eq!(
                key(customer, "coconut-latte", "once", 0).0,
                twox_hash::XxHash3_128::oneshot(&bytes)
            );
            // From both halves it is the same, where they have room.
            let head = KeyHead::of(&[customer]);
            assert_eq!(head.is_some(), customer.len() <= 24);
            let tail = KeyTail::of(&["coconut-latte", "once", "0"]).unwrap();
            if let Some(head) = head {
                assert_eq!(
                    key_of(&head, &tail),
                    Some(key(customer, "coconut-latte", "once", 0))
                );
            }
        }
    }
}
