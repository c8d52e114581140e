//! The operating system: its name and version, and the signals it knows.

/// The signals a job may name.
pub const SIGNALS: [&str; 26] = [
    "SIGABRT", "SIGALRM", "SIGBUS", "SIGCHLD", "SIGCONT", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT",
    "SIGIO", "SIGIOT", "SIGKILL", "SIGPIPE", "SIGPROF", "SIGQUIT", "SIGSEGV", "SIGSTOP", "SIGTERM",
    "SIGTRAP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGUSR1", "SIGUSR2", "SIGWINCH",
];

/// Name and version, as `debian` and `12.11`.
pub fn read() -> (String, String) {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let (name, version) = parse(&release);
    // Debian keeps the point release in a file of its own.
    if name == "debian" {
        let full = super::line_of("/etc/debian_version");
        if full.starts_with(&format!("{version}.")) {
            return (name, full);
        }
    }
    (name, version)
}

fn parse(release: &str) -> (String, String) {
    let field = |name: &str| {
        let value = release.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or_default().trim_matches('"').to_owned()
    };
    (field("ID"), field("VERSION_ID"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_os_release() {
        let text =
            "PRETTY_NAME=\"Debian\"\nVERSION_ID=\"12\"\nVERSION=\"12 (bookworm)\"\nID=debian\n";
        assert_eq!(super::parse(text), ("debian".to_owned(), "12".to_owned()));
    }
}
