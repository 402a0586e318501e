//! Which campaigns of a block ask for a tag, or refuse it.

use super::mask::Mask;

/// What asks for a tag, or refuses it.
#[derive(Debug)]
pub(super) struct TagEntry {
    pub(super) tag: usize,
    pub(super) wanted: Mask,
    pub(super) refused: Mask,
}

/// The entries, found by the tag's number: at most half of the places are taken, and a search goes on to the next place
/// until it finds a free one.
#[derive(Debug)]
pub(super) struct Tags {
    places: Box<[Option<Box<TagEntry>>]>,
}

impl Tags {
    pub(super) fn new(entries: impl ExactSizeIterator<Item = TagEntry>) -> Self {
        let size = entries.len().saturating_mul(2).next_power_of_two();
        let mut places: Box<[Option<Box<TagEntry>>]> = (0..size).map(|_| None).collect();
        for entry in entries {
            let start = Self::start(entry.tag, size);
            let free = (0..size).map(|step| start.wrapping_add(step) & size.wrapping_sub(1));
            let free = free
                .into_iter()
                .find(|&place| matches!(places.get(place), Some(None)));
            if let Some(place) = free.and_then(|place| places.get_mut(place)) {
                *place = Some(Box::new(entry));
            }
        }
        Self { places }
    }

    #[inline]
    fn start(tag: usize, size: usize) -> usize {
        // Spreads neighbouring numbers over the places.
        let spread = u64::try_from(tag)
            .unwrap_or(0)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            >> 32;
        usize::try_from(spread).unwrap_or(0) & size.wrapping_sub(1)
    }

    #[inline]
    pub(super) fn get(&self, tag: usize) -> Option<&TagEntry> {
        let size = self.places.len();
        let mut place = Self::start(tag, size);
        loop {
            let entry = self.places.get(place)?.as_ref()?;
            if entry.tag == tag {
                return Some(entry);
            }
            place = place.wrapping_add(1) & size.wrapping_sub(1);
        }
    }
}
