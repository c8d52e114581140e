//! Kernel and host name.

/// What the kernel says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kernel {
    pub name: String,
    pub version: String,
    pub arch: String,
    pub hostname: String,
}

/// Reads it.
pub fn read() -> Kernel {
    Kernel {
        name: super::line_of("/proc/sys/kernel/ostype").to_lowercase(),
        version: super::line_of("/proc/sys/kernel/osrelease"),
        arch: std::env::consts::ARCH.to_owned(),
        hostname: super::line_of("/proc/sys/kernel/hostname"),
    }
}
