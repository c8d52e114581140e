//! `format` and `formatlist`: the verbs of printf, as far as HCL has them.

use num_bigint::Sign;

use super::encoding::go_json;
use super::text::letters;
use super::{Arguments, Files, Mistake};
use crate::decimal;
use crate::jobspec::hcl2::exact::Exact;
use crate::jobspec::hcl2::types::Type;
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

/// Wider fields are refused.
const MAX_WIDTH: usize = 1024;

pub(super) fn format(arguments: &mut Arguments, _: &Files) -> Outcome {
    let pattern = arguments.text(0)?;
    let values: Vec<Value> = (1..arguments.count()).map(|at| arguments.take(at)).collect();
    print(arguments, &pattern, &values).map(Value::Text)
}

pub(super) fn formatlist(arguments: &mut Arguments, _: &Files) -> Outcome {
    let pattern = arguments.text(0)?;
    let elements = |value: Value| match value {
        Value::Typed(typed) if matches!(typed.parts, Value::List(_)) => typed.parts,
        other => other,
    };
    let values: Vec<Value> =
        (1..arguments.count()).map(|at| elements(arguments.take(at))).collect();
    let mut length = None;
    for (at, value) in values.iter().enumerate() {
        if let Value::List(list) = value {
            if length.is_some_and(|length| length != list.len()) {
                return Err(Mistake::at(at + 1, "the lists differ in length"));
            }
            length = Some(list.len());
        }
    }
    let rows = length.unwrap_or(1);
    arguments.afford(rows.saturating_mul(1 + pattern.len() / 32))?;
    let rows = (0..rows).map(|row| {
        let values: Vec<Value> = values
            .iter()
            .map(|value| match value {
                Value::List(list) => list.get(row).cloned().unwrap_or(Value::Null),
                single => single.clone(),
            })
            .collect();
        print(arguments, &pattern, &values).map(Value::Text)
    });
    let rows = rows.collect::<Result<_, _>>()?;
    Ok(Value::typed(Type::Text.list(), Value::List(rows)))
}

/// `%-08.3[2]f`, taken apart.
#[derive(Default)]
struct Verb {
    left: bool,
    zero: bool,
    plus: bool,
    space: bool,
    sharp: bool,
    width: usize,
    precision: Option<usize>,
    letter: char,
}

fn print(arguments: &mut Arguments, pattern: &str, values: &[Value]) -> Result<String, Mistake> {
    let letters: Vec<char> = pattern.chars().collect();
    let mut out = String::new();
    let (mut at, mut next, mut used) = (0, 0, 0);
    while at < letters.len() {
        if letters[at] != '%' {
            out.push(letters[at]);
            at += 1;
            continue;
        }
        at += 1;
        let mut verb = Verb::default();
        while let Some(flag) = letters.get(at).copied().filter(|letter| "-0+ #".contains(*letter)) {
            match flag {
                '-' => verb.left = true,
                '0' => verb.zero = true,
                '+' => verb.plus = true,
                ' ' => verb.space = true,
                _ => verb.sharp = true,
            }
            at += 1;
        }
        verb.width = digits(&letters, &mut at).unwrap_or(0);
        if letters.get(at) == Some(&'.') {
            at += 1;
            verb.precision = Some(digits(&letters, &mut at).unwrap_or(0));
        }
        if letters.get(at) == Some(&'[') {
            at += 1;
            next = digits(&letters, &mut at).unwrap_or(0).wrapping_sub(1);
            at += 1;
        }
        if verb.width.max(verb.precision.unwrap_or(0)) > MAX_WIDTH {
            return Err(Mistake::at(0, format!("a width must be at most {MAX_WIDTH}")));
        }
        let Some(letter) = letters.get(at) else {
            return Err(Mistake::at(0, "the format ends inside a verb"));
        };
        verb.letter = *letter;
        at += 1;
        if verb.letter == '%' {
            out.push('%');
            continue;
        }
        let Some(value) = values.get(next) else {
            return Err(Mistake::at(0, format!("there is no argument for %{}", verb.letter)));
        };
        let shown = pad(&verb, show(&verb, value, next + 1)?);
        arguments.afford_text(shown.len())?;
        out.push_str(&shown);
        next += 1;
        used = used.max(next);
    }
    if used < values.len() {
        return Err(Mistake::at(used + 1, "the format does not use this argument"));
    }
    Ok(out)
}

fn digits(letters: &[char], at: &mut usize) -> Option<usize> {
    let start = *at;
    while letters.get(*at).is_some_and(char::is_ascii_digit) {
        *at += 1;
    }
    let text: String = letters[start..*at].iter().collect();
    // A number too long to read is too large in any case.
    (start < *at).then(|| text.parse().unwrap_or(usize::MAX))
}

