//! How names are hashed.

use std::hash::{BuildHasher, Hasher};

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Hashes names: they are short, and a history has many, so that the hash is most of what binding one costs. The seed
/// should hang on all of the rulebook: then nobody can choose names that collide.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameHash(pub(crate) u64);

impl BuildHasher for NameHash {
    type Hasher = NameHasher;

    fn build_hasher(&self) -> NameHasher {
        NameHasher(self.0)
    }
}

/// The state of a [`NameHash`].
pub(crate) struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    // The mark that ends a text tells apart lists of texts; a name is one text.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0
    }
}
