//! Documents, laid out to be read.

use crate::written::document::Document;

/// How long a line may be.
const WIDTH: usize = 110;

impl Document {
    /// In one line of JSON.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::shown).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Object(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(name, value)| format!("{}: {}", Self::Text(name.clone()).shown(), value.shown()))
                    .collect();
                format!("{{{}}}", members.join(", "))
            }
            // A value without parts has a form in JSON; a number that is not finite has `null`.
            _ => serde_json::to_string(self).unwrap_or_default(),
        }
    }

    /// In JSON of several lines, where one is too long; all but the first begin with the indent.
    pub(crate) fn laid_out(&self, indent: &str) -> String {
        let line = self.shown();
        if line.chars().count().saturating_add(indent.len()) <= WIDTH {
            return line;
        }
        let deeper = format!("{indent}  ");
        let (open, parts, close): (_, Vec<String>, _) = match self {
            Self::List(items) => (
                "[",
                items
                    .iter()
                    .map(|item| format!("{deeper}{}", item.laid_out(&deeper)))
                    .collect(),
                "]",
            ),
            Self::Object(members) => (
                "{",
                members
                    .iter()
                    .map(|(name, value)| {
                        let name = Self::Text(name.clone()).shown();
                        format!("{deeper}{name}: {}", value.laid_out(&deeper))
                    })
                    .collect(),
                "}",
            ),
            _ => return line,
        };
        format!("{open}\n{}\n{indent}{close}", parts.join(",\n"))
    }
}
