//! Options about proxies, addresses and connections.

use crate::arguments::Family;
use crate::option::{Kind, OPTION, Opt, Place, Value};
use crate::values;

const BY_RUNTIME: Place = Place::Native("a stock runtime makes the connections by itself");

pub const PROXY: Opt = Opt {
    long: "proxy",
    short: Some('x'),
    value: Value::One("URL", Kind::Secret),
    help: "Proxy for all requests: http, https, socks5 or socks5h, with [user[:password]@]host[:port]; empty for none",
    more: "It takes the place of the variables http_proxy, https_proxy and all_proxy. The default port is 80, 443 or 1080.",
    place: BY_RUNTIME,
    is_usual: true,
    set: |to, word| Ok(to.proxy = Some(word.string()?)),
    ..OPTION
};

pub const NO_PROXY: Opt = Opt {
    long: "no-proxy",
    aliases: &["noproxy"],
    value: Value::One("LIST", Kind::Text),
    help: "Hosts that are reached without a proxy, separated by commas: names with the names below them, addresses, ranges, or * for all",
    more: "It takes the place of the variable no_proxy.",
    place: BY_RUNTIME,
    set: |to, word| Ok(to.no_proxy = Some(word.string()?)),
    ..OPTION
};

pub const CONNECT_TIMEOUT: Opt = Opt {
    long: "connect-timeout",
    value: Value::One("TIME", Kind::Text),
    help: "Time for a connection to be made, with its tunnel and TLS",
    place: BY_RUNTIME,
    set: |to, word| Ok(to.connect_timeout = Some(values::duration(word.text()?)?)),
    ..OPTION
};

pub const IPV4: Opt = Opt {
    long: "ipv4",
    short: Some('4'),
    aliases: &["inet4-only"],
    help: "Connect to IPv4 addresses only",
    conflicts: &["ipv6"],
    place: BY_RUNTIME,
    set: |to, _| Ok(to.family = Some(Family::V4)),
    ..OPTION
};

pub const IPV6: Opt = Opt {
    long: "ipv6",
    short: Some('6'),
    aliases: &["inet6-only"],
    help: "Connect to IPv6 addresses only",
    place: BY_RUNTIME,
    set: |to, _| Ok(to.family = Some(Family::V6)),
    ..OPTION
};

pub const RESOLVE: Opt = Opt {
    long: "resolve",
    value: Value::Repeated("HOST:PORT:ADDR", Kind::Text),
    help: "Address of a host, in place of the system's answer; several between commas; repeatable",
    more: "The port is for curl's sake: the address counts for every port of the host.",
    place: BY_RUNTIME,
    set: |to, word| Ok(to.resolve.extend(values::resolution(word.text()?)?)),
    ..OPTION
};
