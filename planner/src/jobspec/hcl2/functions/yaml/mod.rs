//! `yamlencode` and `yamldecode`.
//!
//! A small reader of its own: of the libraries at hand none is small, and job files need little of YAML.

mod flow;
mod read;
mod scalar;
mod text;
mod write;

use super::{Arguments, Files, Mistake};
use crate::jobspec::value::Value;

pub(super) fn yamlencode(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    Ok(Value::Text(write::document(arguments.take(0))))
}

pub(super) fn yamldecode(arguments: &mut Arguments, _: &Files) -> Result<Value, Mistake> {
    let text = arguments.text(0)?;
    read::document(&text, arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> String {
        let mut arguments = Arguments::new(Vec::new(), 10_000);
        match read::document(text, &mut arguments) {
            Ok(value) => value.to_json().to_string(),
            Err(mistake) => format!("! {}", mistake.message),
        }
    }

    #[test]
    fn yaml_as_people_write_it() {
        let text = "
# a comment
name: web   # another
count: 3
ratio: 1.50
on: yes
none:
also: ~
quoted: 'it''s'
escaped: \"a\\n\\x41\\u00e9 \\
  b\"
list:
- a
-   b: 1
    c: [x, 'y', {z: 1}]
- - 1
  - 2
-
  d: e
deep:
  er:
    est: \"1\"
text: |
  one
    two

  three
folded: >-
  one
  two

  three
   four
plain: one
  two
flow: {a: 1, \"b\": [2,
  3], c}
date: 2001-12-14
octal: 0o17
hex: 0x1F
url: http://x.y/z#a
";
        let expected = r#"{"also":null,"count":3,"date":"2001-12-14T00:00:00Z","deep":{"er":{"est":"1"}},"escaped":"a\nAé b","flow":{"a":1,"b":[2,3],"c":null},"folded":"one two\nthree\n four","hex":31,"list":["a",{"b":1,"c":["x","y",{"z":1}]},[1,2],{"d":"e"}],"name":"web","none":null,"octal":15,"plain":"one two","quoted":"it's","ratio":1.5,"text":"one\n  two\n\nthree\n","true":true,"url":"http://x.y/z#a"}"#;
        assert_eq!(decode(text), expected);
    }

    #[test]
    fn anchors_merges_tags_and_documents() {
        let merged = "a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3\nc: *x\n";
        assert_eq!(decode(merged), r#"{"a":{"k":1,"l":2},"b":{"k":1,"l":3},"c":{"k":1,"l":2}}"#);
        assert_eq!(decode("a: !!str 5\nb: !!int \"7\"\n"), r#"{"a":"5","b":7}"#);
        assert_eq!(decode("--- \na: 1\n...\n"), r#"{"a":1}"#);
        assert_eq!(decode("5"), "5");
        assert_eq!(decode(""), "null");
        assert_eq!(decode("a:\n  - b\n  - c\nd: |+\n  x\n\n"), r#"{"a":["b","c"],"d":"x\n\n"}"#);
        assert_eq!(decode("{\"json\": [1, 2.5, null, \"x\"]}"), r#"{"json":[1,2.5,null,"x"]}"#);
    }

    #[test]
    fn what_is_no_yaml_is_refused() {
        for text in [
            "a: b: c",
            "a: [1",
            "a: \"x",
            "a: *x",
            "- a\nb: 1",
            "a: 1\n  b: 2",
            "a: !x 1",
            "? a\n: b",
            "a: .nan",
            "a: 1\n---\nb: 2",
            "a: @x",
            "a:\n  b: 1\n c: 2",
            "{a: 1}}",
            "\ta: 1",
            "[1]: 2",
        ] {
            assert!(decode(text).starts_with("! "), "{text}: {}", decode(text));
        }
    }

    #[test]
    fn values_are_written_as_nomad_writes_them() {
        let encode = |json: &str| {
            let json = serde_json::from_str(json).expect("the test's own JSON");
            write::document(Value::from_json(&json))
        };
        let cases = [
            ("5", "5\n...\n"),
            ("null", "null\n...\n"),
            ("\"\"", "\"\"\n"),
            ("[]", "[]\n"),
            (r#"{"a": 1}"#, "\"a\": 1\n"),
            (r#"{"a": [1, [2, 3], {"b": {}}]}"#, "\"a\":\n- 1\n- - 2\n  - 3\n- \"b\": {}\n"),
            (r#"{"a": {"b": "x", "c": null}}"#, "\"a\":\n  \"b\": \"x\"\n  \"c\": null\n"),
            (r#""a\nb""#, "|-\n  a\n  b\n"),
            (r#"{"a": "x\n y\n"}"#, "\"a\": |\n  x\n   y\n"),
            (r#"{"a": "x\n\n"}"#, "\"a\": |+\n  x\n\n...\n"),
            (r#"{"a": "x \ny"}"#, "\"a\": \"x \\ny\"\n"),
            (r#"{"a": " x\ny"}"#, "\"a\": |2-\n   x\n  y\n"),
            (
                r#"{"a": "tab\tand \u0007 and é \"q\""}"#,
                "\"a\": \"tab\\tand \\a and é \\\"q\\\"\"\n",
            ),
        ];
        for (json, expected) in cases {
            assert_eq!(encode(json), expected, "{json}");
        }
        let long = encode(&format!("{{\"a\": \"{}\"}}", "word ".repeat(20)));
        assert_eq!(long.lines().count(), 2, "{long}");
        assert!(long.lines().nth(1).is_some_and(|line| line.starts_with("  word")), "{long}");
    }
}
