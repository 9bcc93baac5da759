//! 2xx without a range, [RFC 9110 section 15.3](https://www.rfc-editor.org/rfc/rfc9110#section-15.3).
//!
//! The body is the whole representation from its first byte, whether or not the request had a Range: an origin may ignore Range, and must
//! if If-Range does not match. So the body never goes to the offset of the requested range. `transfer/ranges_ignored.rs` handles such a
//! body after a range request.
//!
//! 201, 207, 208 and each unregistered 2xx count as 200: haul asks for nothing that would give them another meaning, and a client treats a
//! status that it does not recognize as the x00 of its class. The exceptions: 202 announces content that is not ready, 204 and 205 have no
//! content, and the body of 226 is a difference to a version that the client has ([RFC 3229 section
//! 10.4.1](https://www.rfc-editor.org/rfc/rfc3229#section-10.4.1)).

use alloc::boxed::Box;

use super::{Body, Offers, Verdict, refusal};
use crate::content::range::ByteRange;
use crate::failure::Cause;
use crate::http::head::Head;
use crate::http::representation::Representation;

pub fn judge(head: &Head) -> Verdict {
    if matches!(head.status, 202 | 204 | 205 | 226) {
        return refusal::refuse(head, Cause::UnexpectedSuccess(head.status));
    }
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
        for status in [200, 201, 203, 207, 208, 218, 299] {
            let Verdict::Body(body) = judge(&head(status, &[("content-length", "10")])) else { panic!("{status}") };
            assert_eq!((body.range, body.representation.complete), (ByteRange::new(0, 10), Some(10)));
            let Verdict::Body(body) = judge(&head(status, &[])) else { panic!("{status}") };
            assert!(body.range.is_open() && body.representation.complete.is_none());
        }
    }

    #[test]
    fn a_success_without_the_file_is_refused_whatever_its_fields() {
        for (status, transient) in [(202, true), (204, false), (205, false), (226, false)] {
            let answer = head(status, &[("content-length", "10"), ("location", "/elsewhere")]);
            let Verdict::Refused { cause, .. } = judge(&answer) else { panic!("{status}") };
            assert_eq!((cause, cause.is_transient()), (Cause::UnexpectedSuccess(status), transient));
        }
    }
}
