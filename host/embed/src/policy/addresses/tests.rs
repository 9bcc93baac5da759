use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};
use proptest::prelude::*;

use super::Addresses;

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn allowing(ranges: &[&str]) -> Addresses {
    let mut addresses = Addresses::default();
    ranges.iter().for_each(|range| addresses.allow(range.parse().expect("a range")));
    addresses
}

const METADATA: [&str; 13] = [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "169.254.42.42",
    "169.254.0.23",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
    "fd00:42::42",
    "fe80::a9fe:a9fe",
];

#[test]
fn servers_of_the_internet_are_admitted() {
    for text in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450::1",
        "2001:4860:4860::8888",
        "2001:200::1",
        "64:ff9b::1.1.1.1",
        "::ffff:1.1.1.1",
        "2002:101:101::1",
        "2001:0:101:101::fefe:fefe",
        "2606:4700::5efe:101:101",
    ] {
        assert!(Addresses::default().admits(address(text)), "{text}");
    }
}

#[test]
fn what_is_not_reachable_from_everywhere_is_refused_in_every_form() {
    for text in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.1.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
    ] {
        let IpAddr::V4(v4) = address(text) else { panic!("{text}") };
        assert!(!Addresses::default().admits(v4.into()), "{text}");
        for form in forms(v4) {
            assert!(!Addresses::default().admits(form.into()), "{form}");
        }
    }
    for text in [
        "::",
        "::1",
        "::2",
        "::1.1.1.1",
        "64:ff9b:1::1.1.1.1",
        "100::1",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "feff::1",
        "ff02::1",
        "ff0e::1",
        "fe80::5efe:1.1.1.1",
        "fd00::200:5efe:1.1.1.1",
        "2001:0:a00:1::fefe:fefe",
        "2001:0:101:101::f5ff:fffe",
    ] {
        assert!(!Addresses::default().admits(address(text)), "{text}");
    }
}

/// The IPv6 addresses that embed an IPv4 address and are judged by it alone.
fn forms(v4: Ipv4Addr) -> [Ipv6Addr; 4] {
    let [a, b, c, d] = v4.octets().map(u16::from);
    let (high, low) = (a << 8 | b, c << 8 | d);
    [
        v4.to_ipv6_mapped(),
        Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
        Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
        Ipv6Addr::new(0x2606, 0x4700, 0, 0, 0x200, 0x5efe, high, low),
    ]
}

#[test]
fn a_range_that_is_allowed_is_admitted_and_no_other() {
    let addresses = allowing(&["127.0.0.0/8", "10.1.0.0/16", "fd12::/16"]);
    for text in ["127.0.0.1", "127.9.9.9", "10.1.2.3", "fd12::1", "::ffff:127.0.0.1", "64:ff9b::10.1.2.3", "1.1.1.1"] {
        assert!(addresses.admits(address(text)), "{text}");
    }
    for text in ["10.2.0.1", "192.168.0.1", "fd13::1", "::1", "::ffff:10.2.0.1", "::127.0.0.1"] {
        assert!(!addresses.admits(address(text)), "{text}");
    }
}

#[test]
fn metadata_is_refused_unless_it_is_named_alone() {
    let everything = allowing(&["0.0.0.0/0", "::/0"]);
    let around = allowing(&["169.254.0.0/16", "169.254.169.254/31", "fd00:ec2::/32", "100.64.0.0/10"]);
    for text in METADATA {
        let metadata = address(text);
        assert!(!Addresses::default().admits(metadata), "{text}");
        assert!(!everything.admits(metadata) && !around.admits(metadata), "{text}");
        let mut named = Addresses::default();
        named.allow(IpNet::from(metadata));
        assert!(named.admits(metadata) && Addresses::any().admits(metadata), "{text}");
        if let IpAddr::V4(v4) = metadata {
            for form in forms(v4) {
                assert!(!everything.admits(form.into()), "{form}");
                let mut other = Addresses::default();
                other.allow(IpNet::from(IpAddr::V6(form)));
                assert!(other.admits(form.into()) && !other.admits(metadata), "{form}");
            }
        }
    }
    assert!(everything.admits(address("10.0.0.1")) && everything.admits(address("fe80::1")));
    assert!(around.admits(address("169.254.1.1")));
}

fn is_named(address: IpAddr) -> bool {
    METADATA.contains(&address.to_string().as_str())
}

proptest! {
    #[test]
    fn an_ipv4_address_is_judged_alike_in_every_form(bits: u32) {
        let v4 = Ipv4Addr::from_bits(bits);
        let alone = Addresses::default().admits(v4.into());
        for form in forms(v4) {
            prop_assert_eq!(Addresses::default().admits(form.into()), alone, "{}", form);
        }
    }

    #[test]
    fn what_the_standard_library_calls_special_is_refused(bits: u32) {
        let v4 = Ipv4Addr::from_bits(bits);
        let special = v4.is_unspecified() || v4.is_loopback() || v4.is_private() || v4.is_link_local()
            || v4.is_multicast() || v4.is_broadcast() || v4.is_documentation();
        prop_assert!(!special || !Addresses::default().admits(v4.into()));
    }

    #[test]
    fn an_ipv6_address_outside_of_the_range_that_is_given_out_is_refused(bits: u128) {
        let v6 = Ipv6Addr::from_bits(bits);
        let unicast = v6.segments()[0] >> 13 == 1;
        let carries = v6.to_ipv4_mapped().is_some() || v6.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0];
        prop_assert!(unicast || carries || !Addresses::default().admits(v6.into()));
        prop_assert!(!(v6.is_loopback() || v6.is_multicast() || v6.is_unique_local() || v6.is_unicast_link_local())
            || !Addresses::default().admits(v6.into()));
    }

    #[test]
    fn an_allowed_range_is_admitted_to_its_ends(bits: u32, length in 0u8..=32, host: u32) {
        let range = Ipv4Net::new(Ipv4Addr::from_bits(bits), length).expect("a range").trunc();
        let mut addresses = Addresses::default();
        addresses.allow(range.into());
        let inside = Ipv4Addr::from_bits(range.addr().to_bits() | host & range.hostmask().to_bits());
        for v4 in [range.network(), range.broadcast(), inside] {
            prop_assert!(addresses.admits(v4.into()) || is_named(v4.into()), "{}", v4);
        }
    }

    #[test]
    fn to_allow_something_takes_nothing_away(bits: u32, range: u32, length in 0u8..=32) {
        let v4 = IpAddr::from(Ipv4Addr::from_bits(bits));
        let mut addresses = Addresses::default();
        let before = addresses.admits(v4);
        addresses.allow(Ipv4Net::new(Ipv4Addr::from_bits(range), length).expect("a range").into());
        prop_assert!(!before || addresses.admits(v4));
    }
}
