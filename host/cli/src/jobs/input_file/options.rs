//! aria2's options for one download, as far as haul has them.

use std::path::{Component, Path};

use haul_queue::redaction::titled;

use super::Entry;
use crate::list::is_side_file;
use crate::values;

/// Whether haul has an option of aria2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    Used,
    /// haul has nothing like it, and does the same without.
    PassedOver,
}

/// Takes over an option of `entry`.
///
/// # Errors
///
/// A value that cannot be used, or an option without which something else would be fetched, or to somewhere else.
pub fn apply(entry: &mut Entry, name: &str, value: &str) -> Result<Applied, String> {
    let options = &mut entry.options;
    match name {
        // A URL would make directories that are named after its password.
        "dir" | "out" if value.contains("://") => return Err(format!("{name}= takes a path, not a URL")),
        "dir" => entry.dir = Some(value.into()),
        "out" => entry.out = Some(inside(value)?.into()),
        "checksum" => options.digests.push(checksum(value)?.into()),
        "header" => entry.headers.push(values::header(value)?),
        "user-agent" => entry.headers.push(values::header(&format!("User-Agent: {value}"))?),
        "referer" => entry.headers.push(values::header(&format!("Referer: {value}"))?),
        "max-download-limit" => options.max_rate = limit(name, value)?,
        "lowest-speed-limit" => options.min_rate = limit(name, value)?,
        "max-tries" => options.retries = Some(number(name, value)?).filter(|tries| *tries > 0),
        "split" => entry.split = Some(connections(name, value)?),
        "max-connection-per-server" => entry.per_server = Some(connections(name, value)?),
        "allow-overwrite" => options.overwrite = truth(name, value)?,
        // Partial files are gone on with in any case.
        "continue" => drop(truth(name, value)?),
        _ => return other(name, value),
    }
    Ok(Applied::Used)
}

/// As many connections as `split` says, and to each server as many as are allowed.
pub fn settle(entry: &mut Entry) {
    let servers = u32::try_from(entry.options.mirrors.len()).unwrap_or(u32::MAX).saturating_add(1);
    let to_all = entry.per_server.map(|each| each.saturating_mul(servers));
    entry.options.connections = [entry.split, to_all].into_iter().flatten().min();
}

/// Options whose loss would change what is fetched, how it is asked for, or where it goes; and what to do instead.
fn other(name: &str, value: &str) -> Result<Applied, String> {
    let instead = match name {
        "http-user" | "http-passwd" => "write header=Authorization: ... in its place",
        "load-cookies" => "write header=Cookie: ... in its place",
        "all-proxy" | "http-proxy" | "https-proxy" | "all-proxy-user" | "all-proxy-passwd" | "http-proxy-user"
        | "http-proxy-passwd" | "https-proxy-user" | "https-proxy-passwd" | "no-proxy" => {
            "give --proxy-list for the whole job in its place"
        }
        "index-out" | "select-file" => "write an entry with out= for each file in its place",
        "parameterized-uri" => "write out each URL in its place",
        "conditional-get" | "dry-run" | "hash-check-only" => "leave it out: files are always fetched",
        _ => return Ok(Applied::PassedOver),
    };
    if value == "false" { Ok(Applied::Used) } else { Err(format!("{name} would be missed; {instead}")) }
}

/// A name below the directory.
fn inside(name: &str) -> Result<&Path, String> {
    let path = Path::new(name);
    let harmless = path.components().all(|part| matches!(part, Component::Normal(_)));
    if !harmless || path.components().next().is_none() {
        return Err(format!("out={} leads out of the directory; write a name below it", titled(path)));
    }
    if is_side_file(path) {
        return Err(format!("out={} is the name of a partial file or journal; write another one", titled(path)));
    }
    Ok(path)
}

fn checksum(value: &str) -> Result<haul::ExpectedDigest, String> {
    let (algorithm, hex) = value.split_once('=').ok_or("write checksum=sha-256=HEX")?;
    let known = ["sha-256", "sha-512", "sha-1", "md5"].contains(&algorithm);
    let algorithm = known.then(|| algorithm.replace('-', ""));
    let algorithm = algorithm.ok_or("checksum: the algorithm is sha-256, sha-512, sha-1 or md5")?;
    values::checksum(&format!("{algorithm}:{hex}"))
}

/// Bytes per second, 0 for no limit.
fn limit(name: &str, value: &str) -> Result<Option<u64>, String> {
    match value {
        "0" => Ok(None),
        value => values::rate(value).map(Some).map_err(|wrong| format!("{name}: {wrong}")),
    }
}

fn number(name: &str, value: &str) -> Result<u32, String> {
    values::digits(value).ok_or_else(|| format!("{name}: write a number"))
}

fn connections(name: &str, value: &str) -> Result<u32, String> {
    let given = number(name, value).ok().filter(|given| *given > 0);
    given.ok_or_else(|| format!("{name}: write a number, at least 1"))
}

fn truth(name: &str, value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| format!("{name}: write true or false"))
}
