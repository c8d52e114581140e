//! JSON with its keys in order, whatever order the map type of this build keeps.
//!
//! serde_json's maps keep the order of insertion as soon as any package of a build asks for it; digests and
//! comparisons must not depend on who else is in the build.

use serde_json::Value;

/// Writes a value with sorted keys and no blanks.
pub(crate) fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Array(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(value, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut entries: Vec<(&String, &Value)> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (at, (key, value)) in entries.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        single => out.push_str(&single.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn keys_are_in_order() {
        let value = serde_json::json!({"b": [1.5, null, {"z": "\"", "a": true}], "a": {}});
        assert_eq!(super::text(&value), r#"{"a":{},"b":[1.5,null,{"a":true,"z":"\""}]}"#);
    }
}
