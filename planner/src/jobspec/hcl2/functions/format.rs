//! `format` and `formatlist`: the verbs of printf, as far as HCL has them.

use super::encoding::go_json;
use super::text::letters;
use super::{Arguments, Files, Mistake};
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
    let values: Vec<Value> = (1..arguments.count()).map(|at| arguments.take(at)).collect();
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
    rows.collect::<Result<_, _>>().map(Value::List)
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
        (false, true, _) => format!("+{text}"),
        (false, false, true) => format!(" {text}"),
        _ => text,
    };
    match verb.letter {
        'v' if verb.sharp => Ok(go_json(value)),
        'v' => Ok(match value {
            Value::Text(text) => text.clone(),
            Value::Int(_) | Value::Float(_) => general(value.to_number().unwrap_or_default()),
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
            let number = value.to_int().ok_or_else(|| wrong("a whole number"))?;
            let size = number.unsigned_abs();
            let digits = match verb.letter {
                'd' => size.to_string(),
                'b' => format!("{size:b}"),
                'o' => format!("{size:o}"),
                'x' => format!("{size:x}"),
                _ => format!("{size:X}"),
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
            let sign = if number < 0 { "-" } else { "" };
            Ok(signed([sign, prefix, &digits].concat(), number < 0))
        }
        'f' | 'F' | 'e' | 'E' | 'g' | 'G' => {
            let number = value.to_number().ok_or_else(|| wrong("a number"))?;
            let text = match (verb.letter, verb.precision) {
                ('g' | 'G', None) => general(number),
                ('g' | 'G', Some(precision)) => significant(number, precision.max(1)),
                ('e' | 'E', precision) => exponent(number, precision.unwrap_or(6)),
                (_, precision) => format!("{number:.*}", precision.unwrap_or(6)),
            };
            let text = if verb.letter.is_uppercase() { text.to_uppercase() } else { text };
            Ok(signed(text, number < 0.0))
        }
        other => Err(Mistake::at(0, format!("there is no verb %{other}"))),
    }
}

/// The shortest digits that tell a number from its neighbours; with an exponent from a million on.
fn general(number: f64) -> String {
    let shortest = format!("{number:e}");
    let power = shortest.split_once('e').and_then(|(_, power)| power.parse::<i32>().ok());
    match power {
        Some(power) if !(-4..6).contains(&power) => with_power(&shortest),
        _ => number.to_string(),
    }
}

/// So many digits that count, and no zeros at the end.
fn significant(number: f64, digits: usize) -> String {
    let written = format!("{number:.*e}", digits - 1);
    let (mantissa, power) = written.split_once('e').unwrap_or((&written, "0"));
    let power: i32 = power.parse().unwrap_or(0);
    let trim = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    let most = i32::try_from(digits).unwrap_or(i32::MAX);
    if power < -4 || power >= most {
        return with_power(&format!("{}e{power}", trim(mantissa)));
    }
    let decimals = usize::try_from(most - 1 - power).unwrap_or(0);
    trim(&format!("{number:.decimals$}"))
}

/// Go's exponents have a sign and two digits.
fn exponent(number: f64, precision: usize) -> String {
    with_power(&format!("{number:.precision$e}"))
}

fn with_power(text: &str) -> String {
    match text.split_once('e') {
        Some((digits, power)) => {
            let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
            format!("{digits}e{sign}{power:0>2}")
        }
        None => text.to_owned(),
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
