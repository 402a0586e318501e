//! How much one question may hold, so that a decision's time and memory are bounded.

/// Entries of a history.
pub(crate) const MOST_HISTORY: usize = 10_000;
/// Responses of one entry.
pub(crate) const MOST_RESPONSES: usize = 1_000;
/// Purchases of a customer.
pub(crate) const MOST_PURCHASES: usize = 10_000;
/// Tags of a customer.
pub(crate) const MOST_TAGS: usize = 5_000;
/// Senders of a customer.
pub(crate) const MOST_SENDERS: usize = 1_000;
/// Recorded consents of a customer.
pub(crate) const MOST_CONSENTS: usize = 5_000;
/// Values of the facts, all keys counted.
pub(crate) const MOST_FACT_VALUES: usize = 1_000_000;
/// Bytes of one name or text.
pub(crate) const MOST_TEXT_BYTES: usize = 64 * 1024;

/// Whether a text is not too long.
#[inline]
pub(crate) fn fits(text: &str) -> bool {
    text.len() <= MOST_TEXT_BYTES
}

/// Whether a text names something.
#[inline]
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && fits(text)
}
