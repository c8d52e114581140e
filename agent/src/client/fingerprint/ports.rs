//! Listening sockets of the machine and the programs behind them, from `/proc/net`.
//!
//! A cheap look lists the sockets; only when they changed is every process searched for the holder.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A socket that holds a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Socket {
    pub address: IpAddr,
    pub port: u16,
    /// `tcp` or `udp`.
    pub protocol: &'static str,
    pub inode: u64,
}

/// A program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    pub pid: u32,
    pub name: String,
}

const TCP_LISTEN: &str = "0A";
/// A UDP socket that is bound and not connected.
const UDP_BOUND: &str = "07";

/// Every socket that holds a port now.
pub fn sockets() -> BTreeSet<Socket> {
    let tables = [("tcp", "tcp"), ("tcp6", "tcp"), ("udp", "udp"), ("udp6", "udp")];
    let mut found = BTreeSet::new();
    for (file, protocol) in tables {
        let text = std::fs::read_to_string(format!("/proc/net/{file}")).unwrap_or_default();
        found.extend(parse(&text, protocol));
    }
    found
}

fn parse(table: &str, protocol: &'static str) -> impl Iterator<Item = Socket> {
    let state = if protocol == "tcp" { TCP_LISTEN } else { UDP_BOUND };
    table.lines().skip(1).filter_map(move |line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        if *fields.get(3)? != state {
            return None;
        }
        let (address, port) = fields.get(1)?.split_once(':')?;
        Some(Socket {
            address: parse_address(address)?,
            port: u16::from_str_radix(port, 16).ok()?,
            protocol,
            inode: fields.get(9)?.parse().ok()?,
        })
    })
}

/// The kernel prints addresses as words in the machine's byte order.
fn parse_address(hex: &str) -> Option<IpAddr> {
    let words: Option<Vec<u8>> = (0..hex.len() / 8)
        .map(|i| u32::from_str_radix(&hex[i * 8..i * 8 + 8], 16).ok())
        .try_fold(Vec::new(), |mut bytes, word| {
            bytes.extend(word?.to_ne_bytes());
            Some(bytes)
        });
    let bytes = words?;
    if let Ok(v4) = <[u8; 4]>::try_from(bytes.as_slice()) {
        return Some(IpAddr::V4(Ipv4Addr::from(v4)));
    }
    let v6 = Ipv6Addr::from(<[u8; 16]>::try_from(bytes.as_slice()).ok()?);
    Some(v6.to_ipv4_mapped().map_or(IpAddr::V6(v6), IpAddr::V4))
}

/// The programs that hold the given sockets, by inode. Other users' programs need root to be seen.
pub fn holders(inodes: &BTreeSet<u64>) -> BTreeMap<u64, Program> {
    let mut found = BTreeMap::new();
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return found;
    };
    for process in processes.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|n| n.parse::<u32>().ok()) else {
            continue;
        };
        // A process may end while it is looked at.
        let Ok(files) = std::fs::read_dir(process.path().join("fd")) else {
            continue;
        };
        let held = files.flatten().filter_map(|file| {
            let target = std::fs::read_link(file.path()).ok()?;
            let inode = target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
            inode.parse::<u64>().ok().filter(|i| inodes.contains(i))
        });
        for inode in held {
            let name = super::line_of(&format!("/proc/{pid}/comm"));
            // A socket shared by forks belongs to the eldest.
            let entry = found.entry(inode).or_insert_with(|| Program { pid, name: name.clone() });
            if pid < entry.pid {
                *entry = Program { pid, name };
            }
        }
    }
    found
}

/// The range of ports the kernel gives to clients.
pub fn ephemeral_range() -> (u16, u16) {
    let text = super::line_of("/proc/sys/net/ipv4/ip_local_port_range");
    let mut numbers = text.split_whitespace().filter_map(|n| n.parse().ok());
    (numbers.next().unwrap_or(32_768), numbers.next().unwrap_or(60_999))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_listening_sockets_only() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1\n\
             1: 0100007F:0CEA 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4712 1\n";
        let found: Vec<Socket> = parse(table, "tcp").collect();
        let expected = Socket {
            address: IpAddr::from([127, 0, 0, 1]),
            port: 3306,
            protocol: "tcp",
            inode: 4711,
        };
        assert_eq!(found, [expected]);
    }

    #[test]
    fn reads_both_families() {
        let any6 = "00000000000000000000000000000000";
        assert_eq!(parse_address(any6), Some(IpAddr::V6(Ipv6Addr::UNSPECIFIED)));
        let mapped = "0000000000000000FFFF00000100007F";
        assert_eq!(parse_address(mapped), Some(IpAddr::from([127, 0, 0, 1])));
        assert_eq!(parse_address("nonsense"), None);
    }

    #[test]
    fn finds_this_test_behind_its_own_socket() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let all = sockets();
        let own = all.iter().find(|s| s.port == port && s.protocol == "tcp").unwrap();
        let programs = holders(&BTreeSet::from([own.inode]));
        assert_eq!(programs[&own.inode].pid, std::process::id());
    }
}
