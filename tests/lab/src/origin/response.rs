//! The correct response to a request, in a form that faults can still change.

use crate::origin::body::Body;
use crate::origin::range::Selection;
use crate::origin::{Content, RecordedRequest, Representation, precondition};
use std::ops::Range;

/// The line between the parts of a multipart response.
const BOUNDARY: &str = "part-of-the-origin";

/// The interpretation of a request under its faults.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reading {
    pub(super) ignore_range: bool,
    pub(super) ignore_if_range: bool,
    /// Answers in parts, even for a single range.
    pub(super) multipart: bool,
}

/// A response without its framing.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    /// All fields but `Date`, `Content-Range` and those for framing.
    pub(super) fields: Vec<(String, String)>,
    pub(super) payload: Payload,
}

#[derive(Debug)]
pub(super) enum Payload {
    Body(Body),
    Part(Part),
}

/// The content of a 206 with a single range.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) content: Content,
    /// The range in `Content-Range`; its length is also the length of the content.
    pub(super) named: Range<u64>,
    /// The offset of the first byte that is sent.
    pub(super) source: u64,
    pub(super) content_range: ContentRange,
}

/// The `Content-Range` of a part.
#[derive(Debug)]
pub(super) enum ContentRange {
    Complete,
    UnknownLength,
    Raw(String),
    Missing,
}

impl Response {
    /// The correct response.
    pub(super) fn to(request: &RecordedRequest, current: &Representation, reading: Reading) -> Self {
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return Self::brief(405).field("Allow", "GET, HEAD");
        }
        if let Err(status) = precondition::evaluate(request, current) {
            return Self::precluded(status, current);
        }
        let total = current.content.length();
        match select(request, current, reading) {
            Selection::Whole => Self::whole(current),
            Selection::Ranges(ranges) if reading.multipart => Self::in_parts(current, &ranges),
            Selection::Ranges(ranges) => match <[_; 1]>::try_from(ranges) {
                Ok([range]) => Self::partial(current, range),
                Err(_) => Self::whole(current),
            },
            Selection::Unsatisfiable => Self::brief(416).field("Content-Range", format!("bytes */{total}")),
        }
    }

    /// A response whose content is only its status.
    pub(super) fn brief(status: u16) -> Self {
        let text = format!("{status} {}\n", reason(status));
        Self::with(status, text).field("Content-Type", "text/plain")
    }

    /// A response with this content and no fields.
    pub(super) fn with(status: u16, content: impl Into<Vec<u8>>) -> Self {
        Self { status, fields: Vec::new(), payload: Payload::Body(Body::whole(Content::literal(content))) }
    }

    /// Adds a field.
    pub(super) fn field(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.to_string(), value.into()));
        self
    }

    /// Removes all fields of this name.
    pub(super) fn remove(&mut self, name: &str) {
        self.fields.retain(|(candidate, _)| !candidate.eq_ignore_ascii_case(name));
    }

    /// The value of `Content-Range` for the payload.
    pub(super) fn content_range(&self) -> Option<String> {
        match &self.payload {
            Payload::Body(_) => None,
            Payload::Part(part) => part.content_range(),
        }
    }

    /// The bytes to send.
    pub(super) fn body(&self) -> Body {
        match &self.payload {
            Payload::Body(body) => body.clone(),
            Payload::Part(part) => {
                let length = part.named.end - part.named.start;
                let range = part.source..part.source.saturating_add(length);
                Body::default().then(part.content.clone(), range)
            }
        }
    }

    fn whole(current: &Representation) -> Self {
        Self {
            status: 200,
            fields: representation_fields(current, &current.content_type),
            payload: Payload::Body(Body::whole(current.content.clone())),
        }
    }

    fn partial(current: &Representation, range: Range<u64>) -> Self {
        Self {
            status: 206,
            fields: representation_fields(current, &current.content_type),
            payload: Payload::Part(Part {
                content: current.content.clone(),
                source: range.start,
                named: range,
                content_range: ContentRange::Complete,
            }),
        }
    }

    fn in_parts(current: &Representation, ranges: &[Range<u64>]) -> Self {
        let content = &current.content;
        let mut body = Body::default();
        for range in ranges {
            let media_type = &current.content_type;
            let name = content_range(range, &content.length().to_string());
            body = body
                .then_text(format!("--{BOUNDARY}\r\nContent-Type: {media_type}\r\nContent-Range: {name}\r\n\r\n"))
                .then(content.clone(), range.clone())
                .then_text("\r\n".into());
        }
        let multipart = format!("multipart/byteranges; boundary={BOUNDARY}");
        Self {
            status: 206,
            fields: representation_fields(current, &multipart),
            payload: Payload::Body(body.then_text(format!("--{BOUNDARY}--\r\n"))),
        }
    }

    /// A 304 or 412.
    fn precluded(status: u16, current: &Representation) -> Self {
        if status != 304 {
            return Self::brief(status);
        }
        Self { fields: current.validators(), ..Self::with(status, "") }
    }
}

impl Part {
    fn content_range(&self) -> Option<String> {
        match &self.content_range {
            ContentRange::Complete => Some(content_range(&self.named, &self.content.length().to_string())),
            ContentRange::UnknownLength => Some(content_range(&self.named, "*")),
            ContentRange::Raw(value) => Some(value.clone()),
            ContentRange::Missing => None,
        }
    }
}

fn select(request: &RecordedRequest, current: &Representation, reading: Reading) -> Selection {
    let honoured = request.method == "GET"
        && !reading.ignore_range
        && (reading.ignore_if_range || precondition::if_range_holds(request, current));
    match request.range() {
        Some(field) if honoured => Selection::of(field, current.content.length()),
        _ => Selection::Whole,
    }
}

fn representation_fields(current: &Representation, media_type: &str) -> Vec<(String, String)> {
    let mut fields =
        vec![("Content-Type".to_string(), media_type.to_string()), ("Accept-Ranges".to_string(), "bytes".to_string())];
    fields.extend(current.validators());
    fields.extend(current.extra.iter().cloned());
    fields
}

fn content_range(range: &Range<u64>, total: &str) -> String {
    format!("bytes {}-{}/{total}", range.start, range.end - 1)
}

/// The reason phrase of a status code.
pub(super) fn reason(status: u16) -> &'static str {
    match status {
        100 => "Continue",
        102 => "Processing",
        103 => "Early Hints",
        200 => "OK",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        410 => "Gone",
        412 => "Precondition Failed",
        416 => "Range Not Satisfiable",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Other",
    }
}
