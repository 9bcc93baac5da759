//! Faults, and the requests that they apply to.

use crate::origin::RecordedRequest;
use std::fmt;
use std::sync::Arc;

/// The requests for a resource that a fault applies to. Requests are counted from 0, whatever their method.
#[derive(Clone)]
pub enum When {
    /// All of them.
    Every,
    /// Only the request with this number.
    Nth(usize),
    /// The requests before this number.
    First(usize),
    /// The request with this number and all later ones.
    From(usize),
    /// The requests for which this holds; see [`When::matching`].
    Matching(Arc<dyn Fn(&RecordedRequest) -> bool + Send + Sync>),
}

impl When {
    /// The requests for which `predicate` holds. The request carries its numbers, so conditions combine: `request.nth < 3 &&
    /// request.is_ranged()`.
    pub fn matching(predicate: impl Fn(&RecordedRequest) -> bool + Send + Sync + 'static) -> Self {
        Self::Matching(Arc::new(predicate))
    }

    /// The requests with a `Range` field.
    pub fn ranged() -> Self {
        Self::matching(RecordedRequest::is_ranged)
    }

    /// The requests without a `Range` field.
    pub fn unranged() -> Self {
        Self::matching(|request| !request.is_ranged())
    }

    /// The requests with this method.
    pub fn method(method: &'static str) -> Self {
        Self::matching(move |request| request.method == method)
    }

    /// Whether `request` is among them.
    pub fn applies_to(&self, request: &RecordedRequest) -> bool {
        match self {
            Self::Every => true,
            Self::Nth(n) => request.nth == *n,
            Self::First(n) => request.nth < *n,
            Self::From(n) => request.nth >= *n,
            Self::Matching(predicate) => predicate(request),
        }
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every => f.write_str("Every"),
            Self::Nth(n) => write!(f, "Nth({n})"),
            Self::First(n) => write!(f, "First({n})"),
            Self::From(n) => write!(f, "From({n})"),
            Self::Matching(_) => f.write_str("Matching(..)"),
        }
    }
}

/// One deviation from the correct answer.
///
/// Several faults may apply to one request; they take effect in the order in which the resource lists them. Byte counts refer to
/// the content of the response, without header section and framing. A position beyond the end of the content means its end. A
/// response to HEAD has no content, so faults of the content have no effect on it.
#[derive(Clone, Debug)]
pub enum Fault {
    // Amount and speed of the content.
    /// Closes the connection in an orderly way (FIN) after this many bytes.
    CutAfter(u64),
    /// Resets the connection (RST) after this many bytes. A reset discards data in flight, so the origin first waits, for at most
    /// 5 seconds, until the client's system has received them.
    ResetAfter(u64),
    /// Sends nothing more after this many bytes, and keeps the connection open.
    StallAfter(u64),
    /// Stops after this many bytes until [`release`](crate::origin::Origin::release) is called with the name. A released name
    /// stays released.
    HoldUntilReleased {
        /// Bytes sent before the stop.
        after: u64,
        /// The name to pass to `release`.
        name: String,
    },
    /// Sends the content at this many bytes per second.
    Slow(u64),
    /// From this response on, sends everything on the connection at this many bytes per second.
    CapRate(u64),

    // Answers to range requests.
    /// Ignores `Range`: a 200 with the whole representation.
    IgnoreRange,
    /// Ignores `If-Range`: a 206 with the range of the current representation.
    IgnoreIfRange,
    /// A 206 whose range begins and ends this many bytes later (or earlier) than requested, as far as there is content. Its
    /// `Content-Range` is correct.
    WrongContentRange {
        /// The distance by which the range moves.
        shift: i64,
    },
    /// A 206 whose `Content-Range` is the requested range, with bytes from further ahead (or behind).
    LyingContentRange {
        /// The distance by which the bytes move.
        shift: i64,
    },
    /// A 206 with less than the requested range, and a correct `Content-Range`.
    ShorterRange {
        /// The most bytes in a range; at least 1.
        at_most: u64,
    },
    /// A 206 that extends beyond the requested range, as far as there is content, with a correct `Content-Range`.
    LongerRange {
        /// The number of bytes added.
        by: u64,
    },
    /// A 206 that begins before the requested range, as far as there is content, with a correct `Content-Range`.
    EarlierRange {
        /// The number of bytes added.
        by: u64,
    },
    /// A 206 without `Content-Range`.
    MissingContentRange,
    /// A 206 with this value of `Content-Range`.
    RawContentRange(String),
    /// A 206 with `Content-Range: bytes a-b/*`.
    StarLength,
    /// A 206 of type `multipart/byteranges` with one part for each requested range.
    MultipartByteranges,

