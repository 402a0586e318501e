//! Checking rules and what they do.

use std::collections::BTreeSet;

use super::{
    check::{Checker, Place},
    names::NameKind,
    nearest::quoted,
    path::Path,
    problem::Code,
};
use crate::written::{
    calendar::{CalendarPeriod, ClockWindow, LocalTime},
    rule::{AtMost, Cap, Effect, Hold, Holdout, Per, Prefer, React, ReactTo, Rule},
    scope::{Counting, Scope},
};

impl Checker<'_> {
    /// The rules of one policy or campaign, whose address is for sentences.
    pub(crate) fn rules(&mut self, rules: &[Rule], place: Place, address: &str, path: &Path<'_>) {
        if !self.list_length(rules.len(), self.limits.rules, path) {
            return;
        }
        let mut seen = BTreeSet::new();
        for (index, rule) in rules.iter().enumerate() {
            let at = path.index(index);
            self.id(&rule.id, &mut seen, &at.member("id"));
            self.address(address, &rule.id, &at.member("id"));
            self.rule(rule, place, address, &at);
        }
    }

    /// A rule's address names it alone: `a/b` with `c` must not be taken for `a` with `b/c`.
    fn address(&mut self, owner: &str, id: &str, path: &Path<'_>) {
        let address = format!("{owner}/{id}");
        let known = self.addresses.get(&address).copied();
        if known.is_some_and(|length| length != owner.len()) {
            let sentence = format!(
                "another rule has the address {} too; write another id",
                quoted(&address)
            );
            self.problem(path, Code::Duplicate, sentence);
        }
        self.addresses.insert(address, owner.len());
    }

    fn rule(&mut self, rule: &Rule, place: Place, address: &str, path: &Path<'_>) {
        if let Some(note) = &rule.note {
            self.text_length(note, &path.member("note"));
        }
        if let Some(scope) = &rule.scope {
            self.scope(scope, &path.member("scope"));
        }
        if let Some(except) = &rule.except {
            self.scope(except, &path.member("except"));
        }
        if let Some(when) = &rule.when {
            self.whole_condition(when, place, &path.member("when"));
        }
        let then = path.member("then");
        match &rule.then {
            Effect::Forbid => {}
            Effect::Cap(cap) => self.cap(cap, address, &rule.id, &then.member("cap")),
            Effect::Quiet(quiet) => {
                let at = then.member("quiet");
                self.window(quiet.window, &at);
                self.days(quiet.days.as_deref(), &at.member("days"));
                self.days(quiet.dates.as_deref(), &at.member("dates"));
            }
            Effect::React(react) => self.react(react, &then.member("react")),
            Effect::Prefer(prefer) => {
                if rule.observe {
                    let sentence = "a preference refuses nothing that could be observed; leave `observe` out";
                    self.problem(&path.member("observe"), Code::NotAllowed, sentence);
                }
                self.prefer(prefer, &then.member("prefer"));
            }
            Effect::Holdout(holdout) => {
                if rule.observe {
                    let sentence = "a holdout cannot only be observed; leave `observe` out";
                    self.problem(&path.member("observe"), Code::NotAllowed, sentence);
                }
                if rule.scope.as_ref().is_some_and(|scope| scope.channels.is_some()) {
                    let sentence = "a customer is held out on every channel; leave `channels` out";
                    self.problem(
                        &path.member("scope").member("channels"),
                        Code::NotAllowed,
                        sentence,
                    );
                }
                self.holdout(holdout, &then.member("holdout"));
            }
        }
        match rule.then {
            Effect::Prefer(_) | Effect::Holdout(_) => {}
            _ => self.restraining(rule.when.as_ref(), &path.member("when")),
        }
    }

    /// A scope, which must ask something.
    pub(crate) fn scope(&mut self, scope: &Scope, path: &Path<'_>) {
        if *scope == Scope::default() {
            let sentence = "the scope is empty; write `channels`, `purposes` or `campaigns`, or leave it out";
            self.problem(path, Code::Empty, sentence);
        }
        self.scope_lists(scope, path);
    }

    fn scope_lists(&mut self, scope: &Scope, path: &Path<'_>) {
        let lists = [
            ("channels", &scope.channels, NameKind::Channel),
            ("purposes", &scope.purposes, NameKind::Purpose),
            ("campaigns", &scope.campaigns, NameKind::Campaign),
        ];
        for (member, names, kind) in lists {
            if let Some(names) = names {
                self.names(names, kind, &path.member(member));
            }
        }
    }

    fn counting(&mut self, counting: Option<&Counting>, path: &Path<'_>) {
        if let Some(Counting::Scope { scope, except }) = counting {
            if *scope == Scope::default() && except.is_none() {
                let sentence = "nothing says what counts; write `all`, or a scope";
                self.problem(path, Code::Empty, sentence);
            }
            self.scope_lists(scope, path);
            if let Some(except) = except {
                self.scope(except, &path.member("except"));
            }
        }
    }

    /// The members `at_most` and `per`, of a cap or a repeat.
    pub(crate) fn at_most_per(&mut self, at_most: AtMost, per: Per, path: &Path<'_>) {
        if at_most == AtMost::DaysInMonth && per != Per::Calendar(CalendarPeriod::Month) {
            let sentence = "`days_in_month` goes with `\"per\": \"month\"` only; write a number";
            self.problem(&path.member("at_most"), Code::NotAllowed, sentence);
        }
        if let Per::Rolling(window) = per {
            self.positive(window, &path.member("per"));
        }
    }

    fn cap(&mut self, cap: &Cap, address: &str, id: &str, path: &Path<'_>) {
        self.at_most_per(cap.at_most, cap.per, path);
        self.counting(cap.counting.as_ref(), &path.member("counting"));
        self.longest_cap(cap, address, id);
    }

    /// A daily window of an object with `from` and `to`.
    pub(crate) fn window(&mut self, window: ClockWindow, path: &Path<'_>) {
        if window.from == LocalTime::END_OF_DAY {
            let sentence = "`24:00` ends a day and starts none; write `00:00`";
            self.problem(&path.member("from"), Code::BadDate, sentence);
        } else if window.from == window.to {
            let sentence = format!(
                "the window from `{}` to `{}` has no time in it; for the whole day leave both out",
                window.from, window.to
            );
            self.problem(path, Code::EmptyWindow, sentence);
        }
    }

    /// A list of days, dates or other words that may be left out but not empty.
    pub(crate) fn days<T>(&mut self, days: Option<&[T]>, path: &Path<'_>) {
        if let Some(days) = days {
            self.not_empty(days.len(), path);
            self.list_length(days.len(), self.limits.list_length, path);
        }
    }

    fn react(&mut self, react: &React, path: &Path<'_>) {
        match &react.to {
            ReactTo::Response(kind) => {
                if self.name(kind, &path.member("to")) && kind == "ignored" {
                    let sentence = "`ignored` is no response but the lack of one; write `after` as well";
                    self.problem(path, Code::MissingField, sentence);
                }
            }
            ReactTo::Ignored {
                after, answered_by, ..
            } => {
                self.positive(*after, &path.member("after"));
                if let Some(kinds) = answered_by {
                    self.names(kinds, NameKind::Free, &path.member("answered_by"));
                }
            }
        }
        if react.at_least == 0 {
            let sentence = "a reaction needs at least one event; write 1 or more";
            self.problem(&path.member("at_least"), Code::BadValue, sentence);
        }
        if let Some(within) = react.within {
            self.positive(within, &path.member("within"));
        }
        if let Hold::For(hold) = react.hold {
            self.positive(hold, &path.member("hold"));
        }
        self.counting(react.counting.as_ref(), &path.member("counting"));
    }

    fn prefer(&mut self, prefer: &Prefer, path: &Path<'_>) {
        match prefer {
            Prefer::Window {
                window, days, dates, ..
            } => {
                self.window(*window, path);
                self.days(days.as_deref(), &path.member("days"));
                self.days(dates.as_deref(), &path.member("dates"));
            }
            Prefer::ActiveHours { .. } => {}
        }
    }

    fn holdout(&mut self, holdout: &Holdout, path: &Path<'_>) {
        self.name(&holdout.salt, &path.member("salt"));
    }
}
