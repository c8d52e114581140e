//! JSON: HCL's own syntax, and documents of the API.

use steppe_planner::jobspec::{Parsed, Syntax};
use steppe_planner::{Named, ParseOptions, parse};

use super::{codes, part, read, told};

fn warnings(parsed: &Parsed) -> Vec<&str> {
    parsed.diagnostics.iter().map(|problem| problem.message.as_str()).collect()
}

#[test]
fn hcl_in_json_has_variables_and_dynamic_blocks() {
    let text = r#"{
  "//": "a comment",
  "variable": {
    "n": {"type": "number", "default": 2},
    "l": {"type": "list(string)", "default": ["${x}"],
          "validation": {"condition": "${var.l != []}", "error_message": "Not empty."}}
  },
  "locals": {"m": "${var.n + 1}"},
  "job": {"a": {
    "priority": "${local.m}",
    "meta": {"k": "${upper("x")}-${attr.y}", "l": "${jsonencode(var.l)}"},
    "dynamic": {"group": {
      "for_each": ["x", "y"], "iterator": "it", "labels": ["${it.value}"],
      "content": {"count": "${it.key}"}
    }},
    "group": [{"z": {"task": {"t": {
      "driver": "docker", "config": {"image": "i", "ports": ["p"], "deep": {"a": {"b": 1.0}}}
    }}}}]
  }}
}"#
    .replace("upper(\"x\")", "upper(\\\"x\\\")");
    let parsed = read(Syntax::Hcl2, &text);
    assert_eq!(told(&parsed), "");
    let expected = [
        ("/Priority", "3"),
        ("/Meta/k", r#""X-${attr.y}""#),
        ("/Meta/l", r#""[\"${x}\"]""#),
        ("/TaskGroups/0/Name", "\"x\""),
        ("/TaskGroups/1/Count", "1"),
        ("/TaskGroups/2/Tasks/0/Config/deep", r#"{"a": {"b": 1}}"#),
    ];
    for (path, json) in expected {
        let json: serde_json::Value = serde_json::from_str(json).expect("the test's own JSON");
        assert_eq!(part(&parsed, path), json, "{path}");
    }
    let vars = vec![Named::new("n", "40")];
    let given = parse(&text, &ParseOptions { syntax: Syntax::Hcl2, vars, ..Default::default() });
    assert_eq!(part(&given, "/Priority"), 41);
}

#[test]
fn hcl_in_json_is_as_strict_as_hcl() {
    for (text, code) in [
        (r#"{"job": {"a": {"region": "x", "region": "y"}}}"#, "duplicate-attribute"),
        (r#"{"job": {"a": {"meta": {"b": "${"}}}}"#, "syntax"),
        (r#"{"job": {"a": {"group": {}}}}"#, "missing-label"),
        (r#"{"job": {"a": {"update": 5}}}"#, "not-an-attribute"),
        (r#"{"job": {"a": {"nosuch": 5}}}"#, "unknown-attribute"),
        (r#"{"job": {"a": {"region": "${var.x}"}}}"#, "unknown-variable"),
        (r#"{"jobs": 1, "job": {"a": {"priority": 1}}}"#, "unknown-attribute"),
        (r#"{"job": {"a": {"priority": 1}, "b": {"priority": 1}}}"#, "duplicate-job"),
    ] {
        assert_eq!(codes(&read(Syntax::Hcl2, text)).first(), Some(&code), "{text}");
    }
    let late = "\n{\"job\": {\"a\": {\"priority\": 1}}}";
    assert_eq!(codes(&read(Syntax::Hcl2, late)), ["late-json"]);
    assert_eq!(told(&read(Syntax::Auto, late)), "");
    assert_eq!(told(&read(Syntax::Hcl1, late)), "");
    let null = read(Syntax::Hcl2, r#"{"job": {"a": {"update": null, "region": null}}}"#);
    assert_eq!(told(&null), "");
}

#[test]
fn documents_are_read_in_any_case_with_or_without_their_wrapper() {
    let bare = r#"{"id": "a", "taskgroups": [{"NAME": "g", "tasks": null}]}"#;
    let wrapped = format!("{{\"Job\": {bare}, \"EnforceIndex\": true}}");
    for text in [bare, &wrapped] {
        let parsed = read(Syntax::Json, text);
        assert_eq!(told(&parsed), "");
        assert_eq!(part(&parsed, "/TaskGroups/0/Name"), "g");
    }
}

#[test]
fn documents_lose_nothing_without_a_word() {
    let text = r#"{"Job": {
  "ID": "a",
  "Prioritty": 5,
  "Status": "running",
  "ModifyIndex": 12,
  "TaskGroups": [{"Name": "g", "Coount": 1, "Tasks": [
    {"Name": "t", "Config": {"anything": 1}, "Identity": {"Name": "default"}, "Nosuch": {}}
  ]}]
}}"#;
    let parsed = read(Syntax::Json, text);
    assert_eq!(told(&parsed), "");
    let expected = ["a job has no Prioritty", "group has no Coount", "task has no Nosuch"];
    assert_eq!(warnings(&parsed), expected);
    let hints: Vec<Option<&str>> =
        parsed.diagnostics.iter().map(|problem| problem.hint.as_deref()).collect();
    assert_eq!(hints, [Some("did you mean Priority?"), Some("did you mean Count?"), None]);
    assert_eq!(part(&parsed, "/Status"), "running");
    assert_eq!(part(&parsed, "/TaskGroups/0/Tasks/0/Identity/Name"), "default");
}

#[test]
fn documents_of_a_cluster_name_one_field_otherwise() {
    let text = r#"{"ID": "a", "TaskGroups": [{"Name": "g", "Services": [{"Connect": {"SidecarService":
        {"Proxy": {"Expose": {"Path": [{"Path": "/x"}]}}}}}]}]}"#;
    let parsed = read(Syntax::Json, text);
    assert_eq!(warnings(&parsed), [""; 0]);
    let proxy = "/TaskGroups/0/Services/0/Connect/SidecarService/Proxy";
    assert_eq!(part(&parsed, &format!("{proxy}/ExposeConfig/Path/0/Path")), "/x");
}

#[test]
fn documents_are_typed_as_go_reads_them() {
    for inside in [
        r#""Priority": "5""#,
        r#""Priority": 5.0"#,
        r#""Priority": 5e0"#,
        r#""Priority": 99999999999999999999"#,
        r#""Datacenters": "dc1""#,
        r#""Datacenters": [5]"#,
        r#""Meta": {"a": 1}"#,
        r#""Affinities": [{"Weight": 300}]"#,
        r#""Spreads": [{"SpreadTarget": [{"Percent": -1}]}]"#,
        r#""Update": []"#,
        r#""TaskGroups": {}"#,
    ] {
        let parsed = read(Syntax::Json, &format!("{{\"ID\": \"a\", {inside}}}"));
        assert_eq!(codes(&parsed), ["wrong-type"], "{inside}");
    }
}

#[test]
fn a_string_that_is_null_is_an_empty_one() {
    let text = r#"{"Job": {"ID": "a", "Datacenters": ["dc1", null], "Meta": {"k": null}}}"#;
    let parsed = read(Syntax::Json, text);
    assert_eq!(told(&parsed), "");
    assert_eq!(part(&parsed, "/Datacenters"), serde_json::json!(["dc1", ""]));
    assert_eq!(part(&parsed, "/Meta/k"), "");
    let wrong = r#"{"Job": {"ID": "a", "TaskGroups": [{"Name": "g", "Volumes": 5}]}}"#;
    assert_eq!(codes(&read(Syntax::Json, wrong)), ["wrong-type"]);
}

#[test]
fn a_document_ends_where_it_ends() {
    let parsed = read(Syntax::Json, r#"{"Job": {"ID": "a"}} and more"#);
    assert_eq!((told(&parsed), part(&parsed, "/ID")), (String::new(), "a".into()));
    assert_eq!(warnings(&parsed), ["what stands here is ignored"]);
    let job = r#"{"job": {"a": {"priority": 1}}} and more"#;
    assert_eq!(codes(&read(Syntax::Hcl2, job)), ["syntax"]);
    assert_eq!(codes(&read(Syntax::Json, r#"{"Job": {"ID": "a"}"#)), ["syntax"]);
    assert_eq!(codes(&read(Syntax::Json, r#"{"ID": "a", "Priority": 05}"#)), ["syntax"]);
}

#[test]
fn a_key_counts_as_it_is_written_last() {
    let text = r#"{"ID": "a", "Priority": 1, "priority": 2, "Meta": {"k": "v"}, "meta": null}"#;
    let parsed = read(Syntax::Json, text);
    assert_eq!((told(&parsed), part(&parsed, "/Priority")), (String::new(), 2.into()));
    assert_eq!(part(&parsed, "/Meta"), serde_json::Value::Null);
    let twice = |key: &str| format!("{key} is set twice, and the last one counts");
    assert_eq!(warnings(&parsed), [twice("priority"), twice("meta")]);
}

#[test]
fn documents_need_an_id_and_a_payload_in_base64() {
    for (inside, code) in [
        (r#""ID": null"#, vec!["missing-id"]),
        // Said by the rules of a job.
        (r#""ID": """#, vec![]),
        (r#""ID": "a", "Payload": "aGk=""#, vec![]),
        (r#""ID": "a", "Payload": "hi!""#, vec!["wrong-type"]),
    ] {
        assert_eq!(codes(&read(Syntax::Json, &format!("{{\"Job\": {{{inside}}}}}"))), code);
    }
}

#[test]
fn a_block_that_is_null_is_an_empty_one() {
    let text = r#"{"ID": "a", "TaskGroups": [{"Name": "g", "Services": [{"Checks": [null]}]}]}"#;
    let checks = part(&read(Syntax::Json, text), "/TaskGroups/0/Services/0/Checks");
    assert_eq!(checks.as_array().map(Vec::len), Some(1));
}

#[test]
fn a_map_in_hcls_json_is_an_object() {
    let task = |env: &str| {
        let text = format!(r#"{{"job": {{"a": {{"task": {{"t": {{"env": {env}}}}}}}}}}}"#);
        read(Syntax::Hcl2, &text)
    };
    assert_eq!(part(&task(r#"{"A": "b"}"#), "/TaskGroups/0/Tasks/0/Env/A"), "b");
    assert_eq!(codes(&task(r#"[{"A": "b"}]"#)), ["wrong-type"]);
}
