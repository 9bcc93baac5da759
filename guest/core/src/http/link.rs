//! The Link field, [RFC 8288 section 3](https://www.rfc-editor.org/rfc/rfc8288#section-3), as Metalink/HTTP uses it,
//! [RFC 6249 section 3](https://www.rfc-editor.org/rfc/rfc6249#section-3).

use alloc::string::String;
use alloc::vec::Vec;
use core::iter;

use super::head::Head;
use super::parameters;
use crate::text::digits;

/// Limit on the number of returned duplicates, so that one head cannot fill the list of sources.
const MOST: usize = 32;

/// Limit on the length of a returned target, in bytes: that of a URL, because a longer one is refused later.
const MAX_LENGTH: usize = 8192;

/// Another location of the same file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The URI reference as received. A relative one is relative to the requested URL.
    pub target: String,
    /// From 1, the best, to 999,999; `None` if the origin gives none.
    pub priority: Option<u32>,
}

/// Links with the relation `duplicate` and without an anchor: at most 32, the best first. Links without a priority come last; the order of
/// the fields decides between equals.
pub fn duplicates(head: &Head) -> Vec<Duplicate> {
    let fields = head.fields.iter().filter(|(name, _)| name == "link").map(|(_, value)| value.as_str());
    let mut found: Vec<_> = fields.flat_map(links).filter_map(|(target, text)| duplicate(target, text)).collect();
    found.sort_by_key(|duplicate| duplicate.priority.unwrap_or(u32::MAX));
    found.truncate(MOST);
    found
}

/// Target and parameters of each link in a field. Text that starts no link is skipped.
fn links(field: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = field;
    iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
            if rest.is_empty() {
                return None;
            }
            let Some(link) = rest.strip_prefix('<') else {
                rest = parameters::cut(rest, ',').1;
                continue;
            };
            let (target, after) = link.split_once('>')?;
            let (text, after) = parameters::cut(after, ',');
            rest = after;
            return Some((target.trim(), text));
        }
    })
}

fn duplicate(target: &str, text: &str) -> Option<Duplicate> {
    let read: Vec<_> = parameters::read(text).collect();
    let first = |wanted| read.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let is_duplicate = first("rel")?.split_whitespace().any(|relation| relation.eq_ignore_ascii_case("duplicate"));
    let sound = (1..=MAX_LENGTH).contains(&target.len()) && first("anchor").is_none();
    (is_duplicate && sound).then(|| Duplicate { target: target.into(), priority: first("pri").and_then(priority) })
}

/// [RFC 6249 section 3.1](https://www.rfc-editor.org/rfc/rfc6249#section-3.1)
fn priority(text: &str) -> Option<u32> {
    digits::parse(text.trim()).filter(|value| (1..=999_999).contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    fn head(fields: &[&str]) -> Head {
        Head { status: 200, fields: fields.iter().map(|value| ("link".into(), (*value).into())).collect() }
    }

    fn check(fields: &[&str], expected: &[(&str, Option<u32>)]) {
        let found = duplicates(&head(fields));
        let found: Vec<_> = found.iter().map(|found| (found.target.as_str(), found.priority)).collect();
        assert_eq!(found, expected, "{fields:?}");
    }

    #[test]
    fn the_best_comes_first() {
        check(
            &[
                "<http://c/f>; rel=duplicate, <http://b/f>; rel=duplicate; pri=2; geo=de",
                "<http://a/f>; rel=duplicate; pri=1",
                "<ftp://d/f>; rel=\"duplicate\"; pri=\"2\"; pref",
            ],
            &[("http://a/f", Some(1)), ("http://b/f", Some(2)), ("ftp://d/f", Some(2)), ("http://c/f", None)],
        );
    }

    #[test]
    fn separators_count_outside_targets_and_quoted_strings_only() {
        check(
            &["<http://a/f,g;h?\"i>; title=\"a, <http://no/>; rel=x\"; rel=duplicate,</b>;rel=duplicate"],
            &[("http://a/f,g;h?\"i", None), ("/b", None)],
        );
    }

    #[test]
    fn a_relation_may_be_one_of_several() {
        check(&["<a>; REL=\"next  Duplicate\""], &[("a", None)]);
        check(&["<a>; rel=describedby; rel=duplicate, <b>; rel=duplicates, <c>, <d>; rev=duplicate"], &[]);
    }

    #[test]
    fn a_link_of_another_resource_does_not_count() {
        check(&["<a>; rel=duplicate; anchor=\"/other\", <b>; rel=duplicate"], &[("b", None)]);
    }

    #[test]
    fn a_priority_out_of_bounds_is_none() {
        for bad in ["0", "-1", "1000000", "4294967297", "x", "\"\""] {
            check(&[&format!("<a>; rel=duplicate; pri={bad}")], &[("a", None)]);
        }
    }

    #[test]
    fn what_is_no_link_is_passed_over() {
        check(
            &["garbage, =\"<no>; rel=duplicate\", <a>; rel=duplicate,, <b>; x y; rel=duplicate"],
            &[("a", None), ("b", None)],
        );
        check(&["<>; rel=duplicate", "<a; rel=duplicate", "", ",", "<", "http://a/; rel=duplicate"], &[]);
        check(&[&format!("<{}>; rel=duplicate", "a".repeat(MAX_LENGTH + 1))], &[]);
    }

    #[test]
    fn only_the_best_are_kept() {
        let many: Vec<_> = (1..100).rev().map(|pri| format!("<{pri}>; rel=duplicate; pri={pri}")).collect();
        let found = duplicates(&head(&[&many.join(", ")]));
        assert_eq!(found.iter().filter_map(|found| found.priority).collect::<Vec<_>>(), (1..33).collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn duplicates_are_few_and_in_order(
            fields in prop::collection::vec(
                prop_oneof![any::<String>(), "(<[a-z,;\"]{0,5}>?; rel=\"?duplicate\"?(; pri=[0-9]{1,3})?[,; ]?){0,40}"],
                0..4,
            )
        ) {
            let found = duplicates(&head(&fields.iter().map(String::as_str).collect::<Vec<_>>()));
            prop_assert!(found.len() <= MOST);
            prop_assert!(found.is_sorted_by_key(|found| found.priority.unwrap_or(u32::MAX)));
            prop_assert!(found.iter().all(|found| (1..=MAX_LENGTH).contains(&found.target.len())));
        }
    }
}
