//! Our answers against the shapes of the real Nomad's: what it always sends must be there, and what it
//! sends must have the type it has there. More fields are allowed.

use serde_json::Value;
use steppe_planner::Map;

/// Endpoint, then field path, then the JSON types seen; `?` marks a field that may be missing.
type Shapes = Map<Map<String>>;

/// What we leave out or write otherwise on purpose.
const DIFFERENT: [(&str, &str); 8] = [
    ("StartedAt", "null until it happens"),
    ("FinishedAt", "null until it happens"),
    ("DeploymentStatus", "null until it is judged, in Nomad too"),
    ("TaskStates", "null until a client has begun, in Nomad too"),
    ("TaskHandle", "what a driver remembers of a task is nobody's business"),
    ("ConsulToken", "Consul is not used"),
    ("Multiregion", "always null; absent means the same to clients"),
    ("Resources.Networks.[].DNS", "null as in 1.1.2, or a document"),
];

/// Fails with every difference at once.
#[track_caller]
pub(crate) fn check(endpoint: &str, answer: &Value) {
    let shapes: Shapes =
        serde_json::from_str(include_str!("../fixtures/nomad-shapes.json")).expect("fixture");
    let shape = shapes.get(endpoint).unwrap_or_else(|| panic!("no shape of {endpoint}"));
    let mut problems = Vec::new();
    compare(shape, "", answer, &mut problems);
    problems.sort_unstable();
    problems.dedup();
    assert!(problems.is_empty(), "{endpoint}:\n  {}", problems.join("\n  "));
}

fn compare(shape: &Map<String>, path: &str, value: &Value, problems: &mut Vec<String>) {
    let known = shape.get(if path.is_empty() { "." } else { path });
    let Some(known) = known else {
        return;
    };
    let kind = kind(value);
    // Recorded null may stand for a type that was not seen: any is allowed then.
    let types: Vec<&str> = known.trim_end_matches('?').split('|').collect();
    if !types.contains(&kind) && types != ["null"] {
        // To clients, null is as good as absent.
        let absent = kind == "null" && known.ends_with('?');
        let meant = kind == "null" && DIFFERENT.iter().any(|(end, _)| path.ends_with(end));
        if !absent && !meant {
            problems.push(format!("{path} is {kind}, Nomad's is {known}"));
        }
        return;
    }
    let child =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Array(list) => {
            for item in list {
                compare(shape, &child("[]"), item, problems);
            }
        }
        Value::Object(fields) if shape.contains_key(&child("*")) => {
            for item in fields.values() {
                compare(shape, &child("*"), item, problems);
            }
        }
        Value::Object(fields) => {
            for (name, item) in fields {
                compare(shape, &child(name), item, problems);
            }
            missing(shape, path, fields, problems);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn missing(
    shape: &Map<String>,
    path: &str,
    fields: &serde_json::Map<String, Value>,
    problems: &mut Vec<String>,
) {
    let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
    for (known, types) in shape {
        let Some(name) = known.strip_prefix(&prefix) else {
            continue;
        };
        let direct = !name.is_empty() && !name.contains('.') && name != "*" && name != "[]";
        // Events of before 0.9 had a field a reason; `DisplayMessage` and `Details` replace them.
        let old = known.contains("TaskStates.*.Events.[].");
        let wanted = direct && !old && !types.ends_with('?') && !fields.contains_key(name);
        if wanted && !DIFFERENT.iter().any(|(end, _)| known.ends_with(end)) {
            problems.push(format!("{known} is missing"));
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[test]
fn a_wrong_shape_is_found() {
    let caught = std::panic::catch_unwind(|| {
        check("GET /v1/deployment/{id}", &serde_json::json!({"ID": 7}));
    });
    assert!(caught.is_err());
}
