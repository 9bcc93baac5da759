//! Statuses that refuse the file: 4xx and 5xx, the 2xx and 3xx that lead to no file, and statuses that HTTP does not have.
//!
//! A status that is not registered counts as the x00 of its class, and one outside 100 to 599 as a 5xx, [RFC 9110 section
//! 15](https://www.rfc-editor.org/rfc/rfc9110#section-15). [`Cause::is_transient`] has the statuses that are asked again.

use core::time::Duration;

use super::Verdict;
use crate::failure::{Cause, NetworkCause};
use crate::http::head::Head;
use crate::http::{challenge, retry_after};

/// Limit on the delay that an origin may request, so that a wrong Retry-After of a year does not stop a download.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

pub fn judge(head: &Head) -> Verdict {
    let cause = match head.status {
        // An interim response is never the last one, and haul asks for no other protocol.
        100..=199 => Cause::Network(NetworkCause::ProtocolViolated),
        401 => Cause::Unauthorized(challenge::schemes(head, "www-authenticate")),
        407 => Cause::ProxyUnauthorized(challenge::schemes(head, "proxy-authenticate")),
        status => Cause::HttpStatus(status),
    };
    refuse(head, cause)
}

/// The refusal of `head` for this cause.
pub fn refuse(head: &Head, cause: Cause) -> Verdict {
    let wait = head.field("retry-after").and_then(|field| retry_after::parse(field, head.date()));
    Verdict::Refused { cause, retry_after: wait.map(|wait| wait.min(LONGEST_WAIT)) }
}

#[cfg(test)]
mod tests {
    use super::super::{Asked, head, judge};
    use super::*;

    /// Whether a request that is answered with `status` is sent again.
    fn is_asked_again(status: u16) -> bool {
        let Verdict::Refused { cause, .. } = judge(Asked::Whole, &head(status, &[])) else { panic!("{status}") };
        cause.is_transient()
    }

    #[test]
    fn busy_origins_are_asked_again_and_refusals_are_final() {
        let transient = [408, 421, 425, 429];
        for status in 400..500 {
            assert_eq!(is_asked_again(status), transient.contains(&status), "{status}");
        }
        let lasting = [501, 505, 506, 508, 510];
        for status in 500..1000 {
            assert_eq!(is_asked_again(status), !lasting.contains(&status), "{status}");
        }
    }

    #[test]
    fn an_origin_cannot_impose_an_endless_wait() {
        let answer = head(503, &[("retry-after", "99999999999")]);
        let Verdict::Refused { retry_after, .. } = judge(Asked::Whole, &answer) else { panic!() };
        assert_eq!(retry_after, Some(LONGEST_WAIT));
    }
}
