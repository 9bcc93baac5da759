//! What a response is worth: each status class has its rule in a file of its own name.

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

/// What the request asked for, as far as it decides the meaning of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// No Range field.
    Whole,
    /// These bytes of the representation; open where the end is not known.
    Range(ByteRange),
    /// The last bytes of the representation.
    Suffix(u64),
}

/// A body that may be used, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The bytes of the representation that the body carries; open where the origin does not tell the length.
    pub range: ByteRange,
    /// Whether this answers the range that was asked for; else it is everything.
    pub partial: bool,
    pub representation: Representation,
    pub offers: Offers,
}

/// What a response offers beside its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// A harmless name for the file.
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
    /// The range lies outside the representation, whose length may be told.
    Unsatisfiable {
        complete: Option<u64>,
    },
    Redirect {
        location: String,
    },
    /// The origin answers range requests in a way that cannot be used; the whole file may still be had.
    RangesUnusable(Cause),
    /// This request failed; [`Cause::is_transient`] tells whether to ask again, `retry_after` how soon.
    Refused {
        cause: Cause,
        retry_after: Option<Duration>,
    },
}

/// Judges `head` as the answer to a request that asked for `asked`.
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
