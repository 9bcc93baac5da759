//! All other statuses: success without a file, and errors, some with a Retry-After.

use core::time::Duration;

use super::Verdict;
use crate::failure::Cause;
use crate::http::head::Head;
use crate::http::retry_after;

/// Limit on the delay that an origin may request, so that a wrong Retry-After of a year does not stop a download.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

pub fn judge(head: &Head) -> Verdict {
    let cause = match head.status {
        status @ 200..=299 => Cause::UnexpectedSuccess(status),
        status => Cause::HttpStatus(status),
    };
    let wait = head.field("retry-after").and_then(|field| retry_after::parse(field, head.date()));
    Verdict::Refused { cause, retry_after: wait.map(|wait| wait.min(LONGEST_WAIT)) }
}

#[cfg(test)]
mod tests {
    use super::super::{Asked, head, judge};
    use super::*;

    fn check(status: u16, transient: bool) {
        let Verdict::Refused { cause, .. } = judge(Asked::Whole, &head(status, &[])) else { panic!("{status}") };
        assert_eq!(cause.is_transient(), transient, "{status}");
    }

    #[test]
    fn busy_origins_are_asked_again_and_refusals_are_final() {
        [408, 425, 429, 500, 502, 503, 504, 204, 202].into_iter().for_each(|status| check(status, true));
        [400, 401, 403, 404, 405, 410, 451, 501, 505].into_iter().for_each(|status| check(status, false));
    }

    #[test]
    fn an_origin_cannot_impose_an_endless_wait() {
        let answer = head(503, &[("retry-after", "99999999999")]);
        let Verdict::Refused { retry_after, .. } = judge(Asked::Whole, &answer) else { panic!() };
        assert_eq!(retry_after, Some(LONGEST_WAIT));
    }
}
