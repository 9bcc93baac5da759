//! The script: what goes wrong, and with which requests.

use crate::origin::RecordedRequest;
use std::fmt;
use std::sync::Arc;

/// Which requests for a resource a fault concerns. Requests are counted from 0, every method
/// among them.
#[derive(Clone)]
pub enum When {
    /// All of them.
    Every,
    /// The request with this number alone.
    Nth(usize),
    /// The requests before this number.
    First(usize),
    /// The request with this number and all later ones.
    From(usize),
    /// Those for which this holds; see [`When::matching`].
    Matching(Arc<dyn Fn(&RecordedRequest) -> bool + Send + Sync>),
}

impl When {
    /// The requests for which `predicate` holds. It is shown the request with its numbers, so
    /// that conditions combine: `request.nth < 3 && request.is_ranged()`.
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
/// Several faults may concern one request; they are applied in the order in which the resource
/// lists them. Numbers of bytes count the content of the response, not its header section nor its
/// framing. A point behind the end of the content is taken for its end, and a response to HEAD
/// has no content for such a fault to act upon.
#[derive(Clone, Debug)]
pub enum Fault {
    // How much of the content is sent, and how fast.
    /// After so many bytes the connection is closed in an orderly way (FIN).
    CutAfter(u64),
    /// After so many bytes the connection is reset (RST). The origin first lets the client's
    /// system receive them, for at most 5 seconds, as a reset discards what is under way.
    ResetAfter(u64),
    /// After so many bytes nothing more is sent, while the connection stays open.
    StallAfter(u64),
    /// After so many bytes nothing more is sent until [`release`](crate::origin::Origin::release)
    /// is called with the name; then the answer goes on. A name stays released.
    HoldUntilReleased {
        /// How many bytes are sent before the halt.
        after: u64,
        /// What `release` is to be called with.
        name: String,
    },
    /// The content is sent at so many bytes per second.
    Slow(u64),
    /// From this response on, everything on the connection is sent at so many bytes per second.
    CapRate(u64),

    // What is done with a range request.
    /// `Range` is ignored: a 200 with everything.
    IgnoreRange,
    /// `If-Range` is ignored: the range of whatever representation is current.
    IgnoreIfRange,
    /// A 206 with a range which begins and ends so many bytes later (or earlier) than asked, as
    /// far as there is content; `Content-Range` tells the truth about it.
    WrongContentRange {
        /// By how much the range is moved.
        shift: i64,
    },
    /// A 206 whose `Content-Range` names what was asked, with bytes from so much further behind
    /// (or before).
    LyingContentRange {
        /// By how much the bytes are moved.
        shift: i64,
    },
    /// A 206 that covers less than asked, and says so.
    ShorterRange {
        /// The most bytes a range may have; at least 1.
        at_most: u64,
    },
    /// A 206 that goes on behind the range asked for, as far as there is content, and says so.
    LongerRange {
        /// How many bytes are added.
        by: u64,
    },
    /// A 206 that begins before the range asked for, as far as there is content, and says so.
    EarlierRange {
        /// How many bytes are added.
        by: u64,
    },
    /// A 206 without `Content-Range`.
    MissingContentRange,
    /// A 206 with this value of `Content-Range`.
    RawContentRange(String),
    /// A 206 with `Content-Range: bytes a-b/*`.
    StarLength,
    /// A 206 of the type `multipart/byteranges`, with one part for each range asked for.
    MultipartByteranges,

    // How the content is delimited.
    /// In chunks, correctly.
    Chunked,
    /// In chunks; after so many bytes the connection is closed, without the last chunk.
    ChunkedTruncated(u64),
    /// By the end of the connection.
    CloseDelimited,
    /// By a `Content-Length` of this value, whatever is sent; then the connection is closed.
    DeclaredLength(u64),

    // Another response, or other fields.
    /// This response in place of the representation.
    Status {
        /// The status code.
        status: u16,
        /// The fields, besides those for date and framing.
        headers: Vec<(String, String)>,
        /// The content.
        body: Vec<u8>,
    },
    /// A refusal with a `Retry-After` field of this value.
    RetryAfter {
        /// The status code: 429 or 503.
        status: u16,
        /// A number of seconds or a date.
        value: String,
    },
    /// A redirection, perhaps to another origin.
    Redirect {
        /// The status code, as 302.
        status: u16,
        /// The value of `Location`.
        location: String,
    },
    /// A 200 with a sign-in page in HTML, as from a captive portal.
    HtmlPage,
    /// No `Accept-Ranges` field; ranges are still served.
    NoAcceptRanges,
    /// No `ETag` and `Last-Modified` fields; `If-Range` is still evaluated.
    DropValidators,
    /// A `Content-Encoding` field of this value over the same bytes.
    ContentEncoding(String),
    /// More fields, even where there are some of the same name.
    Headers(Vec<(String, String)>),

    // No proper response at all.
    /// The connection is closed without a response.
    CloseBeforeResponse,
    /// Bytes which are not HTTP, and the end of the connection.
    Garbage,
    /// These bytes, head and content, and the end of the connection.
    Raw(Vec<u8>),
    /// A header section which does not end, though the connection does after 64 MiB.
    EndlessHeaders,
    /// So many interim responses before the final one.
    Interim {
        /// Their status code, as 103.
        status: u16,
        /// Their number.
        count: usize,
    },
    /// Nothing is sent, and the connection stays open.
    NeverAnswer,
}

impl Fault {
    /// [`Fault::HoldUntilReleased`] after `after` bytes under this name.
    pub fn hold_until_released(after: u64, name: impl Into<String>) -> Self {
        let name = name.into();
        Self::HoldUntilReleased { after, name }
    }

    /// [`Fault::Status`] with nothing but the code.
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
