//! One mistake is told once, and nothing that only follows from it.

use steppe_planner::jobspec::Syntax;

use super::{codes, read, told};

/// A job with most that refers to something else.
const JOB: &str = r#"variable "image" {
  type    = string
  default = "redis"
}

locals {
  name = "cache-${var.image}"
}

job "cache" {
  datacenters = ["dc1", "dc2"]
  type        = "service"

  constraint {
    attribute = "${attr.kernel.name}"
    value     = "linux"
  }

  group "web" {
    count = 2

    scaling {
      max = 5
    }

    volume "data" {
      type   = "host"
      source = "data"
    }

    network {
      port "http" {
        to = 80
      }
    }

    task "redis" {
      driver = "docker"

      config {
        image = local.name
        ports = ["http"]
      }

      env = {
        A = "x"
      }

      template {
        data        = <<EOF
{{ key "a" }}
EOF
        destination = "local/a"
        change_mode = "script"

        change_script {
          command       = "/bin/true"
          fail_on_error = true
        }
      }

      action "hello" {
        command = "/bin/echo"
      }

      resources {
        cpu    = 100
        memory = 128
      }
    }
  }
}
"#;

#[test]
fn the_job_itself_is_right() {
    assert_eq!(told(&read(Syntax::Hcl2, JOB)), "");
}

#[test]
fn one_slip_is_one_mistake() {
    let slips = [
        // A name that nothing has.
        ("      max = 5", "      maks = 5"),
        ("          command       = \"/bin/true\"", "          comand = \"/bin/true\""),
        ("        command = \"/bin/echo\"", "        comand = \"/bin/echo\""),
        ("      type   = \"host\"", "      typ = \"host\""),
        ("job \"cache\" {", "jobb \"cache\" {"),
        ("  type    = string", "  typ = string"),
        // A value that cannot be.
        ("      max = 5", "      max = \"many\""),
        ("      max = 5", "      max = nosuch(1)"),
        ("      type   = \"host\"", "      type = var.nosuch"),
        ("          fail_on_error = true", "          fail_on_error = [1]"),
        ("  name = \"cache-${var.image}\"", "  name = var.nosuch"),
        ("  default = \"redis\"", "  default = [1]"),
        ("  datacenters = [\"dc1\", \"dc2\"]", "  datacenters = [\"dc1\", 5 5]"),
        // Something that is not there.
        ("      max = 5", "      max ="),
        ("      max = 5", "      max"),
        ("        command = \"/bin/echo\"", "        command"),
        ("        command = \"/bin/echo\"", "        command = \"/bin/echo"),
        ("          command       = \"/bin/true\"", "          command \"/bin/true\""),
        ("    task \"redis\" {", "    task \"redis {"),
        ("    task \"redis\" {", "    task \"re${x}dis\" {"),
        ("  group \"web\" {", "  group web\" {"),
        ("    count = 2", "    count = 2 2"),
        ("    count = 2", "    count == 2"),
        ("    count = 2", "    count: 2"),
        ("    count = 2", "    count = (2"),
        ("        A = \"x\"", "        A \"x\""),
        ("job \"cache\" {", "job {"),
        ("job \"cache\" {", "\"job\" \"cache\" {"),
        ("EOF\n        destination", "EOT\n        destination"),
        // Something twice.
        ("    count = 2", "    count = 2\n    count = 3"),
        ("      max = 5\n    }", "      max = 5\n    }\n    scaling {\n      max = 5\n    }"),
    ];
    let mut wrong = Vec::new();
    for (before, after) in slips {
        assert_eq!(JOB.matches(before).count(), 1, "{before}");
        let parsed = read(Syntax::Hcl2, &JOB.replace(before, after));
        if codes(&parsed).len() != 1 {
            wrong.push(format!("{after}\n{}\n", told(&parsed)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
