//! An accepted URL reads back the same, shows no secret, and is valid in a request. The first line is the URL, the second a reference
//! relative to it.

#![no_main]

use haul_core::parse::url::{self, Url};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (text, location) = text.split_once('\n').unwrap_or((text, ""));
    let shown = url::redact(text);
    assert!(!shown.chars().any(char::is_control) || Url::parse(text).is_some(), "{shown:?}");
    let Some(base) = Url::parse(text) else { return };
    check(&base);
    assert!(shown == base.redacted() || is_end_of(text, &shown), "{shown:?}");
    if let Some(target) = base.join(location) {
        check(&target);
    }
    assert_eq!(base.join(base.as_str()).as_ref(), Some(&base));
    assert!(base.join("").is_some_and(|same| same.same_origin(&base)));
});

/// Whether `shown` is text after the last `@`: all that is shown of a URL whose password may have been split.
fn is_end_of(text: &str, shown: &str) -> bool {
    let end = text.rsplit_once('@').map(|(_, end)| end.chars().filter(|c| !c.is_control()).collect::<String>());
    end.is_some_and(|end| end.starts_with(shown))
}

fn check(url: &Url) {
    assert_eq!(Url::parse(url.as_str()).as_ref(), Some(url));
    assert!(url.same_origin(url));
    let (authority, target) = (url.authority(), url.path_and_query());
    assert!(!authority.is_empty() && !authority.contains(['@', '/', '?', '#']), "{authority:?}");
    assert!(target.starts_with('/') && target.starts_with(url.path()), "{target:?}");
    let wire = format!("{authority}{target}");
    assert!(wire.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'), "{wire:?}");
    check_redacted(url, &authority);
}

/// Only scheme, host, port and path are shown.
fn check_redacted(url: &Url, authority: &str) {
    let shown = url.redacted();
    let rest = shown.split_once("://").map(|(_, rest)| rest).expect("a scheme");
    let rest = rest.strip_prefix(authority).expect("the authority");
    let rest = rest.strip_prefix(url.path()).expect("the path");
    assert!(["", "?..."].contains(&rest), "{shown:?}");
    assert_eq!(rest.is_empty(), !url.path_and_query().contains('?'), "{shown:?}");
}
