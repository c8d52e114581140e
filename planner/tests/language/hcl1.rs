//! HCL1's own rules: its syntax, its conversions, and what it does with blocks.

use steppe_planner::jobspec::{Parsed, Syntax};

use super::{codes, part, read, told};

fn job(inside: &str) -> Parsed {
    read(Syntax::Hcl1, &format!("job \"a\" {{\n{inside}\n}}\n"))
}

fn task(inside: &str) -> Parsed {
    job(&format!("group \"g\" {{\n  task \"t\" {{\n{inside}\n  }}\n}}"))
}

/// Checks that a part of the job has this JSON.
fn expect(parsed: &Parsed, path: &str, json: &str) {
    assert_eq!(told(parsed), "");
    let expected: serde_json::Value = serde_json::from_str(json).expect("the test's own JSON");
    assert_eq!(part(parsed, path), expected, "{path}");
}

const TASK: &str = "/TaskGroups/0/Tasks/0";

#[test]
fn entries_may_share_a_line_and_keys_may_be_quoted() {
    expect(&job("priority = 1 region = \"x\", type = \"batch\""), "/Type", "\"batch\"");
    expect(&job("\"priority\" = 0x10"), "/Priority", "16");
    expect(&job("meta { \"a b\" = 010 c = -1.5 }"), "/Meta", r#"{"a b": "8", "c": "-1.5"}"#);
    for wrong in [
        "priority = 1,, region = \"x\"",
        "meta { true = 1 }",
        "meta { a = 08 }",
        "meta { a = 0x }",
        "meta { a = +5 }",
        "meta { a = null }",
        "meta { a = b }",
        "meta { a b = 1 }",
        "meta { a = \"\\q\" }",
        "meta { a = 99999999999999999999 }",
        "meta { a = \"x\ny\" }",
        "group 5 {}",
        "Priority = 1",
    ] {
        assert!(!codes(&job(wrong)).is_empty(), "{wrong}");
    }
}

#[test]
fn strings_are_no_templates() {
    let parsed = task(r#"env { A = "${upper("x")}" B = "%{ if }" C = "$${x}" D = "\x41\101" }"#);
    let env = r#"{"A": "${upper(\"x\")}", "B": "%{ if }", "C": "$${x}", "D": "AA"}"#;
    expect(&parsed, &format!("{TASK}/Env"), env);
}

#[test]
fn values_convert_weakly() {
    expect(&job("datacenters = \"dc1\""), "/Datacenters", "[\"dc1\"]");
    expect(&job("priority = \"0x10\""), "/Priority", "16");
    expect(&job("priority = 1.9"), "/Priority", "1");
    expect(&job("priority = true"), "/Priority", "1");
    expect(&job("all_at_once = \"T\""), "/AllAtOnce", "true");
    expect(&job("all_at_once = 2"), "/AllAtOnce", "true");
    expect(&job("all_at_once = \"\""), "/AllAtOnce", "false");
    expect(&job("meta { a = true b = 1.50 }"), "/Meta", r#"{"a": "1", "b": "1.5"}"#);
    expect(&task("kill_timeout = 1.5"), &format!("{TASK}/KillTimeout"), "1");
    assert_eq!(codes(&job("priority = \"many\"")), ["wrong-type"]);
    assert_eq!(codes(&job("meta { a = [\"x\"] }")), ["wrong-type"]);
    // Numbers are cut off, strings are not.
    let spread = |weight: &str| job(&format!("spread {{ attribute = \"x\" weight = {weight} }}"));
    expect(&spread("300"), "/Spreads/0/Weight", "44");
    assert_eq!(codes(&spread("\"300\"")), ["wrong-type"]);
}

#[test]
fn some_values_do_not_convert() {
    let service = |inside: &str| {
        job(&format!("group \"g\" {{\n service {{\n connect {{\n {inside}\n }}\n }}\n }}"))
    };
    let proxy = |line: &str| service(&format!("sidecar_service {{\n proxy {{\n {line}\n }}\n }}"));
    assert_eq!(told(&proxy("local_service_port = 80")), "");
    assert_eq!(codes(&proxy("local_service_port = \"80\"")), ["wrong-type"]);
    assert_eq!(codes(&proxy("local_service_address = 5")), ["wrong-type"]);
    let gateway = |line: &str| {
        service(&format!("gateway {{\n proxy {{}}\n ingress {{\n listener {{ {line} }}\n }}\n }}"))
    };
    assert_eq!(told(&gateway("port = 80 service { name = \"x\" hosts = [\"y\"] }")), "");
    assert_eq!(codes(&gateway("port = \"80\"")), ["wrong-type"]);
    assert_eq!(codes(&gateway("service { hosts = \"y\" }")), ["wrong-type"]);
    assert_eq!(codes(&service("gateway {\n proxy {}\n }")), ["missing-block"]);
    assert_eq!(codes(&job("periodic { enabled = 1 }")), ["wrong-type"]);
    assert_eq!(told(&job("periodic { enabled = \"t\" }")), "");
    assert_eq!(codes(&job("constraint { distinct_hosts = 1 }")), ["wrong-type"]);
    let lonely = service("sidecar_task { name = \"x\" }");
    expect(&lonely, "/TaskGroups/0/Services/0/Connect/SidecarTask", "null");
}

#[test]
fn later_values_go_into_the_place_of_earlier_ones() {
    expect(&job("priority = 10 priority = 20"), "/Priority", "20");
    expect(&job("priority = 10 priority = \"20\""), "/Priority", "20");
    expect(&job("datacenters = [\"a\"] datacenters = [\"b\"]"), "/Datacenters", "[\"a\", \"b\"]");
    assert_eq!(codes(&job("priority = 10 priority = \"x\"")), ["duplicate-attribute"]);
    assert_eq!(codes(&job("datacenters = [\"a\"] datacenters = \"b\"")), ["duplicate-attribute"]);
}

#[test]
fn some_blocks_merge_and_others_stand_alone() {
    expect(&job("meta { a = 1 } meta { a = 2 b = 3 }"), "/Meta", r#"{"a": "2", "b": "3"}"#);
    let service = "service { name = \"s\" meta { a = 1 } meta { b = 2 } }";
    expect(&task(service), &format!("{TASK}/Services/0/Meta"), r#"{"a": "1", "b": "2"}"#);
    let check = "service {\n check {\n header { A = [\"x\"] }\n header { A = [\"y\"] }\n }\n }";
    let header = format!("{TASK}/Services/0/Checks/0/Header");
    expect(&task(check), &header, r#"{"A": ["x", "y"]}"#);
    for (inside, code) in [
        ("update {} update {}", "duplicate-block"),
        ("vault {} vault {}", "duplicate-block"),
        ("group \"g\" {} group \"g\" {}", "duplicate-block"),
        ("group \"g\" { network {} network {} }", "duplicate-block"),
        ("spread { target \"x\" {} target \"x\" {} }", "duplicate-block"),
        ("multiregion { region \"x\" {} region \"x\" {} }", "duplicate-block"),
        ("multiregion {}", "missing-block"),
        ("group \"g\" { scaling { max = 1 type = \"vertical_cpu\" } }", "invalid-scaling"),
    ] {
        assert_eq!(codes(&job(inside)), [code], "{inside}");
    }
    for (inside, code) in [
        ("resources {} resources {}", "duplicate-block"),
        ("artifact { options { a = 1 } options { b = 2 } }", "duplicate-block"),
        ("service {\n check {\n header { A = \"x\" }\n }\n }", "wrong-type"),
        ("scaling \"disk\" {}", "invalid-name"),
        ("scaling \"cpu\" {} scaling \"cpu\" {}", "duplicate-block"),
        ("resources { network { port \"a-b\" {} } }", "invalid-name"),
        ("resources { network { port \"a\" {} port \"A\" {} } }", "duplicate-port"),
        ("resources { cores = 1 }", "unknown-attribute"),
    ] {
        assert_eq!(codes(&task(inside)), [code], "{inside}");
    }
}

#[test]
fn what_it_reads_over_is_told_as_a_warning() {
    let lost = |parsed: &Parsed| {
        let codes = parsed.diagnostics.iter().map(|problem| problem.code.as_str());
        codes.filter(|code| *code == "ignored-block").count()
    };
    let unnamed = job("group { count = 2 }");
    assert_eq!((told(&unnamed), lost(&unnamed)), (String::new(), 1));
    let labelled = job("constraint \"x\" { attribute = \"y\" }");
    assert_eq!((told(&labelled), lost(&labelled)), (String::new(), 1));
    assert_eq!(codes(&job("group \"a\" {} group {}")), ["missing-label"]);
    expect(&job("constraint { distinct_hosts = false }"), "/Constraints", "null");
    expect(&job("constraint { distinct_hosts = true }"), "/Constraints/0/Operand", {
        "\"distinct_hosts\""
    });
}

#[test]
fn options_are_lists_of_objects_but_in_proxies() {
    let config = "config {\n image = \"x\"\n a { b { c = 1 } }\n l \"x\" { d = 1 }\n o = [{ p { q = 1 } }]\n }";
    let expected = r#"{"image": "x", "a": [{"b": [{"c": 1}]}], "l": [{"x": [{"d": 1}]}],
        "o": [{"p": [{"q": 1}]}]}"#;
    expect(&task(config), &format!("{TASK}/Config"), expected);
    let proxy = "group \"g\" {\n service {\n connect {\n sidecar_service {\n proxy {\n config { a { b { c = 1 } } }\n }\n }\n }\n }\n }";
    let path = "/TaskGroups/0/Services/0/Connect/SidecarService/Proxy/Config";
    expect(&job(proxy), path, r#"{"a": {"b": {"c": 1}}}"#);
}

#[test]
fn json_has_plain_strings_too() {
    let text = r#"{"job": {"a": {"region": "${x}", "meta": {"b": "${upper(\"c\")}"}}}}"#;
    let parsed = read(Syntax::Hcl1, text);
    expect(&parsed, "/Region", "\"${x}\"");
    expect(&parsed, "/Meta/b", r#""${upper(\"c\")}""#);
}

#[test]
fn in_json_an_object_of_objects_is_labels() {
    let json = |inside: &str| read(Syntax::Hcl1, &format!("{{\"job\": {{\"a\": {{{inside}}}}}}}"));
    let group = r#""priority": 5, "group": {"g": {"count": "0x2", "task": {"t": {"driver": "x", "env": {"A": "${upper(x)}", "B": null}}}}}"#;
    let parsed = json(group);
    expect(&parsed, "/TaskGroups/0/Count", "2");
    expect(&parsed, "/TaskGroups/0/Tasks/0/Env", r#"{"A": "${upper(x)}", "B": ""}"#);
    expect(
        &json(r#""priority": 1, "datacenters": ["a"], "datacenters": ["b"]"#),
        "/Datacenters",
        r#"["a", "b"]"#,
    );
    // The group holds nothing but tasks: they become its labels.
    let nested = r#""priority": 5, "group": {"g": {"task": {"t": {"driver": "docker"}}}}"#;
    assert_eq!(codes(&json(nested)), ["unknown-attribute"]);
    let listed = r#""priority": 5, "group": [{"g": {"count": 1}}, {"g": {"count": 2}}]"#;
    assert_eq!(codes(&json(listed)), ["duplicate-block"]);
    assert_eq!(codes(&json(r#""priority": 5, "update": null"#)), ["not-an-attribute"]);
    assert_eq!(codes(&json(r#""datacenters": ["a", null]"#)), ["wrong-type"]);
    let bools = json(r#""datacenters": ["a", true]"#);
    expect(&bools, "/Datacenters", "[\"a\"]");
    assert_eq!(bools.diagnostics[0].message, "true is ignored in a list of HCL1");
}

#[test]
fn one_wrong_volume_loses_all_of_the_group() {
    let good = "volume \"v\" { type = \"host\" source = \"s\" }";
    let group = |more: &str| job(&format!("group \"g\" {{\n {good} {more}\n }}"));
    let volumes = "/TaskGroups/0/Volumes";
    for wrong in ["volume \"w\" { read_only = \"maybe\" }", "volume \"w\" { type {} }"] {
        let parsed = group(wrong);
        expect(&parsed, volumes, "null");
        let told = "HCL1 ignores all volumes of the group";
        assert!(parsed.diagnostics.iter().any(|p| p.message.ends_with(told)), "{wrong}");
    }
    let unnamed = job("group \"g\" { volume { type = \"host\" } }");
    expect(&unnamed, volumes, "null");
    let merged = group("volume \"v\" { read_only = 1 }");
    expect(&merged, &format!("{volumes}/v/Source"), "\"s\"");
    expect(&merged, &format!("{volumes}/v/ReadOnly"), "true");
    let unknown = group("volume \"w\" { type = \"host\" nosuch = 1 }");
    expect(&unknown, &format!("{volumes}/w/Type"), "\"host\"");
    assert_eq!(unknown.diagnostics[0].message, "volume has no attribute nosuch");
    // A slip in HCL2 is none of HCL1's volumes.
    let slip = "job \"a\" {\n  group \"g\" {\n    volume \"v\" {\n      read_only = \"maybe\"\n    }\n  }\n}\n";
    assert_eq!(codes(&read(Syntax::Auto, slip)), ["wrong-type"]);
}

#[test]
fn what_it_does_not_look_at_has_no_mistakes() {
    let connect =
        |inside: &str| job(&format!("group \"g\" {{ service {{ connect {{ {inside} }} }} }}"));
    assert_eq!(told(&connect("native = true sidecar_task { nosuch = 1 }")), "");
    let with = connect("sidecar_service {} sidecar_task { nosuch = 1 }");
    assert_eq!(codes(&with), ["unknown-attribute"]);
    expect(&job("multiregion { region = 5 }"), "/Multiregion/Regions", "null");
    assert_eq!(told(&job("task = 5")), "");
    assert_eq!(codes(&job("task = 5 task \"t\" {}")), ["duplicate-attribute"]);
    assert_eq!(codes(&job("task \"t\" {} task \"t\" {}")), ["duplicate-block"]);
    let plugin = task("csi_plugin { id = \"x\" nosuch = 1 }");
    expect(&plugin, &format!("{TASK}/CSIPluginConfig/ID"), "\"x\"");
    assert_eq!(plugin.diagnostics[0].message, "csi_plugin has no attribute nosuch");
    let vault = task("vault \"x\" { policies = [\"p\"] }");
    expect(&vault, &format!("{TASK}/Vault/ChangeMode"), "\"restart\"");
    expect(&vault, &format!("{TASK}/Vault/Policies"), "null");
}

#[test]
fn some_labels_and_values_are_refused() {
    for (inside, code) in [
        ("resources { device \"a\" \"b\" {} }", "extra-label"),
        ("scaling \"cpu\" \"x\" {}", "extra-label"),
        ("service { check { header \"x\" {} } }", "extra-label"),
        ("service { check { header { A = [1] } } }", "wrong-type"),
        ("service { id = \"x\" }", "unknown-attribute"),
        ("consul {}", "unknown-block"),
        ("config { a = 1 a { b = 2 } }", "duplicate-attribute"),
        ("config { a { b = 2 } a = 1 }", "duplicate-attribute"),
    ] {
        assert_eq!(codes(&task(inside)), [code], "{inside}");
    }
    let proxy = "service { connect { sidecar_service { proxy { config { a { b = 1 } l = [{ c = 1 }] } } } } }";
    let config = format!("{TASK}/Services/0/Connect/SidecarService/Proxy/Config");
    expect(&task(proxy), &config, r#"{"a": {"b": 1}, "l": [{"c": 1}]}"#);
}
