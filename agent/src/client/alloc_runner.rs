//! The order of tasks within an allocation: who may begin, who must end, and why.
//!
//! Pure: looks at the tasks as they are and says what to tell them. Hooks run in Nomad's order:
//! prestart, main, poststart, poststop; sidecars end after the main tasks; the leader takes all with it.
//!
//! Nomad: <https://developer.hashicorp.com/nomad/docs/job-specification/lifecycle>

use steppe_planner::api::{self, TaskEvent};

use super::events;

/// When a task runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    Main,
    Prestart,
    Poststart,
    Poststop,
}

/// A task as far as its siblings are concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskView {
    pub name: String,
    pub hook: Hook,
    pub sidecar: bool,
    pub leader: bool,
    /// It was told to begin.
    pub begun: bool,
    /// It was told to end.
    pub killed: bool,
    /// It has run at least once.
    pub has_run: bool,
    pub running: bool,
    pub dead: bool,
    pub failed: bool,
}

impl TaskView {
    /// A task that has not begun.
    pub fn of(task: &api::Task) -> TaskView {
        let hook = match task.lifecycle.as_ref().map(|l| l.hook.as_str()) {
            Some("prestart") => Hook::Prestart,
            Some("poststart") => Hook::Poststart,
            Some("poststop") => Hook::Poststop,
            _ => Hook::Main,
        };
        TaskView {
            name: task.name.clone(),
            hook,
            sidecar: task.lifecycle.as_ref().is_some_and(|l| l.sidecar) && hook != Hook::Poststop,
            leader: task.leader,
            begun: false,
            killed: false,
            has_run: false,
            running: false,
            dead: false,
            failed: false,
        }
    }

    /// Takes over what the task says of itself.
    pub fn observe(&mut self, state: &api::TaskState) {
        self.running = state.state == "running";
        self.dead = state.state == "dead";
        self.failed = state.failed;
        self.has_run |= state.started_at.is_some();
    }
}

/// What is wanted of the allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Run,
    Stop,
    /// Stop at once, without the poststop tasks: the allocation is removed.
    Destroy,
}

/// What to tell a task.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Begin(String),
    Kill(String, Vec<TaskEvent>),
}

/// Says what to tell which tasks now.
pub fn decide(tasks: &[TaskView], wanted: Wanted, now_ns: i64) -> Vec<Command> {
    let mut commands = ends(tasks, wanted, now_ns);
    let ending = |name: &str| {
        commands.iter().any(|c| matches!(c, Command::Kill(killed, _) if killed == name))
    };
    let begins: Vec<Command> = tasks
        .iter()
        .filter(|t| !t.begun && !t.killed && !t.dead && !ending(&t.name))
        .filter(|t| may_begin(t, tasks, wanted))
        .map(|t| Command::Begin(t.name.clone()))
        .collect();
    commands.extend(begins);
    commands
}

/// True if nothing is left to do: every task is dead.
pub fn finished<'a>(mut tasks: impl Iterator<Item = &'a TaskView>) -> bool {
    tasks.all(|t| t.dead)
}

fn may_begin(task: &TaskView, tasks: &[TaskView], wanted: Wanted) -> bool {
    let mut others = tasks.iter();
    match (task.hook, wanted) {
        (Hook::Poststop, Wanted::Run | Wanted::Stop) => mains_dead(tasks),
        (_, Wanted::Stop | Wanted::Destroy) => false,
        (Hook::Prestart, Wanted::Run) => true,
        (Hook::Main, Wanted::Run) => others
            .filter(|t| t.hook == Hook::Prestart)
            .all(|t| if t.sidecar { t.running } else { t.dead && !t.failed }),
        (Hook::Poststart, Wanted::Run) => {
            others.all(|t| t.hook != Hook::Main || t.has_run) && !mains_dead(tasks)
        }
    }
}

fn mains_dead(tasks: &[TaskView]) -> bool {
    tasks.iter().filter(|t| t.hook == Hook::Main).all(|t| t.dead)
}

