//! `yamlencode`, and `yamldecode` for the YAML that is JSON.

use super::{Arguments, Files, Mistake};
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

pub(super) fn yamlencode(arguments: &mut Arguments, _: &Files) -> Outcome {
    let mut out = String::new();
    write(&arguments.take(0), 0, &mut out);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    Ok(Value::Text(out))
}

/// YAML proper needs a parser larger than the rest of the functions; JSON is a subset of it.
pub(super) fn yamldecode(arguments: &mut Arguments, _: &Files) -> Outcome {
    match serde_json::from_str(&arguments.text(0)?) {
        Ok(json) => Ok(Value::from_json(&json)),
        Err(_) => Err(Mistake {
            hint: Some("use jsondecode, or an HCL object".to_owned()),
            ..Mistake::at(0, "only YAML that is also JSON can be read")
        }),
    }
}

fn write(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::List(values) if !values.is_empty() => {
            for value in values {
                out.push_str(&"  ".repeat(depth));
                out.push_str("- ");
                nested(value, depth, out);
            }
        }
        Value::Object(values) if !values.is_empty() => {
            for (key, value) in values {
                out.push_str(&"  ".repeat(depth));
                out.push_str(&serde_json::Value::from(key.as_str()).to_string());
                out.push(':');
                match value {
                    Value::List(list) if !list.is_empty() => {
                        out.push('\n');
                        write(value, depth, out);
                    }
                    Value::Object(fields) if !fields.is_empty() => {
                        out.push('\n');
                        write(value, depth + 1, out);
                    }
                    single => {
                        out.push(' ');
                        out.push_str(&single.to_json().to_string());
                        out.push('\n');
                    }
                }
            }
        }
        Value::Text(text) => out.push_str(&serde_json::Value::from(text.as_str()).to_string()),
        other => out.push_str(&other.to_json().to_string()),
    }
}

/// An entry of a list: its first line stands behind the dash.
fn nested(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let mut inner = String::new();
            write(value, depth + 1, &mut inner);
            out.push_str(inner.trim_start_matches(' '));
        }
        Value::List(values) if !values.is_empty() => {
            let mut inner = String::new();
            write(value, depth + 1, &mut inner);
            out.push_str(inner.trim_start_matches(' '));
        }
        single => {
            out.push_str(&single.to_json().to_string());
            out.push('\n');
        }
    }
}
