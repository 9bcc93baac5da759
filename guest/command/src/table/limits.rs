//! Options about rates, connections, time and the network's cost.

use alloc::format;
use alloc::string::String;

use crate::arguments::Rate;
use crate::option::{Kind, OPTION, Opt, Value};
use crate::values::{self, network};

pub const CONNECTIONS: Opt = Opt {
    long: "connections",
    short: Some('c'),
    value: Value::One("N", Kind::Text),
    help: "Segments in flight for each file [default: chosen by the engine]",
    more: "The engine chooses at most 16; more than 64 count as 64.",
    set: |to, word| Ok(to.connections = Some(values::count(word.text()?)?)),
    ..OPTION
};

pub const PARALLEL: Opt = Opt {
    long: "jobs",
    short: Some('j'),
    value: Value::One("N", Kind::Text),
    help: "Files in flight at most; the engine finds the number that is fastest",
    default: "64",
    is_usual: true,
    set: |to, word| Ok(to.parallel = values::count(word.text()?)?),
    ..OPTION
};

pub const MAX_PER_ORIGIN: Opt = Opt {
    long: "max-per-origin",
    value: Value::One("N", Kind::Text),
    help: "Connections to one server, of all files together",
    more: "The default is chosen by the engine: 64 at most for small files and 16 for large ones.",
    set: |to, word| Ok(to.max_per_origin = Some(values::count(word.text()?)?)),
    ..OPTION
};

pub const LIMIT_RATE: Opt = Opt {
    long: "limit-rate",
    value: Value::One("BYTES", Kind::Text),
    help: "Bytes per second of all files together (see BYTES)",
    more: "They share it evenly.",
    is_usual: true,
    set: |to, word| Ok(to.limit_rate = Some(Rate::Limited(values::rate(word.text()?)?))),
    ..OPTION
};

/// A rate, or the word for none.
///
/// # Errors
///
/// The forms of both.
pub fn rate_or_none(text: &str) -> Result<Rate, String> {
    match text {
        "unlimited" | "off" => Ok(Rate::Unlimited),
        text => values::rate(text).map(Rate::Limited).map_err(|wrong| format!("{wrong}, or unlimited")),
    }
}

pub const LIMIT_RATE_OF_JOB: Opt = Opt {
    long: "limit-rate",
    value: Value::One("BYTES", Kind::Text),
    help: "Bytes per second of all files of the job together (see BYTES), or unlimited",
    set: |to, word| Ok(to.limit_rate = Some(rate_or_none(word.text()?)?)),
    ..OPTION
};

pub const LIMIT_RATE_PER_FILE: Opt = Opt {
    long: "limit-rate-per-file",
    value: Value::One("BYTES", Kind::Text),
    help: "Bytes per second of each file (see BYTES)",
    set: |to, word| Ok(to.limit_rate_per_file = Some(values::rate(word.text()?)?)),
    ..OPTION
};

pub const MIN_RATE: Opt = Opt {
    long: "min-rate",
    value: Value::One("BYTES", Kind::Text),
    help: "Bytes per second (see BYTES); a slower connection counts as silent, also for --timeout",
    set: |to, word| Ok(to.min_rate = Some(values::rate(word.text()?)?)),
    ..OPTION
};

pub const RETRIES: Opt = Opt {
    long: "retries",
    value: Value::One("N", Kind::Text),
    help: "Failures in a row, without a byte between them, after which a file fails",
    default: "10",
    set: |to, word| Ok(to.retries = values::number(word.text()?)?),
    ..OPTION
};

pub const TIMEOUT: Opt = Opt {
    long: "timeout",
    value: Value::One("TIME", Kind::Text),
    help: "Time without a byte after which a file fails; waits that a server asks for do not count",
    default: "60s",
    set: |to, word| Ok(to.timeout = values::duration(word.text()?)?),
    ..OPTION
};

pub const RETRY_CONNREFUSED: Opt = Opt {
    long: "retry-connrefused",
    help: "Keep trying up to --timeout if the host is not found or refuses connections before the first byte, in place of a few seconds",
    set: |to, _| Ok(to.retry_connrefused = true),
    ..OPTION
};

pub const MAX_TIME: Opt = Opt {
    long: "max-time",
    value: Value::One("TIME", Kind::Text),
    help: "Time after which the command ends, with exit code 124; kept bytes can be resumed",
    is_usual: true,
    set: |to, word| Ok(to.max_time = Some(values::duration(word.text()?)?)),
    ..OPTION
};

pub const BACKGROUND: Opt = Opt {
    long: "background",
    help: "Background priority; the cost policy is standard unless --cost-policy is given",
    set: |to, _| Ok(to.background = true),
    ..OPTION
};

pub const COST_POLICY: Opt = Opt {
    long: "cost-policy",
    value: Value::One(
        "POLICY",
        Kind::Words(&["always", "unrestricted", "standard", "no-roaming", "no-surcharge", "no-cellular"]),
    ),
    help: "Allowed networks [default: always; with --background: standard]",
    more: "cost-policy in wit/types.wit defines each.",
    set: |to, word| Ok(to.cost_policy = Some(network::cost_policy(word.text()?)?)),
    ..OPTION
};

pub const NO_CELLULAR: Opt = Opt {
    long: "no-cellular",
    help: "Never download over a cellular network, even if the policy allows it",
    set: |to, _| Ok(to.no_cellular = true),
    ..OPTION
};

pub const NETWORK: Opt = Opt {
    long: "network",
    value: Value::One("COST,...", Kind::Text),
    help: "Cost of the present network, which haul cannot detect: unrestricted, capped-usage-unknown, below-cap, near-cap, over-cap-charged, over-cap-throttled or usage-based; after commas roaming, cellular, offline",
    set: |to, word| Ok(to.network = Some(network::network(word.text()?)?)),
    ..OPTION
};
