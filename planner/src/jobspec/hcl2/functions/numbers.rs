//! Functions of numbers.

use super::{Arguments, Files, Mistake};
use crate::jobspec::value::Value;

pub(super) fn abs(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    Ok(Value::number(arguments.number(0)?.abs()))
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
    let number = arguments.number(0)?;
    Ok(Value::Int(i64::from(number > 0.0) - i64::from(number < 0.0)))
}

pub(super) fn max(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    extreme(arguments, f64::max)
}

pub(super) fn min(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    extreme(arguments, f64::min)
}

fn extreme(arguments: &mut Arguments, choose: fn(f64, f64) -> f64) -> Result<Value, Mistake> {
    let mut best = arguments.number(0)?;
    for at in 1..arguments.count() {
        best = choose(best, arguments.number(at)?);
    }
    Ok(Value::number(best))
}

pub(super) fn parseint(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    let text = arguments.text(0)?;
    let base = arguments.int(1)?;
    let radix = u32::try_from(base)
        .ok()
        .filter(|radix| (2..=36).contains(radix))
        .ok_or_else(|| Mistake::at(1, "the base must be between 2 and 36"))?;
    i64::from_str_radix(&text, radix).map(Value::Int).map_err(|_| {
        Mistake::at(0, format!("cannot read \"{text}\" as a whole number of base {base}"))
    })
}
