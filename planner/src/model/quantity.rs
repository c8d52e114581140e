//! Device attribute values: numbers with units, booleans, texts, and how they compare.

use std::cmp::Ordering;

use crate::decimal;

/// A value of a device attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    Bool(bool),
    /// In the base unit of its family (`""`, `B`, `B/s`, `Hz`, `W`).
    Number {
        value: f64,
        family: &'static str,
    },
    Text(String),
}

/// Unit, family, size in the family's base unit.
const UNITS: [(&str, &str, f64); 34] = [
    ("KiB", "B", 1024.0),
    ("MiB", "B", 1048576.0),
    ("GiB", "B", 1073741824.0),
    ("TiB", "B", 1099511627776.0),
    ("PiB", "B", 1125899906842624.0),
    ("EiB", "B", 1152921504606846976.0),
    ("kB", "B", 1e3),
    ("KB", "B", 1e3),
    ("MB", "B", 1e6),
    ("GB", "B", 1e9),
    ("TB", "B", 1e12),
    ("PB", "B", 1e15),
    ("EB", "B", 1e18),
    ("B", "B", 1.0),
    ("KiB/s", "B/s", 1024.0),
    ("MiB/s", "B/s", 1048576.0),
    ("GiB/s", "B/s", 1073741824.0),
    ("TiB/s", "B/s", 1099511627776.0),
    ("PiB/s", "B/s", 1125899906842624.0),
    ("EiB/s", "B/s", 1152921504606846976.0),
    ("kB/s", "B/s", 1e3),
    ("KB/s", "B/s", 1e3),
    ("MB/s", "B/s", 1e6),
    ("GB/s", "B/s", 1e9),
    ("TB/s", "B/s", 1e12),
    ("PB/s", "B/s", 1e15),
    ("EB/s", "B/s", 1e18),
    ("B/s", "B/s", 1.0),
    ("MHz", "Hz", 1e6),
    ("GHz", "Hz", 1e9),
    ("mW", "W", 1e-3),
    ("W", "W", 1.0),
    ("kW", "W", 1e3),
    ("MW", "W", 1e6),
];

impl Quantity {
    /// Reads a literal of a device constraint: number with unit, number, boolean, or text.
    pub fn parse(text: &str) -> Quantity {
        let trimmed = text.trim();
        let cut = trimmed.rfind(|c: char| c.is_ascii_digit() || c == '.').map_or(0, |i| i + 1);
        let (number, unit) = trimmed.split_at(cut);
        if let Some(value) = decimal::parse(number)
            && let Some(quantity) = Quantity::number(value, unit.trim())
        {
            return quantity;
        }
        match text {
            "true" | "t" | "T" | "TRUE" | "True" => Quantity::Bool(true),
            "false" | "f" | "F" | "FALSE" | "False" => Quantity::Bool(false),
            _ => Quantity::Text(text.to_owned()),
        }
    }

    /// A number in a known unit.
    pub fn number(value: f64, unit: &str) -> Option<Quantity> {
        if unit.is_empty() {
            return Some(Quantity::Number { value, family: "" });
        }
        if unit == "GW" {
            return Some(Quantity::Number { value: value * 1e9, family: "W" });
        }
        let (_, family, size) = UNITS.iter().find(|(name, _, _)| *name == unit)?;
        Some(Quantity::Number { value: value * size, family })
    }

    /// The order of two values; `None` where they cannot be compared.
    pub fn compare(&self, other: &Quantity) -> Option<Ordering> {
        match (self, other) {
            (
                Quantity::Number { value: a, family: f },
                Quantity::Number { value: b, family: g },
            ) if f == g => a.partial_cmp(b),
            (Quantity::Text(a), Quantity::Text(b)) => Some(a.cmp(b)),
            (Quantity::Bool(a), Quantity::Bool(b)) if a == b => Some(Ordering::Equal),
            // Of two that differ each is the greater one.
            (Quantity::Bool(_), Quantity::Bool(_)) => Some(Ordering::Greater),
            _ => None,
        }
    }

    /// A whole number without a unit.
    pub fn whole(&self) -> Option<i64> {
        match self {
            Quantity::Number { value, family: "" } if *value == libm::trunc(*value) => {
                Some(*value as i64)
            }
            _ => None,
        }
    }

    /// The text of a text value.
    pub fn text(&self) -> Option<&str> {
        match self {
            Quantity::Text(text) => Some(text),
            Quantity::Bool(_) | Quantity::Number { .. } => None,
        }
    }
}
