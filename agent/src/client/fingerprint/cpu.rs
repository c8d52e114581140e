//! Processor: cores and what they can do, in MHz.

/// What there is to know of the processor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cpu {
    /// Go's name of the architecture (`amd64`, `arm64`).
    pub arch: String,
    pub model: String,
    pub cores: i64,
    pub mhz: i64,
}

impl Cpu {
    /// All cores together.
    pub fn total_mhz(&self) -> i64 {
        self.cores * self.mhz
    }
}

/// Assumed when the machine does not tell: a modest core.
const UNKNOWN_MHZ: i64 = 1000;

/// Reads the processor.
pub fn read() -> Cpu {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let max_khz = super::line_of("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    parse(&info, &max_khz, cores)
}

fn parse(info: &str, max_khz: &str, cores: usize) -> Cpu {
    let field = |name: &str| {
        let line = info.lines().find(|l| l.split(':').next().is_some_and(|k| k.trim() == name));
        line.and_then(|l| l.split_once(':')).map(|(_, v)| v.trim()).unwrap_or_default()
    };
    // The highest frequency does not change with the load, the current one does.
    let max_mhz = max_khz.parse::<i64>().ok().map(|khz| khz / 1000);
    let now_mhz = field("cpu MHz").parse::<f64>().ok().map(|mhz| mhz as i64);
    Cpu {
        arch: goarch(std::env::consts::ARCH).to_owned(),
        model: field("model name").to_owned(),
        cores: i64::try_from(cores).unwrap_or(1),
        mhz: max_mhz.or(now_mhz).filter(|mhz| *mhz > 0).unwrap_or(UNKNOWN_MHZ),
    }
}

/// Go's name of an architecture, which jobs use in constraints.
pub fn goarch(rust: &str) -> &str {
    match rust {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_frequency_wins() {
        let info = "processor : 0\nmodel name\t: AMD EPYC\ncpu MHz\t\t: 2445.406\n";
        let cpu = parse(info, "", 2);
        assert_eq!((cpu.model.as_str(), cpu.mhz, cpu.total_mhz()), ("AMD EPYC", 2445, 4890));
        assert_eq!(parse(info, "3700000", 2).mhz, 3700);
        assert_eq!(parse("", "", 4).total_mhz(), 4 * UNKNOWN_MHZ);
    }
}
