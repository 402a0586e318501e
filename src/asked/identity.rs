//! Stable names and draws: keys of touches, buckets of customers. Never changed.
//!
//! XXH3 with seed 0 over fields that are each preceded by their length in bytes, 64 bits little-endian.

use smallvec::SmallVec;
use smol_str::format_smolstr;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::{decision::Key, occurrence::Occurrence, view::View};
use crate::written::condition::Status;

/// What is hashed of some fields.
fn fields(fields: &[&str]) -> SmallVec<[u8; 256]> {
    let mut bytes = SmallVec::new();
    for field in fields {
        bytes.extend_from_slice(&u64::try_from(field.len()).unwrap_or(u64::MAX).to_le_bytes());
        bytes.extend_from_slice(field.as_bytes());
    }
    bytes
}

/// The bucket of a customer in the draw of a salt: 0 to 9,999.
pub(crate) fn bucket(salt: &str, customer: &str) -> u64 {
    let draw = u128::from(xxh3_64(&fields(&[salt, customer])));
    u64::try_from(draw.saturating_mul(10_000) >> 64).unwrap_or(0)
}

/// The key of the n-th touch of an occurrence.
pub(crate) fn key(customer: &str, campaign: &str, occurrence: &str, n: usize) -> Key {
    Key(xxh3_128(&fields(&[
        customer,
        campaign,
        occurrence,
        &format_smolstr!("{n}"),
    ])))
}

impl View<'_, '_> {
    /// The key of the next touch of the occurrence: the first that no touch of it carries. Touches without a key take the
    /// first free ones.
    pub(crate) fn next_key(&self, occurrence: &Occurrence) -> Key {
        let Some(campaign) = self.campaign else {
            return Key(0);
        };
        let id = occurrence.id.written(campaign);
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
            let key = key(&self.ask.bound.id, &campaign.id, &id, n);
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
        }
    }
}
