//! 200, [RFC 9110 section 15.3.1](https://www.rfc-editor.org/rfc/rfc9110#section-15.3.1).
//!
//! The body is the whole representation from its first byte, whether or not the request had a Range: an origin may ignore Range, and must
//! if If-Range does not match. So the body never goes to the offset of the requested range. `transfer/ranges_ignored.rs` handles a 200 to a
//! range request.

use alloc::boxed::Box;

use super::{Body, Offers, Verdict};
use crate::content::range::ByteRange;
use crate::http::head::Head;
use crate::http::representation::Representation;

pub fn judge(head: &Head) -> Verdict {
    let complete = head.content_length();
    let range = complete.map_or(ByteRange::open(0), |length| ByteRange::new(0, length));
    Verdict::Body(Box::new(Body {
        range,
        partial: false,
        representation: Representation::of(head, complete),
        offers: Offers::of(head),
    }))
}

#[cfg(test)]
mod tests {
    use super::super::head;
    use super::*;

    #[test]
    fn the_body_starts_at_the_first_byte() {
        let Verdict::Body(body) = judge(&head(200, &[("content-length", "10")])) else { panic!() };
        assert_eq!((body.range, body.representation.complete), (ByteRange::new(0, 10), Some(10)));
        let Verdict::Body(body) = judge(&head(200, &[])) else { panic!() };
        assert!(body.range.is_open() && body.representation.complete.is_none());
    }
}
