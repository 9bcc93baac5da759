//! The options of aria2 for one download that haul supports.

use alloc::format;
use alloc::string::String;

use super::{Entry, name};
use crate::values;

/// The effect of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    Used,
    /// haul has no such option, and the download is the same without it.
    PassedOver,
}

/// Applies an option to `entry`.
///
/// # Errors
///
/// If the value is wrong, or if haul lacks the option and would download something else, or to another place.
pub fn apply(entry: &mut Entry, option: &str, value: &str) -> Result<Applied, String> {
    let about = |wrong: String| format!("{option}: {wrong}");
    match option {
        // A URL would create directories whose names contain its password.
        "dir" | "out" if value.contains("://") => return Err(format!("{option}= takes a path, not a URL")),
        "dir" => entry.directory = Some(value.into()),
        "out" => entry.name = Some(name(value)?),
        "checksum" => entry.digests.push(values::checksum(value).map_err(about)?),
        "header" => entry.headers.push(values::header(value).map_err(about)?),
        "user-agent" => entry.headers.push(values::header(&format!("User-Agent: {value}")).map_err(about)?),
        "referer" => entry.headers.push(values::header(&format!("Referer: {value}")).map_err(about)?),
        "max-download-limit" => entry.max_rate = limit(value).map_err(about)?,
        "lowest-speed-limit" => entry.min_rate = limit(value).map_err(about)?,
        "max-tries" => entry.retries = Some(values::number(value).map_err(about)?).filter(|tries| *tries > 0),
        "split" => entry.split = Some(values::count(value).map_err(about)?),
        "max-connection-per-server" => entry.per_server = Some(values::count(value).map_err(about)?),
        "allow-overwrite" => entry.overwrite = truth(value).map_err(about)?,
        // Partial files are always resumed.
        "continue" => drop(truth(value).map_err(about)?),
        _ => return other(option, value),
    }
    Ok(Applied::Used)
}

/// Sets the connections: as many as `split`, but at most `max-connection-per-server` to each server.
pub fn settled(mut entry: Entry) -> Entry {
    let servers = u32::try_from(entry.mirrors.len()).unwrap_or(u32::MAX).saturating_add(1);
    let to_all = entry.per_server.take().map(|each| each.saturating_mul(servers));
    entry.connections = [entry.split.take(), to_all].into_iter().flatten().min();
    entry
}

/// Refuses options whose loss would change the content, the requests or the target, and names the alternative. All other options are
/// ignored.
fn other(option: &str, value: &str) -> Result<Applied, String> {
    let instead = match option {
        "http-user" | "http-passwd" => "write header=Authorization: ... in its place",
        "load-cookies" => "write header=Cookie: ... in its place",
        "all-proxy" | "http-proxy" | "https-proxy" | "all-proxy-user" | "all-proxy-passwd" | "http-proxy-user"
        | "http-proxy-passwd" | "https-proxy-user" | "https-proxy-passwd" | "no-proxy" => {
            "set the proxy for the whole command or job in its place"
        }
        "index-out" | "select-file" => "write an entry with out= for each file in its place",
        "parameterized-uri" => "write out each URL in its place",
        "conditional-get" | "dry-run" | "hash-check-only" => "leave it out: files are always fetched",
        _ => return Ok(Applied::PassedOver),
    };
    if value == "false" { Ok(Applied::Used) } else { Err(format!("{option} would be missed; {instead}")) }
}

/// Bytes per second, 0 for no limit.
fn limit(value: &str) -> Result<Option<u64>, String> {
    if value == "0" { Ok(None) } else { values::rate(value).map(Some) }
}

/// The words of aria2, which knows no others.
fn truth(value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| "write true or false".into())
}