fn ends(tasks: &[TaskView], wanted: Wanted, now_ns: i64) -> Vec<Command> {
    let reason = end_reason(tasks, wanted, now_ns);
    let live: Vec<&TaskView> = tasks.iter().filter(|t| !t.dead && !t.killed).collect();
    let Some(reason) = reason else {
        return Vec::new();
    };
    let kill = |t: &&TaskView| Command::Kill(t.name.clone(), reason.iter().cloned().collect());
    if wanted == Wanted::Destroy {
        return live.iter().map(kill).collect();
    }
    let ending: Vec<&TaskView> = live.into_iter().filter(|t| t.hook != Hook::Poststop).collect();
    // The leader first, alone; then the tasks that do the work; then their sidecars.
    if tasks.iter().any(|t| t.leader && !t.dead) {
        return ending.iter().filter(|t| t.leader).map(kill).collect();
    }
    let working = |t: &TaskView| !t.sidecar && t.hook != Hook::Poststop;
    if tasks.iter().any(|t| working(t) && !t.dead) {
        return ending.iter().filter(|t| working(t)).map(kill).collect();
    }
    ending.iter().map(kill).collect()
}

/// Why the tasks must end now: outer `None` if they need not, inner `None` if it goes without saying.
fn end_reason(tasks: &[TaskView], wanted: Wanted, now_ns: i64) -> Option<Option<TaskEvent>> {
    if wanted != Wanted::Run {
        return Some(None);
    }
    if let Some(failed) = tasks.iter().find(|t| t.dead && t.failed && t.hook != Hook::Poststop) {
        return Some(Some(events::sibling_failed(now_ns, &failed.name)));
    }
    if tasks.iter().any(|t| t.leader && t.dead) {
        return Some(Some(events::leader_dead(now_ns)));
    }
    if mains_dead(tasks) {
        return Some(Some(events::main_dead(now_ns)));
    }
    None
}

