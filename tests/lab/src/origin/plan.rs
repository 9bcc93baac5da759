//! The plan for one request: the correct response with its faults.

use crate::origin::response::{ContentRange, Part, Payload, Reading, Response};
use crate::origin::{Fault, RecordedRequest, Resource};

/// The beginning of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// The response.
    Response,
    /// A closed connection.
    Close,
    Garbage,
    Raw(Vec<u8>),
    EndlessHeaders,
    /// Nothing, on an open connection.
    Silence,
}

/// The way in which the end of the content is indicated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// `Content-Length`.
    Length,
    /// `Content-Length` with this value, right or wrong.
    Declared(u64),
    Chunked,
    Close,
}

/// An event after a number of content bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) after: u64,
    pub(super) then: Then,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Then {
    Close,
    Reset,
    Stall,
    /// A stop until this name is released.
    Hold(String),
}

/// The plan for one answer.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) opening: Opening,
    /// The status codes of the interim responses.
    pub(super) interim: Vec<u16>,
    pub(super) response: Response,
    pub(super) framing: Framing,
    /// In the order in which the delivery reaches them.
    pub(super) stops: Vec<Stop>,
    /// Rate of this content, in bytes per second.
    pub(super) slow: Option<u64>,
    /// Rate of the connection from now on, in bytes per second.
    pub(super) cap: Option<u64>,
}

impl Plan {
    /// The plan for a request; `resource` is `None` if the path has no resource.
    pub(super) fn new(request: &RecordedRequest, resource: Option<&Resource>) -> Self {
        let Some(resource) = resource else {
            return Self::correct(Response::brief(404));
        };
        let faults = resource.faults_for(request);
        let representation = resource.representation(request.nth);
        let mut plan = Self::correct(Response::to(request, representation, reading(&faults)));
        for fault in faults {
            plan.apply(fault);
        }
        plan.stops.sort_by_key(|stop| stop.after);
        plan
    }

    /// A plan that sends this response without faults.
    pub(super) fn correct(response: Response) -> Self {
        Self {
            opening: Opening::Response,
            interim: Vec::new(),
            response,
            framing: Framing::Length,
            stops: Vec::new(),
            slow: None,
            cap: None,
        }
    }

    fn apply(&mut self, fault: &Fault) {
        use Fault::*;
        match fault {
            // `reading` has applied these to the request.
            IgnoreRange | IgnoreIfRange | MultipartByteranges => {}
            CutAfter(_) | ResetAfter(_) | StallAfter(_) | HoldUntilReleased { .. } | Slow(_) | CapRate(_) => {
                self.apply_to_delivery(fault)
            }
            WrongContentRange { .. }
            | LyingContentRange { .. }
            | ShorterRange { .. }
            | LongerRange { .. }
            | EarlierRange { .. }
            | MissingContentRange
            | RawContentRange(_)
            | StarLength => {
                if let Payload::Part(part) = &mut self.response.payload {
                    part.apply(fault);
                }
            }
            Chunked | ChunkedTruncated(_) | CloseDelimited | DeclaredLength(_) => {
                self.apply_to_framing(fault);
            }
            Status { .. } | RetryAfter { .. } | Redirect { .. } | HtmlPage => {
                self.response = Response::substitute(fault);
            }
            NoAcceptRanges | DropValidators | ContentEncoding(_) | Headers(_) => {
                self.response.apply_to_fields(fault);
            }
            CloseBeforeResponse | Garbage | Raw(_) | EndlessHeaders | Interim { .. } | NeverAnswer => {
                self.apply_to_opening(fault);
            }
        }
    }

    fn apply_to_delivery(&mut self, fault: &Fault) {
        match fault {
            Fault::CutAfter(after) => self.stop(*after, Then::Close),
            Fault::ResetAfter(after) => self.stop(*after, Then::Reset),
            Fault::StallAfter(after) => self.stop(*after, Then::Stall),
            Fault::HoldUntilReleased { after, name } => {
                self.stop(*after, Then::Hold(name.clone()));
            }
            Fault::Slow(rate) => self.slow = Some(*rate),
            Fault::CapRate(rate) => self.cap = Some(*rate),
            _ => {}
        }
    }

