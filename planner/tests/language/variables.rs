//! Variables, local values and dynamic blocks.

use steppe_planner::jobspec::{Parsed, Syntax};
use steppe_planner::{Named, ParseOptions, parse};

use super::{codes, part, read, told};

/// A job that shows one variable, given by `-var`.
fn given(declaration: &str, value: &str) -> Parsed {
    let job = "job \"a\" {\n  meta {\n    x = jsonencode(var.v)\n  }\n}\n";
    let text = format!("variable \"v\" {{\n{declaration}\n}}\n{job}");
    let vars = vec![Named::new("v", value)];
    parse(&text, &ParseOptions { syntax: Syntax::Hcl2, vars, ..ParseOptions::default() })
}

#[test]
fn given_values_are_read_by_their_type() {
    let cases = [
        ("type = string", "5", "\"5\""),
        ("type = number", "5", "5"),
        ("type = number", "x", "wrong-type"),
        ("type = bool", "1", "wrong-type"),
        ("type = bool", "true", "true"),
        ("type = list(string)", "[1, \"a\"]", "[\"1\",\"a\"]"),
        ("type = list(string)", "a", "wrong-type"),
        ("type = set(number)", "[2, 1, 2]", "[1,2]"),
        ("type = map(number)", "{a = \"1\"}", "{\"a\":1}"),
        ("type = object({ a = number })", "{a = 1, b = 2}", "{\"a\":1}"),
        ("type = object({ a = number })", "{}", "wrong-type"),
        ("type = tuple([string, number])", "[1, \"2\"]", "[\"1\",2]"),
        ("type = tuple([string])", "[1, 2]", "wrong-type"),
        ("", "true", "\"true\""),
        // Without a type, the default says it.
        ("default = 5", "7", "7"),
        ("default = 5", "x", "wrong-type"),
        ("default = true", "false", "false"),
        ("default = [\"a\"]", "[\"b\"]", "[\"b\"]"),
        ("default = [\"a\"]", "[\"b\", \"c\"]", "wrong-type"),
        ("default = null", "[1]", "[1]"),
        ("type = any", "1", "invalid-type"),
        ("type = list", "[1]", "invalid-type"),
        ("type = \"string\"", "a", "invalid-type"),
        ("type = list(nosuch)", "[1]", "invalid-type"),
        ("type = object({ \"a\" = string })", "{a = 1}", "invalid-type"),
        ("description = [1]", "a", "wrong-type"),
        ("description = 5", "a", "\"a\""),
        ("sensitive = true", "a", "unknown-attribute"),
    ];
    for (declaration, value, expected) in cases {
        let parsed = given(declaration, value);
        let found = match codes(&parsed).first() {
            Some(code) => (*code).to_owned(),
            None => part(&parsed, "/Meta/x").as_str().unwrap_or_default().to_owned(),
        };
        assert_eq!(found, expected, "{declaration} given {value}: {}", told(&parsed));
    }
}

#[test]
fn the_last_source_of_a_value_wins() {
    let text = "variable \"v\" {\n  default = \"d\"\n}\njob \"a\" {\n  region = var.v\n}\n";
    let mut options = ParseOptions { syntax: Syntax::Hcl2, ..ParseOptions::default() };
    let region = |options: &ParseOptions| part(&parse(text, options), "/Region");
    assert_eq!(region(&options), "d");
    options.env.insert("NOMAD_VAR_v".to_owned(), "e".to_owned());
    options.env.insert("NOMAD_VAR_other".to_owned(), "e".to_owned());
    assert_eq!(region(&options), "e");
    options.var_files.push(Named::new("a.hcl", "v = \"f\"\nother = 1\n"));
    assert_eq!(region(&options), "f");
    options.var_files.push(Named::new("b.json", "{\"v\": \"${j}\", \"//\": \"a comment\"}"));
    assert_eq!(region(&options), "${j}");
    options.vars.push(Named::new("v", "1"));
    options.vars.push(Named::new("v", "2"));
    assert_eq!(region(&options), "2");
}

#[test]
fn files_of_values_hold_nothing_else() {
    let text = "variable \"v\" {}\njob \"a\" {}\n";
    for file in ["v = ", "variable \"v\" {}", "v = upper(\"a\")", "v = var.v", "{\"v\": }"] {
        let var_files = vec![Named::new("a", file)];
        let options = ParseOptions { syntax: Syntax::Hcl2, var_files, ..ParseOptions::default() };
        assert!(!codes(&parse(text, &options)).is_empty(), "{file}");
    }
}

#[test]
fn a_rule_refers_to_its_variable_and_to_nothing_else() {
    let rule = |condition: &str, rest: &str| {
        given(&format!("validation {{\ncondition = {condition}\n{rest}\n}}"), "a")
    };
    let message = "error_message = \"It is wrong.\"";
    let cases = [
        ("var.v == \"a\"", message, ""),
        ("var.v == \"b\"", message, "invalid-variable"),
        ("length([for v in [1] : v if var.v != \"\"]) > 0", message, ""),
        ("true", message, "invalid-reference"),
        ("var.v == var.w", message, "invalid-reference"),
        ("var.v == local.x", message, "invalid-reference"),
        ("var.v == attr.x", message, "invalid-reference"),
        ("file(var.v) == \"\"", message, "no-files"),
        ("var.v", message, "wrong-type"),
        ("var.v == \"a\"", "", "missing-attribute"),
        ("var.v == \"a\"", "error_message = \"no sentence\"", "invalid-message"),
        ("var.v == \"a\"", "error_mesage = \"It is wrong.\"", "unknown-attribute"),
    ];
    for (condition, rest, expected) in cases {
        let parsed = rule(condition, rest);
        let expected: Vec<&str> = expected.split_whitespace().collect();
        assert_eq!(codes(&parsed), expected, "{condition} {rest}");
    }
}

