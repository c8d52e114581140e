//! Configurations as users write them.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// A directory that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path =
            std::env::temp_dir().join(format!("steppe-config-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("mysql-data")).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text.replace("<DIR>", self.0.to_str().unwrap())).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const SERVER: &str = r#"
data_dir  = "<DIR>/server"
bind_addr = "127.0.0.1"
server {
  enabled          = true
  bootstrap_expect = 1
}
advertise { http = "127.0.0.1" }
"#;

fn client(name: &str, port: u16) -> String {
    format!(
        r#"
data_dir = "<DIR>/{name}"
name     = "{name}"
client {{
  enabled = true
  servers = ["127.0.0.1:4647"]
  host_volume "mysql-vol" {{
    path      = "<DIR>/mysql-data"
    read_only = false
  }}
}}
ports {{
  http = {port}
}}
"#
    )
}

fn load_all(paths: &[&Path]) -> Result<(AgentConfig, Vec<Notice>), ConfigError> {
    let paths: Vec<PathBuf> = paths.iter().map(|p| p.to_path_buf()).collect();
    load(&paths, &Overrides::default())
}

#[test]
fn three_client_files_make_three_nodes_of_one_agent() {
    let folder = Folder::new("three");
    folder.write("server.hcl", SERVER);
    for n in 1..=3 {
        folder.write(&format!("client-{n}.hcl"), &client(&format!("client-{n}"), 5640 + n));
    }
    let (config, notices) = load_all(&[&folder.0]).unwrap();
    let names: Vec<&str> = config.nodes.iter().map(|n| n.name.as_str()).collect();
    assert_eq!(names, ["client-1", "client-2", "client-3"]);
    assert_eq!(config.http_addr().to_string(), "127.0.0.1:4646");
    assert_eq!(config.data_dir, folder.0.join("server"));
    let volume = &config.nodes[1].host_volumes["mysql-vol"];
    assert!(volume.path.ends_with("mysql-data") && volume.path.is_absolute() && !volume.read_only);
    assert!(notices.iter().all(|n| n.level == NoticeLevel::Note), "{notices:?}");
    let noted = |text: &str| notices.iter().filter(|n| n.text.contains(text)).count();
    assert_eq!(noted("`client.servers`"), 3);
    assert_eq!(noted("ports.http, data_dir"), 3);
    assert_eq!(noted("`advertise`"), 1);
}

#[test]
fn no_file_makes_one_node_on_loopback() {
    let (config, notices) = load(&[], &Overrides::default()).unwrap();
    assert_eq!(config.nodes.len(), 1);
    assert!(config.bind_addr.is_loopback() && config.http_port == 4646 && notices.is_empty());
}

#[test]
fn a_server_alone_has_no_node() {
    let folder = Folder::new("server");
    let file = folder.write("server.hcl", SERVER);
    assert!(load_all(&[&file]).unwrap().0.nodes.is_empty());
}

#[test]
fn a_missing_volume_directory_is_an_error_with_file_and_line() {
    let folder = Folder::new("missing");
    let text = client("client-1", 5641).replace("mysql-data", "nothing-here");
    let file = folder.write("client-1.hcl", &text);
    let error = load_all(&[&file]).unwrap_err().to_string();
    assert!(
        error.contains("client-1.hcl:8: the directory of host volume \"mysql-vol\""),
        "{error}"
    );
    assert!(error.contains("does not exist"), "{error}");
}

#[test]
fn every_setting_of_a_node_is_read_with_hcl1_keys() {
    let folder = Folder::new("settings");
    let file = folder.write(
        "node.hcl",
        r#"
datacenter = "dc2"
client {
  enabled           = true
  node_class        = "big"
  cpu_total_compute = 4000
  memory_total_mb   = 2048
  meta { "rack.row" = "r1" }
  options {
    "docker.privileged.enabled" = "true"
  }
  reserved {
    cpu            = 500
    reserved_ports = "22,80-90"
  }
}
plugin "docker" {
  config {
    volumes { enabled = true }
    gc { image = false }
  }
}
"#,
    );
    let (config, notices) = load_all(&[&file]).unwrap();
    let node = &config.nodes[0];
    assert_eq!((node.datacenter.as_str(), node.node_class.as_str()), ("dc2", "big"));
    assert_eq!(node.meta["rack.row"], "r1");
    assert_eq!(node.options["docker.privileged.enabled"], "true");
    assert_eq!((node.cpu_total_compute, node.memory_total_mb), (Some(4000), Some(2048)));
    assert_eq!((node.reserved.cpu_mhz, node.reserved.ports.as_str()), (500, "22,80-90"));
    assert!(node.docker.host_binds);
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(notices[0].text.contains("plugin \"docker\": `gc` is not honoured"));
}

#[test]
fn what_is_not_known_is_warned_about() {
    let folder = Folder::new("unknown");
    let file = folder.write(
        "a.hcl",
        "vault {\n  enabled = true\n}\ncolour = \"red\"\nclient {\n  enabled = true\n  gc_interval = \"1m\"\n  colour = 1\n}\n",
    );
    let (_, notices) = load_all(&[&file]).unwrap();
    let texts: Vec<&str> = notices.iter().map(|n| n.text.rsplit("a.hcl").next().unwrap()).collect();
    assert_eq!(
        texts,
        [
            ":7: `client.gc_interval` is not honoured by this agent",
            ":8: `client.colour` is not a known setting",
            ":1: `vault` is not honoured by this agent",
            ":4: `colour` is not a known setting",
        ]
    );
}

#[test]
fn errors_name_file_and_line() {
    let folder = Folder::new("errors");
    for (text, expected) in [
        ("bind_addr = \"nonsense\"\n", ":1: `nonsense` is not an IP address"),
        ("\nports {\n  http = \"x\"\n}\n", ":3: `http` must be a whole number"),
        ("client {\n  enabled = maybe\n}\n", ":2: only plain values are possible here"),
        ("client {\n  enabled = true\n\n", ":"),
        ("options {\n  \"a.b\" = 1\n}\nx = {{\n", ":4"),
        (
            "client {\n enabled = true\n min_dynamic_port = 70000\n}\n",
            ":3: `min_dynamic_port` must be a port",
        ),
    ] {
        let file = folder.write("e.hcl", text);
        let error = load_all(&[&file]).unwrap_err().to_string();
        assert!(error.contains(&format!("e.hcl{expected}")), "{text}: {error}");
    }
    let twice = [folder.write("a.hcl", &client("x", 1)), folder.write("b.hcl", &client("x", 2))];
    let error = load_all(&[&twice[0], &twice[1]]).unwrap_err().to_string();
    assert!(error.contains("b.hcl:3: another node is named \"x\" already"), "{error}");
}

#[test]
fn an_address_others_reach_gets_a_token_that_stays() {
    let folder = Folder::new("token");
    let flags = Overrides {
        bind: Some("0.0.0.0".into()),
        data_dir: Some(folder.0.clone()),
        ..Overrides::default()
    };
    let (mut config, _) = load(&[], &flags).unwrap();
    assert_eq!(ensure_token(&mut config, || "first".into()).unwrap(), Some(folder.0.join("token")));
    assert_eq!(config.token.as_deref(), Some("first"));
    let (mut again, _) = load(&[], &flags).unwrap();
    ensure_token(&mut again, || "second".into()).unwrap();
    assert_eq!(again.token.as_deref(), Some("first"));
    let mut local = AgentConfig::default();
    assert_eq!(ensure_token(&mut local, || unreachable!()).unwrap(), None);
}
