//! Lists, sets and maps of one type are not tuples and objects, although they look alike in a job.

use steppe_planner::jobspec::Syntax;

use super::values::check;
use super::{codes, part, read};

#[test]
fn what_is_written_is_no_list_and_no_map() {
    check(
        r#"
        convert(["a"], list(string)) == ["a"] -> false
        convert([], list(string)) == [] -> false
        convert(["a"], list(string)) == convert(["a"], list(string)) -> true
        convert(["a"], list(string)) == convert(["a"], set(string)) -> false
        convert({a = "1"}, map(string)) == {a = "1"} -> false
        [1] == [1] -> true
        {a = 1} == {a = 1} -> true
        ["a"] == split(",", "a") -> false
        contains([convert(["a"], list(string))], ["a"]) -> false
        length({a = 1}) -> !
        length(convert({a = 1}, map(number))) -> 1
        index({a = 1}, "a") -> !
        index(convert({a = 1}, map(number)), "a") -> 1
        convert([1, 2], tuple([string, number])) -> ["1",2]
        convert(split(",", "a"), tuple([string])) -> !
        convert(convert({a = 1, b = 2}, map(number)), object({a = string})) -> {"a":"1"}
        convert([1, true], list(any)) -> !
        convert([1, "a"], list(any)) -> ["1","a"]
        convert(split(",", ""), list(list(string))) -> !
        "#,
    );
}

#[test]
fn members_of_a_set_have_no_number() {
    check(
        r#"
        [for k, v in convert(["b", "a"], set(string)) : k] -> ["a","b"]
        [for k, v in ["b", "a"] : k] -> [0,1]
        convert(["a"], set(string))[0] -> !
        convert(["a"], set(string))[*] -> ["a"]
        element(convert(["a"], set(string)), 0) -> !
        slice(convert(["a"], set(string)), 0, 1) -> !
        concat(convert(["a"], set(string)), ["b"]) -> !
        coalescelist(["a"], convert(["a"], set(string))) -> !
        contains(convert(["a"], set(string)), "a") -> true
        join(",", convert(["b", "a"], set(string))) -> "a,b"
        flatten([convert(["b", "a"], set(string)), "c"]) -> ["a","b","c"]
        formatlist("%s!", convert(["b", "a"], set(string))) -> ["a!","b!"]
        setproduct(convert([2, 10], set(number)), ["x"]) -> [[10,"x"],[2,"x"]]
        setproduct([2, 10], ["x"]) -> [[2,"x"],[10,"x"]]
        upper(convert(["b", "a"], set(string))...) -> !
        join(convert([",", ["a"]], tuple([string, list(string)]))...) -> "a"
        "#,
    );
}

#[test]
fn functions_keep_the_type_of_what_they_are_given() {
    check(
        r#"
        lookup(convert({a = "x"}, map(string)), "b", 5) -> "5"
        lookup({a = "x"}, "b", 5) -> 5
        lookup(convert({a = 1}, map(number)), "a", "x") -> !
        concat(convert(["a"], list(string)), convert([1], list(number))) -> ["a","1"]
        concat(convert(["a"], list(string)), [1]) -> ["a",1]
        convert(["a"], list(string)) == concat(convert(["a"], list(string))) -> true
        keys(convert({a = 1}, map(number))) == split(",", "a") -> true
        keys({a = 1}) == ["a"] -> true
        values(convert({a = 1}, map(number))) == range(1, 2) -> true
        zipmap(["a"], range(1, 2)) == convert({a = 1}, map(number)) -> true
        zipmap(["a"], [1]) == {a = 1} -> true
        slice(range(3), 0, 1) == range(1) -> true
        merge(convert({a = "1"}, map(string)), {b = 2}) -> {"a":"1","b":2}
        true ? convert(["1"], list(string)) : [1, 2] -> ["1"]
        (true ? ["1"] : convert(["a"], list(string))) == split(",", "1") -> true
        coalesce(null, 1, true) -> 1
        coalesce([null], null, {a = 1}) -> !
        "#,
    );
}

#[test]
fn variables_and_local_values_are_objects_too() {
    let text = "variable \"a\" {\n  default = 1\n}\nlocals {\n  b = \"a\"\n}\n\
                job \"a\" {\n  meta {\n    x = jsonencode([var, local, var[local.b]])\n  }\n}\n";
    let parsed = read(Syntax::Hcl2, text);
    assert!(codes(&parsed).is_empty());
    assert_eq!(part(&parsed, "/Meta/x"), r#"[{"a":1},{"b":"a"},1]"#);
}

/// A map of objects as an option keeps the objects and loses its keys, with a word: so does Nomad, without.
#[test]
fn an_option_takes_a_map_of_objects_for_a_list() {
    let text = "variable \"m\" {\n  type = map(object({ p = number }))\n  default = { x = { p = 1 } }\n}\n\
                job \"a\" {\n  group \"g\" {\n    task \"t\" {\n      driver = \"docker\"\n      config {\n        \
                image = \"i\"\n        labels = var.m\n      }\n    }\n  }\n}\n";
    let parsed = read(Syntax::Hcl2, text);
    let config = part(&parsed, "/TaskGroups/0/Tasks/0/Config");
    assert_eq!(config["labels"], serde_json::json!([{"p": 1}]));
    let warned = |parsed: &steppe_planner::Parsed| {
        parsed.diagnostics.iter().any(|p| p.code == "keys-ignored")
    };
    assert!(warned(&parsed));
    let object = text.replace("= var.m\n", "= { for k, v in var.m : k => v }\n");
    let parsed = read(Syntax::Hcl2, &object);
    let config = part(&parsed, "/TaskGroups/0/Tasks/0/Config");
    assert_eq!(config["labels"], serde_json::json!({"x": {"p": 1}}));
    assert!(!warned(&parsed));
}
