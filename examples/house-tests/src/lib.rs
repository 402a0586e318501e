//! The coffee shop: what its service would have, as far as its tests need it.

use tactful::Rulebook;

/// The shop's rulebook.
///
/// # Errors
///
/// If the file is not a rulebook.
pub fn rulebook() -> Result<Rulebook, serde_json::Error> {
    serde_json::from_str(include_str!("../rulebook/rulebook.json"))
}
