//! 416, [RFC 9110 section 15.5.17](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.17): no byte of the range exists.
//! Content-Range may tell the length, which decides whether everything is here already.

use super::Verdict;
use crate::http::content_range::ContentRange;
use crate::http::head::Head;

pub fn judge(head: &Head) -> Verdict {
    let complete = match head.content_range() {
        Some(ContentRange::Unsatisfied { complete }) => Some(complete),
        _ => None,
    };
    Verdict::Unsatisfiable { complete }
}
