//! Rules of constraints, affinities and spreads.

use std::cmp::Ordering;

use regex_lite::Regex;

use super::{Report, inside, one_of, unsigned};
use crate::api::{Affinity, Constraint, Spread};
use crate::jobspec::{AFFINITY_OPERATORS, OPERATORS};
use crate::semantics::Rule;

/// A constraint of a job, group or task.
pub(super) fn constraint(constraint: &Constraint, at: usize, path: &str, report: &mut Report) {
    let place = inside(path, &format!("constraint[{at}]"));
    let right = constraint.r_target.as_str();
    let operator = constraint.operand.as_str();
    let mut needs_attribute = true;
    let mut fail = |name: &str, message: String, hint: String| {
        report.error(&inside(&place, name), "invalid-constraint", message);
        report.hint(hint);
    };
    match operator {
        "" => {
            for message in ["Missing constraint operand", "Unknown constraint type \"\""] {
                fail("operator", message.to_owned(), "write operator = \"=\"".to_owned());
            }
        }
        "distinct_hosts" => needs_attribute = false,
        "set_contains" | "set_contains_all" | "set_contains_any" if right.is_empty() => {
            let message = "Set contains constraint requires an RTarget".to_owned();
            fail("value", message, "write value = \"one,two\"".to_owned());
        }
        "set_contains" | "set_contains_all" | "set_contains_any" => {}
        "regexp" | "version" | "semver" => {
            if let Some(message) = pattern(operator, right, "constraint") {
                fail("value", message, pattern_hint(operator, right));
            }
        }
        "distinct_property" if !right.is_empty() => match unsigned(right, 10, 64) {
            Ok(0) => {
                let message = "Distinct Property must have an allowed count of 1 or greater: 0 < 1";
                fail("value", message.to_owned(), "write value = \"1\"".to_owned());
            }
            Ok(_) => {}
            Err(reason) => {
                let message = format!("Failed to convert RTarget \"{right}\" to uint64: {reason}");
                let hint = "write value = \"1\": how many allocations may share a value";
                fail("value", message, hint.to_owned());
            }
        },
        "distinct_property" => {}
        "=" | "==" | "is" | "!=" | "not" | "<" | "<=" | ">" | ">=" => {
            if right.is_empty() {
                let message = format!("Operator \"{operator}\" requires an RTarget");
                fail("value", message, "write value = \"…\"".to_owned());
            }
        }
        "is_set" | "is_not_set" => {
            if !right.is_empty() {
                let message = format!("Operator \"{operator}\" does not support an RTarget");
                fail("value", message, "remove the value".to_owned());
            }
        }
        other => {
            let message = format!("Unknown constraint type \"{other}\"");
            fail("operator", message, operator_hint(other, OPERATORS));
        }
    }
    if needs_attribute && constraint.l_target.is_empty() {
        let message = "No LTarget provided but is required by constraint".to_owned();
        fail("attribute", message, "write attribute = \"${attr.kernel.name}\"".to_owned());
    }
}

/// Affinities and spreads, which system jobs must not have.
pub(super) fn preferences(
    kind: &str,
    affinities: &[Affinity],
    spreads: &[Spread],
    path: &str,
    report: &mut Report,
) {
    let system = kind == "system" || kind == "sysbatch" && report.has(Rule::SystemBatch);
    if system && !affinities.is_empty() {
        let place = inside(path, "affinity[0]");
        report.error(&place, "system-affinity", "System jobs may not have an affinity stanza");
        report.hint("write a constraint: a system job runs on every node it may");
    } else {
        for (at, one) in affinities.iter().enumerate() {
            affinity(one, at, path, report);
        }
    }
    if system && !spreads.is_empty() {
        report.error(
            &inside(path, "spread[0]"),
            "system-spread",
            "System jobs may not have a spread stanza",
        );
        report.hint("remove it: a system job runs on every node it may");
    } else {
        for (at, one) in spreads.iter().enumerate() {
            spread(one, at, path, report);
        }
    }
}

