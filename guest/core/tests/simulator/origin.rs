//! An origin that serves versions of one file, with faults according to its script.

use haul_core::border::input::End;
use haul_core::border::output::Request;
use haul_core::failure::{Cause, NetworkCause};
use haul_core::http::head::Head;

#[derive(Clone, Debug)]
pub enum Fault {
    None,
    CutAfter(u64),
    StallAfter(u64),
    Status(u16),
    RetryAfter(u64),
    Redirect,
    RedirectLoop,
    IgnoreRange,
    IgnoreIfRange,
    EarlierRange(u64),
    LaterRange(u64),
    ShorterRange(u64),
    NoContentRange,
    NoValidator,
    WeakValidator,
    NoLength,
    NoLengthCut(u64),
    Portal,
    Unsatisfiable,
    ConnectFails,
    /// The response comes from another server of the origin, with its own entity tags.
    OtherEdge,
}

/// Behaviour for the first requests; after them the origin has no faults and its content is stable.
#[derive(Clone, Debug, Default)]
pub struct Script {
    pub faults: Vec<Fault>,
    /// Length of each version; the last one is stable.
    pub lengths: Vec<u64>,
    /// Numbers of the requests before which the next version replaces the current one.
    pub changes: Vec<u64>,
    /// The other URL serves the same content, with its own entity tags.
    pub mirror: bool,
    /// Servers that are listed as mirrors.
    pub mirrors: Vec<Mirror>,
    /// Responses state the digest of the whole representation.
    pub states_digest: bool,
}

/// Content of a server that is listed as a mirror.
#[derive(Clone, Copy, Debug)]
pub enum Mirror {
    /// The same content, with its own entity tags.
    Right,
    /// Other content of the same length.
    Lying,
    /// Always the first version.
    Stale,
    Missing,
}

/// Offset of the version numbers at the other URL, which serves other content under the same entity tags unless it is a mirror.
pub const ELSEWHERE: u64 = 100;

/// Version number of a captive portal's page.
pub const PORTAL: u64 = 250;
const PORTAL_LENGTH: u64 = 77;

#[derive(Debug)]
pub struct Origin {
    script: Script,
    served: u64,
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

impl Origin {
    pub fn new(script: Script) -> Self {
        Self { script, served: 0 }
    }

    pub fn length(&self, version: u64) -> u64 {
        if version == PORTAL { PORTAL_LENGTH } else { self.script.lengths[(version % ELSEWHERE) as usize] }
    }

    pub fn mirrors(&self) -> usize {
        self.script.mirrors.len()
    }

    /// The stable version.
    pub fn last_version(&self) -> u64 {
        self.script.changes.len().min(self.script.lengths.len() - 1) as u64
    }

    /// All versions, including those of the other URL and the portal's page.
    pub fn versions(&self) -> Vec<u64> {
        let own = 0..=self.last_version();
        own.clone().chain(own.map(|version| version + ELSEWHERE)).chain([PORTAL]).collect()
    }

    pub fn is_stable(&self) -> bool {
        self.served > 16 && self.served as usize > self.script.faults.len()
    }

    fn current(&self) -> u64 {
        let changes = self.script.changes.iter().filter(|change| **change < self.served).count();
        changes.min(self.script.lengths.len() - 1) as u64
    }

    /// The version at the requested server, if any, and the suffix of its entity tags.
    fn version_at(&self, request: &Request) -> Option<(u64, String)> {
        if let Some(number) = request.authority.strip_prefix("mirror") {
            let mirror = self.script.mirrors[number.parse::<usize>().expect("a number")];
            let version = match mirror {
                Mirror::Right => self.current(),
                Mirror::Lying => self.current() + ELSEWHERE,
                Mirror::Stale => 0,
                Mirror::Missing => return None,
            };
            return Some((version, format!("m{number}")));
        }
        match request.path_and_query == "/other" {
            true if self.script.mirror => Some((self.current(), "m".into())),
            true => Some((self.current() + ELSEWHERE, String::new())),
            false => Some((self.current(), String::new())),
        }
    }

