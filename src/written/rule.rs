//! Rules: when a condition holds, in a scope of touches, then an effect.

pub use super::cap::{AtMost, Cap, GroupedBy, Per};
use super::{
    calendar::{ClockWindow, Weekday, Zone},
    condition::Condition,
    duration::Duration,
    percent::Percent,
    scope::{Counting, Scope},
};

/// One rule of a policy or of a campaign.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rule {
    /// Unique in its list.
    pub id: String,
    /// For people.
    pub note: Option<String>,
    /// Which touches it speaks of; default every touch.
    pub scope: Option<Scope>,
    /// Touches that match all of it are out of scope.
    pub except: Option<Scope>,
    /// When it acts; default always.
    pub when: Option<Condition>,
    /// Only watch, and say what it would have refused.
    pub observe: bool,
    /// What it does.
    pub then: Effect,
}

/// What a rule does to the touches in its scope while its condition acts.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Effect {
    /// No touch.
    Forbid,
    /// At most so many.
    Cap(Cap),
    /// No touch inside the window.
    Quiet(Quiet),
    /// Hold after a response or a silence.
    React(React),
    /// Add weight to instants inside, for campaigns that seek their best time.
    Prefer(Prefer),
    /// Hold out a share of the customers for measurement.
    Holdout(Holdout),
}

/// Quiet time. A day counts if it is in either list; neither list means every day.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Quiet {
    /// The hours.
    pub window: ClockWindow,
    /// Weekdays on which the window starts.
    pub days: Option<Vec<Weekday>>,
    /// Dates on which the window starts.
    pub dates: Option<Vec<chrono::NaiveDate>>,
    /// Whose clock; default the customer's.
    pub zone: Option<Zone>,
}

/// What a reaction looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReactTo {
    /// A response of this kind.
    Response(String),
    /// Touches not answered in time.
    Ignored {
        /// How long an answer may take.
        after: Duration,
        /// Kinds that count as an answer; default `clicked`, `replied`, `purchased`.
        answered_by: Option<Vec<String>>,
        /// Only the run of ignored touches from the latest backwards.
        in_a_row: bool,
    },
}

/// How long a reaction holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hold {
    /// This long after the event.
    For(Duration),
    /// For ever.
    Forever,
}

/// A hold after a response or a silence.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct React {
    /// What happened.
    pub to: ReactTo,
    /// How many times; default 1.
    pub at_least: u32,
    /// In how long; default all time.
    pub within: Option<Duration>,
    /// How long it holds.
    pub hold: Hold,
    /// Which touches of the history are looked at.
    pub counting: Option<Counting>,
}

/// A preference among allowed times.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Prefer {
    /// Adds `weight` inside the window.
    Window {
        /// The hours.
        window: ClockWindow,
        /// Weekdays on which the window starts.
        days: Option<Vec<Weekday>>,
        /// Dates on which the window starts.
        dates: Option<Vec<chrono::NaiveDate>>,
        /// Default 1.
        weight: i64,
        /// Whose clock; default the customer's.
        zone: Option<Zone>,
    },
    /// Adds `weight × active_hours[local hour]`.
    ActiveHours {
        /// Only when the counts sum to at least this; default 1.
        at_least: u64,
        /// Default 1.
        weight: i64,
        /// Whose clock; default the customer's.
        zone: Option<Zone>,
    },
}

/// A share of the customers held out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holdout {
    /// The share, in hundredths of a percent: 0 to 10,000.
    pub(crate) basis_points: u16,
    /// Which draw.
    pub salt: String,
}

impl Rule {
    fn new(id: impl Into<String>, then: Effect) -> Self {
        Self {
            id: id.into(),
            note: None,
            scope: None,
            except: None,
            when: None,
            observe: false,
            then,
        }
    }

    /// No touch.
    ///
    /// ```
    /// use tactful::{Condition, Rule, Scope};
    ///
    /// let rule = Rule::forbid("no-proactive")
    ///     .note("asked for silence")
    ///     .except(Scope::new().purposes(["reply", "service"]))
    ///     .when(Condition::tag("do_not_disturb"));
    /// assert_eq!(rule.id, "no-proactive");
    /// ```
    pub fn forbid(id: impl Into<String>) -> Self {
        Self::new(id, Effect::Forbid)
    }

    /// At most so many.
    pub fn cap(id: impl Into<String>, cap: Cap) -> Self {
        Self::new(id, Effect::Cap(cap))
    }

    /// No touch inside a window.
    pub fn quiet(id: impl Into<String>, quiet: impl Into<Quiet>) -> Self {
        Self::new(id, Effect::Quiet(quiet.into()))
    }

    /// A hold after a response or a silence.
    pub fn react(id: impl Into<String>, react: React) -> Self {
        Self::new(id, Effect::React(react))
    }

    /// A preference among allowed times.
    pub fn prefer(id: impl Into<String>, prefer: Prefer) -> Self {
        Self::new(id, Effect::Prefer(prefer))
    }

    /// A share of the customers held out.
    pub fn holdout(id: impl Into<String>, holdout: Holdout) -> Self {
        Self::new(id, Effect::Holdout(holdout))
    }

    /// A note for people.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Which touches it speaks of.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    /// Which touches it does not speak of.
    #[must_use]
    pub fn except(mut self, except: Scope) -> Self {
        self.except = Some(except);
        self
    }

    /// When it acts.
    #[must_use]
    pub fn when(mut self, when: Condition) -> Self {
        self.when = Some(when);
        self
    }