/// An affinity of a job, group or task.
pub(super) fn affinity(affinity: &Affinity, at: usize, path: &str, report: &mut Report) {
    let place = inside(path, &format!("affinity[{at}]"));
    let right = affinity.r_target.as_str();
    let mut fail = |name: &str, message: String, hint: String| {
        report.error(&inside(&place, name), "invalid-affinity", message);
        report.hint(hint);
    };
    match affinity.operand.as_str() {
        "" => {
            for message in ["Missing affinity operand", "Unknown affinity operator \"\""] {
                fail("operator", message.to_owned(), "write operator = \"=\"".to_owned());
            }
        }
        "set_contains" | "set_contains_all" | "set_contains_any" => {
            if right.is_empty() {
                let message = "Set contains operators require an RTarget".to_owned();
                fail("value", message, "write value = \"one,two\"".to_owned());
            }
        }
        operator @ ("regexp" | "version" | "semver") => {
            if let Some(message) = pattern(operator, right, "affinity") {
                fail("value", message, pattern_hint(operator, right));
            }
        }
        operator @ ("=" | "==" | "is" | "!=" | "not" | "<" | "<=" | ">" | ">=") => {
            if right.is_empty() {
                let message = format!("Operator \"{operator}\" requires an RTarget");
                fail("value", message, "write value = \"…\"".to_owned());
            }
        }
        other => {
            let message = format!("Unknown affinity operator \"{other}\"");
            fail("operator", message, operator_hint(other, AFFINITY_OPERATORS));
        }
    }
    if affinity.l_target.is_empty() {
        let message = "No LTarget provided but is required".to_owned();
        fail("attribute", message, "write attribute = \"${node.class}\"".to_owned());
    }
    let hint = "write weight = 50; below 0 it keeps away".to_owned();
    match affinity.weight.unwrap_or(50) {
        0 => fail("weight", "Affinity weight cannot be zero".to_owned(), hint),
        -100..=100 => {}
        _ => fail("weight", "Affinity weight must be within the range [-100,100]".to_owned(), hint),
    }
}

fn spread(spread: &Spread, at: usize, path: &str, report: &mut Report) {
    let place = inside(path, &format!("spread[{at}]"));
    let code = "invalid-spread";
    if !(1..=100).contains(&spread.weight.unwrap_or(50)) {
        let message = "Spread stanza must have a positive weight from 0 to 100";
        report.error(&inside(&place, "weight"), code, message);
        report.hint("write weight = 50");
    }
    if spread.attribute.is_empty() {
        report.error(&place, code, "Missing spread attribute");
        report.hint("write attribute = \"${node.datacenter}\"");
    }
    let mut sum = 0;
    for (at, target) in spread.spread_target.iter().enumerate() {
        let place = inside(&place, &format!("target.{}", target.value));
        if spread.spread_target[..at].iter().any(|other| other.value == target.value) {
            report.error(
                &place,
                code,
                format!("Spread target value \"{}\" already defined", target.value),
            );
            report.hint("keep one target for each value");
        }
        if !(0..=100).contains(&target.percent) {
            let message = format!(
                "Spread target percentage for value \"{}\" must be between 0 and 100",
                target.value
            );
            report.error(&inside(&place, "percent"), code, message);
            report.hint("write a number from 0 to 100");
        }
        sum += target.percent;
    }
    if sum > 100 {
        let message =
            format!("Sum of spread target percentages must not be greater than 100%; got {sum}%");
        report.error(&place, code, message);
        report.hint("lower the percentages: together they may be 100");
    }
}

/// The fix for an operator that does not exist.
fn operator_hint(given: &str, known: &[&str]) -> String {
    let meant = match given.to_ascii_lowercase().as_str() {
        "equals" | "equal" | "eq" | "===" => "=",
        "not_equals" | "not_equal" | "ne" | "neq" | "<>" => "!=",
        "gt" => ">",
        "ge" | "gte" | "=>" => ">=",
        "lt" => "<",
        "le" | "lte" | "=<" => "<=",
        "regex" | "match" | "matches" | "like" | "=~" | "~" => "regexp",
        "in" | "contains" | "any" => "set_contains_any",
        "exists" => "is_set",
        "not_exists" | "not_set" => "is_not_set",
        "distinct_host" | "unique" => "distinct_hosts",
        _ => return one_of("operator", given, known),
    };
    format!("write operator = \"{meant}\"")
}

