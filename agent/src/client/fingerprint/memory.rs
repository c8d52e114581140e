//! Memory: how much the machine has.

/// The machine's memory in bytes; 0 if it does not tell.
pub fn total_bytes() -> u64 {
    field(&std::fs::read_to_string("/proc/meminfo").unwrap_or_default(), "MemTotal")
}

/// Memory that could be given to a new process.
pub fn available_bytes() -> u64 {
    field(&std::fs::read_to_string("/proc/meminfo").unwrap_or_default(), "MemAvailable")
}

fn field(meminfo: &str, name: &str) -> u64 {
    let line = meminfo.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(':'));
    let kib = line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_kibibytes() {
        let text = "MemTotal:       24682416 kB\nMemFree:  1 kB\nMemAvailable:   2 kB\n";
        assert_eq!(super::field(text, "MemTotal"), 24_682_416 * 1024);
        assert_eq!(super::field(text, "MemAvailable"), 2048);
        assert_eq!(super::field(text, "Mem"), 0);
    }
}
