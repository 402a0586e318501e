//! JSON Schemas (draft 2020-12) of what is written and what is answered: with the feature `schema`.
//!
//! An editor completes a rulebook by them, and a front end validates before it asks. They say what has which shape; whether
//! a name is declared, or a window is empty, only [`Engine::from_document`](crate::Engine::from_document) says.
//!
//! The repository has them as files, in `schema`; `cargo run --features schema --example schema` writes them. A rulebook
//! that says `"$schema"` would not compile: tell the editor otherwise which schema a file has.
//!
//! ```
//! let schema = tactful::schema::rulebook();
//! assert_eq!(schema.get("$schema").and_then(|draft| draft.as_str()), Some("https://json-schema.org/draft/2020-12/schema"));
//! assert_eq!(schema.get("required").and_then(|names| names[0].as_str()), Some("format"));
//! ```

mod campaign;
mod case;
mod case_file;
mod condition;
mod decision;
mod rule;
mod rulebook;
mod scalar;

use schemars::{JsonSchema, Schema, generate::SchemaSettings};

use crate::{
    asked::decision::{Agenda, Decision},
    cases::CaseFile,
    written::{facts::Case, rulebook::Rulebook},
};

/// Of a rulebook.
pub fn rulebook() -> Schema {
    of::<Rulebook>()
}

/// Of a case: a customer, a history, facts and the time.
pub fn case() -> Schema {
    of::<Case>()
}

/// Of a file of cases, with what is expected.
pub fn case_file() -> Schema {
    of::<CaseFile>()
}

/// Of a decision.
pub fn decision() -> Schema {
    of::<Decision>()
}

/// Of an agenda.
pub fn agenda() -> Schema {
    of::<Agenda>()
}

fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>()
}

/// The schema of a type, from the schemas of others.
macro_rules! schema_of {
    ($type:ty, $name:literal, |$of:ident| $schema:tt) => {
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            #[allow(unused_variables, reason = "some are made of nothing else")]
            fn json_schema($of: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}
use schema_of;