    pub fn answer(&mut self, request: &Request) -> Answer {
        let fault = self.script.faults.get(self.served as usize).cloned().unwrap_or(Fault::None);
        self.served += 1;
        let place = self.version_at(request);
        let (version, server) = place.clone().unwrap_or_default();
        let plain = |head: Head| Answer { head: Some(head), version, from: 0, to: 0, end: Some(End::Complete) };
        let status = |status: u16, fields: &[(&str, String)]| plain(head(status, fields));
        if place.is_none() {
            return status(404, &[]);
        }
        match fault {
            Fault::ConnectFails => Answer {
                head: None,
                version,
                from: 0,
                to: 0,
                end: Some(End::Failed(Cause::Network(NetworkCause::ConnectFailed))),
            },
            Fault::Status(code) => status(code, &[]),
            Fault::RetryAfter(seconds) => status(503, &[("retry-after", seconds.to_string())]),
            Fault::Redirect => status(302, &[("location", format!("{}#again", request.path_and_query))]),
            Fault::RedirectLoop => status(302, &[("location", request.path_and_query.clone())]),
            Fault::Unsatisfiable => status(416, &[("content-range", format!("bytes */{}", self.length(version)))]),
            Fault::Portal => Answer {
                head: Some(head(
                    200,
                    &[("content-length", PORTAL_LENGTH.to_string()), ("content-type", "text/html".into())],
                )),
                version: PORTAL,
                from: 0,
                to: PORTAL_LENGTH,
                end: Some(End::Complete),
            },
            fault => self.serve(request, version, &server, &fault),
        }
    }

    fn serve(&self, request: &Request, version: u64, server: &str, fault: &Fault) -> Answer {
        let length = self.length(version);
        let tag = match fault {
            Fault::OtherEdge => format!("\"v{}{server}e\"", version % ELSEWHERE),
            _ => format!("\"v{}{server}\"", version % ELSEWHERE),
        };
        let field =
            |name: &str| request.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let matches = field("if-range").is_none_or(|asked| asked == tag) || matches!(fault, Fault::IgnoreIfRange);
        let range = field("range").filter(|_| matches && !matches!(fault, Fault::IgnoreRange)).map(parse_range);
        let mut fields = match fault {
            Fault::NoValidator => vec![],
            Fault::WeakValidator => vec![("etag", "W/\"any\"".into())],
            _ => vec![("etag", tag)],
        };
        fields.push(("content-type", "application/octet-stream".into()));
        if self.script.states_digest {
            fields.push(("repr-digest", format!("sha-256=:{}:", base64(&digest_of(version)))));
        }
        let (status, mut from, mut to) = match range {
            None => (200, 0, length),
            Some((first, _)) if first >= length => {
                fields.push(("content-range", format!("bytes */{length}")));
                let head = head(416, &fields);
                return Answer { head: Some(head), version, from: 0, to: 0, end: Some(End::Complete) };
            }
            Some((first, last)) => (206, first, last.map_or(length, |last| (last + 1).min(length))),
        };
        if status == 206 {
            match fault {
                Fault::EarlierRange(by) => from = from.saturating_sub(*by),
                Fault::LaterRange(by) => from = (from + by).min(to - 1),
                Fault::ShorterRange(by) => to = (to.saturating_sub(*by)).max(from + 1),
                _ => {}
            }
            if !matches!(fault, Fault::NoContentRange) {
                fields.push(("content-range", format!("bytes {from}-{}/{length}", to - 1)));
            }
        }
        if !matches!(fault, Fault::NoLength | Fault::NoLengthCut(_)) {
            fields.push(("content-length", (to - from).to_string()));
        }
        let lost = Some(End::Failed(Cause::Network(NetworkCause::ConnectionLost)));
        let (to, end) = match fault {
            Fault::CutAfter(bytes) | Fault::NoLengthCut(bytes) if from + bytes < to => (from + bytes, lost),
            Fault::StallAfter(bytes) if from + bytes < to => (from + bytes, None),
            _ => (to, Some(End::Complete)),
        };
        Answer { head: Some(head(status, &fields)), version, from, to, end }
    }
}

fn head(status: u16, fields: &[(&str, String)]) -> Head {
    Head { status, fields: fields.iter().map(|(name, value)| ((*name).into(), value.clone())).collect() }
}

fn parse_range(field: &str) -> (u64, Option<u64>) {
    let (first, last) = field.strip_prefix("bytes=").and_then(|rest| rest.split_once('-')).expect("a range");
    (first.parse().expect("a first position"), last.parse().ok())
}

/// The simulated SHA-256 of a version.
pub fn digest_of(version: u64) -> Vec<u8> {
    vec![version as u8; 32]
}

fn base64(bytes: &[u8]) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    BASE64_STANDARD.encode(bytes)
}
