//! The command line against an agent in the same process, with mock tasks: texts and exit codes.

use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use steppe_agent::cli::{self, Ui};
use steppe_agent::clock::SystemClock;
use steppe_agent::config::{AgentConfig, NodeConfig};
use steppe_agent::driver::DriverSet;
use steppe_agent::driver::mock::MockDriver;
use steppe_agent::running::{self, RunningAgent};

const WEB: &str = r#"
job "web" {
  datacenters = ["dc1"]
  group "g" {
    count = 2
    update {
      min_healthy_time = "0s"
    }
    task "t" {
      driver = "mock_driver"
      config {
        run_for       = "10m"
        stdout_string = "one\ntwo\nthree\n"
      }
      resources {
        cpu    = 20
        memory = 16
      }
    }
  }
}
"#;

/// Fails every check a node can fail at once.
const IMPOSSIBLE: &str = r#"
job "impossible" {
  datacenters = ["dc1"]
  group "g" {
    constraint {
      attribute = "${attr.kernel.name}"
      value     = "windows"
    }
    volume "v" {
      type   = "host"
      source = "nothing"
    }
    task "t" {
      driver = "mock_driver"
      resources {
        cpu    = 20
        memory = 900000
      }
    }
  }
}
"#;

/// A buffer that both sides hold.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// An agent with one node, and a folder for job files.
struct Stage {
    agent: Option<RunningAgent>,
    address: String,
    folder: PathBuf,
}

