//! What stands between what is written and what is compiled: reading with every problem told, each with a path.

pub(crate) mod check;
pub(crate) mod check_campaign;
pub(crate) mod check_condition;
pub(crate) mod check_input;
pub(crate) mod check_rule;
pub(crate) mod check_schedule;
pub(crate) mod check_tags;
pub(crate) mod declarations;
mod deserialize;
pub(crate) mod input_error;
pub(crate) mod input_limits;
pub(crate) mod limits;
pub(crate) mod name_hash;
pub(crate) mod names;
pub(crate) mod nearest;
pub(crate) mod path;
pub(crate) mod preset;
pub(crate) mod problem;
pub(crate) mod read_campaign;
pub(crate) mod read_case;
pub(crate) mod read_condition;
pub(crate) mod read_customer;
pub(crate) mod read_facts;
pub(crate) mod read_history;
pub(crate) mod read_input;
pub(crate) mod read_rule;
pub(crate) mod read_rulebook;
pub(crate) mod read_schedule;
pub(crate) mod read_words;
pub(crate) mod reader;
pub(crate) mod value;
pub(crate) mod warn;

#[cfg(test)]
mod tests;
