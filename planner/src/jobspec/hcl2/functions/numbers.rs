//! Functions of numbers.

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::{Arguments, Files, Mistake};
use crate::jobspec::hcl2::exact::Exact;
use crate::jobspec::value::Value;

pub(super) fn abs(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    let number = arguments.any_number(0)?;
    match Exact::of(&number).is_some_and(|number| number.is_negative()) {
        true => number.negated().ok_or_else(|| Mistake::new("the result is no number")),
        false => Ok(number),
    }
}

pub(super) fn ceil(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    Ok(Value::number(arguments.number(0)?.ceil()))
}

pub(super) fn floor(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    Ok(Value::number(arguments.number(0)?.floor()))
}

pub(super) fn log(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    let (number, base) = (arguments.number(0)?, arguments.number(1)?);
    finite(libm::log(number) / libm::log(base))
}

pub(super) fn pow(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    finite(libm::pow(arguments.number(0)?, arguments.number(1)?))
}

fn finite(number: f64) -> Result<Value, Mistake> {
    if number.is_finite() {
        Ok(Value::number(number))
    } else {
        Err(Mistake::new("the result is no number"))
    }
}

pub(super) fn signum(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    Ok(Value::Int(arguments.int(0)?.signum()))
}

pub(super) fn max(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    extreme(arguments, Ordering::Greater)
}

pub(super) fn min(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    extreme(arguments, Ordering::Less)
}

fn extreme(arguments: &mut Arguments, better: Ordering) -> Result<Value, Mistake> {
    let mut best = arguments.any_number(0)?;
    for at in 1..arguments.count() {
        let next = arguments.any_number(at)?;
        let order = Exact::of(&next).zip(Exact::of(&best)).map(|(next, best)| next.compare(&best));
        if order == Some(better) {
            best = next;
        }
    }
    Ok(best)
}

pub(super) fn parseint(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    let text = match arguments.take(0) {
        Value::Text(text) => text,
        other => return Err(Mistake::at(0, format!("needs a string, not {}", other.kind()))),
    };
    let base = arguments.int(1)?;
    if !(2..=62).contains(&base) {
        return Err(Mistake::at(1, "the base must be between 2 and 62"));
    }
    whole(&text, base).ok_or_else(|| {
        Mistake::at(0, format!("cannot read \"{text}\" as a whole number of base {base}"))
    })
}

/// Digits above nine are letters, small before large where both count.
fn whole(text: &str, base: i64) -> Option<Value> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let mut number = BigInt::ZERO;
    for letter in digits.chars() {
        let digit = match letter {
            '0'..='9' => i64::from(u32::from(letter) - u32::from('0')),
            'a'..='z' => i64::from(u32::from(letter) - u32::from('a')) + 10,
            'A'..='Z' if base <= 36 => i64::from(u32::from(letter) - u32::from('A')) + 10,
            'A'..='Z' => i64::from(u32::from(letter) - u32::from('A')) + 36,
            _ => return None,
        };
        if digit >= base {
            return None;
        }
        number = number * base + digit;
    }
    let number = if text.starts_with('-') { -number } else { number };
    Value::decimal(&number.to_string()).filter(|_| !digits.is_empty())
}