#[test]
fn local_values_wait_for_each_other() {
    let good = "locals {\n  a = local.b + 1\n}\nlocals {\n  b = local.c\n  c = 1\n}\n";
    let parsed = read(Syntax::Hcl2, &format!("{good}job \"a\" {{\n  priority = local.a\n}}\n"));
    assert_eq!((told(&parsed), part(&parsed, "/Priority")), (String::new(), 2.into()));
    // Of what needs each other, one mistake is told; of what is wrong, its own only.
    let circle = "locals {\n  a = local.b\n  b = local.a\n}\njob \"a\" {}\n";
    assert_eq!(codes(&read(Syntax::Hcl2, circle)), ["circular-reference"]);
    let wrong = "locals {\n  a = local.b\n  b = nosuch()\n}\njob \"a\" {}\n";
    assert_eq!(codes(&read(Syntax::Hcl2, wrong)), ["unknown-function"]);
}

#[test]
fn dynamic_blocks_say_all_that_they_must() {
    let group = |inside: &str| {
        let text = format!("job \"a\" {{\n  dynamic \"group\" {{\n{inside}\n  }}\n}}\n");
        read(Syntax::Hcl2, &text)
    };
    let good = group("for_each = {x = 2}\nlabels = [group.key]\ncontent {\ncount = group.value\n}");
    assert_eq!(told(&good), "");
    assert_eq!(part(&good, "/TaskGroups/0/Name"), "x");
    assert_eq!(part(&good, "/TaskGroups/0/Count"), 2);
    let named = "for_each = [1]\niterator = it\nlabels = [\"g${it.value}\"]\ncontent {}";
    assert_eq!(part(&group(named), "/TaskGroups/0/Name"), "g1");
    let cases = [
        ("labels = [\"x\"]\ncontent {}", "missing-attribute"),
        ("for_each = [1]", "missing-block"),
        ("for_each = [1]\ncontent {}\ncontent {}", "duplicate-block"),
        ("for_each = [1]\ncontent \"x\" {}", "extra-label"),
        ("for_each = [1]\nlabel = [\"x\"]\ncontent {}", "unknown-attribute"),
        ("for_each = null\ncontent {}", "wrong-type"),
        ("for_each = 5\ncontent {}", "wrong-type"),
        ("for_each = [1]\nlabels = [[1]]\ncontent {}", "wrong-type"),
        ("for_each = [1]\nlabels = [\"x\"]\niterator = \"a-b c\"\ncontent {}", "wrong-type"),
        ("for_each = [1]\ncontent {}", "missing-label"),
    ];
    for (inside, expected) in cases {
        assert_eq!(codes(&group(inside)), [expected], "{inside}");
    }
    let update = "job \"a\" {\n  dynamic \"update\" {\n    for_each = [1]\n    labels = [\"x\"]\n    content {}\n  }\n}\n";
    assert_eq!(codes(&read(Syntax::Hcl2, update)), ["extra-label"]);
    let nosuch = "job \"a\" {\n  dynamic \"grop\" {\n    for_each = []\n    content {}\n  }\n}\n";
    assert_eq!(codes(&read(Syntax::Hcl2, nosuch)), ["unknown-block"]);
}

#[test]
fn nulls_stand_for_nothing_where_nomad_has_a_pointer() {
    let job = |line: &str| read(Syntax::Hcl2, &format!("job \"a\" {{\n{line}\n}}\n"));
    for line in [
        "region = null",
        "name = null",
        "priority = null",
        "datacenters = null",
        "meta = null",
        "constraint {\n  attribute = null\n  version = null\n}",
        "group \"g\" {\n  count = null\n}",
    ] {
        assert_eq!(told(&job(line)), "", "{line}");
    }
    assert_eq!(part(&job("name = null"), "/Name"), "a");
    for line in [
        "meta {\n  a = null\n}",
        "group \"g\" {\n  shutdown_delay = null\n}",
        "group \"g\" {\n  task \"t\" {\n    driver = null\n  }\n}",
        "datacenters = [null]",
        "parameterized {\n  payload = null\n}",
    ] {
        assert_eq!(codes(&job(line)), ["wrong-type"], "{line}");
    }
}

#[test]
fn numbers_are_as_large_as_their_field() {
    let job = |line: &str| read(Syntax::Hcl2, &format!("job \"a\" {{\n{line}\n}}\n"));
    let weight = |kind: &str, weight: &str| {
        job(&format!("{kind} {{\n  attribute = \"x\"\n  weight = {weight}\n}}"))
    };
    assert_eq!(part(&weight("affinity", "300"), "/Affinities/0/Weight"), 44);
    assert_eq!(part(&weight("affinity", "1.9"), "/Affinities/0/Weight"), 1);
    assert_eq!(part(&weight("spread", "-128"), "/Spreads/0/Weight"), -128);
    assert_eq!(codes(&weight("spread", "300")), ["wrong-type"]);
    assert_eq!(codes(&weight("spread", "1.5")), ["wrong-type"]);
    assert_eq!(codes(&job("priority = 99999999999999999999")), ["wrong-type"]);
    assert_eq!(part(&job("priority = \"50\""), "/Priority"), 50);
    let target = "spread {\n  target \"x\" {\n    percent = 256\n  }\n}";
    assert_eq!(codes(&job(target)), ["wrong-type"]);
    let device = "task \"t\" {\n  resources {\n    device \"x\" {\n      count = -1\n    }\n  }\n}";
    assert_eq!(codes(&job(device)), ["wrong-type"]);
}
