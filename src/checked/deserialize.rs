//! Reading single nouns through any serde format. The error tells all that is wrong with the shape; values and names
//! are checked where a whole rulebook is compiled.

use serde::{Deserialize, Deserializer, de::Error};

use super::{
    problem::{Problem, Problems},
    read_campaign::read_campaign,
    read_condition::read_condition,
    read_rule::read_rule,
    read_rulebook::{read_rulebook, read_tag, read_touch_policy},
    reader::{Node, Nulls},
};
use crate::written::{
    campaign::Campaign, condition::Condition, document::Document, policy::TouchPolicy, rule::Rule,
    rulebook::Rulebook, tag::Tag,
};

fn read<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    read: impl FnOnce(&Document, &mut Vec<Problem>) -> T,
) -> Result<T, D::Error> {
    let document = Document::deserialize(deserializer)?;
    let mut problems = Vec::new();
    let noun = read(&document, &mut problems);
    if problems.is_empty() {
        Ok(noun)
    } else {
        Err(D::Error::custom(Problems::new(problems)))
    }
}

impl<'de> Deserialize<'de> for Rulebook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, read_rulebook)
    }
}

macro_rules! deserialize_through_node {
    ($($noun:ty: $read:path),+) => {
        $(impl<'de> Deserialize<'de> for $noun {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read(deserializer, |document, problems| $read(Node::root(document, Nulls::Refused), problems))
            }
        })+
    };
}

deserialize_through_node!(
    Campaign: read_campaign,
    Condition: read_condition,
    Rule: read_rule,
    Tag: read_tag,
    TouchPolicy: read_touch_policy
);