    /// Only watches, and says what it would have refused.
    #[must_use]
    pub fn observe(mut self) -> Self {
        self.observe = true;
        self
    }
}

impl Quiet {
    /// Every day inside a window, on the customer's clock.
    ///
    /// ```
    /// use tactful::{ClockWindow, Quiet, Weekday};
    ///
    /// let nights = Quiet::new(ClockWindow::new("22:00".parse()?, "08:00".parse()?));
    /// let sundays = Quiet::new(ClockWindow::WHOLE_DAY).days([Weekday::Sun]);
    /// assert_ne!(nights, sundays);
    /// # Ok::<(), tactful::ParseTimeError>(())
    /// ```
    pub fn new(window: ClockWindow) -> Self {
        Self {
            window,
            days: None,
            dates: None,
            zone: None,
        }
    }

    /// Only where the window starts on one of these weekdays, or on one of its dates.
    #[must_use]
    pub fn days(mut self, days: impl IntoIterator<Item = Weekday>) -> Self {
        self.days = Some(days.into_iter().collect());
        self
    }

    /// Only where the window starts on one of these dates, or on one of its weekdays.
    #[must_use]
    pub fn dates(mut self, dates: impl IntoIterator<Item = chrono::NaiveDate>) -> Self {
        self.dates = Some(dates.into_iter().collect());
        self
    }

    /// Whose clock.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }
}

impl From<ClockWindow> for Quiet {
    fn from(window: ClockWindow) -> Self {
        Self::new(window)
    }
}

impl React {
    /// A hold after one event of what is looked for.
    pub fn new(to: ReactTo, hold: impl Into<Hold>) -> Self {
        Self {
            to,
            at_least: 1,
            within: None,
            hold: hold.into(),
            counting: None,
        }
    }

    /// A hold after a response of a kind.
    ///
    /// ```
    /// use tactful::{Duration, Hold, React};
    ///
    /// let complaint = React::to("complained", Duration::days(90));
    /// let block = React::to("blocked", Hold::Forever);
    /// let silence = React::to_ignored(Duration::days(7), Duration::days(14)).at_least(3);
    /// assert_eq!((complaint.at_least, silence.at_least), (1, 3));
    /// assert_eq!(block.hold, Hold::Forever);
    /// ```
    pub fn to(kind: impl Into<String>, hold: impl Into<Hold>) -> Self {
        Self::new(ReactTo::Response(kind.into()), hold)
    }

    /// A hold after a touch that is not answered in time.
    pub fn to_ignored(after: Duration, hold: impl Into<Hold>) -> Self {
        let to = ReactTo::Ignored {
            after,
            answered_by: None,
            in_a_row: false,
        };
        Self::new(to, hold)
    }

    /// Only after so many events.
    #[must_use]
    pub fn at_least(mut self, events: u32) -> Self {
        self.at_least = events;
        self
    }

    /// The events must fall within such a time.
    #[must_use]
    pub fn within(mut self, within: Duration) -> Self {
        self.within = Some(within);
        self
    }

    /// Which touches of the history are looked at.
    #[must_use]
    pub fn counting(mut self, counting: impl Into<Counting>) -> Self {
        self.counting = Some(counting.into());
        self
    }
}

impl From<Duration> for Hold {
    fn from(duration: Duration) -> Self {
        Self::For(duration)
    }
}

impl Prefer {
    /// Weight 1 every day inside a window, on the customer's clock.
    ///
    /// ```
    /// use tactful::{ClockWindow, Prefer};
    ///
    /// let evening = Prefer::window(ClockWindow::new("21:00".parse()?, "22:00".parse()?)).weight(3);
    /// assert!(matches!(evening, Prefer::Window { weight: 3, .. }));
    /// # Ok::<(), tactful::ParseTimeError>(())
    /// ```
    pub fn window(window: ClockWindow) -> Self {
        Self::Window {
            window,
            days: None,
            dates: None,
            weight: 1,
            zone: None,
        }
    }

    /// Weight 1 for each time that the customer was active at the hour, on the customer's clock.
    pub fn active_hours() -> Self {
        Self::ActiveHours {
            at_least: 1,
            weight: 1,
            zone: None,
        }
    }

    /// How much it weighs.
    #[must_use]
    pub fn weight(mut self, new: i64) -> Self {
        match &mut self {
            Self::Window { weight, .. } | Self::ActiveHours { weight, .. } => *weight = new,
        }
        self
    }

    /// Whose clock.
    #[must_use]
    pub fn zone(mut self, new: Zone) -> Self {
        match &mut self {
            Self::Window { zone, .. } | Self::ActiveHours { zone, .. } => *zone = Some(new),
        }
        self
    }
}

impl Holdout {
    /// A share of the customers, drawn by a salt: the same salt always draws the same customers.
    ///
    /// ```
    /// use tactful::{Holdout, Percent};
    ///
    /// let holdout = Holdout::new(Percent::new(5.25)?, "2026");
    /// assert_eq!(holdout.percent().to_string(), "5.25");
    /// # Ok::<(), tactful::PercentError>(())
    /// ```
    pub fn new(percent: Percent, salt: impl Into<String>) -> Self {
        Self {
            basis_points: percent.basis_points(),
            salt: salt.into(),
        }
    }

    /// The share.
    pub fn percent(&self) -> Percent {
        Percent::from_basis_points(self.basis_points)
    }
}
