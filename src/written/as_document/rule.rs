//! Writing rules, scopes and policies.

use super::{
    super::{policy::*, rule::*, scope::*},
    AsDocument, Document, Object,
};

impl AsDocument for TouchPolicy {
    fn as_document(&self) -> Document {
        Object::new()
            .with("id", &self.id)
            .with("rules", &self.rules)
            .done()
    }
}

impl AsDocument for PolicySource {
    fn as_document(&self) -> Document {
        match self {
            PolicySource::Policy(policy) => policy.as_document(),
            PolicySource::Preset {
                id,
                channels,
                purposes,
                holidays,
            } => Object::new()
                .with("preset", id)
                .unless_empty("channels", channels)
                .unless_empty("purposes", purposes)
                .with_some("holidays", holidays.as_ref())
                .done(),
        }
    }
}

impl AsDocument for Rule {
    fn as_document(&self) -> Document {
        Object::new()
            .with("id", &self.id)
            .with_some("note", self.note.as_ref())
            .with_some("scope", self.scope.as_ref())
            .with_some("except", self.except.as_ref())
            .with_some("when", self.when.as_ref())
            .unless("observe", self.observe, false)
            .with("then", &self.then)
            .done()
    }
}

fn scope_object(scope: &Scope) -> Object {
    Object::new()
        .with_some("channels", scope.channels.as_ref())
        .with_some("purposes", scope.purposes.as_ref())
        .with_some("campaigns", scope.campaigns.as_ref())
}

impl AsDocument for Scope {
    fn as_document(&self) -> Document {
        scope_object(self).done()
    }
}

impl AsDocument for Counting {
    fn as_document(&self) -> Document {
        match self {
            Counting::All => "all".as_document(),
            Counting::Scope { scope, except } => {
                scope_object(scope).with_some("except", except.as_ref()).done()
            }
        }
    }
}

impl AsDocument for Effect {
    fn as_document(&self) -> Document {
        let (name, inner) = match self {
            Effect::Forbid => return "forbid".as_document(),
            Effect::Cap(cap) => ("cap", cap_object(cap)),
            Effect::Quiet(quiet) => (
                "quiet",
                Object::new()
                    .with_window(quiet.window)
                    .with_some("days", quiet.days.as_ref())
                    .with_some("dates", quiet.dates.as_ref())
                    .with_some("zone", quiet.zone),
            ),
            Effect::React(react) => ("react", react_object(react)),
            Effect::Prefer(prefer) => ("prefer", prefer_object(prefer)),
            Effect::Holdout(holdout) => (
                "holdout",
                Object::new()
                    .with_document("percent", percent(holdout.basis_points))
                    .with("salt", &holdout.salt),
            ),
        };
        Object::new().with_document(name, inner.done()).done()
    }
}

/// A whole number of percent is written as one.
fn percent(basis_points: u16) -> Document {
    if basis_points.is_multiple_of(100) {
        Document::Integer(i64::from(basis_points / 100))
    } else {
        Document::Number(f64::from(basis_points) / 100.0)
    }
}

fn cap_object(cap: &Cap) -> Object {
    Object::new()
        .with("at_most", cap.at_most)
        .with("per", cap.per)
        .with_some("zone", cap.zone)
        .with_some("counting", cap.counting.as_ref())
        .with_some("grouped_by", cap.grouped_by)
}

fn react_object(react: &React) -> Object {
    let object = match &react.to {
        ReactTo::Response(kind) => Object::new().with("to", kind),
        ReactTo::Ignored {
            after,
            answered_by,
            in_a_row,
        } => Object::new()
            .with("to", "ignored")
            .with("after", *after)
            .with_some("answered_by", answered_by.as_ref())
            .unless("in_a_row", *in_a_row, false),
    };
    let hold = match react.hold {
        Hold::For(duration) => duration.as_document(),
        Hold::Forever => "forever".as_document(),
    };
    object
        .unless("at_least", react.at_least, 1)
        .with_some("within", react.within)
        .with_document("hold", hold)
        .with_some("counting", react.counting.as_ref())
}

fn prefer_object(prefer: &Prefer) -> Object {
    match prefer {
        Prefer::Window {
            window,
            days,
            dates,
            weight,
            zone,
        } => Object::new()
            .with_window(*window)
            .with_some("days", days.as_ref())
            .with_some("dates", dates.as_ref())
            .unless("weight", *weight, 1)
            .with_some("zone", *zone),
        Prefer::ActiveHours {
            at_least,
            weight,
            zone,
        } => Object::new()
            .with("active_hours", true)
            .unless("at_least", *at_least, 1)
            .unless("weight", *weight, 1)
            .with_some("zone", *zone),
    }
}

impl AsDocument for AtMost {
    fn as_document(&self) -> Document {
        match self {
            AtMost::Count(count) => count.as_document(),
            AtMost::DaysInMonth => "days_in_month".as_document(),
        }
    }
}

impl AsDocument for Per {
    fn as_document(&self) -> Document {
        match self {
            Per::Rolling(window) => window.as_document(),
            Per::Calendar(period) => period.as_str().as_document(),
            Per::Lifetime => "lifetime".as_document(),
        }
    }
}

impl AsDocument for GroupedBy {
    fn as_document(&self) -> Document {
        match self {
            GroupedBy::Channel => "channel",
            GroupedBy::Purpose => "purpose",
            GroupedBy::Campaign => "campaign",
            GroupedBy::Sender => "sender",
            GroupedBy::Content => "content",
        }
        .as_document()
    }
}
