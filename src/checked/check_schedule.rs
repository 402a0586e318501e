//! Checking schedules.

use std::collections::BTreeSet;

use super::{
    check::{Checker, Place},
    nearest::quoted,
    path::Path,
    problem::{Code, WarningCode},
};
use crate::written::{
    calendar::{LocalDateTime, LocalTime},
    duration::Duration,
    rulebook::ValueType,
    schedule::{Cycle, Schedule, Wave},
};

impl Checker<'_> {
    /// A schedule.
    pub(crate) fn schedule(&mut self, schedule: &Schedule, path: &Path<'_>) {
        match schedule {
            Schedule::Always => {}
            Schedule::Between(between) => self.between(between.from, between.to, &path.member("between")),
            Schedule::After { anchor, from, until } => {
                let member = path.member("after");
                let value_type = self.attribute(anchor, &member);
                if value_type.is_some_and(|value_type| value_type != ValueType::DateTime) {
                    let sentence =
                        format!("{} is not a `date-time`, which an anchor must be", quoted(anchor));
                    self.problem(&member, Code::BadType, sentence);
                }
                self.offsets(*from, *until, path);
            }
            Schedule::Every {
                cycle,
                of,
                from,
                until,
                ..
            } => {
                let member = path.member("of");
                let value_type = self.attribute(of, &member);
                if value_type
                    .is_some_and(|value_type| !matches!(value_type, ValueType::Date | ValueType::DateTime))
                {
                    let sentence = format!(
                        "{} is not a `date` or `date-time`, which an anchor must be",
                        quoted(of)
                    );
                    self.problem(&member, Code::BadType, sentence);
                }
                let furthest = match cycle {
                    Cycle::Year => Duration::days(366),
                    Cycle::Month => Duration::days(31),
                };
                for (member, offset) in [("from", from), ("until", until)] {
                    if offset.micros.saturating_abs() > furthest.micros {
                        let sentence =
                            format!("`{offset}` is too far; write at most `{furthest}` either way");
                        self.problem(&path.member(member), Code::BadDuration, sentence);
                    }
                }
                self.offsets(*from, *until, path);
            }
            Schedule::On {
                days,
                days_of_month,
                months,
                window,
                ..
            } => {
                let on = path.member("on");
                self.days(days.as_deref(), &on.member("days"));
                let member = on.member("days_of_month");
                self.days(days_of_month.as_deref(), &member);
                for (index, day) in days_of_month.iter().flatten().enumerate() {
                    if *day == 0 || !(-31..=31).contains(day) {
                        let sentence =
                            format!("`{day}` is no day of a month; write 1 to 31, or -1 to -31 from its end");
                        self.problem(&member.index(index), Code::BadValue, sentence);
                    }
                }
                let member = on.member("months");
                self.days(months.as_deref(), &member);
                for (index, month) in months.iter().flatten().enumerate() {
                    if !(1..=12).contains(month) {
                        let sentence = format!("`{month}` is no month; write 1 to 12");
                        self.problem(&member.index(index), Code::BadValue, sentence);
                    }
                }
                self.window(*window, &on);
            }
            Schedule::Waves { waves, .. } => self.waves(waves, &path.member("waves")),
        }
    }

    fn between(&mut self, from: LocalDateTime, to: LocalDateTime, path: &Path<'_>) {
        if from.time == LocalTime::END_OF_DAY {
            let sentence = "`24:00` ends a day and starts none; write `00:00` of the next";
            self.problem(&path.index(0), Code::BadDate, sentence);
        } else if from.wall_clock() >= to.wall_clock() {
            let sentence = format!("`{from}` is not before `{to}`; write the start first");
            self.problem(path, Code::EmptyWindow, sentence);
        }
    }

    fn offsets(&mut self, from: Duration, until: Duration, path: &Path<'_>) {
        if from >= until {
            let sentence =
                format!("`from` is `{from}` and `until` is `{until}`; write an `until` after `from`");
            self.problem(path, Code::EmptyWindow, sentence);
        }
    }

    fn waves(&mut self, waves: &[Wave], path: &Path<'_>) {
        self.not_empty(waves.len(), path);
        if !self.list_length(waves.len(), self.limits.waves, path) {
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, wave) in waves.iter().enumerate() {
            let at = path.index(index);
            self.id(&wave.id, &mut seen, &at.member("id"));
            self.between(wave.from, wave.to, &at.member("between"));
            if let Some(audience) = &wave.audience {
                self.whole_condition(audience, Place::Customer, &at.member("audience"));
            }
        }
        let mut by_start: Vec<(usize, &Wave)> = waves.iter().enumerate().collect();
        by_start.sort_by_key(|(_, wave)| wave.from.wall_clock());
        let mut latest: Option<&Wave> = None;
        for (index, wave) in by_start {
            if let Some(earlier) = latest
                && wave.from.wall_clock() < earlier.to.wall_clock()
            {
                let sentence = format!("{} starts before {} ends", quoted(&wave.id), quoted(&earlier.id));
                let at = path.index(index);
                self.warning(&at.member("between"), WarningCode::OverlappingWaves, sentence);
            }
            if latest.is_none_or(|earlier| wave.to.wall_clock() > earlier.to.wall_clock()) {
                latest = Some(wave);
            }
        }
    }
}
