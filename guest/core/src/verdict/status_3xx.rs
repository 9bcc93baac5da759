//! Redirects, [RFC 9110 section 15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4). `transfer/redirect.rs` decides which targets
//! are allowed.

use super::Verdict;
use crate::failure::Cause;
use crate::http::head::Head;

pub fn judge(head: &Head) -> Verdict {
    match head.field("location") {
        Some(location) => Verdict::Redirect { location: location.into() },
        None => Verdict::Refused { cause: Cause::RedirectInvalid, retry_after: None },
    }
}
