//! Daily windows on the wall clock.

use crate::{
    clock::{
        instant::{DAY, Instant},
        wall::{Day, Reading, weekday_of},
        zone::Clock,
    },
    compiled::rule::{Days, Window},
};

impl Window {
    /// Whether the wall's reading at `t` is inside. A window belongs to the day on which it starts.
    pub(crate) fn contains(&self, clock: Clock, t: Instant) -> bool {
        self.shows(clock.read(t))
    }

    #[inline]
    fn shows(&self, reading: Reading) -> bool {
        if self.from < self.to {
            self.from <= reading.time && reading.time < self.to && self.starts_on(reading.day)
        } else {
            (self.from <= reading.time && self.starts_on(reading.day))
                || (reading.time < self.to && self.starts_on(reading.day.saturating_sub(1)))
        }
    }

    fn starts_on(&self, day: Day) -> bool {
        match &self.days {
            Days::Every => true,
            Days::Listed { weekdays, dates } => {
                weekdays.checked_shr(u32::from(weekday_of(day))).unwrap_or(0) & 1 == 1
                    || dates.binary_search(&day).is_ok()
            }
        }
    }

    /// The first instant after `t` at which [`Window::contains`] may change.
    pub(crate) fn next_change(&self, clock: Clock, t: Instant) -> Instant {
        self.change_after(clock.read(t))
    }

    fn change_after(&self, reading: Reading) -> Instant {
        let boundary = [self.from, self.to, DAY]
            .into_iter()
            .filter(|&time| time > reading.time)
            .min()
            .unwrap_or(DAY);
        reading.instant(reading.day, boundary).min(reading.until)
    }

    /// Whether the reading of any of the clocks at `t` is inside.
    pub(crate) fn contains_any(&self, clocks: &[Clock], t: Instant) -> bool {
        clocks.iter().any(|&clock| self.contains(clock, t))
    }

    /// Whether there are clocks, and the reading of none is inside at `t`.
    #[inline]
    pub(crate) fn is_open(&self, clocks: &[Clock], t: Instant) -> bool {
        !clocks.is_empty() && !self.contains_any(clocks, t)
    }

    /// Where [`Window::contains_any`] holds at `t`: an instant after `t`, not after the first at which it does not.
    pub(crate) fn contains_until(&self, clocks: &[Clock], t: Instant) -> Option<Instant> {
        let readings = clocks.iter().map(|clock| clock.read(t));
        // Every instant before the latest of these changes is inside for one of the clocks.
        readings
            .filter(|&reading| self.shows(reading))
            .map(|reading| self.change_after(reading))
            .max()
    }
}
