//! Whether two documents say the same: absent, null and Go's zero value are one, and so are `1` and `1.0`.
//!
//! The same job reaches us as text, from Nomad's command line and from client libraries; each writes what
//! it does not mean in its own way.

use serde::Serialize;

use super::Value;

/// True if both values are the same document.
pub fn same_document<T: Serialize + PartialEq>(a: &T, b: &T) -> bool {
    a == b
        || match (serde_json::to_value(a), serde_json::to_value(b)) {
            (Ok(a), Ok(b)) => same_value(&a, &b),
            _ => false,
        }
}

fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => {
            let none = Value::Null;
            x.keys()
                .chain(y.keys())
                .all(|key| same_value(x.get(key).unwrap_or(&none), y.get(key).unwrap_or(&none)))
        }
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same_value(x, y))
        }
        (Value::Number(x), Value::Number(y)) => x == y || x.as_f64() == y.as_f64(),
        _ => a == b || is_zero(a) && is_zero(b),
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(is_zero),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::same_document;

    #[test]
    fn nothing_is_written_in_many_ways() {
        let a = json!({"A": null, "B": [1, 2.0], "C": {"D": ""}});
        assert!(same_document(&a, &json!({"B": [1.0, 2], "E": false})));
        assert!(!same_document(&a, &json!({"B": [1, 3]})));
        assert!(!same_document(&a, &json!({"B": [1, 2], "E": "x"})));
    }
}
