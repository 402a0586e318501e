//! Revenue as traffic × entry × conversion × order value.

use serde::Serialize;

use super::{Ratio, Window};

/// How traffic became revenue: four numbers that a house counts, and the three ratios whose product they are.
///
/// ```
/// use tactful::measures::{Funnel, Window};
///
/// let november = Window::new("2026-11-01T00:00:00Z".parse()?, "2026-12-01T00:00:00Z".parse()?);
/// let funnel = Funnel::new(10_000, 800, 120, 4_200.0, november);
/// assert_eq!(funnel.entry().value(), Some(0.08)); // of those who saw it
/// assert_eq!(funnel.conversion().value(), Some(0.15)); // of those who came in
/// assert_eq!(funnel.order_value().value(), Some(35.0));
/// assert_eq!(funnel.revenue(), 4_200.0);
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Funnel {
    traffic: u64,
    entered: u64,
    orders: u64,
    revenue: f64,
    window: Window,
}

impl Funnel {
    /// How many saw it, how many came in, how many orders were placed, and what they brought.
    pub fn new(traffic: u64, entered: u64, orders: u64, revenue: f64, window: Window) -> Self {
        Self {
            traffic,
            entered,
            orders,
            revenue,
            window,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts beyond 2^53 may be rounded")]
    fn ratio(&self, numerator: u64, denominator: u64) -> Ratio {
        Ratio::new(numerator as f64, denominator as f64, self.window)
    }

    /// Who came in, of the traffic.
    pub fn entry(&self) -> Ratio {
        self.ratio(self.entered, self.traffic)
    }

    /// Orders, of those who came in.
    pub fn conversion(&self) -> Ratio {
        self.ratio(self.orders, self.entered)
    }

    /// Revenue per order.
    pub fn order_value(&self) -> Ratio {
        Ratio::new(self.revenue, self.ratio(self.orders, 0).numerator(), self.window)
    }

    /// What the orders brought: traffic × entry × conversion × order value, where none of them is of nothing.
    pub fn revenue(&self) -> f64 {
        self.revenue
    }
}
