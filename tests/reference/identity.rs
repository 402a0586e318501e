//! Keys and buckets: XXH3 with seed 0 over length-prefixed fields.

use twox_hash::{XxHash3_64, XxHash3_128};

/// Each field as its length in bytes (u64 little endian), then its bytes.
fn prefixed(fields: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for field in fields {
        bytes.extend((field.len() as u64).to_le_bytes());
        bytes.extend(field.as_bytes());
    }
    bytes
}

pub fn key(customer: &str, campaign: &str, occurrence: &str, n: usize) -> String {
    format!(
        "{:032x}",
        XxHash3_128::oneshot(&prefixed(&[customer, campaign, occurrence, &n.to_string()]))
    )
}

/// ⌊h × 10000 / 2^64⌋, 0 to 9999.
pub fn bucket(salt: &str, customer: &str) -> u64 {
    ((u128::from(XxHash3_64::oneshot(&prefixed(&[salt, customer]))) * 10_000) >> 64) as u64
}
