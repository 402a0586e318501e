//! Ratios with what they are made of.

use serde::Serialize;

use super::Window;

/// A numerator over a denominator, counted or summed in a window of time.
///
/// Counts are whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ratio {
    numerator: f64,
    denominator: f64,
    window: Window,
}

impl Ratio {
    /// A ratio of sums of your own, such as private customers' part of a shop's revenue.
    ///
    /// ```
    /// use tactful::measures::{Ratio, Window};
    ///
    /// let november = Window::new("2026-11-01T00:00:00Z".parse()?, "2026-12-01T00:00:00Z".parse()?);
    /// assert_eq!(Ratio::new(3_000.0, 12_000.0, november).value(), Some(0.25));
    /// assert_eq!(Ratio::new(0.0, 0.0, november).value(), None); // Of nothing there is no share.
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    pub fn new(numerator: f64, denominator: f64, window: Window) -> Self {
        Self {
            numerator,
            denominator,
            window,
        }
    }

    pub(super) fn of_counts(numerator: usize, denominator: usize, window: Window) -> Self {
        Self::new(number(numerator), number(denominator), window)
    }

    /// What is above the line.
    pub fn numerator(&self) -> f64 {
        self.numerator
    }

    /// What is below the line.
    pub fn denominator(&self) -> f64 {
        self.denominator
    }

    /// When what is below the line happened.
    pub fn window(&self) -> Window {
        self.window
    }

    /// The quotient; none of nothing, and none that is no finite number.
    pub fn value(&self) -> Option<f64> {
        let value = self.numerator / self.denominator;
        Some(value).filter(|value| value.is_finite())
    }
}

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "no memory holds 2^53 of anything")]
pub(super) fn number(count: usize) -> f64 {
    count as f64
}
