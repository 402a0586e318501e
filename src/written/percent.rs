//! Percentages.

use std::fmt;

/// A share of 0 to 100 percent with at most two decimals.
///
/// ```
/// use tactful::Percent;
///
/// assert_eq!(Percent::new(5.25)?.to_string(), "5.25");
/// assert!(Percent::new(0.005).is_err());
/// assert!(Percent::new(101.0).is_err());
/// # Ok::<(), tactful::PercentError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent {
    /// Hundredths of a percent, 0 to 10,000.
    basis_points: u16,
}

/// Why a number is not a [`Percent`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("`{number}` is not a percentage; write 0 to 100 with at most two decimals")]
pub struct PercentError {
    number: f64,
}

impl Percent {
    /// A share, if it is one.
    ///
    /// # Errors
    ///
    /// A number below 0, above 100, with more than two decimals, or none at all.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be within 0 to 10,000"
    )]
    pub fn new(percent: f64) -> Result<Self, PercentError> {
        if (0.0..=100.0).contains(&percent) {
            let basis_points = (percent * 100.0).round() as u16;
            // Division rounds correctly, so this is exactly the number that two decimals are read as.
            if f64::from(basis_points) / 100.0 == percent {
                return Ok(Self { basis_points });
            }
        }
        Err(PercentError { number: percent })
    }

    /// Hundredths of a percent, 0 to 10,000.
    pub fn basis_points(self) -> u16 {
        self.basis_points
    }

    pub(crate) fn from_basis_points(basis_points: u16) -> Self {
        Self { basis_points }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", f64::from(self.basis_points) / 100.0)
    }
}
