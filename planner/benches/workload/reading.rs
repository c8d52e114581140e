//! Reading a job file: the same job as HCL2, HCL1 and JSON, and with everything that is said about it.

use std::hint::black_box;

use steppe_planner::jobspec::Syntax;
use steppe_planner::semantics::Semantics;
use steppe_planner::{ParseOptions, parse, review};

use super::Bench;

/// Sizes of files, in lines.
const LINES: [usize; 2] = [500, 5_000];

/// A group as people write them, in about fifty lines.
fn group(number: usize) -> String {
    format!(
        r#"  group "web{number}" {{
    count = 3

    constraint {{
      attribute = "${{attr.kernel.name}}"
      value     = "linux"
    }}

    volume "data" {{
      type      = "host"
      source    = "data"
      read_only = true
    }}

    network {{
      port "http" {{
        static = {port}
      }}
      port "metrics" {{}}
    }}

    task "server" {{
      driver = "docker"

      config {{
        image   = "registry.example.com/web:1.{number}"
        ports   = ["http", "metrics"]
        volumes = ["local/conf:/etc/conf", "local/data:/data"]

        logging {{
          type = "journald"
        }}
      }}

      env {{
        LISTEN   = "0.0.0.0:${{NOMAD_PORT_http}}"
        DATABASE = "mysql://${{NOMAD_IP_http}}:3306/app{number}"
        WORKERS  = "4"
      }}

      template {{
        destination = "local/conf/app.toml"
        data        = <<EOF
listen = "{{{{ env "NOMAD_ADDR_http" }}}}"
secret = "{{{{ key "app/{number}" }}}}"
EOF
      }}

      resources {{
        cpu    = 500
        memory = 256
      }}
    }}
  }}

"#,
        port = 8000 + number
    )
}

/// A job of about so many lines.
fn job(lines: usize) -> String {
    let per_group = group(0).lines().count();
    let groups: String = (0..lines / per_group).map(group).collect();
    format!("job \"bench\" {{\n  datacenters = [\"dc1\", \"dc2\"]\n\n{groups}}}\n")
}

impl Bench<'_> {
    /// Measures reading files of each size.
    pub(crate) fn reading(&self) {
        for lines in LINES {
            let text = job(lines);
            let (lines, kib) = (text.lines().count(), text.len() / 1024);
            self.say(&format!("a job file of {lines} lines, {kib} KiB"));
            let parsed = parse(&text, &ParseOptions::default());
            let json = serde_json::to_string_pretty(&parsed.job).expect("a job is JSON");
            for (name, syntax, text) in [
                ("as HCL2", Syntax::Hcl2, &text),
                ("as HCL1", Syntax::Hcl1, &text),
                ("as JSON", Syntax::Json, &json),
            ] {
                let options = ParseOptions { syntax, ..ParseOptions::default() };
                let time = self.time(1, &mut || {
                    let parsed = parse(text, &options);
                    assert!(
                        parsed.job.is_some() && parsed.diagnostics.is_empty(),
                        "{name} is a job"
                    );
                    black_box(parsed);
                });
                self.line(name, time);
            }
            let time = self.time(1, &mut || {
                let parsed = parse(&text, &ParseOptions::default());
                black_box(review(&parsed, Semantics::default()));
            });
            self.line("with all findings", time);
        }
    }
}
