//! Responses of an origin: correct, faulty, and nonsensical.

use arbitrary::Arbitrary;
use haul_core::border::output::Request;
use haul_core::http::head::Head;
use haul_core::parse::url::Url;
use haul_core::store::key::{Key, Tag};

use super::papers;
use super::script::Size;

/// The origin's file.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct File {
    pub length: Size,
    pub validator: Validator,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Validator {
    Tag(u8),
    WeakTag(u8),
    Modified(u8),
    /// Too recent to tell versions apart.
    WeakModified(u8),
    None,
}

#[derive(Arbitrary, Clone, Debug)]
pub enum Response {
    /// Correct according to RFC 9110.
    Right,
    Bent(Bend, Option<Bend>),
    Status {
        status: u16,
        retry_after: Option<u16>,
    },
    Redirect(Location),
    Unsatisfiable(Option<Size>),
    /// Fields by index in the vocabulary.
    Nonsense {
        status: Status,
        fields: Vec<(u8, u8)>,
    },
}

/// A fault of a response.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Bend {
    IgnoresRange,
    IgnoresIfRange,
    Validator(Validator),
    /// The representation has another length.
    Length(Size),
    NoLength,
    WrongLength(Size),
    Earlier(Size),
    Later(Size),
    Shorter(Size),
    NoComplete,
    NoContentRange,
    RefusesRanges,
    /// An HTML page.
    Page,
    Coded,
    /// States a digest: the right one, or another.
    Digest(bool),
    /// Names the file.
    Named(u8),
    /// Names another location.
    Duplicate(u8),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Location {
    Home,
    Away,
    Secure,
    Bad,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Status {
    Ok,
    Partial,
    Unsatisfiable,
    Found,
    Any(u16),
}

/// Mirrors of the file, and targets of redirects.
pub const MIRRORS: [&str; 2] = ["http://mirror1/file", "http://mirror2/file"];

/// A URL of the file, by number.
pub fn url(number: u8) -> &'static str {
    ["http://origin/file?0", "http://origin/file?1", "https://origin/file?2"][usize::from(number % 3)]
}

/// A key that is equal for URLs of the same place.
pub fn place(authority: &str, path_and_query: &str) -> String {
    format!("{authority}{path_and_query}")
}

/// Locations that origins name for the file.
const DUPLICATES: [&str; 3] = ["http://duplicate0/file", "http://duplicate1/file", "http://duplicate2/file"];

/// All places of the file, by fingerprint of the URL.
pub fn places() -> Vec<(Tag, String)> {
    let urls = (0..3).map(url).chain(MIRRORS).chain(DUPLICATES);
    let place = |url: Url| (Key::default().fingerprint(&url), place(&url.authority(), &url.path_and_query()));
    urls.filter_map(Url::parse).map(place).collect()
}

/// Whether `place` is a source rather than a redirect target.
pub fn is_source(place: &str) -> bool {
    let asked_for = place.ends_with("/file") && !place.starts_with("o") || place.starts_with("origin/file?");
    asked_for || place == papers::PLACE
}

/// Fields of nonsensical responses: each name with each value.
const NAMES: [&str; 8] =
    ["content-length", "content-range", "etag", "last-modified", "date", "location", "retry-after", "accept-ranges"];
const VALUES: [&str; 20] = [
    "0",
    "100",
    "18446744073709551615",
    "bytes 0-99/100",
    "bytes 0-99/*",
    "bytes 50-149/1000",
    "bytes */100",
    "bytes 0-18446744073709551614/18446744073709551615",
    "\"a\"",
    "W/\"a\"",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Mon, 07 Nov 1994 08:49:37 GMT",
    "/elsewhere",
    "none",
    "-1",
    "",
    "text/html",
    "gzip",
    "attachment; filename=a",
    "<http://duplicate1/file>; rel=duplicate",
];

/// A response before it is converted to a head.
struct Reply {
    status: u16,
    file: File,
    complete: u64,
    start: u64,
    end: u64,
    length: Option<u64>,
    tells_complete: bool,
    content_range: bool,
    more: Vec<(&'static str, String)>,
}

impl Response {
    pub fn head(&self, request: &Request, file: File) -> Head {
        match self {
            Self::Right => reply(request, file, &[]),
            Self::Bent(first, second) => {
                let bends: Vec<_> = [*first].into_iter().chain(*second).collect();
                reply(request, file, &bends)
            }
            Self::Status { status, retry_after } => {
                let wait = retry_after.map(|seconds| ("retry-after", seconds.to_string()));
                head(*status, wait.into_iter().collect())
            }
            Self::Redirect(location) => head(302, vec![("location", location.text().into())]),
            Self::Unsatisfiable(complete) => {
                let range = complete.map(|complete| ("content-range", format!("bytes */{}", complete.bytes())));
                head(416, range.into_iter().collect())
            }
            Self::Nonsense { status, fields } => {
                let name = |index: u8| NAMES[usize::from(index) % NAMES.len()];
                let value = |index: u8| VALUES[usize::from(index) % VALUES.len()].to_owned();
                head(status.code(), fields.iter().map(|&(a, b)| (name(a), value(b))).collect())
            }
        }
    }
}

impl Location {
    const fn text(self) -> &'static str {
        match self {
            Self::Home => "/elsewhere",
            Self::Away => "http://other/elsewhere",
            Self::Secure => "https://origin/elsewhere",
            Self::Bad => "mailto:nobody",
        }
    }
}

