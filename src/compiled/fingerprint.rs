//! The fingerprint of a rulebook: which rules a decision was made by.

use xxhash_rust::xxh3::Xxh3;

use crate::{
    presets,
    written::{as_document::AsDocument, document::Document, rulebook::Rulebook},
};

/// A hash of the rulebook as it is written, presets spelled out: the same for the same rules, on every platform.
pub(super) fn fingerprint(book: &Rulebook) -> u128 {
    let mut hash = Xxh3::new();
    add(&book.as_document(), &mut hash);
    for source in &book.policies {
        if let Some(policy) = presets::policy_of(source, book) {
            add(&policy.as_document(), &mut hash);
        }
    }
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
