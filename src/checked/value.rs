//! Literals against their declared types.

use super::{
    nearest::quoted,
    path::Path,
    problem::{Code, Problem},
    reader::{Node, parse_instant},
};
use crate::written::{calendar::parse_date, condition::Literal, document::Document, rulebook::ValueType};

/// Reads a literal; null is a missing value.
pub(crate) fn read_literal(node: Node<'_>, problems: &mut Vec<Problem>) -> Option<Literal> {
    match node.document {
        Document::Null => None,
        Document::Boolean(value) => Some(Literal::Boolean(*value)),
        Document::Text(text) => Some(Literal::Text(text.clone())),
        Document::Integer(value) => Some(Literal::Integer(*value)),
        // Beyond 64 bits with a sign there are only the numbers that are not counted one by one.
        Document::Unsigned(_) | Document::Number(_) => node.number(problems).map(Literal::Number),
        Document::List(_) | Document::Object(_) | Document::TooDeep => {
            node.wrong_kind("one value", problems);
            None
        }
    }
}

/// Notes a problem where a literal is not of its declared type.
pub(crate) fn check_literal(
    literal: &Literal,
    value_type: ValueType,
    path: &Path<'_>,
    problems: &mut Vec<Problem>,
) {
    let wanted = match (value_type, literal) {
        (_, Literal::Number(number)) if !number.is_finite() => {
            problems.push(Problem::new(path, Code::BadValue, "a number must be finite"));
            return;
        }
        (ValueType::Integer, Literal::Integer(_))
        | (ValueType::Number, Literal::Integer(_) | Literal::Number(_))
        | (ValueType::String, Literal::Text(_))
        | (ValueType::Boolean, Literal::Boolean(_)) => return,
        (ValueType::Date, Literal::Text(text)) => {
            if parse_date(text).is_none() {
                let sentence = format!("{} is not a date; write it like `2026-11-20`", quoted(text));
                problems.push(Problem::new(path, Code::BadDate, sentence));
            }
            return;
        }
        (ValueType::DateTime, Literal::Text(text)) => {
            if parse_instant(text).is_none() {
                let sentence = format!(
                    "{} is not an instant; write it with its offset, like `2026-11-20T10:00:00+08:00`",
                    quoted(text)
                );
                problems.push(Problem::new(path, Code::BadDate, sentence));
            }
            return;
        }
        (ValueType::Integer, _) => "a whole number",
        (ValueType::Number, _) => "a number",
        (ValueType::String, _) => "text",
        (ValueType::Boolean, _) => "`true` or `false`",
        (ValueType::Date, _) => "a date like `2026-11-20`",
        (ValueType::DateTime, _) => "an instant like `2026-11-20T10:00:00+08:00`",
    };
    let found = match literal {
        Literal::Boolean(_) => "a boolean",
        Literal::Integer(_) => "a whole number",
        Literal::Number(_) => "a decimal number",
        Literal::Text(_) => "text",
    };
    problems.push(Problem::new(
        path,
        Code::BadType,
        format!("expected {wanted}, found {found}"),
    ));
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn dates_are_written_in_full() {
        assert_eq!(parse_date("2028-02-29"), NaiveDate::from_ymd_opt(2028, 2, 29));
        for wrong in [
            "2026-02-29",
            "2026-2-9",
            "+026-02-09",
            "2026/02/09",
            "2026-02-09T00:00",
            "",
            "二〇二六-02",
        ] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn each_type_takes_its_literals_and_no_others() {
        let literals = [
            Literal::Boolean(true),
            Literal::Integer(31),
            Literal::Number(31.0),
            Literal::Number(31.5),
            Literal::Number(f64::NAN),
            Literal::Number(f64::INFINITY),
            Literal::Text("latte".to_owned()),
            Literal::Text("2026-11-20".to_owned()),
            Literal::Text("2026-11-20T10:00:00+08:00".to_owned()),
            Literal::Text("2026-11-20T10:00:00".to_owned()),
        ];
        let taken = |value_type| {
            literals
                .iter()
                .map(|literal| {
                    let mut problems = Vec::new();
                    check_literal(literal, value_type, &Path::ROOT, &mut problems);
                    if problems.is_empty() { 'y' } else { 'n' }
                })
                .collect::<String>()
        };
        assert_eq!(taken(ValueType::Boolean), "ynnnnnnnnn");
        assert_eq!(taken(ValueType::Integer), "nynnnnnnnn");
        assert_eq!(taken(ValueType::Number), "nyyynnnnnn");
        assert_eq!(taken(ValueType::String), "nnnnnnyyyy");
        assert_eq!(taken(ValueType::Date), "nnnnnnnynn");
        assert_eq!(taken(ValueType::DateTime), "nnnnnnnnyn");
    }
}
