//! How long reading a job file takes: `cargo bench -p steppe-planner --bench parse`. The same job as HCL2, HCL1 and JSON.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "it measures time")]

use std::time::Instant;

use steppe_planner::jobspec::Syntax;
use steppe_planner::{ParseOptions, parse};

/// Readings of each text; the median counts.
const ROUNDS: usize = 41;

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

fn measure(name: &str, syntax: Syntax, text: &str) {
    let options = ParseOptions { syntax, ..ParseOptions::default() };
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let parsed = parse(text, &options);
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        assert!(parsed.job.is_some() && parsed.diagnostics.is_empty(), "{name} is a job");
    }
    times.sort_by(f64::total_cmp);
    let (lines, kib) = (text.lines().count(), text.len() / 1024);
    println!("{name:<6} {lines:>6} lines {kib:>5} KiB {:>8.2} ms", times[ROUNDS / 2]);
}

fn main() {
    for lines in [500, 5_000] {
        let text = job(lines);
        measure("hcl2", Syntax::Hcl2, &text);
        measure("hcl1", Syntax::Hcl1, &text);
        let parsed = parse(&text, &ParseOptions::default());
        let job = serde_json::to_string_pretty(&parsed.job).expect("a job is JSON");
        measure("json", Syntax::Json, &job);
    }
}
