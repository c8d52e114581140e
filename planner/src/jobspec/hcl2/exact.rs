//! Numbers as HCL calculates with them: binary, 512 digits, rounded to the nearest, to the even one of two.
//!
//! A number is shown by the shortest decimal digits that mean it, and [`Value`] keeps no more than those. So `0.1 * 3` is
//! `0.3`, though neither can be written in binary, and `memory = 1.15 * 100` is a whole number.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};

use crate::decimal::written;
use crate::jobspec::syntax::Operator;
use crate::jobspec::value::Value;

/// How many binary digits count.
const DIGITS: u64 = 512;
/// So many decimal digits always tell a number from its neighbours.
const MAX_SHORTEST: i64 = 160;
/// So many are enough for whatever is not infinitely long.
const MOSTLY: i64 = 100;
/// Of a number's text so many digits are read; what follows can only decide between two neighbours.
const MAX_READ: usize = 1200;
/// Larger and smaller numbers (10 to the power of 300, or one divided by that) are refused: no job has them.
const MAX_POWER: i64 = 1024;

/// `digits` times two to the power of `power`.
#[derive(Clone, Debug, Default)]
pub(super) struct Exact {
    digits: BigInt,
    power: i64,
}

impl Exact {
    /// Reads what [`decimal::plain`](crate::decimal::plain) writes.
    pub(super) fn read(text: &str) -> Exact {
        let (sign, text) = match text.strip_prefix('-') {
            Some(rest) => (Sign::Minus, rest),
            None => (Sign::Plus, text),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let all = [whole, fraction].concat();
        let (read, rest) = all.split_at(all.len().min(MAX_READ));
        let digits = BigUint::parse_bytes(read.as_bytes(), 10).unwrap_or_default();
        let more = rest.bytes().any(|digit| digit != b'0');
        let power = rest.len() as i64 - fraction.len() as i64;
        if power >= 0 {
            return Exact::rounded(sign, digits * ten(power), 0, more);
        }
        Exact::quotient(sign, digits, &ten(-power), 0, more)
    }

    /// The number of a value, if it is one.
    pub(super) fn of(value: &Value) -> Option<Exact> {
        match value {
            Value::Int(number) => Some(Exact { digits: (*number).into(), power: 0 }),
            Value::Decimal(text) => Some(Exact::read(text)),
            Value::Text(text) => Exact::of(&Value::decimal(text)?),
            _ => None,
        }
    }

    /// `above / below`, times a power of two.
    fn quotient(sign: Sign, above: BigUint, below: &BigUint, power: i64, more: bool) -> Exact {
        let shift = (DIGITS + 2 + below.bits()).saturating_sub(above.bits());
        let above = above << shift;
        let digits = &above / below;
        let more = more || &digits * below != above;
        Exact::rounded(sign, digits, power - shift as i64, more)
    }

    /// To as many digits as count. `more` tells that something follows behind the last one.
    fn rounded(sign: Sign, mut digits: BigUint, mut power: i64, more: bool) -> Exact {
        let drop = digits.bits().saturating_sub(DIGITS);
        if drop > 0 {
            let half = digits.bit(drop - 1);
            let behind = more || digits.trailing_zeros().is_some_and(|zeros| zeros < drop - 1);
            digits >>= drop;
            power += drop as i64;
            if half && (behind || digits.bit(0)) {
                digits += 1_u32;
            }
        }
        let zeros = digits.trailing_zeros().unwrap_or(0);
        Exact { digits: BigInt::from_biguint(sign, digits >> zeros), power: power + zeros as i64 }
    }

    fn sum(&self, other: &Exact) -> Exact {
        let power = self.power.min(other.power);
        let part = |number: &Exact| &number.digits << (number.power - power).unsigned_abs();
        let (sign, digits) = (part(self) + part(other)).into_parts();
        Exact::rounded(sign, digits, power, false)
    }

    fn negative(&self) -> Exact {
        Exact { digits: -&self.digits, power: self.power }
    }

    fn product(&self, other: &Exact) -> Exact {
        let (sign, digits) = (&self.digits * &other.digits).into_parts();
        Exact::rounded(sign, digits, self.power + other.power, false)
    }

    fn divided(&self, other: &Exact) -> Exact {
        let sign = self.digits.sign() * other.digits.sign();
        let (above, below) = (self.digits.magnitude().clone(), other.digits.magnitude());
        Exact::quotient(sign, above, below, self.power - other.power, false)
    }

    /// Without what is behind the point.
    fn whole(&self) -> Exact {
        match u64::try_from(-self.power) {
            Ok(behind) if behind > 0 => {
                let (sign, digits) = (self.digits.sign(), self.digits.magnitude() >> behind);
                Exact::rounded(sign, digits, 0, false)
            }
            _ => self.clone(),
        }
    }

    /// The same, if there is nothing behind the point.
    pub(super) fn as_whole(&self) -> Option<BigInt> {
        Some(&self.digits << usize::try_from(self.power).ok()?)
    }

    /// What is left of it after the whole number of times that the other goes into it.
    fn remainder(&self, other: &Exact) -> Exact {
        let times = self.divided(other).whole();
        self.sum(&other.product(&times).negative())
    }

    /// The order of two numbers.
    pub(super) fn compare(&self, other: &Exact) -> Ordering {
        self.sum(&other.negative()).digits.sign().cmp(&Sign::NoSign)
    }

    pub(super) fn is_negative(&self) -> bool {
        self.digits.sign() == Sign::Minus
    }

    fn is_zero(&self) -> bool {
        self.digits.sign() == Sign::NoSign
    }

    /// Its size times ten to the power of `tens`, rounded to a whole number: to the even one of two.
    fn scaled(&self, tens: i64) -> BigUint {
        let mut above = self.digits.magnitude().clone();
        let mut below = BigUint::from(1_u32);
        if tens >= 0 {
            above *= ten(tens)
        } else {
            below *= ten(-tens)
        }
        let shift = self.power.unsigned_abs();
        if self.power >= 0 {
            above <<= shift
        } else {
            below <<= shift
        }
        let digits = &above / &below;
        let twice = (above - &digits * &below) * 2_u32;
        match twice.cmp(&below) {
            Ordering::Greater => digits + 1_u32,
            Ordering::Equal if digits.bit(0) => digits + 1_u32,
            _ => digits,
        }
    }

    /// Its size in decimal, with so many digits behind the point.
    pub(super) fn fixed(&self, decimals: usize) -> String {
        let digits = self.scaled(decimals as i64).to_string();
        let digits = "0".repeat((decimals + 1).saturating_sub(digits.len())) + &digits;
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        if decimals == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") }
    }

    /// Its size as so many digits, and the power of ten of the first of them.
    pub(super) fn leading(&self, count: i64) -> (String, i64) {
        if self.is_zero() {
            return ("0".repeat(count.unsigned_abs() as usize), 0);
        }
        // A little less than the power of ten of the first digit, or that itself.
        let twos = self.digits.bits() as i64 - 1 + self.power;
        let mut power = (twos * 30_102).div_euclid(100_000) - 1;
        loop {
            let digits = self.scaled(count - 1 - power).to_string();
            if digits.len() as i64 <= count {
                return (digits, power);
            }
            power += 1;
        }
    }

    /// The fewest digits that mean this number, and the power of ten of the first of them.
    pub(super) fn shortest(&self) -> (String, i64) {
        // Neighbours differ much further behind, so these are the fewest as well.
        let (digits, power) = self.leading(MOSTLY);
        let digits = digits.trim_end_matches('0');
        if self.is_meant(digits, power) {
            return (digits.to_owned(), power);
        }
        let (mut least, mut most) = (MOSTLY, MAX_SHORTEST);
        while least < most {
            let middle = (least + most) / 2;
            let (digits, power) = self.leading(middle);
            if self.is_meant(&digits, power) { most = middle } else { least = middle + 1 }
        }
        let (digits, power) = self.leading(least);
        (digits.trim_end_matches('0').to_owned(), power)
    }

    fn is_meant(&self, digits: &str, power: i64) -> bool {
        let read = Exact::read(&written(digits, power + 1));
        read.digits.magnitude() == self.digits.magnitude() && read.power == self.power
    }

    /// As a value, if it is of a size that can be meant.
    fn value(&self) -> Option<Value> {
        if self.is_zero() {
            return Some(Value::Int(0));
        }
        let size = self.digits.bits() as i64 + self.power;
        if size.abs() > MAX_POWER {
            return None;
        }
        let (digits, power) = self.shortest();
        let sign = if self.is_negative() { "-" } else { "" };
        Value::decimal(&format!("{sign}{}", written(&digits, power + 1)))
    }
}

fn ten(power: i64) -> BigUint {
    BigUint::from(10_u32).pow(u32::try_from(power).unwrap_or(0))
}

/// Whole numbers, as long as the result is one.
pub(super) fn whole(operator: Operator, a: i64, b: i64) -> Option<Value> {
    let number = match operator {
        Operator::Less => return Some(Value::Bool(a < b)),
        Operator::LessEqual => return Some(Value::Bool(a <= b)),
        Operator::Greater => return Some(Value::Bool(a > b)),
        Operator::GreaterEqual => return Some(Value::Bool(a >= b)),
        Operator::Plus => a.checked_add(b),
        Operator::Minus => a.checked_sub(b),
        Operator::Times => a.checked_mul(b),
        Operator::Divide if a.checked_rem(b) == Some(0) => a.checked_div(b),
        Operator::Remainder => a.checked_rem(b),
        _ => None,
    };
    number.map(Value::Int)
}

/// Why an operator makes no number of two others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Uncountable {
    /// By zero.
    Division,
    /// There is no such number, or none of a size that is meant.
    Size,
}