    fn apply_to_framing(&mut self, fault: &Fault) {
        match fault {
            Fault::Chunked => self.framing = Framing::Chunked,
            Fault::ChunkedTruncated(after) => {
                self.framing = Framing::Chunked;
                self.stop(*after, Then::Close);
            }
            Fault::CloseDelimited => self.framing = Framing::Close,
            Fault::DeclaredLength(length) => self.framing = Framing::Declared(*length),
            _ => {}
        }
    }

    fn apply_to_opening(&mut self, fault: &Fault) {
        match fault {
            Fault::CloseBeforeResponse => self.opening = Opening::Close,
            Fault::Garbage => self.opening = Opening::Garbage,
            Fault::Raw(answer) => self.opening = Opening::Raw(answer.clone()),
            Fault::EndlessHeaders => self.opening = Opening::EndlessHeaders,
            Fault::NeverAnswer => self.opening = Opening::Silence,
            Fault::Interim { status, count } => {
                self.interim.extend(std::iter::repeat_n(*status, *count));
            }
            _ => {}
        }
    }

    fn stop(&mut self, after: u64, then: Then) {
        self.stops.push(Stop { after, then });
    }
}

impl Part {
    fn apply(&mut self, fault: &Fault) {
        let total = self.content.length();
        match fault {
            Fault::WrongContentRange { shift } => {
                let moved = |position: u64| position.saturating_add_signed(*shift).min(total);
                let (start, end) = (moved(self.named.start), moved(self.named.end));
                // At least one byte, because `Content-Range` cannot express an empty range.
                self.name(start.min(total - 1), end);
            }
            Fault::LyingContentRange { shift } => {
                let moved = self.named.start.checked_add_signed(*shift);
                self.source = moved.unwrap_or(self.named.start + shift.unsigned_abs());
            }
            Fault::ShorterRange { at_most } => {
                let end = self.named.start.saturating_add(*at_most);
                self.name(self.named.start, end.min(self.named.end));
            }
            Fault::LongerRange { by } => {
                let end = self.named.end.saturating_add(*by);
                self.name(self.named.start, end.min(total));
            }
            Fault::EarlierRange { by } => self.name(self.named.start.saturating_sub(*by), self.named.end),
            Fault::MissingContentRange => self.content_range = ContentRange::Missing,
            Fault::RawContentRange(value) => self.content_range = ContentRange::Raw(value.clone()),
            Fault::StarLength => self.content_range = ContentRange::UnknownLength,
            _ => {}
        }
    }

    /// Sets the range; it keeps at least its first byte.
    fn name(&mut self, start: u64, end: u64) {
        self.source = start;
        self.named = start..end.max(start + 1);
    }
}

impl Response {
    /// The response with which this fault replaces the representation.
    fn substitute(fault: &Fault) -> Self {
        match fault {
            Fault::Status { status, headers, body } => {
                Self { fields: headers.clone(), ..Self::with(*status, body.clone()) }
            }
            Fault::RetryAfter { status, value } => Self::brief(*status).field("Retry-After", value),
            Fault::Redirect { status, location } => Self::brief(*status).field("Location", location),
            _ => Self::with(200, SIGN_IN_PAGE).field("Content-Type", "text/html; charset=utf-8"),
        }
    }

    fn apply_to_fields(&mut self, fault: &Fault) {
        match fault {
            Fault::NoAcceptRanges => self.remove("Accept-Ranges"),
            Fault::DropValidators => {
                self.remove("ETag");
                self.remove("Last-Modified");
            }
            Fault::ContentEncoding(coding) => {
                self.fields.push(("Content-Encoding".to_string(), coding.clone()));
            }
            Fault::Headers(fields) => self.fields.extend(fields.iter().cloned()),
            _ => {}
        }
    }
}

fn reading(faults: &[&Fault]) -> Reading {
    let is_among = |fault: fn(&Fault) -> bool| faults.iter().any(|candidate| fault(candidate));
    Reading {
        ignore_range: is_among(|fault| matches!(fault, Fault::IgnoreRange)),
        ignore_if_range: is_among(|fault| matches!(fault, Fault::IgnoreIfRange)),
        multipart: is_among(|fault| matches!(fault, Fault::MultipartByteranges)),
    }
}

const SIGN_IN_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n\
    <body><h1>Welcome to the network</h1><form><input name=\"room\"></form></body></html>\n";
