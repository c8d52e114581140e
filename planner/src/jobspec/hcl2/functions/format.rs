//! `format` and `formatlist`: the verbs of printf, as far as HCL has them.

use super::{Arguments, Files, Mistake};
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

/// Wider fields are refused.
const MAX_WIDTH: usize = 1024;

pub(super) fn format(arguments: &mut Arguments, _: &Files) -> Outcome {
    let pattern = arguments.text(0)?;
    let values: Vec<Value> = (1..arguments.count()).map(|at| arguments.take(at)).collect();
    print(&pattern, &values).map(Value::Text)
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
    let rows = (0..length.unwrap_or(1)).map(|row| {
        let values: Vec<Value> = values
            .iter()
            .map(|value| match value {
                Value::List(list) => list.get(row).cloned().unwrap_or(Value::Null),
                single => single.clone(),
            })
            .collect();
        print(&pattern, &values).map(Value::Text)
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

fn print(pattern: &str, values: &[Value]) -> Result<String, Mistake> {
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
        out.push_str(&pad(&verb, show(&verb, value, next + 1)?));
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
        'v' if verb.sharp => Ok(value.to_json().to_string()),
        'v' => Ok(value.to_text().unwrap_or_else(|| value.to_json().to_string())),
        's' | 'q' => {
            let text = value.to_text().ok_or_else(|| wrong("a string"))?;
            let text: String = match verb.precision {
                Some(most) => text.chars().take(most).collect(),
                None => text,
            };
            Ok(if verb.letter == 'q' { serde_json::Value::from(text).to_string() } else { text })
        }
        't' => value.to_bool().map(|flag| flag.to_string()).ok_or_else(|| wrong("a bool")),
        'd' | 'b' | 'o' | 'x' | 'X' => {
            let number = value.to_number().ok_or_else(|| wrong("a number"))?;
            let number =
                Value::number(number.trunc()).to_int().ok_or_else(|| wrong("a smaller number"))?;
            let size = number.unsigned_abs();
            let digits = match verb.letter {
                'd' => size.to_string(),
                'b' => format!("{size:b}"),
                'o' => format!("{size:o}"),
                'x' => format!("{size:x}"),
                _ => format!("{size:X}"),
            };
            let text = if number < 0 { format!("-{digits}") } else { digits };
            Ok(signed(text, number < 0))
        }
        'f' | 'F' | 'e' | 'E' | 'g' | 'G' => {
            let number = value.to_number().ok_or_else(|| wrong("a number"))?;
            let text = match (verb.letter, verb.precision) {
                ('g' | 'G', None) => number.to_string(),
                ('g' | 'G', Some(precision)) => format!("{number:.precision$}"),
                ('e' | 'E', precision) => exponent(number, precision.unwrap_or(6)),
                (_, precision) => format!("{number:.*}", precision.unwrap_or(6)),
            };
            Ok(signed(text, number < 0.0))
        }
        other => Err(Mistake::at(0, format!("there is no verb %{other}"))),
    }
}

/// Go's exponents have a sign and two digits.
fn exponent(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    match text.split_once('e') {
        Some((digits, power)) => {
            let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
            format!("{digits}e{sign}{power:0>2}")
        }
        None => text,
    }
}

fn pad(verb: &Verb, text: String) -> String {
    let missing = verb.width.saturating_sub(text.chars().count());
    if missing == 0 {
        return text;
    }
    if verb.left {
        return text + &" ".repeat(missing);
    }
    if verb.zero && !matches!(verb.letter, 's' | 'q' | 'v' | 't') {
        let sign = text.len() - text.trim_start_matches(['-', '+', ' ']).len();
        return format!("{}{}{}", &text[..sign], "0".repeat(missing), &text[sign..]);
    }
    " ".repeat(missing) + &text
}
