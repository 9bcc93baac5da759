//! 206, [RFC 9110 section 15.3.7](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7).
//!
//! Content-Range, not the request, gives the range of the body. Without a valid Content-Range the body has no place in the file, so the
//! response is rejected. A 206 to a request without Range violates the protocol; caches and object stores send one all the same, and if its
//! range is the whole representation, the body is the file.

use alloc::boxed::Box;

use super::{Asked, Body, Offers, Verdict};
use crate::content::range::ByteRange;
use crate::failure::{Cause, NetworkCause};
use crate::http::content_range::ContentRange;
use crate::http::head::Head;
use crate::http::representation::Representation;

pub fn judge(asked: Asked, head: &Head) -> Verdict {
    let unusable = |cause| match asked {
        Asked::Whole => Verdict::Refused { cause, retry_after: None },
        Asked::Range(_) | Asked::Suffix(_) => Verdict::RangesUnusable(cause),
    };
    let violated = Cause::Network(NetworkCause::ProtocolViolated);
    let Some(ContentRange::Satisfied { range, complete }) = head.content_range() else { return unusable(violated) };
    if head.content_length().is_some_and(|length| length != range.len()) {
        return unusable(Cause::BodyLengthMismatch);
    }
    let is_whole = complete.is_some_and(|complete| range == ByteRange::new(0, complete));
    if asked == Asked::Whole && !is_whole {
        return unusable(violated);
    }
    Verdict::Body(Box::new(Body {
        range,
        partial: asked != Asked::Whole,
        representation: Representation::of(head, complete),
        offers: Offers::of(head),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::head;
    use super::*;

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
            assert!(matches!(judge(Asked::Whole, &head(206, fields)), Verdict::Refused { .. }), "{fields:?}");
        }
    }

    #[test]
    fn an_unrequested_part_is_the_file_if_it_is_all_of_it() {
        let Verdict::Body(body) = judge(Asked::Whole, &head(206, &[("content-range", "bytes 0-9/10")])) else {
            panic!()
        };
        assert_eq!((body.range, body.partial, body.representation.complete), (ByteRange::new(0, 10), false, Some(10)));
        for part in ["bytes 0-8/10", "bytes 1-9/10", "bytes 0-9/*"] {
            let verdict = judge(Asked::Whole, &head(206, &[("content-range", part)]));
            assert!(matches!(verdict, Verdict::Refused { .. }), "{part}");
        }
    }
}
