//! One attribute of all customers.

use std::{collections::HashMap, ops::Range};

use super::value::Value;

/// An attribute: its distinct values in order, and for every customer the number of theirs.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// The number of the attribute.
    pub(crate) attribute: usize,
    /// Ascending and distinct.
    pub(crate) values: Vec<Value>,
    codes: Codes,
}

/// 0 is a missing value, n the n-th of the values; no wider than they need.
#[derive(Debug, Clone)]
enum Codes {
    Narrow(Vec<u8>),
    Middle(Vec<u16>),
    Wide(Vec<u32>),
}

/// A column being filled: values are numbered as they come.
#[derive(Debug, Clone)]
pub(crate) struct ColumnBuilder {
    pub(crate) attribute: usize,
    /// Looked up only, never walked.
    numbers: HashMap<Value, u32>,
    values: Vec<Value>,
    codes: Vec<u32>,
}

impl ColumnBuilder {
    pub(crate) fn new(attribute: usize) -> Self {
        Self {
            attribute,
            numbers: HashMap::new(),
            values: Vec::new(),
            codes: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, value: Option<Value>) {
        let code = value.map_or(0, |value| {
            if let Some(&number) = self.numbers.get(&value) {
                return number;
            }
            self.values.push(value.clone());
            // INVARIANT: no more values than customers, and these are counted in 32 bits.
            let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
            self.numbers.insert(value, number);
            number
        });
        self.codes.push(code);
    }

    pub(crate) fn build(self) -> Column {
        drop(self.numbers);
        let mut order: Vec<(Value, u32)> = self.values.into_iter().zip(1..).collect();
        order.sort_by(|(a, _), (b, _)| a.order(b));
        let mut renumbered = vec![0_u32; order.len().saturating_add(1)];
        let mut values: Vec<Value> = Vec::with_capacity(order.len());
        for (value, number) in order {
            // One and 1.0 are one value.
            if values.last().is_none_or(|last| last.order(&value).is_ne()) {
                values.push(value);
            }
            if let Some(code) = usize::try_from(number)
                .ok()
                .and_then(|number| renumbered.get_mut(number))
            {
                *code = u32::try_from(values.len()).unwrap_or(u32::MAX);
            }
        }
        values.shrink_to_fit();
        let codes = self.codes.into_iter().map(|code| {
            usize::try_from(code)
                .ok()
                .and_then(|code| renumbered.get(code))
                .copied()
                .unwrap_or(0)
        });
        let codes = if u8::try_from(values.len()).is_ok() {
            Codes::Narrow(codes.map(|code| u8::try_from(code).unwrap_or(0)).collect())
        } else if u16::try_from(values.len()).is_ok() {
            Codes::Middle(codes.map(|code| u16::try_from(code).unwrap_or(0)).collect())
        } else {
            Codes::Wide(codes.collect())
        };
        Column {
            attribute: self.attribute,
            values,
            codes,
        }
    }
}

impl Column {
    /// What the table says of the code of each of the rows.
    pub(crate) fn translate(&self, rows: Range<usize>, table: &[u32]) -> Vec<u32> {
        fn each<T: Copy + Into<u32>>(codes: Option<&[T]>, table: &[u32]) -> Vec<u32> {
            let codes = codes.unwrap_or_default().iter();
            codes
                .map(|&code| {
                    let code: u32 = code.into();
                    usize::try_from(code)
                        .ok()
                        .and_then(|code| table.get(code))
                        .copied()
                        .unwrap_or(0)
                })
                .collect()
        }
        match &self.codes {
            Codes::Narrow(codes) => each(codes.get(rows), table),
            Codes::Middle(codes) => each(codes.get(rows), table),
            Codes::Wide(codes) => each(codes.get(rows), table),
        }
    }
}
