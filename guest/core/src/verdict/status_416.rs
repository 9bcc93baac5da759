//! 416, [RFC 9110 section 15.5.17](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.17): no byte of the range exists. Content-Range may
//! state the length, which tells whether the file is already complete. A 416 to a request without Range is an ordinary error status and
//! does not reach this file.

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

#[cfg(test)]
mod tests {
    use super::super::{Asked, head, judge};
    use super::*;
    use crate::content::range::ByteRange;
    use crate::failure::Cause;

    #[test]
    fn a_range_may_lie_outside_and_a_whole_is_refused() {
        let answer = head(416, &[("content-range", "bytes */1000")]);
        let asked = Asked::Range(ByteRange::new(2000, 3000));
        assert!(matches!(judge(asked, &answer), Verdict::Unsatisfiable { complete: Some(1000) }));
        let refused = judge(Asked::Whole, &answer);
        assert!(matches!(refused, Verdict::Refused { cause: Cause::HttpStatus(416), .. }), "{refused:?}");
    }
}