/// The fix for the right side of an operator that interprets it.
fn pattern_hint(operator: &str, right: &str) -> String {
    match operator {
        "regexp" if right.starts_with(['*', '?', '+']) => {
            format!("this is a regular expression: write \".{right}\"")
        }
        "regexp" if regexp_error_is_open_set(right) => "add the ] that closes the set".to_owned(),
        "regexp" => "write a regular expression as RE2 knows it: \"web-[0-9]+\"".to_owned(),
        "semver" if right.contains("~>") => {
            "semver has no ~>: write operator = \"version\"".to_owned()
        }
        _ if right.contains("=>") => format!("write \"{}\"", right.replace("=>", ">=")),
        _ if right.contains("=<") => format!("write \"{}\"", right.replace("=<", "<=")),
        _ => "write a comparison such as \">= 1.6.0\", several with commas between".to_owned(),
    }
}

fn regexp_error_is_open_set(pattern: &str) -> bool {
    pattern.rfind('[').is_some_and(|at| !pattern[at..].contains(']'))
}

/// What is wrong with the right side of an operator that interprets it.
fn pattern(operator: &str, right: &str, what: &str) -> Option<String> {
    match operator {
        "regexp" => {
            let error = Regex::new(right).err()?;
            Some(format!(
                "Regular expression failed to compile: error parsing regexp: {}",
                regexp_error(right, &error)
            ))
        }
        "version" => {
            let wrong = bad_part(right, &["=", "!=", ">", "<", ">=", "<=", "~>"], false)?;
            Some(format!("Version {what} is invalid: Malformed constraint: {wrong}"))
        }
        _ => {
            let wrong = bad_part(right, &["=", "!=", ">", "<", ">=", "<="], true)?;
            Some(format!("Semver {what} is invalid: Malformed constraint: {wrong}"))
        }
    }
}

/// Go's words for the usual slip, ours for the others.
fn regexp_error(pattern: &str, error: &regex_lite::Error) -> String {
    let open = pattern.rfind('[').filter(|at| !pattern[*at..].contains(']'));
    if let Some(at) = open {
        return format!("missing closing ]: `{}`", &pattern[at..]);
    }
    let count = |letter: char| pattern.matches(letter).count();
    if pattern.starts_with(['*', '+', '?']) {
        return format!("missing argument to repetition operator: `{}`", &pattern[..1]);
    }
    match count('(').cmp(&count(')')) {
        Ordering::Greater => format!("missing closing ): `{pattern}`"),
        Ordering::Less => format!("unexpected ): `{pattern}`"),
        Ordering::Equal => error.to_string(),
    }
}

/// The first part of a version constraint that cannot be read.
fn bad_part<'a>(constraint: &'a str, operators: &[&str], strict: bool) -> Option<&'a str> {
    constraint.split(',').find(|part| {
        let part = part.trim();
        let digits = part.find(|c: char| c.is_ascii_digit() || c == 'v').unwrap_or(part.len());
        let (operator, version) = part.split_at(digits);
        let operator = operator.trim();
        !((operator.is_empty() || operators.contains(&operator))
            && is_version(version.trim(), strict))
    })
}

/// `1.2.3-beta1+build`: a strict one has no letter in its numbers, and its prerelease follows a dash.
fn is_version(text: &str, strict: bool) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (text, build) =
        text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let numbers_end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (numbers, rest) = text.split_at(numbers_end);
    let numbers_good =
        !numbers.is_empty() && numbers.split('.').all(|part| part.parse::<u64>().is_ok());
    let identifier = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '~'))
    };
    let rest_good = match rest.strip_prefix('-') {
        Some(rest) => identifier(rest),
        None => rest.is_empty() || (!strict && identifier(rest)),
    };
    numbers_good && rest_good && build.is_none_or(identifier)
}

#[cfg(test)]
mod tests {
    use super::bad_part;

    #[test]
    fn reads_version_constraints() {
        let all = ["=", "!=", ">", "<", ">=", "<=", "~>"];
        assert_eq!(bad_part(">= 1.2, < 2.0.0-beta1", &all, false), None);
        assert_eq!(bad_part("~> 1.0", &all[..6], true), Some("~> 1.0"));
        assert_eq!(bad_part("abc", &all, false), Some("abc"));
        assert_eq!(bad_part(">= 1.6.0-beta1", &all[..6], true), None);
    }
}
