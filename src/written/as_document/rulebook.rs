//! Writing the whole rulebook and its declarations.

use super::{
    super::{calendar::UnknownTimeZone, rulebook::*, tag::Tag},
    AsDocument, Document, Object,
};

impl AsDocument for Rulebook {
    fn as_document(&self) -> Document {
        let unknown_time_zone = match &self.unknown_time_zone {
            UnknownTimeZone::House => "house".as_document(),
            UnknownTimeZone::Refrain => "refrain".as_document(),
            UnknownTimeZone::Every(zones) => zones.as_document(),
        };
        Object::new()
            .with("format", 1_i64)
            .with("time_zone", self.time_zone)
            .with_document("unknown_time_zone", unknown_time_zone)
            .with("look_ahead", self.look_ahead)
            .unless_empty("attributes", &self.attributes)
            .unless_empty("facts", &self.facts)
            .unless_empty("tags", &self.tags)
            .with("purposes", &self.purposes)
            .with("channels", &self.channels)
            .unless_empty("policies", &self.policies)
            .unless_empty("styles", &self.styles)
            .with("campaigns", &self.campaigns)
            .done()
    }
}

impl AsDocument for ValueType {
    fn as_document(&self) -> Document {
        self.as_str().as_document()
    }
}

impl AsDocument for FactDeclaration {
    fn as_document(&self) -> Document {
        Object::new()
            .with("type", self.value_type)
            .unless("keyed", self.keyed, false)
            .done()
    }
}

impl AsDocument for Tag {
    fn as_document(&self) -> Document {
        match &self.when {
            None => self.name.as_document(),
            Some(when) => Object::new().with("tag", &self.name).with("when", when).done(),
        }
    }
}

impl AsDocument for Purpose {
    fn as_document(&self) -> Document {
        if self.needs_consent {
            return self.name.as_document();
        }
        Object::new()
            .with("purpose", &self.name)
            .with("consent", "none")
            .done()
    }
}

impl AsDocument for Channel {
    fn as_document(&self) -> Document {
        let consent = match self.consent {
            ChannelConsent::OptIn => "opt_in",
            ChannelConsent::OptOut => "opt_out",
            ChannelConsent::None => "none",
        };
        Object::new().with("consent", consent).done()
    }
}
