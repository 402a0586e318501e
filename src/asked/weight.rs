//! Preferences: how much an instant is liked among those that are allowed.

use super::view::View;
use crate::{
    clock::{instant::Instant, zone::Clock},
    compiled::{
        condition::Truth,
        rule::{Effect, Preference, Rule},
    },
};

const HOUR: i64 = 3_600 * crate::clock::instant::SECOND;

impl<'a> View<'a, '_> {
    fn preferences(&self) -> impl Iterator<Item = &'a Rule> + use<'a> {
        self.rules()
            .filter(|rule| matches!(rule.then, Effect::Prefer { .. }))
    }

    /// The summed weight of an instant. With several zones each preference counts the least of them.
    pub(crate) fn weight(&self, t: Instant) -> i64 {
        let mut sum = 0_i128;
        for rule in self.preferences() {
            if let Effect::Prefer { what, weight, zone } = &rule.then
                && self.holds(rule.when.as_ref(), t) == Truth::True
            {
                let weights = self
                    .ask
                    .clocks(zone)
                    .iter()
                    .map(|&clock| self.preferred(what, *weight, clock, t));
                sum = sum.saturating_add(weights.min().unwrap_or(0));
            }
        }
        i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
    }

    fn preferred(&self, what: &Preference, weight: i64, clock: Clock, t: Instant) -> i128 {
        match what {
            Preference::Window(window) if window.contains(clock, t) => i128::from(weight),
            Preference::Window(_) => 0,
            Preference::ActiveHours { at_least } => {
                let Some(hours) = &self.ask.bound.active_hours else {
                    return 0;
                };
                let total = hours
                    .iter()
                    .fold(0_u128, |sum, &count| sum.saturating_add(u128::from(count)));
                if total < u128::from(*at_least) {
                    return 0;
                }
                let hour = usize::try_from(clock.read(t).time.div_euclid(HOUR)).unwrap_or(0);
                let count = hours.get(hour).copied().unwrap_or(0);
                i128::from(weight).saturating_mul(i128::from(count))
            }
        }
    }

    /// The first instant after `t` at which the weight may change.
    pub(crate) fn weight_change(&self, t: Instant) -> Instant {
        let mut next = Instant::MAX;
        for rule in self.preferences() {
            if let Effect::Prefer { what, zone, .. } = &rule.then {
                next = next.min(self.next_change_of(rule.when.as_ref(), t));
                for &clock in self.ask.clocks(zone) {
                    next = next.min(match what {
                        Preference::Window(window) => window.next_change(clock, t),
                        Preference::ActiveHours { .. } => {
                            let reading = clock.read(t);
                            let hour = reading
                                .time
                                .div_euclid(HOUR)
                                .saturating_add(1)
                                .saturating_mul(HOUR);
                            reading.instant(reading.day, hour).min(reading.until)
                        }
                    });
                }
            }
        }
        next
    }
}
