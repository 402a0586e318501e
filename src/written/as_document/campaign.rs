//! Writing campaigns, schedules and variants.

use super::{
    super::{campaign::*, duration::Duration, schedule::*, variant::*},
    AsDocument, Document, Object, between,
    condition::with_reference,
};

impl AsDocument for Campaign {
    fn as_document(&self) -> Document {
        let object = Object::new()
            .with("id", &self.id)
            .with("purpose", &self.purpose)
            .with("value", self.value.as_str())
            .with_some("topic", self.topic.as_ref())
            .unless("priority", self.priority, 0)
            .with_some("audience", self.audience.as_ref());
        let object = match schedule_object(&self.schedule) {
            Some(schedule) => object.with_document("schedule", schedule.done()),
            None => object,
        };
        let object = object.with("channels", &self.channels);
        let object = match self.patience {
            Patience::None => object,
            Patience::Day => object.with("patience", "day"),
            Patience::Week => object.with("patience", "week"),
            Patience::Occurrence => object.with("patience", "occurrence"),
        };
        let object = if self.score == Score::default() {
            object
        } else {
            object.with("score", &self.score)
        };
        let object = match self.timing {
            Timing::Asap => object,
            Timing::BestIn(period) => {
                object.with_document("timing", Object::new().with("best_in", best_in(period)).done())
            }
        };
        object
            .with_some("stop_when", self.stop_when.as_ref())
            .with_some("repeat", self.repeat.as_ref())
            .with_some("reserve", self.reserve)
            .with("variants", &self.variants)
            .unless_empty("rules", &self.rules)
            .done()
    }
}

fn best_in(period: BestIn) -> &'static str {
    match period {
        BestIn::Day => "day",
        BestIn::Week => "week",
        BestIn::Occurrence => "occurrence",
    }
}

fn schedule_object(schedule: &Schedule) -> Option<Object> {
    Some(match schedule {
        Schedule::Always => return None,
        Schedule::Between(window) => Object::new()
            .with_document("between", between(window.from, window.to))
            .with_some("zone", window.zone),
        Schedule::After { anchor, from, until } => Object::new()
            .with("after", anchor)
            .unless("from", *from, Duration::ZERO)
            .with("until", *until),
        Schedule::Every {
            cycle,
            of,
            from,
            until,
            zone,
        } => Object::new()
            .with(
                "every",
                match cycle {
                    Cycle::Year => "year",
                    Cycle::Month => "month",
                },
            )
            .with("of", of)
            .unless("from", *from, Duration::ZERO)
            .unless("until", *until, Duration::days(1))
            .with_some("zone", *zone),
        Schedule::On {
            days,
            days_of_month,
            months,
            window,
            zone,
        } => {
            let on = Object::new()
                .with_some("days", days.as_ref())
                .with_some("days_of_month", days_of_month.as_ref())
                .with_some("months", months.as_ref())
                .with_window(*window);
            Object::new()
                .with_document("on", on.done())
                .with_some("zone", *zone)
        }
        Schedule::Waves { waves, zone } => Object::new().with("waves", waves).with_some("zone", *zone),
    })
}

impl AsDocument for Wave {
    fn as_document(&self) -> Document {
        Object::new()
            .with("id", &self.id)
            .with_document("between", between(self.from, self.to))
            .with_some("audience", self.audience.as_ref())
            .done()
    }
}

impl AsDocument for Score {
    fn as_document(&self) -> Document {
        Object::new()
            .unless("base", self.base, 0)
            .unless_empty("add", &self.add)
            .done()
    }
}

impl AsDocument for ScoreAdd {
    fn as_document(&self) -> Document {
        Object::new()
            .with("when", &self.when)
            .with("points", self.points)
            .done()
    }
}

impl AsDocument for Repeat {
    fn as_document(&self) -> Document {
        Object::new()
            .with("at_most", self.at_most)
            .with("per", self.per)
            .with("gap", self.gap)
            .with_some("zone", self.zone)
            .with_some("grouped_by", self.grouped_by)
            .done()
    }
}

impl AsDocument for Variant {
    fn as_document(&self) -> Document {
        Object::new()
            .with("id", &self.id)
            .with_some("when", self.when.as_ref())
            .with_some("content", self.content.as_ref())
            .unless_empty("fields", &self.fields)
            .unless_empty("arms", &self.arms)
            .done()
    }
}

impl AsDocument for Field {
    fn as_document(&self) -> Document {
        let object = match &self.from {
            FieldSource::Reference(reference) => with_reference(Object::new(), reference),
            FieldSource::Is(literal) => Object::new().with("is", literal),
        };
        object.with_some("default", self.default.as_ref()).done()
    }
}

impl AsDocument for Arm {
    fn as_document(&self) -> Document {
        Object::new()
            .with("id", &self.id)
            .unless("weight", self.weight, 1)
            .with_some("content", self.content.as_ref())
            .done()
    }
}

impl AsDocument for Style {
    fn as_document(&self) -> Document {
        Object::new()
            .with_some("when", self.when.as_ref())
            .with("set", &self.set)
            .done()
    }
}
