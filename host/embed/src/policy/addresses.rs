//! Which addresses connections may go to.

mod registry;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

/// Addresses that connections may go to. The default admits globally reachable addresses, and none of the host's own network:
/// no loopback, private, shared, link-local, reserved or multicast address, in whichever form it is written, and no address at
/// which clouds hand out credentials to their machines.
///
/// An IPv4 address inside an IPv6 one is judged as if it stood alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    any: bool,
    allowed: Vec<IpNet>,
}

impl Addresses {
    /// Every address.
    pub fn any() -> Self {
        Self { any: true, allowed: Vec::new() }
    }

    /// Admits a range beside the others. The addresses of metadata services are not among it, unless it is one of them alone.
    pub fn allow(&mut self, range: IpNet) {
        self.allowed.push(range);
    }

    /// Whether every address is admitted.
    pub fn is_any(&self) -> bool {
        self.any
    }

    /// Whether a connection may go to `address`.
    pub fn admits(&self, address: IpAddr) -> bool {
        if self.any {
            return true;
        }
        let inside = registry::inside(address);
        let mut parts = inside.iter().copied().map(IpAddr::V4).chain([address]);
        if let Some(metadata) = parts.find(|part| registry::is_metadata(*part)) {
            return self.names(metadata) || self.names(address);
        }
        let judged = |part: &Ipv4Addr| self.allows((*part).into()) || registry::is_global_v4(*part);
        match address {
            _ if self.allows(address) => true,
            IpAddr::V4(address) => registry::is_global_v4(address),
            IpAddr::V6(address) if !inside.is_empty() => registry::is_carrier(address) && inside.iter().all(judged),
            IpAddr::V6(address) => registry::is_global_v6(address),
        }
    }

    fn allows(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|range| range.contains(&address))
    }

    /// Whether a range is this address alone.
    fn names(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|range| range.prefix_len() == range.max_prefix_len() && range.addr() == address)
    }
}
