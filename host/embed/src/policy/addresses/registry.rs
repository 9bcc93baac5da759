//! IANA's registries of special-purpose addresses, and the IPv6 addresses that stand for IPv4 ones.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(first: [u16; 4], length: u8) -> Ipv6Net {
    let [a, b, c, d] = first;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), length)
}

/// Ranges without a server of the internet.
const SPECIAL_V4: [Ipv4Net; 15] = [
    v4(0, 0, 0, 0, 8),       // this network
    v4(10, 0, 0, 0, 8),      // private
    v4(100, 64, 0, 0, 10),   // shared between a carrier and its customers
    v4(127, 0, 0, 0, 8),     // loopback
    v4(169, 254, 0, 0, 16),  // link-local
    v4(172, 16, 0, 0, 12),   // private
    v4(192, 0, 0, 0, 24),    // protocol assignments
    v4(192, 0, 2, 0, 24),    // documentation
    v4(192, 88, 99, 0, 24),  // relays of 6to4
    v4(192, 168, 0, 0, 16),  // private
    v4(198, 18, 0, 0, 15),   // benchmarking
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 4),     // multicast
    v4(240, 0, 0, 0, 4),     // reserved, and broadcast
];

/// The only IPv6 addresses that are given out.
const UNICAST_V6: Ipv6Net = v6([0x2000, 0, 0, 0], 3);

/// Ranges among them without a server of the internet.
const SPECIAL_V6: [Ipv6Net; 3] = [
    v6([0x2001, 0, 0, 0], 23),     // protocol assignments
    v6([0x2001, 0xdb8, 0, 0], 32), // documentation
    v6([0x3fff, 0, 0, 0], 20),     // documentation
];

/// `::/96`, the oldest form with an IPv4 address inside, which nothing carries any more.
const COMPATIBLE: Ipv6Net = v6([0, 0, 0, 0], 96);
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0], 96);
/// A network's own NAT64.
const LOCAL_NAT64: Ipv6Net = v6([0x64, 0xff9b, 1, 0], 48);
const SIX_TO_FOUR: Ipv6Net = v6([0x2002, 0, 0, 0], 16);
const TEREDO: Ipv6Net = v6([0x2001, 0, 0, 0], 32);

/// Addresses at which clouds hand out metadata to their machines, credentials included.
const METADATA_V4: [Ipv4Addr; 8] = [
    Ipv4Addr::new(169, 254, 169, 254), // most clouds
    Ipv4Addr::new(169, 254, 170, 2),   // tasks of AWS ECS
    Ipv4Addr::new(169, 254, 170, 23),  // pods of AWS EKS
    Ipv4Addr::new(169, 254, 42, 42),   // Scaleway
    Ipv4Addr::new(169, 254, 0, 23),    // Tencent Cloud
    Ipv4Addr::new(100, 100, 100, 200), // Alibaba Cloud
    Ipv4Addr::new(192, 0, 0, 192),     // Oracle Cloud
    Ipv4Addr::new(168, 63, 129, 16),   // Azure
];

const METADATA_V6: [Ipv6Addr; 5] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),   // AWS
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23),    // pods of AWS EKS
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),    // Google Cloud
    Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42),     // Scaleway
    Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0xa9fe, 0xa9fe), // OpenStack
];

pub fn is_metadata(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => METADATA_V4.contains(&address),
        IpAddr::V6(address) => METADATA_V6.contains(&address),
    }
}

pub fn is_global_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|range| range.contains(&address))
}

/// An address with none of IPv4 inside.
pub fn is_global_v6(address: Ipv6Addr) -> bool {
    UNICAST_V6.contains(&address) && !SPECIAL_V6.iter().any(|range| range.contains(&address))
}

/// Whether packets to this address go to the IPv4 address inside it.
pub fn is_carrier(address: Ipv6Addr) -> bool {
    address.to_ipv4_mapped().is_some()
        || [NAT64, SIX_TO_FOUR, TEREDO].iter().any(|range| range.contains(&address))
        || is_global_v6(address)
}

/// The IPv4 addresses inside an IPv6 one.
pub fn inside(address: IpAddr) -> Vec<Ipv4Addr> {
    let IpAddr::V6(address) = address else { return Vec::new() };
    let octets = address.octets();
    let at = |start: usize| Ipv4Addr::new(octets[start], octets[start + 1], octets[start + 2], octets[start + 3]);
    let is_isatap = matches!(address.segments(), [.., 0x0000 | 0x0200, 0x5efe, _, _]);
    if address.is_unspecified() || address.is_loopback() {
        Vec::new()
    } else if SIX_TO_FOUR.contains(&address) {
        vec![at(2)]
    } else if TEREDO.contains(&address) {
        // The server's; the client's, inverted.
        vec![at(4), Ipv4Addr::from_bits(!at(12).to_bits())]
    } else if address.to_ipv4_mapped().is_some()
        || [COMPATIBLE, NAT64, LOCAL_NAT64].iter().any(|range| range.contains(&address))
        || is_isatap
    {
        vec![at(12)]
    } else {
        Vec::new()
    }
}