impl Stage {
    async fn new(name: &str) -> Stage {
        let folder = std::env::temp_dir().join(format!("steppe-cli-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let node = NodeConfig { name: "n1".into(), mock_driver: true, ..NodeConfig::default() };
        let config = AgentConfig {
            http_port: 0,
            data_dir: folder.join("data"),
            nodes: vec![node],
            ..AgentConfig::default()
        };
        let drivers = DriverSet::default().with(Arc::new(MockDriver::new(Arc::new(SystemClock))));
        let agent = running::start_with(config, Some(drivers)).await.unwrap();
        let address = format!("-address=http://{}", agent.address);
        Stage { agent: Some(agent), address, folder }
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs a command: exit code, output and errors, with everything that changes from run to run redacted.
    async fn run(&self, args: &[&str]) -> (i32, String, String) {
        self.run_answering(args, None).await
    }

    async fn run_answering(&self, args: &[&str], answer: Option<&str>) -> (i32, String, String) {
        let (code, out, err) = run(args, Some(&self.address), answer).await;
        (code, redact(&out), redact(&err))
    }

    async fn done(mut self) {
        self.agent.take().unwrap().shutdown().await;
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

async fn run(args: &[&str], address: Option<&str>, answer: Option<&str>) -> (i32, String, String) {
    let (out, err) = (Buffer::default(), Buffer::default());
    let answer = answer.map(str::to_owned);
    let mut ui = Ui::with_streams(Box::new(out.clone()), Box::new(err.clone()), answer);
    let args = args.iter().copied().chain(address).map(str::to_owned);
    let code = cli::run(args, &mut ui).await;
    (code, out.text(), err.text())
}

/// Identifiers, times and ages become marks of the same width.
fn redact(text: &str) -> String {
    let rules = [
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
        (r"\b[0-9a-f]{8}\b", "idididid"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<the-time-in-seconds>"),
        (r"\b\d+s ago", "0s ago"),
        (r"port \d{4,5}", "port <port>"),
    ];
    rules.iter().fold(text.to_owned(), |text, (pattern, mark)| {
        regex_lite::Regex::new(pattern).unwrap().replace_all(&text, *mark).into_owned()
    })
}

#[tokio::test]
async fn a_job_is_planned_run_watched_stopped_and_forgotten() {
    let stage = Stage::new("story").await;
    let file = stage.write("web.nomad", WEB);

    let (code, out, err) = stage.run(&["job", "plan", &file]).await;
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    let expected = "\
+ Job: \"web\"
+ Task Group: \"g\" (2 create)
  + Task: \"t\" (forces create)

Scheduler dry-run:
- All tasks successfully allocated.

Placements
Allocation  Node  Datacenter  Ports   Volumes
web.g[0]    n1    dc1         <none>  <none>
web.g[1]    n1    dc1         <none>  <none>

Room for ";
    let (head, rest) = out.split_at(expected.len());
    assert_eq!(head, expected);
    // How many depends on the machine.
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let expected = " more of group \"g\"\n\nJob Modify Index: 0\nTo submit the job with version verification run:\n";
    assert!(rest.trim_start_matches(" or more").starts_with(expected), "{rest}");

    let (code, out, err) = stage.run(&["job", "run", &file]).await;
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    for line in [
        "==> <the-time-in-seconds>: Monitoring evaluation \"idididid\"",
        "    <the-time-in-seconds>: Evaluation triggered by job \"web\"",
        "    <the-time-in-seconds>: Evaluation within deployment: \"idididid\"",
        "    <the-time-in-seconds>: Allocation \"idididid\" created: node \"idididid\", group \"g\"",
        "    <the-time-in-seconds>: Evaluation status changed: \"pending\" -> \"complete\"",
        "==> <the-time-in-seconds>: Evaluation \"idididid\" finished with status \"complete\"",
        "==> <the-time-in-seconds>: Monitoring deployment \"idididid\"",
        "Status      = successful",
        "g           2        2       2        0          <the-time-in-seconds>",
    ] {
        assert!(out.lines().any(|l| l == line), "no line {line:?} in\n{out}");
    }

    let (code, out, _) = stage.run(&["job", "status", "web"]).await;
    assert_eq!(code, 0);
    let expected = "\
ID            = web
Name          = web
Submit Date   = <the-time-in-seconds>
Type          = service
Priority      = 50
Datacenters   = dc1
Namespace     = default
Status        = running
Periodic      = false
Parameterized = false

Summary
Task Group  Queued  Starting  Running  Failed  Complete  Lost
g           0       0         2        0       0         0

Latest Deployment
ID          = idididid
Status      = successful
Description = Deployment completed successfully

Deployed
Task Group  Desired  Placed  Healthy  Unhealthy  Progress Deadline
g           2        2       2        0          <the-time-in-seconds>

Allocations
ID        Node ID   Task Group  Version  Desired  Status   Created  Modified
idididid  idididid  g           0        run      running  0s ago   0s ago
idididid  idididid  g           0        run      running  0s ago   0s ago
";
    assert_eq!(out, expected);

    let (code, out, _) = stage.run(&["job", "plan", &file]).await;
    assert_eq!(code, 0, "nothing would change:\n{out}");
    assert!(
        out.starts_with("Job: \"web\"\nTask Group: \"g\" (2 ignore)\n  Task: \"t\"\n"),
        "{out}"
    );

    let (code, out, _) = stage.run(&["logs", "-job", "web"]).await;
    assert_eq!((code, out.as_str()), (0, "one\ntwo\nthree\n"));
    let (_, out, _) = stage.run(&["alloc", "logs", "-tail", "-n", "2", "-job", "web"]).await;
    assert_eq!(out, "two\nthree\n");

    let (code, out, _) = stage.run(&["job", "stop", "web"]).await;
    assert_eq!(code, 0, "{out}");
    let (_, out, _) = stage.run(&["status"]).await;
    assert!(out.contains("dead (stopped)"), "{out}");
    let (code, out, _) = stage.run(&["job", "stop", "-purge", "-detach", "web"]).await;
    assert_eq!((code, out.as_str()), (0, "<uuid>\n"));
    let (code, out, _) = stage.run(&["job", "status"]).await;
    assert_eq!((code, out.as_str()), (0, "No running jobs\n"));
    stage.done().await;
}

#[tokio::test]
async fn an_allocation_and_its_node_show_themselves() {
    let stage = Stage::new("alloc").await;
    let file = stage.write("web.nomad", WEB);
    let (code, out, _) = stage.run(&["job", "run", &file]).await;
    assert_eq!(code, 0, "{out}");
    let (_, out, _) = run(&["job", "status", "-verbose", "web"], Some(&stage.address), None).await;
    let alloc: String = out.lines().last().unwrap().chars().take(8).collect();

    let (code, out, _) = stage.run(&["alloc", "status", &alloc]).await;
    assert_eq!(code, 0, "{out}");
    let expected = "\
Task \"t\" is \"running\"
Task Resources
CPU       Memory      Disk     Addresses
0/20 MHz  0 B/16 MiB  300 MiB  

Task Events:
Started At     = <the-time-in-seconds>
Finished At    = N/A
Total Restarts = 0
Last Restart   = N/A

Recent Events:
Time                   Type        Description
";
    let shown = out.replace("Time                  Type", "Time                   Type");
    assert!(shown.contains(expected), "{out}");
    assert!(out.contains("Node Name           = n1\n"), "{out}");
    assert!(out.contains("Deployment Health   = healthy\n"), "{out}");

    let (code, out, _) = stage.run(&["node", "status"]).await;
    let expected = "\
ID        DC   Name  Class   Drain  Eligibility  Status
idididid  dc1  n1    <none>  false  eligible     ready
";
    assert_eq!((code, out.as_str()), (0, expected));
    let (code, out, _) = stage.run(&["node", "status", "n1"]).await;
    assert_eq!(code, 0);
    assert!(out.contains("Driver Status   = mock_driver\n"), "{out}");
    assert!(out.contains("Allocated Resources\nCPU"), "{out}");

    let (code, _, err) = stage.run(&["alloc", "status", "f"]).await;
    assert_eq!((code, err.as_str()), (1, "Identifier must contain at least two characters.\n"));
    let (code, _, err) = stage.run(&["status", "nonsense"]).await;
    assert_eq!((code, err.as_str()), (1, "Unable to resolve ID: \"nonsense\"\n"));
    stage.done().await;
}

#[tokio::test]
async fn a_plan_that_cannot_work_names_every_reason() {
    let stage = Stage::new("reasons").await;
    let file = stage.write("impossible.nomad", IMPOSSIBLE);
    let (code, out, err) = stage.run(&["job", "plan", &file]).await;
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    assert!(out.contains("- WARNING: Failed to place all allocations.\n"), "{out}");
    let why = out.split("Why not: task group \"g\"\n").nth(1).expect(&out);
    assert!(why.starts_with("  n1 (dc1)\n"), "{out}");
    for reason in ["windows", "nothing", "900000 MB"] {
        assert!(why.contains(reason), "no {reason} in\n{out}");
    }
    assert_eq!(why.matches("required: ").count(), 3, "{out}");
    let (_, out, _) = stage.run(&["job", "status"]).await;
    assert_eq!(out, "No running jobs\n", "a plan deploys nothing");
    stage.done().await;
}

#[tokio::test]
async fn what_would_help_is_said_and_how_many_more_fit() {
    let stage = Stage::new("advice").await;
    let file = stage.write("typo.nomad", &WEB.replace("mock_driver", "mock_drivr"));
    let (code, out, err) = stage.run(&["job", "plan", &file]).await;
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    let help = out.split("What would help\n").nth(1).expect(&out);
    let expected = "  * Use driver \"mock_driver\" (places all 2; 1 node would do)\n      \
                    - driver = \"mock_drivr\"\n      + driver = \"mock_driver\"\n";
    assert!(help.starts_with(expected), "{help}");
    let file = stage.write("web.nomad", WEB);
    let (_, out, _) = stage.run(&["job", "plan", &file]).await;
    assert!(out.contains("\nRoom for ") && out.contains(" more of group \"g\"\n"), "{out}");
    stage.done().await;
}

#[tokio::test]
async fn a_saved_snapshot_is_planned_on_without_an_agent() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../planner/tests/reasons");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let snapshot = format!("-snapshot={}", path("cluster.json"));
    let plan = async |more: &[&str]| {
        let args = [&["job", "plan", snapshot.as_str()], more].concat();
        run(&args, None, None).await
    };
    let (memory, cpu) = (path("memory.nomad"), path("cpu.nomad"));
    let (code, out, err) = plan(&[&memory]).await;
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    assert!(
        out.contains("memory: 3900 MB needed, 3840 of 4096 MB free on big: 60 MB short"),
        "{out}"
    );
    assert!(out.contains("from 3900 to 3840 MB"), "{out}");

    let (code, out, _) = plan(&["-markdown", &memory]).await;
    assert_eq!(code, 1);
    assert!(out.starts_with("### Plan of job `new`\n\n❌ **1 cannot be placed**"), "{out}");

    let (code, out, _) = plan(&["-json", &memory]).await;
    assert_eq!(code, 1);
    let answers: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(answers["Version"], 1);
    assert_eq!(answers["Plans"][0]["Suggestions"][0]["Edits"][0]["text"], "3840");
    assert_eq!(answers["Plans"][0]["Plan"]["SteppePlan"]["Queued"]["app"], 1);

    // The second job finds what the first has left.
    let first = path("port_of_a_process.nomad");
    let text = std::fs::read_to_string(&first).unwrap().replace("5432", "9000");
    let scratch = std::env::temp_dir().join(format!("steppe-cli-order-{}", std::process::id()));
    std::fs::create_dir_all(&scratch).unwrap();
    let write = |name: &str| {
        let file = scratch.join(name);
        std::fs::write(&file, text.replace("\"new\"", &format!("\"{name}\""))).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let (a, b) = (write("a"), write("b"));
    let (code, out, _) = plan(&[&a, &b]).await;
    assert_eq!(code, 1);
    assert!(
        out.contains("port 9000 (db) on 10.0.0.1 of big is held by allocation a.app[0]"),
        "{out}"
    );
    // What Nomad would register without a word is told by whom it is asked for.
    std::fs::write(&a, text.replace("image", "imagee")).unwrap();
    let (_, _, err) = plan(&[&a]).await;
    assert_eq!(err, "");
    let (_, _, err) = plan(&["-verbose", &a]).await;
    assert!(err.contains("imagee"), "{err}");
    std::fs::remove_dir_all(&scratch).unwrap();

    let (code, _, err) = run(&["job", "plan", "-snapshot=/nowhere", &cpu], None, None).await;
    assert_eq!(code, 255);
    assert!(err.starts_with("Error reading snapshot \"/nowhere\": "), "{err}");
}

#[tokio::test]
async fn indexes_prefixes_and_questions_are_nomads() {
    let stage = Stage::new("index").await;
    let file = stage.write("web.nomad", WEB);
    let (code, _, err) = stage.run(&["job", "run", "-check-index", "5", &file]).await;
    let expected = "Enforcing job modify index 5: job does not exist\nJob not updated\n";
    assert_eq!((code, err.as_str()), (1, expected));
    let (code, out, _) = stage.run(&["job", "run", "-detach", "-check-index=0", &file]).await;
    assert_eq!((code, out.as_str()), (0, "Job registration successful\nEvaluation ID: <uuid>\n"));
    let (code, _, err) = stage.run(&["job", "run", "-check-index", "0", &file]).await;
    let expected = "Enforcing job modify index 0: job already exists\nJob not updated\n";
    assert_eq!((code, err.as_str()), (1, expected));

    let (code, _, err) = stage.run(&["job", "stop", "nosuch"]).await;
    let expected = "No job(s) with prefix or id \"nosuch\" found\n";
    assert_eq!((code, err.as_str()), (1, expected));
    let (code, out, _) = stage.run_answering(&["stop", "-detach", "we"], Some("n\n")).await;
    let question = "Are you sure you want to stop job \"web\"? [y/N] ";
    assert_eq!((code, out), (0, format!("{question}Cancelling job stop\n")));
    let (code, out, _) = stage.run_answering(&["stop", "-detach", "we"], Some("y\n")).await;
    assert_eq!((code, out), (0, format!("{question}<uuid>\n")));
    stage.done().await;
}

#[tokio::test]
async fn mistakes_in_a_file_point_at_their_place_without_an_agent() {
    let folder = std::env::temp_dir().join(format!("steppe-cli-bad-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let good = write("good.nomad", WEB.as_bytes());
    let bad = write("bad.nomad", WEB.replace("memory =", "memroy =").as_bytes());
    let (code, out, err) = run(&["validate", &bad], None, None).await;
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("bad.nomad:17:"), "{err}");
    assert!(err.contains("memroy") && err.contains("^^^^^^") && err.contains("memory"), "{err}");

    // A text with variables is HCL2, so a wrong variable is an error and not another language.
    let (code, _, err) = run(&["run", "-output", "-var", "nosuch=1", &good], None, None).await;
    assert_eq!(code, 1);
    assert!(err.contains("nosuch"), "{err}");

    let binary = write("binary.nomad", b"job \"x\" {\n\xff\xfe");
    let (code, _, err) = run(&["validate", &binary], None, None).await;
    assert_eq!(code, 1);
    assert!(err.contains("binary.nomad:2:"), "{err}");

    let (code, _, err) = run(&["job", "plan", &bad], None, None).await;
    assert_eq!(code, 255, "{err}");
    let (code, _, err) = run(&["job", "status"], Some("-address=http://127.0.0.1:1"), None).await;
    assert_eq!(code, 1);
    assert!(
        err.starts_with("Error querying jobs: no agent answers at http://127.0.0.1:1: "),
        "{err}"
    );
    assert!(err.contains("steppe agent"), "{err}");
    let (code, _, err) = run(&["job", "frobnicate"], None, None).await;
    assert_eq!(code, 1);
    assert!(err.contains("frobnicate"), "{err}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn files_are_validated_strictly_and_without_an_agent() {
    let folder = std::env::temp_dir().join(format!("steppe-cli-validate-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let docker = WEB.replace("mock_driver", "docker");
    let docker = docker.replace("run_for       = \"10m\"", "image = \"nginx:1.27\"");
    let docker = docker.replace("        stdout_string = \"one\\ntwo\\nthree\\n\"\n", "");
    let good = write("good.nomad", &docker);
    let (code, out, err) = run(&["job", "validate", &good], None, None).await;
    assert_eq!((code, out.as_str(), err.as_str()), (0, "Job validation successful\n", ""));

    // Notes and warnings are shown, and change nothing.
    let noted = write("noted.nomad", WEB);
    let (code, out, err) = run(&["validate", &noted], None, None).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("Job Notes:\nnote[unknown-driver]: "), "{out}");
    assert!(out.ends_with("\n\nJob validation successful\n"), "{out}");
    let warned = write("warned.nomad", &docker.replace("update {", "update {\n canary = 5\n"));
    let (code, out, err) = run(&["validate", &warned], None, None).await;
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("Job Warnings:\nwarning[canaries]: "), "{out}");

    // Options of the driver are checked, and all files are, behind one that is wrong as well.
    let option = write("option.nomad", &docker.replace("image =", "imgae ="));
    let missing = folder.join("missing.nomad").to_str().unwrap().to_owned();
    let args = ["job", "validate", &option, &missing, &good];
    let (code, out, err) = run(&args, None, None).await;
    assert_eq!((code, out), (1, format!("{good}: Job validation successful\n")));
    let expected = "Job validation errors:\nerror[unknown-option]: docker has no option imgae";
    assert!(err.starts_with(expected) && err.contains("did you mean image?"), "{err}");
    assert!(err.contains("missing.nomad"), "{err}");

    // Each language, and variables.
    let old = write("old.nomad", &docker.replace("group \"g\"", "\"group\" \"g\""));
    let (code, out, _) = run(&["validate", "-hcl1", &old], None, None).await;
    assert_eq!((code, out.as_str()), (0, "Job validation successful\n"));
    let json = r#"{"Job":{"ID":"a","Datacenters":["dc1"],"TaskGroups":[{"Name":"g","Tasks":[{"Name":"t",
        "Driver":"docker","Config":{"image":"nginx:1.27"}}]}]}}"#;
    let (code, out, _) = run(&["validate", "-json", &write("job.json", json)], None, None).await;
    assert_eq!((code, out.as_str()), (0, "Job validation successful\n"));
    let wanting = docker.replace("count = 2", "count = var.count");
    let wanting = write("var.nomad", &format!("variable \"count\" {{ type = number }}\n{wanting}"));
    let (code, _, err) = run(&["validate", &wanting], None, None).await;
    assert_eq!(code, 1);
    assert!(err.contains("error[unset-variable]"), "{err}");
    let values = write("values.hcl", "count = -1\n");
    let (code, _, err) = run(&["validate", "-var-file", &values, &wanting], None, None).await;
    assert_eq!(code, 1);
    assert!(err.contains("error[invalid-count]"), "{err}");
    let args = ["validate", "-var-file", &values, "-var", "count=3", &wanting];
    let (code, out, err) = run(&args, None, None).await;
    assert_eq!((code, out.as_str()), (0, "Job validation successful\n"), "{err}");

    // From standard input, in the program itself.
    let mut steppe = std::process::Command::new(env!("CARGO_BIN_EXE_steppe"))
        .args(["job", "validate", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let text = docker.replace("image =", "imgae =");
    std::io::Write::write_all(&mut steppe.stdin.take().unwrap(), text.as_bytes()).unwrap();
    let done = steppe.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&done.stderr);
    assert_eq!((done.status.code(), done.stdout.as_slice()), (Some(1), &b""[..]), "{err}");
    assert!(err.contains(" --> stdin:"), "{err}");
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_taken_port_and_a_taken_directory_name_their_holder() {
    let stage = Stage::new("taken").await;
    let first = stage.agent.as_ref().unwrap();
    let config = AgentConfig {
        http_port: first.address.port(),
        data_dir: stage.folder.join("other"),
        ..AgentConfig::default()
    };
    let Err(error) = running::start(config).await else { panic!("the port is taken") };
    let text = error.to_string();
    assert!(text.contains(" is taken: held by ") && text.contains("process "), "{text}");

    let config =
        AgentConfig { http_port: 0, data_dir: stage.folder.join("data"), ..AgentConfig::default() };
    let Err(error) = running::start(config).await else { panic!("the directory is taken") };
    assert!(error.to_string().starts_with("another agent uses the data directory"), "{error}");
    stage.done().await;
}
