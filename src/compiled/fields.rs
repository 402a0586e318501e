//! Fields as they are hashed: one after the other, each preceded by its length in bytes, 64 bits little-endian.

/// Fields that have room in so many bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<const ROOM: usize> {
    /// Nothing after the last field.
    pub(crate) bytes: [u8; ROOM],
    pub(crate) length: usize,
}

impl<const ROOM: usize> Fields<ROOM> {
    /// None where there is too little room.
    pub(crate) fn of(fields: &[&str]) -> Option<Self> {
        let mut bytes = [0; ROOM];
        let left = write(fields, &mut bytes)?;
        Some(Self {
            bytes,
            length: ROOM.saturating_sub(left),
        })
    }

    /// What is written.
    pub(crate) fn written(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Writes fields: how many bytes are left, if they fit.
fn write(fields: &[&str], mut bytes: &mut [u8]) -> Option<usize> {
    for field in fields {
        let (before, after) = bytes.split_first_chunk_mut()?;
        *before = length(field);
        let (text, after) = after.split_at_mut_checked(field.len())?;
        text.copy_from_slice(field.as_bytes());
        bytes = after;
    }
    Some(bytes.len())
}

/// The bytes before a field.
pub(crate) fn length(field: &str) -> [u8; 8] {
    u64::try_from(field.len()).unwrap_or(u64::MAX).to_le_bytes()
}
