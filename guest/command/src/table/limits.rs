//! Options about rates, connections, time and the network's cost.

use alloc::format;

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
    help: "Files in flight",
    default: "5",
    is_usual: true,
    set: |to, word| Ok(to.parallel = values::count(word.text()?)?),
    ..OPTION
};

pub const MAX_PER_ORIGIN: Opt = Opt {
    long: "max-per-origin",
    value: Value::One("N", Kind::Text),
    help: "Connections to one server, of all files together",
    more: "Each file has one more. The default is 16 if the engine chooses.",
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

pub const LIMIT_RATE_OF_JOB: Opt = Opt {
    long: "limit-rate",
    value: Value::One("BYTES", Kind::Text),
    help: "Bytes per second of all files of the job together (see BYTES), or unlimited",
    set: |to, word| {
        let rate = match word.text()? {
            "unlimited" | "off" => Rate::Unlimited,
            text => Rate::Limited(values::rate(text).map_err(|wrong| format!("{wrong}, or unlimited"))?),
        };
        Ok(to.limit_rate = Some(rate))
    },
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
