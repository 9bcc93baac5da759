//! 206, [RFC 9110 section 15.3.7](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7).
//!
//! Content-Range, not the request, gives the range of the body. Without a valid Content-Range the body has no place in the file, so the
//! response is rejected.

use alloc::boxed::Box;

use super::{Asked, Body, Offers, Verdict};
use crate::failure::{Cause, NetworkCause};
use crate::http::content_range::ContentRange;
use crate::http::head::Head;
use crate::http::representation::Representation;

const UNUSABLE: Verdict = Verdict::RangesUnusable(Cause::Network(NetworkCause::ProtocolViolated));

pub fn judge(asked: Asked, head: &Head) -> Verdict {
    if asked == Asked::Whole {
        return Verdict::Refused { cause: Cause::Network(NetworkCause::ProtocolViolated), retry_after: None };
    }
    let Some(ContentRange::Satisfied { range, complete }) = head.content_range() else { return UNUSABLE };
    if head.content_length().is_some_and(|length| length != range.len()) {
        return Verdict::RangesUnusable(Cause::BodyLengthMismatch);
    }
    Verdict::Body(Box::new(Body {
        range,
        partial: true,
        representation: Representation::of(head, complete),
        offers: Offers::of(head),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::head;
    use super::*;
    use crate::content::range::ByteRange;

    const ASKED: Asked = Asked::Range(ByteRange::new(100, 200));

    #[test]
    fn the_bytes_are_those_that_content_range_names() {
        let answer = head(206, &[("content-range", "bytes 50-199/1000")]);
        let Verdict::Body(body) = judge(ASKED, &answer) else { panic!() };
        assert_eq!((body.range, body.representation.complete), (ByteRange::new(50, 200), Some(1000)));
    }

    #[test]
    fn an_answer_that_cannot_be_placed_is_not_used() {
        for fields in [
            &[][..],
            &[("content-range", "bytes 200-100/1000")],
            &[("content-range", "bytes */1000")],
            &[("content-type", "multipart/byteranges; boundary=x")],
            &[("content-range", "bytes 100-199/1000"), ("content-length", "99")],
        ] {
            assert!(matches!(judge(ASKED, &head(206, fields)), Verdict::RangesUnusable(_)), "{fields:?}");
        }
    }

    #[test]
    fn a_part_that_nobody_asked_for_is_refused() {
        let answer = head(206, &[("content-range", "bytes 0-9/10")]);
        assert!(matches!(judge(Asked::Whole, &answer), Verdict::Refused { .. }));
    }
}
