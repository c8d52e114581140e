//! What serde's derive would do, done by description.

use serde_json::json;

use super::{Record, Word, from_json, to_json, to_value};
use crate::{Map, api};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Word)]
#[record(rename_all = "lowercase")]
enum Color {
    #[default]
    Red,
    Green,
}

#[derive(Debug, Default, Record)]
#[record(rename_all = "PascalCase")]
struct Whole {
    #[record(rename = "ID")]
    id: Option<String>,
    small_count: u16,
    share: f64,
    color: Color,
    #[record(null)]
    names: Vec<String>,
    #[record(skip)]
    parts: Map<Part>,
    free: Option<api::Value>,
}

#[derive(Debug, Default, Record)]
struct Part {
    flag: Option<bool>,
}

fn read(text: &str) -> Result<Whole, String> {
    let mut whole = Whole::default();
    from_json(&mut whole, text).map_err(|error| error.to_string())?;
    Ok(whole)
}

#[test]
fn fields_have_their_names_and_empty_ones_are_written_as_asked() {
    let empty = json!({
        "ID": null, "SmallCount": 0, "Share": 0.0, "Color": "red", "Names": null, "Free": null
    });
    assert_eq!(to_value(&Whole::default()), empty);
    let text = r#"{"ID":"x","SmallCount":7,"Share":2.0,"Color":"green","Names":["a"],"Parts":{"p":{"flag":true}},"Free":{"any":[1]}}"#;
    let whole = read(text).expect("it is good");
    assert_eq!(to_json(&whole), text);
    assert_eq!(serde_json::to_string(&whole).expect("it is good"), text);
}

#[test]
fn null_and_absent_read_as_the_default_and_the_case_of_names_does_not_count() {
    let whole = read(r#"{"id":null,"names":null,"Color":null,"SMALLCOUNT":3,"Other":[{}]}"#);
    assert_eq!(whole, Ok(Whole { small_count: 3, ..Whole::default() }));
    let free = read(r#"{"Free":null}"#).expect("it is good");
    assert_eq!(free.free, None);
}

#[test]
fn an_exact_name_is_taken_before_one_in_another_case() {
    let whole = read(r#"{"Free":1,"free":2}"#).expect("it is good");
    assert_eq!(whole.free, Some(json!(2)));
    let parts = read(r#"{"Parts":{"b":{},"a":{"flag":true},"b":{"flag":false}}}"#);
    let parts = parts.expect("it is good").parts;
    assert_eq!(parts.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(parts["b"].flag, Some(false), "the last of equal keys stays");
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    for (text, what) in [
        (r#"{"SmallCount":70000}"#, "integer `70000`, expected a whole number in range"),
        (r#"{"SmallCount":-1}"#, "integer `-1`, expected a whole number in range"),
        (r#"{"SmallCount":1.5}"#, "floating point `1.5`, expected a whole number in range"),
        (r#"{"Names":"a"}"#, "string \"a\", expected a list"),
        (r#"{"ID":["a"]}"#, "sequence, expected text"),
        (r#"{"Parts":{"a":{"flag":"yes"}}}"#, "string \"yes\", expected true or false"),
        (r#"{"Color":"blue"}"#, "string \"blue\", expected text"),
        (r#"{"ID":"x"} y"#, "trailing characters at line 1 column 12"),
    ] {
        let error = read(text).expect_err(text);
        assert!(error.contains(what), "{error}");
    }
}

#[test]
fn copies_are_equal_and_differences_are_seen() {
    let text = r#"{"ID":"x","Names":["a","b"],"Parts":{"p":{"flag":true},"q":{}},"Free":[null]}"#;
    let whole = read(text).expect("it is good");
    let mut copy = whole.clone();
    assert_eq!(copy, whole);
    copy.parts.values_mut().for_each(|part| part.flag = Some(false));
    assert_ne!(copy, whole);
    copy.clone_from(&whole);
    copy.names.pop();
    assert_ne!(copy, whole);
}
