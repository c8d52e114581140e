//! Functions of network addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::arguments::text_list;
use super::{Arguments, Files, Mistake};
use crate::jobspec::value::Value;

type Outcome = Result<Value, Mistake>;

/// A network: its first address, and how many bits are fixed.
struct Network {
    address: u128,
    prefix: u32,
    /// 32 or 128.
    width: u32,
}

impl Network {
    fn parse(arguments: &mut Arguments) -> Result<Network, Mistake> {
        let text = arguments.text(0)?;
        let wrong = || Mistake::at(0, format!("\"{text}\" is no network such as 10.0.0.0/8"));
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let (address, width) = match address.parse().map_err(|_| wrong())? {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        let prefix: u32 =
            prefix.parse().ok().filter(|prefix| *prefix <= width).ok_or_else(wrong)?;
        let mut network = Network { address, prefix, width };
        network.address &= !network.host_mask();
        Ok(network)
    }

    fn host_mask(&self) -> u128 {
        ones(self.width - self.prefix)
    }

    fn text(&self, address: u128) -> String {
        if self.width == 32 {
            Ipv4Addr::from(u32::try_from(address & ones(32)).unwrap_or_default()).to_string()
        } else {
            Ipv6Addr::from(address).to_string()
        }
    }

    fn subnet(&self, bits: i64, number: u128) -> Result<Network, Mistake> {
        let prefix = u32::try_from(bits).ok().and_then(|bits| self.prefix.checked_add(bits));
        let Some(prefix) = prefix.filter(|prefix| *prefix <= self.width) else {
            return Err(Mistake::at(1, "there are not that many bits left"));
        };
        if number > ones(prefix - self.prefix) {
            return Err(Mistake::at(2, "there is no subnet of that number"));
        }
        let shift = self.width - prefix;
        let offset = number.checked_shl(shift).unwrap_or(0);
        Ok(Network { address: self.address | offset, prefix, width: self.width })
    }
}

fn ones(bits: u32) -> u128 {
    if bits >= 128 { u128::MAX } else { (1_u128 << bits) - 1 }
}

pub(super) fn cidrhost(arguments: &mut Arguments, _: &Files) -> Outcome {
    let network = Network::parse(arguments)?;
    let number = arguments.int(1)?;
    let size = network.host_mask();
    let host = if number < 0 {
        (size).checked_sub(u128::from(number.unsigned_abs()) - 1)
    } else {
        Some(u128::from(number.unsigned_abs()))
    };
    match host.filter(|host| *host <= size) {
        Some(host) => Ok(Value::Text(network.text(network.address | host))),
        None => Err(Mistake::at(1, "the network has no host of that number")),
    }
}

pub(super) fn cidrnetmask(arguments: &mut Arguments, _: &Files) -> Outcome {
    let network = Network::parse(arguments)?;
    Ok(Value::Text(network.text(ones(network.width) & !network.host_mask())))
}

pub(super) fn cidrsubnet(arguments: &mut Arguments, _: &Files) -> Outcome {
    let network = Network::parse(arguments)?;
    let (bits, number) = (arguments.int(1)?, arguments.int(2)?);
    let number = u128::try_from(number).map_err(|_| Mistake::at(2, "must not be negative"))?;
    let subnet = network.subnet(bits, number)?;
    Ok(Value::Text(format!("{}/{}", subnet.text(subnet.address), subnet.prefix)))
}

pub(super) fn cidrsubnets(arguments: &mut Arguments, _: &Files) -> Outcome {
    let network = Network::parse(arguments)?;
    let mut next = network.address;
    let mut subnets = Vec::new();
    for at in 1..arguments.count() {
        let bits = arguments.int(at)?;
        if bits < 1 {
            return Err(Mistake::at(at, "a subnet must be smaller than the network"));
        }
        let shape = network.subnet(bits, 0)?;
        // Each subnet starts where one of its size may start.
        let size = shape.host_mask();
        let start = next.checked_add(size).map(|end| end & !size);
        let Some(start) =
            start.filter(|start| *start | size <= network.address | network.host_mask())
        else {
            return Err(Mistake::at(at, "the network is too small for it"));
        };
        subnets.push(format!("{}/{}", shape.text(start), shape.prefix));
        next = (start | size).saturating_add(1);
    }
    Ok(text_list(subnets))
}
