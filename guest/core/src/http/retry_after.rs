//! The Retry-After field, [RFC 9110 section 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3).

use core::time::Duration;

use super::date;
use crate::text::digits;

/// The delay: a number of seconds, or a date relative to the response's own Date field, so that the local clock does not matter. `None` if
/// the field is malformed, or if it is a date and the response has no Date.
pub fn parse(field: &str, response_date: Option<u64>) -> Option<Duration> {
    let seconds = match digits::parse(field.trim()) {
        Some(seconds) => seconds,
        None => date::parse(field)?.saturating_sub(response_date?),
    };
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_counts_from_the_responses_own_date() {
        let now = date::parse("Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(parse("Sun, 06 Nov 1994 08:50:07 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(parse("Sun, 06 Nov 1994 08:00:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(parse("Sun, 06 Nov 1994 08:50:07 GMT", None), None);
        assert_eq!(parse("120", None), Some(Duration::from_secs(120)));
        for field in ["soon", "+120", "1_0", "1 0", "-1", "١"] {
            assert_eq!(parse(field, now), None, "{field}");
        }
    }
}
