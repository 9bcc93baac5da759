//! Redirects that do not end.

use haul_core::download::StartMode;
use haul_core::failure::Cause;

use super::lone::Lone;

/// Follows redirects with these fields until the download fails.
fn looping(fields: &[(&str, &str)]) -> Option<Cause> {
    let mut lone = Lone::file([]);
    lone.start(StartMode::WholeFile);
    while !lone.requests.is_empty() {
        lone.respond(302, fields);
    }
    lone.status().error
}

#[test]
fn a_loop_that_sets_a_cookie_is_told_apart() {
    let location = ("location", "/file?again");
    assert_eq!(looping(&[location]), Some(Cause::TooManyRedirects));
    assert_eq!(looping(&[location, ("set-cookie", "seen=1")]), Some(Cause::RedirectNeedsCookie));
}
