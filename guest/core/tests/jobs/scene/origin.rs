//! Origins with many files each. Faults last until they are removed.

use std::collections::BTreeMap;

use haul_core::border::input::End;
use haul_core::border::output::Request;
use haul_core::failure::{Cause, NetworkCause};
use haul_core::http::head::Head;

/// Length of a file without an entry, in bytes.
pub const LENGTH: u64 = 1000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Status(u16),
    /// 503 with a Retry-After in seconds.
    RetryAfter(u64),
    ConnectFails,
    /// The connection is lost after this number of bytes.
    CutAfter(u64),
    /// No response.
    Silence,
    NoValidator,
    /// Every response carries the whole file.
    IgnoresRange,
}

#[derive(Clone, Copy, Debug)]
pub struct Served {
    pub version: u64,
    pub length: u64,
}

impl Default for Served {
    fn default() -> Self {
        Self { version: 1, length: LENGTH }
    }
}

/// A response: its head, then the body bytes `from..to` of `version`, then its end. If `end` is `None`, the origin falls silent.
#[derive(Clone, Debug)]
pub struct Answer {
    pub head: Option<Head>,
    pub version: u64,
    pub from: u64,
    pub to: u64,
    pub end: Option<End>,
}

#[derive(Debug, Default)]
pub struct Origins {
    /// Files and faults, by authority and path.
    pub files: BTreeMap<String, Served>,
    pub faults: BTreeMap<String, Fault>,
    /// Bytes per second of one exchange; `None` if bodies arrive at once.
    pub rate: Option<u64>,
}

impl Origins {
    /// The file served at `place`. An origin whose name begins with `m` mirrors the origin with the rest of the name.
    pub fn served(&self, place: &str) -> Served {
        self.files.get(place.trim_start_matches('m')).copied().unwrap_or_default()
    }

    pub fn answer(&self, request: &Request) -> Answer {
        let place = format!("{}{}", request.authority, request.path_and_query);
        let Served { version, length } = self.served(&place);
        let fault = self.faults.get(&place).copied();
        let bare = |head, end| Answer { head, version, from: 0, to: 0, end };
        match fault {
            Some(Fault::Status(status)) => bare(Some(head(status, &[])), Some(End::Complete)),
            Some(Fault::RetryAfter(seconds)) => {
                bare(Some(head(503, &[("retry-after", seconds.to_string())])), Some(End::Complete))
            }
            Some(Fault::ConnectFails) => bare(None, Some(lost(NetworkCause::ConnectFailed))),
            Some(Fault::Silence) => bare(None, None),
            Some(Fault::CutAfter(_) | Fault::NoValidator | Fault::IgnoresRange) | None => {
                serve(request, version, length, fault)
            }
        }
    }
}

const fn lost(cause: NetworkCause) -> End {
    End::Failed(Cause::Network(cause))
}

fn serve(request: &Request, version: u64, length: u64, fault: Option<Fault>) -> Answer {
    let tag = format!("\"v{version}\"");
    let field = |name: &str| request.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let matches = field("if-range").is_none_or(|asked| asked == tag);
    let mut fields = vec![("content-type", "application/octet-stream".to_string())];
    if fault != Some(Fault::NoValidator) {
        fields.push(("etag", tag));
    }
    let range = field("range").filter(|_| matches && fault != Some(Fault::IgnoresRange));
    let (status, from, to) = match range.map(parse_range) {
        None => (200, 0, length),
        Some((first, _)) if first >= length => {
            fields.push(("content-range", format!("bytes */{length}")));
            let head = Some(head(416, &fields));
            return Answer { head, version, from: 0, to: 0, end: Some(End::Complete) };
        }
        Some((first, last)) => (206, first, last.map_or(length, |last| (last + 1).min(length))),
    };
    if status == 206 {
        fields.push(("content-range", format!("bytes {from}-{}/{length}", to - 1)));
    }
    fields.push(("content-length", (to - from).to_string()));
    let (to, end) = match fault {
        Some(Fault::CutAfter(bytes)) if from + bytes < to => (from + bytes, lost(NetworkCause::ConnectionLost)),
        _ => (to, End::Complete),
    };
    Answer { head: Some(head(status, &fields)), version, from, to, end: Some(end) }
}

fn head(status: u16, fields: &[(&str, String)]) -> Head {
    Head { status, fields: fields.iter().map(|(name, value)| ((*name).into(), value.clone())).collect() }
}

fn parse_range(field: &str) -> (u64, Option<u64>) {
    let (first, last) = field.strip_prefix("bytes=").and_then(|rest| rest.split_once('-')).expect("a range");
    (first.parse().expect("a first position"), last.parse().ok())
}
