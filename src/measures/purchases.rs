//! Measures of purchases.

use chrono::{DateTime, Utc};

use super::{Ratio, Record, Window, ratio::number};
use crate::{
    clock::instant::{Instant, SECOND},
    written::duration::Duration,
};

const DAY_SECONDS: f64 = 86_400.0;

/// The instants of a customer's purchases in a window, sorted. Purchases at one instant are one purchase.
fn instants(record: &Record<'_>, window: Window) -> Vec<DateTime<Utc>> {
    let purchases = record.customer.purchases.iter().flatten();
    let inside = purchases
        .map(|purchase| purchase.at)
        .filter(|&at| window.contains(at));
    let mut instants: Vec<DateTime<Utc>> = inside.collect();
    instants.sort_unstable();
    instants.dedup();
    instants
}

/// Customers who bought at least twice in the window, of those who bought at all.
///
/// ```
/// use tactful::{Customer, measures::{Record, Window, repurchase_rate}};
///
/// let window = Window::new("2026-11-01T00:00:00Z".parse()?, "2026-12-01T00:00:00Z".parse()?);
/// let twice = Customer::new("kim").purchase("2026-11-02T09:00:00Z".parse()?, 30.0).purchase("2026-11-20T09:00:00Z".parse()?, 42.0);
/// let once = Customer::new("lee").purchase("2026-11-02T09:00:00Z".parse()?, 30.0);
/// let never = Customer::new("max").known_purchases();
/// let rate = repurchase_rate([&twice, &once, &never].map(|customer| Record::new(customer, &[])), window);
/// assert_eq!((rate.numerator(), rate.denominator()), (1.0, 2.0));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn repurchase_rate<'a>(records: impl IntoIterator<Item = Record<'a>>, window: Window) -> Ratio {
    let counts = records.into_iter().map(|record| instants(&record, window).len());
    let (mut again, mut buyers) = (0_usize, 0_usize);
    for count in counts {
        again = again.saturating_add(usize::from(count > 1));
        buyers = buyers.saturating_add(usize::from(count > 0));
    }
    Ratio::of_counts(again, buyers, window)
}

/// Days between a customer's purchases and the next ones: their sum, over how many there are.
///
/// ```
/// use tactful::{Customer, measures::{Record, Window, repurchase_interval}};
///
/// let window = Window::new("2026-11-01T00:00:00Z".parse()?, "2026-12-01T00:00:00Z".parse()?);
/// let kim = Customer::new("kim")
///     .purchase("2026-11-01T09:00:00Z".parse()?, 30.0)
///     .purchase("2026-11-05T09:00:00Z".parse()?, 30.0)
///     .purchase("2026-11-15T09:00:00Z".parse()?, 30.0);
/// let interval = repurchase_interval([Record::new(&kim, &[])], window);
/// assert_eq!((interval.numerator(), interval.denominator(), interval.value()), (14.0, 2.0, Some(7.0)));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn repurchase_interval<'a>(records: impl IntoIterator<Item = Record<'a>>, window: Window) -> Ratio {
    let (mut seconds, mut gaps) = (0_i64, 0_usize);
    for record in records {
        let instants = instants(&record, window);
        if let [first, .., last] = instants.as_slice() {
            let length = Instant::from(*last)
                .since(Instant::from(*first))
                .div_euclid(SECOND);
            seconds = seconds.saturating_add(length);
            gaps = gaps.saturating_add(instants.len().saturating_sub(1));
        }
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a sum of seconds beyond 2^53 may be rounded"
    )]
    let days = seconds as f64 / DAY_SECONDS;
    Ratio::new(days, number(gaps), window)
}

/// What each customer's orders of a window came to, as far as their amounts are known, in the order of the records and then of
/// their instants and amounts: sums hang on it. Purchases at one instant are one order.
fn amounts<'a>(records: impl IntoIterator<Item = Record<'a>>, window: Window) -> Vec<Vec<f64>> {
    let of_customer = |record: Record<'_>| {
        let purchases = record.customer.purchases.iter().flatten();
        let inside = purchases.filter(|purchase| window.contains(purchase.at));
        let mut known: Vec<(DateTime<Utc>, f64)> = inside
            .filter_map(|purchase| Some((purchase.at, purchase.amount?)))
            .collect();
        known.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.total_cmp(&b.1)));
        let orders = known.chunk_by(|a, b| a.0 == b.0);
        orders
            .map(|order| order.iter().map(|(_, amount)| amount).sum())
            .collect()
    };
    records.into_iter().map(of_customer).collect()
}

