//! The structs that describe a download. All values are texts.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::book::{Entry, State, Stop};
use crate::service::{Present, Service};

/// Bytes of a piece, as clients show them: aria2's length, because haul has no pieces of its own.
const PIECE: u64 = 1 << 20;

/// Bytes of a bitfield. There is none for files of more than 8 TiB, because it would only cost memory.
const LONGEST_BITFIELD: u64 = 1 << 20;

/// The keys of the wanted members; none means all.
pub struct Keys(HashSet<String>);

impl Keys {
    pub fn new(keys: Vec<String>) -> Self {
        Self(keys.into_iter().collect())
    }

    fn want(&self, key: &str) -> bool {
        self.0.is_empty() || self.0.contains(key)
    }
}

/// The status of a download.
pub fn of(service: &Service, entry: &Entry, keys: &Keys) -> Value {
    let present = service.present(entry);
    let mut members = Map::new();
    let mut put = |key: &str, value: &dyn Fn() -> Option<Value>| {
        if keys.want(key)
            && let Some(value) = value()
        {
            members.insert(key.into(), value);
        }
    };
    let text = |number: u64| Some(number.to_string().into());
    put("gid", &|| Some(entry.gid.to_string().into()));
    put("status", &|| Some(word(&entry.state).into()));
    put("totalLength", &|| text(present.total.unwrap_or(0)));
    put("completedLength", &|| text(present.bytes));
    put("uploadLength", &|| text(0));
    put("downloadSpeed", &|| text(present.speed));
    put("uploadSpeed", &|| text(0));
    put("connections", &|| text(present.connections.into()));
    put("pieceLength", &|| text(PIECE));
    put("numPieces", &|| text(pieces(&present)));
    put("bitfield", &|| bitfield(entry, &present).map(Into::into));
    put("dir", &|| Some(service.directory(entry).display().to_string().into()));
    put("files", &|| Some(files_of(service, entry, &present)));
    put("errorCode", &|| code(&entry.state).map(Into::into));
    put("errorMessage", &|| message(&entry.state).map(Into::into));
    let gids = |gids: &[crate::gid::Gid]| -> Option<Value> {
        (!gids.is_empty()).then(|| gids.iter().map(ToString::to_string).collect())
    };
    put("followedBy", &|| gids(&entry.followed_by));
    put("following", &|| entry.following.map(|gid| gid.to_string().into()));
    members.into()
}

/// The files of a download.
pub fn files(service: &Service, entry: &Entry) -> Value {
    files_of(service, entry, &service.present(entry))
}

fn files_of(service: &Service, entry: &Entry, present: &Present) -> Value {
    let path = entry.path.clone().or_else(|| service.expected_path(entry));
    json!([{
        "index": "1",
        "path": path.map(|path| path.display().to_string()).unwrap_or_default(),
        "length": present.total.unwrap_or(0).to_string(),
        "completedLength": present.bytes.to_string(),
        "selected": "true",
        "uris": uris(entry),
    }])
}

/// The URLs of a download. The first one is in use once the download has begun.
pub fn uris(entry: &Entry) -> Vec<Value> {
    let is_used = matches!(entry.state, State::Active | State::Stopped(_));
    let status = |at: usize| if is_used && at == 0 { "used" } else { "waiting" };
    entry.uris.iter().enumerate().map(|(at, uri)| json!({"uri": uri, "status": status(at)})).collect()
}

const fn word(state: &State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Paused => "paused",
        State::Active => "active",
        State::Stopped(Stop::Complete) => "complete",
        State::Stopped(Stop::Error { .. }) => "error",
        State::Stopped(Stop::Removed) => "removed",
    }
}

fn code(state: &State) -> Option<String> {
    match state {
        State::Stopped(Stop::Complete) => Some("0".into()),
        State::Stopped(Stop::Error { code, .. }) => Some(code.to_string()),
        State::Stopped(Stop::Removed) => Some(crate::service::REMOVED.to_string()),
        _ => None,
    }
}

fn message(state: &State) -> Option<String> {
    match state {
        State::Stopped(Stop::Error { message, .. }) => Some(message.clone()),
        State::Stopped(_) => Some(String::new()),
        _ => None,
    }
}

fn pieces(present: &Present) -> u64 {
    present.total.unwrap_or(0).div_ceil(PIECE)
}

/// As many pieces from the front as bytes have arrived: the engine does not report ranges.
fn bitfield(entry: &Entry, present: &Present) -> Option<String> {
    let all = pieces(present);
    let bytes = all.div_ceil(8);
    if bytes == 0 || bytes > LONGEST_BITFIELD || (entry.path.is_none() && present.bytes == 0) {
        return None;
    }
    let is_whole = present.total == Some(present.bytes);
    let set = if is_whole { all } else { present.bytes / PIECE };
    let byte = |at: u64| match set.saturating_sub(at * 8).min(8) {
        8 => 0xff_u8,
        bits => !(0xff_u8 >> bits),
    };
    Some((0..bytes).map(|at| format!("{:02x}", byte(at))).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_bitfield_has_the_high_bit_first_and_spare_bits_unset() {
        let mut entry = Entry::new(crate::gid::Gid::parse("0000000000000001").unwrap(), Vec::new(), BTreeMap::new());
        let field = |entry: &Entry, bytes, total| bitfield(entry, &Present { bytes, total, ..Present::default() });
        assert_eq!(field(&entry, 0, Some(10 * PIECE)), None);
        entry.path = Some("/d/f".into());
        assert_eq!(field(&entry, 5, None), None);
        assert_eq!(field(&entry, 0, Some(10 * PIECE)).unwrap(), "0000");
        assert_eq!(field(&entry, 9 * PIECE, Some(9 * PIECE + 1)).unwrap(), "ff80");
        assert_eq!(field(&entry, 9 * PIECE + 1, Some(9 * PIECE + 1)).unwrap(), "ffc0");
        assert_eq!(field(&entry, 1000, Some(1000)).unwrap(), "80");
    }
}
