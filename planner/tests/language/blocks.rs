//! Blocks whose document is more than what is written in them.

use steppe_planner::jobspec::Syntax;

use super::{codes, part, read, told};

#[test]
fn what_stands_above_tasks_is_handed_down() {
    let text = r#"job "a" {
  vault {
    policies = ["job"]
  }
  secret "j" {
    provider = "nomad"
  }
  task "alone" {}
  group "g" {
    vault {
      policies = ["first"]
    }
    vault {
      policies = ["group"]
    }
    secret "g" {
      provider = "vault"
    }
    task "t" {
      secret "t" {}
      identity {
        env = true
      }
      identity {
        name = "other"
      }
    }
    task "own" {
      vault {
        policies = ["own"]
      }
    }
  }
}
"#;
    let parsed = read(Syntax::Hcl2, text);
    assert_eq!(told(&parsed), "");
    let expected = [
        ("/TaskGroups/0/Name", "\"alone\""),
        ("/TaskGroups/0/Tasks/0/Vault/Policies", "[\"job\"]"),
        ("/TaskGroups/1/Tasks/0/Vault/Policies", "[\"group\"]"),
        ("/TaskGroups/1/Tasks/1/Vault/Policies", "[\"own\"]"),
        ("/TaskGroups/1/Tasks/0/Secrets/0/Name", "\"t\""),
        ("/TaskGroups/1/Tasks/0/Secrets/1/Name", "\"g\""),
        ("/TaskGroups/1/Tasks/0/Secrets/2/Name", "\"j\""),
        ("/TaskGroups/1/Tasks/0/Identity/Env", "true"),
        ("/TaskGroups/1/Tasks/0/Identities/0/Name", "\"other\""),
    ];
    for (path, json) in expected {
        let json: serde_json::Value = serde_json::from_str(json).expect("the test's own JSON");
        assert_eq!(part(&parsed, path), json, "{path}");
    }
}

#[test]
fn shorthands_become_operators() {
    let operator = |kind: &str, inside: &str| {
        let parsed = read(Syntax::Hcl2, &format!("job \"a\" {{\n{kind} {{\n{inside}\n}}\n}}\n"));
        let list = if kind == "affinity" { "Affinities" } else { "Constraints" };
        let text = |name: &str| {
            let value = part(&parsed, &format!("/{list}/0/{name}"));
            value.as_str().unwrap_or_default().to_owned()
        };
        format!("{}|{}|{}", text("LTarget"), text("Operand"), text("RTarget"))
    };
    let cases = [
        ("constraint", "attribute = \"a\"\nvalue = \"b\"", "a|=|b"),
        ("constraint", "attribute = \"a\"\noperator = \"\"", "a|=|"),
        ("constraint", "version = \"1\"\nregexp = \"2\"", "|regexp|2"),
        ("constraint", "version = \"\"\noperator = \"!=\"", "|!=|"),
        ("constraint", "distinct_hosts = true\ndistinct_property = \"p\"", "p|distinct_property|"),
        ("constraint", "is_set = \"x\"\nset_contains_all = \"y\"", "|=|"),
        ("affinity", "set_contains = \"1\"\nset_contains_any = \"2\"", "|set_contains|1"),
        ("affinity", "set_contains_all = \"1\"\nset_contains_any = \"2\"", "|set_contains_all|1"),
    ];
    for (kind, inside, expected) in cases {
        assert_eq!(operator(kind, inside), expected, "{kind} {inside}");
    }
}

#[test]
fn scaling_and_scripts_have_few_defaults_while_they_are_read() {
    let text = r#"job "a" {
  group "g" {
    scaling {
      max = 5
    }
    task "t" {
      scaling "CPU" {}
      template {
        change_script {
          command       = "x"
          fail_on_error = false
        }
      }
    }
  }
}
"#;
    let parsed = read(Syntax::Hcl2, text);
    assert_eq!(told(&parsed), "");
    assert_eq!(part(&parsed, "/TaskGroups/0/Scaling/Type"), "horizontal");
    assert!(part(&parsed, "/TaskGroups/0/Scaling/Enabled").is_null());
    let task = "/TaskGroups/0/Tasks/0";
    assert_eq!(part(&parsed, &format!("{task}/ScalingPolicies/0/Type")), "vertical_cpu");
    let timeout = part(&parsed, &format!("{task}/Templates/0/ChangeScript/Timeout"));
    assert_eq!(timeout, 5_000_000_000_i64);
    let wrong = text.replace("max = 5", "max = 5\n      type = \"vertical_cpu\"");
    assert_eq!(codes(&read(Syntax::Hcl2, &wrong)), ["invalid-scaling"]);
    let twice = text.replace("scaling \"CPU\" {}", "scaling \"cpu\" {}\n      scaling \"CPU\" {}");
    assert_eq!(codes(&read(Syntax::Hcl2, &twice)), ["duplicate-block"]);
}

#[test]
fn mistakes_in_the_vault_of_a_group_are_only_warned_of() {
    let group = |vault: &str| {
        let text =
            format!("job \"a\" {{\n  group \"g\" {{\n    {vault}\n    task \"t\" {{}}\n  }}\n}}\n");
        read(Syntax::Hcl2, &text)
    };
    let parsed = group("vault {\n policies = [\"p\"]\n nosuch = 1\n }");
    assert_eq!(told(&parsed), "");
    assert_eq!(part(&parsed, "/TaskGroups/0/Tasks/0/Vault/Policies/0"), "p");
    let warning = "vault has no attribute nosuch: Nomad ignores it in the vault of a group";
    assert_eq!(parsed.diagnostics[0].message, warning);
    assert_eq!(codes(&group("vault = 5")), ["not-an-attribute"]);
    assert_eq!(codes(&group("vault \"x\" {}")), ["extra-label"]);
}

#[test]
fn in_free_blocks_an_attribute_is_nothing_beside_a_block() {
    let text = r#"job "a" {
  task "t" {
    config {
      a {
        b = 2
      }
      a = 1
      c = { d = 1 }
    }
  }
}
"#;
    let parsed = read(Syntax::Hcl2, text);
    assert_eq!(told(&parsed), "");
    let config: serde_json::Value = serde_json::json!({"a": [{"b": 2}], "c": [{"d": 1}]});
    assert_eq!(part(&parsed, "/TaskGroups/0/Tasks/0/Config"), config);
    assert_eq!(parsed.diagnostics[0].message, "a is ignored beside a block of that name");
}
