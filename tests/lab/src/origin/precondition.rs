//! Conditional requests (RFC 9110, section 13).

use crate::origin::{EntityTag, RecordedRequest, Representation};
use httpdate::parse_http_date;
use std::time::{SystemTime, UNIX_EPOCH};

/// Evaluates the preconditions of a request. The error is the status code of the response if one fails.
pub(super) fn evaluate(request: &RecordedRequest, current: &Representation) -> Result<(), u16> {
    let unmodified_since = |since| modified_after(current, since) == Some(false);
    let kept = match request.header("if-match") {
        Some(list) => list_matches(list, current, strongly_equal),
        None => date_field(request, "if-unmodified-since").is_none_or(unmodified_since),
    };
    if !kept {
        return Err(412);
    }
    let known = match request.header("if-none-match") {
        Some(list) => list_matches(list, current, weakly_equal),
        None => date_field(request, "if-modified-since").is_some_and(unmodified_since),
    };
    if known { Err(304) } else { Ok(()) }
}

/// Whether `If-Range` lets `Range` apply: there is none, or it has the current strong entity tag or exactly the current
/// modification date.
pub(super) fn if_range_holds(request: &RecordedRequest, current: &Representation) -> bool {
    let Some(validator) = request.if_range() else {
        return true;
    };
    if validator.starts_with('"') || validator.starts_with("W/") {
        return current.etag.as_ref().is_some_and(|tag| strongly_equal(validator, tag));
    }
    let date = parse_http_date(validator).ok().map(seconds);
    date.is_some() && date == current.last_modified.map(seconds)
}

fn list_matches(list: &str, current: &Representation, equal: impl Fn(&str, &EntityTag) -> bool) -> bool {
    if list == "*" {
        return true;
    }
    let candidates = list.split(',').map(str::trim);
    let tag = current.etag.as_ref();
    tag.is_some_and(|tag| candidates.into_iter().any(|candidate| equal(candidate, tag)))
}

fn strongly_equal(candidate: &str, tag: &EntityTag) -> bool {
    matches!(tag, EntityTag::Strong(_)) && candidate == tag.field_value()
}

fn weakly_equal(candidate: &str, tag: &EntityTag) -> bool {
    let opaque = |value: &str| value.trim_start_matches("W/").to_string();
    opaque(candidate) == opaque(&tag.field_value())
}

fn date_field(request: &RecordedRequest, name: &str) -> Option<SystemTime> {
    request.header(name).and_then(|value| parse_http_date(value).ok())
}

/// `None` if there is no modification date to compare with.
fn modified_after(current: &Representation, since: SystemTime) -> Option<bool> {
    let modified = current.last_modified?;
    Some(seconds(modified) > seconds(since))
}

/// The whole seconds, which is the resolution of a date field.
fn seconds(time: SystemTime) -> u64 {
    let since_epoch = time.duration_since(UNIX_EPOCH);
    since_epoch.map_or(0, |duration| duration.as_secs())
}

#[cfg(test)]
mod tests {
    use super::{evaluate, if_range_holds};
    use crate::origin::{Content, RecordedRequest, Representation};
    use std::time::{Duration, UNIX_EPOCH};

    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const DAY_LATER: &str = "Mon, 07 Nov 1994 08:49:37 GMT";

    fn current() -> Representation {
        Representation::new(Content::new(1, 10))
            .strong_etag("v1")
            .last_modified(UNIX_EPOCH + Duration::from_millis(784_111_777_250))
    }

    fn request(name: &str, value: &str) -> RecordedRequest {
        RecordedRequest { headers: vec![(name.into(), value.into())], ..RecordedRequest::default() }
    }

    #[test]
    fn if_range_compares_strongly() {
        let holds = |value, current: &Representation| if_range_holds(&request("if-range", value), current);
        assert!(holds("\"v1\"", &current()));
        assert!(!holds("\"v2\"", &current()));
        assert!(!holds("W/\"v1\"", &current()));
        assert!(!holds("W/\"v1\"", &current().weak_etag("v1")));
        assert!(holds(DATE, &current()));
        assert!(!holds(DAY_LATER, &current()));
        assert!(!holds("nonsense", &Representation::new(Content::new(1, 1))));
        assert!(if_range_holds(&request("range", "bytes=0-"), &current()));
    }

    #[test]
    fn preconditions_have_their_status_codes() {
        for (name, value, expected) in [
            ("if-match", "\"v0\", \"v1\"", Ok(())),
            ("if-match", "W/\"v1\"", Err(412)),
            ("if-match", "*", Ok(())),
            ("if-unmodified-since", DATE, Ok(())),
            ("if-unmodified-since", "Sat, 05 Nov 1994 08:49:37 GMT", Err(412)),
            ("if-none-match", "W/\"v1\"", Err(304)),
            ("if-none-match", "\"v2\"", Ok(())),
            ("if-modified-since", DAY_LATER, Err(304)),
            ("if-modified-since", "Sat, 05 Nov 1994 08:49:37 GMT", Ok(())),
        ] {
            let outcome = evaluate(&request(name, value), &current());
            assert_eq!(outcome, expected, "{name}: {value}");
        }
    }
}