/// The client's status and description of an allocation.
///
/// A failed task counts when its siblings have ended too: until then they hold their ports.
pub fn client_status<'a>(
    states: impl Iterator<Item = (&'a TaskView, &'a api::TaskState)> + Clone,
) -> (&'static str, &'static str) {
    let any = |wanted: &str| states.clone().any(|(_, s)| s.state == wanted);
    let failed = states.clone().any(|(_, s)| s.failed);
    let waiting =
        states.clone().any(|(view, s)| s.state == "pending" && view.hook != Hook::Poststop);
    if failed && !any("running") && !waiting {
        ("failed", "Failed tasks")
    } else if any("running") {
        ("running", "Tasks are running")
    } else if any("pending") {
        ("pending", "No tasks have started")
    } else {
        ("complete", "All tasks have completed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(name: &str, hook: Hook, sidecar: bool) -> TaskView {
        TaskView {
            hook,
            sidecar,
            ..TaskView::of(&api::Task { name: name.into(), ..Default::default() })
        }
    }

    fn group() -> Vec<TaskView> {
        vec![
            task("migrate", Hook::Prestart, false),
            task("proxy", Hook::Prestart, true),
            task("web", Hook::Main, false),
            task("warm", Hook::Poststart, false),
            task("report", Hook::Poststop, false),
        ]
    }

    fn names(commands: &[Command]) -> Vec<String> {
        commands
            .iter()
            .map(|c| match c {
                Command::Begin(name) => format!("begin {name}"),
                Command::Kill(name, reasons) => {
                    let kinds: Vec<&str> = reasons.iter().map(|r| r.kind.as_str()).collect();
                    format!("kill {name} {}", kinds.join(",")).trim_end().to_owned()
                }
            })
            .collect()
    }

    fn apply(tasks: &mut [TaskView], commands: &[Command]) {
        for command in commands {
            match command {
                Command::Begin(name) => find(tasks, name).begun = true,
                Command::Kill(name, _) => find(tasks, name).killed = true,
            }
        }
    }

    fn find<'a>(tasks: &'a mut [TaskView], name: &str) -> &'a mut TaskView {
        tasks.iter_mut().find(|t| t.name == name).unwrap()
    }

    fn step(tasks: &mut [TaskView], wanted: Wanted) -> Vec<String> {
        let commands = decide(tasks, wanted, 0);
        apply(tasks, &commands);
        names(&commands)
    }

    fn run(tasks: &mut [TaskView], name: &str) {
        let task = find(tasks, name);
        task.running = true;
        task.has_run = true;
    }

    fn die(tasks: &mut [TaskView], name: &str, failed: bool) {
        let task = find(tasks, name);
        (task.running, task.dead, task.failed) = (false, true, failed);
    }

    #[test]
    fn hooks_run_in_order() {
        let mut tasks = group();
        assert_eq!(step(&mut tasks, Wanted::Run), ["begin migrate", "begin proxy"]);
        run(&mut tasks, "proxy");
        assert!(step(&mut tasks, Wanted::Run).is_empty());
        die(&mut tasks, "migrate", false);
        assert_eq!(step(&mut tasks, Wanted::Run), ["begin web"]);
        run(&mut tasks, "web");
        assert_eq!(step(&mut tasks, Wanted::Run), ["begin warm"]);
        die(&mut tasks, "warm", false);
        die(&mut tasks, "web", false);
        let last = step(&mut tasks, Wanted::Run);
        assert_eq!(last, ["kill proxy Main Tasks Dead", "begin report"]);
        die(&mut tasks, "proxy", false);
        die(&mut tasks, "report", false);
        assert!(finished(tasks.iter()));
    }

    #[test]
    fn a_stop_ends_the_work_then_the_sidecars_then_runs_poststop() {
        let mut tasks = group();
        step(&mut tasks, Wanted::Run);
        run(&mut tasks, "proxy");
        die(&mut tasks, "migrate", false);
        step(&mut tasks, Wanted::Run);
        run(&mut tasks, "web");
        let first = step(&mut tasks, Wanted::Stop);
        assert_eq!(first, ["kill web", "kill warm"]);
        assert!(step(&mut tasks, Wanted::Stop).is_empty());
        die(&mut tasks, "web", false);
        die(&mut tasks, "warm", false);
        assert_eq!(step(&mut tasks, Wanted::Stop), ["kill proxy", "begin report"]);
    }

    #[test]
    fn a_failed_prestart_ends_everything() {
        let mut tasks = group();
        step(&mut tasks, Wanted::Run);
        run(&mut tasks, "proxy");
        die(&mut tasks, "migrate", true);
        let killed = step(&mut tasks, Wanted::Run);
        assert_eq!(killed, ["kill web Sibling Task Failed", "kill warm Sibling Task Failed"]);
    }

    #[test]
    fn the_leader_takes_the_others_with_it() {
        let mut tasks = vec![task("main", Hook::Main, false), task("ship", Hook::Main, false)];
        tasks[0].leader = true;
        assert_eq!(step(&mut tasks, Wanted::Run), ["begin main", "begin ship"]);
        run(&mut tasks, "main");
        run(&mut tasks, "ship");
        let mut stopped = tasks.clone();
        assert_eq!(step(&mut stopped, Wanted::Stop), ["kill main"]);
        die(&mut tasks, "main", false);
        assert_eq!(step(&mut tasks, Wanted::Run), ["kill ship Leader Task Dead"]);
    }

    #[test]
    fn removal_leaves_nothing_out() {
        let mut tasks = group();
        assert_eq!(step(&mut tasks, Wanted::Destroy).len(), 5);
        assert!(step(&mut tasks, Wanted::Destroy).is_empty());
    }

    #[test]
    fn failure_is_told_when_the_siblings_have_ended() {
        let views = [task("web", Hook::Main, false), task("ship", Hook::Main, false)];
        let state = |state: &str, failed| api::TaskState {
            state: state.into(),
            failed,
            ..Default::default()
        };
        let mut states = [state("dead", true), state("running", false)];
        assert_eq!(client_status(views.iter().zip(&states)).0, "running");
        states[1] = state("dead", false);
        assert_eq!(client_status(views.iter().zip(&states)), ("failed", "Failed tasks"));
        states[0].failed = false;
        assert_eq!(client_status(views.iter().zip(&states)).0, "complete");
    }
}