fn show(verb: &Verb, value: &Value, at: usize) -> Result<String, Mistake> {
    let wrong = |wanted: &str| {
        Mistake::at(at, format!("%{} needs {wanted}, not {}", verb.letter, value.kind()))
    };
    let signed = |text: String, negative: bool| match (negative, verb.plus, verb.space) {
        (true, ..) => format!("-{text}"),
        (false, true, _) => format!("+{text}"),
        (false, false, true) => format!(" {text}"),
        _ => text,
    };
    match verb.letter {
        'v' if verb.sharp => Ok(go_json(value)),
        'v' => Ok(match value {
            Value::Text(text) => text.clone(),
            Value::Int(_) | Value::Decimal(_) => {
                let number = Exact::of(value).unwrap_or_default();
                signed(general(&number), number.is_negative())
            }
            other => go_json(other),
        }),
        's' | 'q' => {
            let text = value.to_text().ok_or_else(|| wrong("a string"))?;
            let text: String = match verb.precision {
                Some(most) if most > 0 => letters(&text).take(most).collect(),
                _ => text,
            };
            Ok(if verb.letter == 'q' { go_json(&Value::Text(text)) } else { text })
        }
        't' => value.to_bool().map(|flag| flag.to_string()).ok_or_else(|| wrong("a bool")),
        'd' | 'b' | 'o' | 'x' | 'X' => {
            let number = Exact::of(value).and_then(|number| number.as_whole());
            let number = number.ok_or_else(|| wrong("a whole number"))?;
            let negative = number.sign() == Sign::Minus;
            let size = number.magnitude();
            let digits = match verb.letter {
                'd' => size.to_string(),
                'b' => size.to_str_radix(2),
                'o' => size.to_str_radix(8),
                'x' => size.to_str_radix(16),
                _ => size.to_str_radix(16).to_uppercase(),
            };
            let least = verb.precision.unwrap_or(0).saturating_sub(digits.len());
            let digits = "0".repeat(least) + &digits;
            let prefix = match (verb.sharp, verb.letter) {
                (true, 'b') => "0b",
                (true, 'o') => "0",
                (true, 'x') => "0x",
                (true, 'X') => "0X",
                _ => "",
            };
            Ok(signed([prefix, &digits].concat(), negative))
        }
        'f' | 'F' | 'e' | 'E' | 'g' | 'G' => {
            let number = Exact::of(value).ok_or_else(|| wrong("a number"))?;
            let text = match (verb.letter, verb.precision) {
                ('g' | 'G', None) => general(&number),
                ('g' | 'G', Some(precision)) => significant(&number, precision.max(1)),
                ('e' | 'E', precision) => exponent(&number, precision.unwrap_or(6)),
                (_, precision) => number.fixed(precision.unwrap_or(6)),
            };
            let text = if verb.letter.is_uppercase() { text.to_uppercase() } else { text };
            Ok(signed(text, number.is_negative()))
        }
        other => Err(Mistake::at(0, format!("there is no verb %{other}"))),
    }
}

/// The fewest digits that mean a number; with an exponent from a million on.
fn general(number: &Exact) -> String {
    let (digits, power) = number.shortest();
    short(&digits, power, 6)
}

/// So many digits that count, and no zeros at the end.
fn significant(number: &Exact, count: usize) -> String {
    let (digits, power) = number.leading(count as i64);
    short(digits.trim_end_matches('0'), power, count as i64)
}

fn short(digits: &str, power: i64, most: i64) -> String {
    match (-4..most).contains(&power) {
        true => decimal::written(digits, power + 1),
        false => with_power(digits, power),
    }
}

fn exponent(number: &Exact, decimals: usize) -> String {
    let (digits, power) = number.leading(decimals as i64 + 1);
    with_power(&digits, power)
}

/// Go's exponents have a sign and two digits.
fn with_power(digits: &str, power: i64) -> String {
    let (sign, power) = (if power < 0 { '-' } else { '+' }, power.abs());
    match digits.split_at(1) {
        (first, "") => format!("{first}e{sign}{power:02}"),
        (first, rest) => format!("{first}.{rest}e{sign}{power:02}"),
    }
}

fn pad(verb: &Verb, text: String) -> String {
    let missing = verb.width.saturating_sub(letters(&text).count());
    // A bool is never padded.
    if missing == 0 || verb.letter == 't' {
        return text;
    }
    let plain = matches!(verb.letter, 's' | 'q' | 'v');
    let filling = if verb.zero && (plain || !verb.left) { "0" } else { " " }.repeat(missing);
    if verb.left {
        return text + &filling;
    }
    if verb.zero && !plain {
        let sign = text.len() - text.trim_start_matches(['-', '+', ' ']).len();
        return [&text[..sign], &filling, &text[sign..]].concat();
    }
    filling + &text
}
