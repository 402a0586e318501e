//! Keys: XXH3 over fields that are each preceded by their length, half of them known from the customer, half from the
//! campaign.

use xxhash_rust::xxh3::xxh3_128;

/// Room for the fields of a customer and of a campaign. Ids are short here, and copies of one size are cheap.
const HEAD: usize = 32;
const TAIL: usize = 48;

/// Fields, written one after the other.
pub(super) struct Part<const ROOM: usize> {
    bytes: [u8; ROOM],
    length: usize,
}

pub(super) type Head = Part<HEAD>;
pub(super) type Tail = Part<TAIL>;

impl<const ROOM: usize> Part<ROOM> {
    /// # Panics
    ///
    /// Where the fields have no room.
    pub(super) fn new(fields: &[&str]) -> Self {
        let mut part = Self {
            bytes: [0; ROOM],
            length: 0,
        };
        for field in fields {
            let length = field.len().to_le_bytes();
            for written in [&length[..], field.as_bytes()] {
                part.bytes[part.length..][..written.len()].copy_from_slice(written);
                part.length += written.len();
            }
        }
        part
    }
}

pub(super) fn key(head: &Head, tail: &Tail) -> u128 {
    let mut bytes = [0; HEAD + TAIL];
    bytes[..HEAD].copy_from_slice(&head.bytes);
    bytes[head.length..][..TAIL].copy_from_slice(&tail.bytes);
    xxh3_128(&bytes[..head.length + tail.length])
}
