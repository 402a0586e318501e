//! Daily windows on the wall clock.

use crate::{
    clock::{
        instant::{DAY, Instant},
        wall::{Day, weekday_of},
        zone::Clock,
    },
    compiled::rule::{Days, Window},
};

impl Window {
    /// Whether the wall's reading at `t` is inside. A window belongs to the day on which it starts.
    pub(crate) fn contains(&self, clock: Clock, t: Instant) -> bool {
        let reading = clock.read(t);
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
        let reading = clock.read(t);
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

    /// Where [`Window::contains_any`] holds at `t`: an instant after `t`, not after the first at which it does not.
    pub(crate) fn escape(&self, clocks: &[Clock], t: Instant) -> Instant {
        let inside = clocks.iter().filter(|&&clock| self.contains(clock, t));
        // Every instant before the latest of these changes is inside for one of the clocks.
        inside
            .map(|&clock| self.next_change(clock, t))
            .max()
            .unwrap_or(Instant::MAX)
    }
}
