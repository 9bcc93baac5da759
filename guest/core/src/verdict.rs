//! Classification of responses. Each status class has its rule in the file with its name.

mod status_200;
mod status_206;
mod status_3xx;
mod status_416;
mod status_other;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use crate::content::range::ByteRange;
use crate::failure::Cause;
use crate::http::head::Head;
use crate::http::representation::Representation;
use crate::http::{content_disposition, link};

/// The parts of a request that decide the meaning of its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// No Range field.
    Whole,
    /// These bytes of the representation; open if the end is unknown.
    Range(ByteRange),
    /// The last bytes of the representation.
    Suffix(u64),
}

/// A usable body and its place in the representation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The bytes of the representation in the body; open if the origin does not state the length.
    pub range: ByteRange,
    /// Whether this is a response to the requested range; otherwise it is the whole representation.
    pub partial: bool,
    pub representation: Representation,
    pub offers: Offers,
}

/// Offers in a response head beyond the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// A safe name for the file.
    pub name: Option<String>,
    /// URI references of the same content elsewhere, the best first.
    pub duplicates: Vec<String>,
}

impl Offers {
    fn of(head: &Head) -> Self {
        let name = head.field("content-disposition").and_then(content_disposition::file_name);
        let duplicates = link::duplicates(head).into_iter().map(|duplicate| duplicate.target).collect();
        Self { name, duplicates }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Body(Box<Body>),
    /// The range is outside the representation, whose length may be stated.
    Unsatisfiable {
        complete: Option<u64>,
    },
    Redirect {
        location: String,
    },
    /// The origin's response to a range request is unusable; a request for the whole file may succeed.
    RangesUnusable(Cause),
    /// This request failed. [`Cause::is_transient`] tells whether to retry, `retry_after` when.
    Refused {
        cause: Cause,
        retry_after: Option<Duration>,
    },
}

/// Classifies `head` as the response to a request for `asked`.
pub fn judge(asked: Asked, head: &Head) -> Verdict {
    match head.status {
        200 => status_200::judge(head),
        206 => status_206::judge(asked, head),
        301 | 302 | 303 | 307 | 308 => status_3xx::judge(head),
        416 if asked != Asked::Whole => status_416::judge(head),
        _ => status_other::judge(head),
    }
}

#[cfg(test)]
pub(crate) fn head(status: u16, fields: &[(&str, &str)]) -> Head {
    let fields = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Head { status, fields }
}
