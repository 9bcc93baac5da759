//! The fields by which an origin announces its limit on requests: RateLimit and RateLimit-Remaining of
//! [draft-ietf-httpapi-ratelimit-headers](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/), and X-RateLimit-Remaining,
//! which many origins send.

use core::time::Duration;

use super::head::Head;
use crate::text::digits;

/// The limit that leaves the fewest requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests that the origin still accepts.
    pub remaining: u32,
    /// Time until it accepts more. X-RateLimit-Reset is a date for some origins, so it does not count.
    pub reset: Option<Duration>,
}

impl RateLimit {
    /// `None` if the head announces no limit.
    pub fn of(head: &Head) -> Option<Self> {
        let number = |name| digits::parse(head.field(name)?.trim());
        let seconds = |name| head.field(name).and_then(|value| digits::parse(value.trim())).map(Duration::from_secs);
        let listed = head.field("ratelimit").into_iter().flat_map(items).min_by_key(|limit| limit.remaining);
        let by_fields = || {
            let remaining = number("ratelimit-remaining")?;
            Some(Self { remaining, reset: seconds("ratelimit-reset") })
        };
        let customary = || Some(Self { remaining: number("x-ratelimit-remaining")?, reset: None });
        listed.or_else(by_fields).or_else(customary)
    }
}

/// The policies of a RateLimit field: `"name";r=9;t=30`, separated by commas. In earlier drafts the field is one policy,
/// `limit=100, remaining=9, reset=30`.
fn items(field: &str) -> impl Iterator<Item = RateLimit> {
    let is_early = field.contains("remaining=");
    let policies = field.split(move |separator| separator == ',' && !is_early);
    policies.filter_map(|policy| {
        let value = |names: [&str; 2]| {
            let parameters = policy.split([';', ',']).filter_map(|parameter| parameter.trim().split_once('='));
            parameters.into_iter().find(|(name, _)| names.contains(name)).map(|(_, value)| value)
        };
        let remaining = digits::parse(value(["r", "remaining"])?)?;
        Some(RateLimit { remaining, reset: value(["t", "reset"]).and_then(digits::parse).map(Duration::from_secs) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &[(&str, &str)]) -> Option<(u32, Option<u64>)> {
        let fields = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let limit = RateLimit::of(&Head { status: 200, fields })?;
        Some((limit.remaining, limit.reset.map(|reset| reset.as_secs())))
    }

    #[test]
    fn the_tightest_policy_counts() {
        let field = "\"burst\";r=50;t=1, \"daily\";r=9;t=30";
        assert_eq!(of(&[("ratelimit", field)]), Some((9, Some(30))));
    }

    #[test]
    fn earlier_forms_are_read() {
        assert_eq!(of(&[("ratelimit", "limit=100, remaining=0, reset=5")]), Some((0, Some(5))));
        assert_eq!(of(&[("ratelimit-remaining", "3"), ("ratelimit-reset", " 7 ")]), Some((3, Some(7))));
        assert_eq!(of(&[("x-ratelimit-remaining", "3"), ("x-ratelimit-reset", "1700000000")]), Some((3, None)));
    }

    #[test]
    fn other_values_announce_nothing() {
        for field in ["", "soon", "\"a\";r=-1", "\"a\";q=9", "r=+5"] {
            assert_eq!(of(&[("ratelimit", field)]), None, "{field}");
        }
        assert_eq!(of(&[]), None);
    }
}