    // Framing of the content.
    /// Chunked, correctly.
    Chunked,
    /// Chunked; closes the connection after this many bytes, without the last chunk.
    ChunkedTruncated(u64),
    /// Delimited by the end of the connection.
    CloseDelimited,
    /// A `Content-Length` of this value, whatever the origin sends; then it closes the connection.
    DeclaredLength(u64),

    // Another response, or other fields.
    /// This response instead of the representation.
    Status {
        /// The status code.
        status: u16,
        /// The fields, in addition to those for date and framing.
        headers: Vec<(String, String)>,
        /// The content.
        body: Vec<u8>,
    },
    /// A refusal with this value of `Retry-After`.
    RetryAfter {
        /// The status code: 429 or 503.
        status: u16,
        /// Seconds or a date.
        value: String,
    },
    /// A redirect, perhaps to another origin.
    Redirect {
        /// The status code, such as 302.
        status: u16,
        /// The value of `Location`.
        location: String,
    },
    /// A 200 with a sign-in page in HTML, as a captive portal sends it.
    HtmlPage,
    /// No `Accept-Ranges` field; ranges are still served.
    NoAcceptRanges,
    /// No `ETag` and `Last-Modified` fields; `If-Range` is still evaluated.
    DropValidators,
    /// A `Content-Encoding` field of this value over the same bytes.
    ContentEncoding(String),
    /// Additional fields, even if fields of the same name are present.
    Headers(Vec<(String, String)>),

    // No valid response at all.
    /// Closes the connection without a response.
    CloseBeforeResponse,
    /// Sends bytes that are not HTTP, then closes the connection.
    Garbage,
    /// Sends these bytes, head and content, then closes the connection.
    Raw(Vec<u8>),
    /// A header section without an end; the origin closes the connection after 64 MiB.
    EndlessHeaders,
    /// This many interim responses before the final one.
    Interim {
        /// Their status code, such as 103.
        status: u16,
        /// Their number.
        count: usize,
    },
    /// Sends nothing and keeps the connection open.
    NeverAnswer,
}

impl Fault {
    /// [`Fault::HoldUntilReleased`] after `after` bytes under this name.
    pub fn hold_until_released(after: u64, name: impl Into<String>) -> Self {
        let name = name.into();
        Self::HoldUntilReleased { after, name }
    }

    /// [`Fault::Status`] with only a code.
    pub fn status(status: u16) -> Self {
        Self::Status { status, headers: Vec::new(), body: Vec::new() }
    }

    /// [`Fault::RetryAfter`] with this code and value.
    pub fn retry_after(status: u16, value: impl Into<String>) -> Self {
        let value = value.into();
        Self::RetryAfter { status, value }
    }

    /// [`Fault::Redirect`] to this location.
    pub fn redirect(status: u16, location: impl Into<String>) -> Self {
        let location = location.into();
        Self::Redirect { status, location }
    }

    /// [`Fault::Raw`] with this text.
    pub fn raw(answer: impl Into<Vec<u8>>) -> Self {
        Self::Raw(answer.into())
    }

    /// [`Fault::Headers`] with one field.
    pub fn header(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Headers(vec![(name.into(), value.into())])
    }
}

#[cfg(test)]
mod tests {
    use crate::origin::{RecordedRequest, When};

    #[test]
    fn requests_are_chosen_by_number_and_by_predicate() {
        let chosen = |when: When| -> Vec<usize> {
            (0..5)
                .filter(|&nth| {
                    let headers = match nth {
                        2 => vec![("range".to_string(), "bytes=1-".to_string())],
                        _ => Vec::new(),
                    };
                    when.applies_to(&RecordedRequest { nth, headers, ..RecordedRequest::default() })
                })
                .collect()
        };
        assert_eq!(chosen(When::Every), [0, 1, 2, 3, 4]);
        assert_eq!(chosen(When::Nth(1)), [1]);
        assert_eq!(chosen(When::First(2)), [0, 1]);
        assert_eq!(chosen(When::From(3)), [3, 4]);
        assert_eq!(chosen(When::ranged()), [2]);
        assert_eq!(chosen(When::unranged()), [0, 1, 3, 4]);
        assert_eq!(chosen(When::matching(|request| request.nth % 2 == 1)), [1, 3]);
    }
}