impl Status {
    const fn code(self) -> u16 {
        match self {
            Self::Ok => 200,
            Self::Partial => 206,
            Self::Unsatisfiable => 416,
            Self::Found => 302,
            Self::Any(code) => code,
        }
    }
}

fn head(status: u16, fields: Vec<(&str, String)>) -> Head {
    Head { status, fields: fields.into_iter().map(|(name, value)| (name.into(), value)).collect() }
}

impl Validator {
    fn fields(self) -> Vec<(&'static str, String)> {
        let day = |day: u8| format!("Sun, {:02} Nov 1994 08:49:37 GMT", day % 28 + 1);
        match self {
            Self::Tag(tag) => vec![("etag", format!("\"{tag}\""))],
            Self::WeakTag(tag) => vec![("etag", format!("W/\"{tag}\""))],
            Self::Modified(at) => {
                vec![("last-modified", day(at)), ("date", "Sun, 06 Nov 2022 08:49:37 GMT".into())]
            }
            Self::WeakModified(at) => vec![("last-modified", day(at)), ("date", day(at))],
            Self::None => vec![],
        }
    }

    /// The If-Range value with which ranges of this file are served.
    fn if_range(self) -> Option<String> {
        match self {
            Self::Tag(_) | Self::Modified(_) => self.fields().into_iter().next().map(|(_, value)| value),
            Self::WeakTag(_) | Self::WeakModified(_) | Self::None => None,
        }
    }
}

fn reply(request: &Request, file: File, bends: &[Bend]) -> Head {
    let complete = file.length.bytes();
    let field = |name: &str| request.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let unconditional = field("if-range").is_none_or(|asked| file.validator.if_range() == Some(asked));
    let ignores_if_range = bends.iter().any(|bend| matches!(bend, Bend::IgnoresIfRange));
    let ignores_range = bends.iter().any(|bend| matches!(bend, Bend::IgnoresRange));
    let range = field("range").filter(|_| !ignores_range && (unconditional || ignores_if_range));
    let (status, start, end) = match range.map(|range| served(&range, complete)) {
        None => (200, 0, complete),
        Some(None) => return Response::Unsatisfiable(Some(file.length)).head(request, file),
        Some(Some((start, end))) => (206, start, end),
    };
    let mut reply = Reply {
        status,
        file,
        complete,
        start,
        end,
        length: None,
        tells_complete: true,
        content_range: status == 206,
        more: Vec::new(),
    };
    bends.iter().for_each(|bend| reply.bend(*bend));
    reply.head(bends)
}

/// The bytes served for a Range field; `None` if there are none.
fn served(range: &str, complete: u64) -> Option<(u64, u64)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (start, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) => (first, last.saturating_add(1).min(complete)),
        (Ok(first), Err(_)) => (first, complete),
        (Err(_), Ok(suffix)) => (complete.saturating_sub(suffix), complete),
        (Err(_), Err(_)) => return None,
    };
    (start < end).then_some((start, end))
}

impl Reply {
    fn bend(&mut self, bend: Bend) {
        match bend {
            Bend::Validator(validator) => self.file.validator = validator,
            Bend::Length(length) => self.complete = length.bytes(),
            Bend::WrongLength(length) => self.length = Some(length.bytes()),
            Bend::Earlier(by) => self.start = self.start.saturating_sub(by.bytes()),
            Bend::Later(by) => self.start = self.start.saturating_add(by.bytes()),
            Bend::Shorter(by) => self.end = self.end.saturating_sub(by.bytes()),
            Bend::NoComplete => self.tells_complete = false,
            Bend::NoContentRange => self.content_range = false,
            Bend::RefusesRanges => self.more.push(("accept-ranges", "none".into())),
            Bend::Page => self.more.push(("content-type", "text/html".into())),
            Bend::Coded => self.more.push(("content-encoding", "gzip".into())),
            Bend::Digest(right) => self.more.push(("repr-digest", format!("sha-256=:{}:", stated(right)))),
            Bend::Named(number) => {
                self.more.push(("content-disposition", format!("attachment; filename=\"name {}\"", number % 3)));
            }
            Bend::Duplicate(number) => {
                self.more.push(("link", format!("<{}>; rel=duplicate", DUPLICATES[usize::from(number % 3)])));
            }
            Bend::IgnoresRange | Bend::IgnoresIfRange | Bend::NoLength => {}
        }
    }

    fn head(self, bends: &[Bend]) -> Head {
        let mut fields = self.file.validator.fields();
        let carried = if self.status == 206 { self.end.saturating_sub(self.start) } else { self.complete };
        if !bends.iter().any(|bend| matches!(bend, Bend::NoLength)) {
            fields.push(("content-length", self.length.unwrap_or(carried).to_string()));
        }
        if self.content_range {
            let complete = if self.tells_complete { self.complete.to_string() } else { "*".into() };
            let last = self.end.saturating_sub(1);
            fields.push(("content-range", format!("bytes {}-{last}/{complete}", self.start)));
        }
        fields.extend(self.more);
        head(self.status, fields)
    }
}

/// 32 bytes in base64, equal to the right digest or different.
fn stated(right: bool) -> String {
    let (group, end) = if right { ("AQEB", "AQE=") } else { ("AgIC", "AgI=") };
    group.repeat(10) + end
}