/// What calculating with fractions costs.
pub(super) const WORK: usize = 20;

/// What an operator makes of two numbers.
pub(super) fn calculate(
    operator: Operator,
    left: &Value,
    right: &Value,
) -> Result<Value, Uncountable> {
    if let (Value::Int(a), Value::Int(b)) = (left, right)
        && let Some(value) = whole(operator, *a, *b)
    {
        return Ok(value);
    }
    let [a, b] = [left, right].map(|value| Exact::of(value).unwrap_or_default());
    let result = match operator {
        Operator::Less => return Ok(Value::Bool(a.compare(&b).is_lt())),
        Operator::LessEqual => return Ok(Value::Bool(a.compare(&b).is_le())),
        Operator::Greater => return Ok(Value::Bool(a.compare(&b).is_gt())),
        Operator::GreaterEqual => return Ok(Value::Bool(a.compare(&b).is_ge())),
        // These are no business of numbers.
        Operator::Equal | Operator::NotEqual | Operator::And | Operator::Or => {
            return Err(Uncountable::Size);
        }
        Operator::Divide if b.is_zero() => return Err(Uncountable::Division),
        // So HCL has it.
        Operator::Remainder if b.is_zero() => a,
        Operator::Plus => a.sum(&b),
        Operator::Minus => a.sum(&b.negative()),
        Operator::Times => a.product(&b),
        Operator::Divide => a.divided(&b),
        Operator::Remainder => a.remainder(&b),
    };
    result.value().ok_or(Uncountable::Size)
}