/// What was spent in the window, over the customers who spent it (单客价): orders whose amount is not known are left out.
///
/// ```
/// use tactful::{Customer, measures::{Record, Window, spend_per_customer, spend_per_order}};
///
/// let window = Window::new("2026-11-01T00:00:00Z".parse()?, "2026-12-01T00:00:00Z".parse()?);
/// let kim = Customer::new("kim").purchase("2026-11-02T09:00:00Z".parse()?, 30.0).purchase("2026-11-20T09:00:00Z".parse()?, 42.0);
/// let lee = Customer::new("lee").purchase("2026-11-02T09:00:00Z".parse()?, 18.0);
/// let records = [Record::new(&kim, &[]), Record::new(&lee, &[])];
/// assert_eq!(spend_per_customer(records, window).value(), Some(45.0)); // 90 by two
/// assert_eq!(spend_per_order(records, window).value(), Some(30.0)); // 90 by three
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn spend_per_customer<'a>(records: impl IntoIterator<Item = Record<'a>>, window: Window) -> Ratio {
    let amounts = amounts(records, window);
    let buyers = amounts.iter().filter(|amounts| !amounts.is_empty()).count();
    Ratio::new(sum(&amounts), number(buyers), window)
}

/// What was spent in the window, over the orders: those whose amount is not known are left out.
pub fn spend_per_order<'a>(records: impl IntoIterator<Item = Record<'a>>, window: Window) -> Ratio {
    let amounts = amounts(records, window);
    let orders = amounts.iter().map(Vec::len).fold(0, usize::saturating_add);
    Ratio::new(sum(&amounts), number(orders), window)
}

fn sum(amounts: &[Vec<f64>]) -> f64 {
    amounts.iter().flatten().sum()
}

/// Customers who were active in the window and not in the time of the same length after it, of those who were active in it.
/// Active is who bought, or answered a touch by one of these kinds.
///
/// For the churn of 30 days as of today, the window is from 60 to 30 days ago.
///
/// ```
/// use tactful::{Customer, measures::{Record, Window, churn}};
///
/// // October's customers, and who of them came back in the 31 days after it.
/// let october = Window::new("2026-10-01T00:00:00Z".parse()?, "2026-11-01T00:00:00Z".parse()?);
/// let stays = Customer::new("kim").purchase("2026-10-02T09:00:00Z".parse()?, 30.0).purchase("2026-11-20T09:00:00Z".parse()?, 42.0);
/// let leaves = Customer::new("lee").purchase("2026-10-05T09:00:00Z".parse()?, 18.0);
/// let comes = Customer::new("max").purchase("2026-11-05T09:00:00Z".parse()?, 18.0);
/// let gone = churn([&stays, &leaves, &comes].map(|customer| Record::new(customer, &[])), &["replied"], october);
/// assert_eq!((gone.numerator(), gone.denominator()), (1.0, 2.0));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn churn<'a>(records: impl IntoIterator<Item = Record<'a>>, kinds: &[&str], window: Window) -> Ratio {
    let length = Duration::microseconds(Instant::from(window.until()).since(Instant::from(window.from())));
    let end = Instant::from(window.until()).plus(length.micros);
    let after = Window::new(window.until(), end.into());
    let active = |record: &Record<'_>, window: Window| {
        let bought = record
            .customer
            .purchases
            .iter()
            .flatten()
            .map(|purchase| purchase.at);
        let responses = record.history.iter().flat_map(|entry| &entry.responses);
        let answered = responses.filter(|response| kinds.contains(&response.kind.as_str()));
        let mut instants = bought.chain(answered.map(|response| response.at));
        instants.any(|at| window.contains(at))
    };
    let (mut gone, mut all) = (0_usize, 0_usize);
    for record in records.into_iter().filter(|record| active(record, window)) {
        all = all.saturating_add(1);
        gone = gone.saturating_add(usize::from(!active(&record, after)));
    }
    Ratio::of_counts(gone, all, window)
}
