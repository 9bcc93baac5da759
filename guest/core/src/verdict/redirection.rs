//! 3xx, [RFC 9110 section 15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4). `transfer/redirect.rs` decides which targets are
//! allowed.
//!
//! A 300, and each unregistered 3xx, which counts as one, leads to the origin's preferred choice if it has a Location. Three statuses are
//! final with or without Location: 304 answers a condition that haul did not set, 305 names a proxy, which an origin must not choose for its
//! client, and 306 has no meaning any more.

use super::{Verdict, refusal};
use crate::failure::Cause;
use crate::http::head::Head;

pub fn judge(head: &Head) -> Verdict {
    match (head.status, head.values("location").next()) {
        (304..=306, _) => refusal::judge(head),
        (_, Some(location)) => Verdict::Redirect { location: location.clone() },
        (301..=303 | 307 | 308, None) => Verdict::Refused { cause: Cause::RedirectInvalid, retry_after: None },
        (_, None) => refusal::judge(head),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Asked, head, judge};
    use super::*;

    #[test]
    fn a_location_is_followed_and_a_condition_or_a_proxy_is_not() {
        for status in 300..400 {
            let verdict = judge(Asked::Whole, &head(status, &[("location", "/next")]));
            let expected = match status {
                304..=306 => Verdict::Refused { cause: Cause::HttpStatus(status), retry_after: None },
                _ => Verdict::Redirect { location: "/next".into() },
            };
            assert_eq!(verdict, expected, "{status}");
        }
    }

    #[test]
    fn without_a_location_no_redirect_is_asked_again() {
        for status in 300..400 {
            let Verdict::Refused { cause, .. } = judge(Asked::Whole, &head(status, &[])) else { panic!("{status}") };
            let is_redirect = matches!(status, 301..=303 | 307 | 308);
            assert_eq!(cause, if is_redirect { Cause::RedirectInvalid } else { Cause::HttpStatus(status) });
            assert!(!cause.is_transient(), "{status}");
        }
    }
}
