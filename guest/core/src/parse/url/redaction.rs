//! Texts that may be URLs, without passwords.

use alloc::string::String;

use super::Url;

/// Limit on the displayed characters of a text that is not a URL, so that a message keeps to a few lines.
const MOST_SHOWN: usize = 200;

/// Removes passwords from `text`, which need not be a valid URL. If it is not one, or its host is in doubt, everything before its last `@`
/// may be part of a password: most such texts have a slash, `?` or `#` in their password. The host's command has the same function with the
/// same test.
pub fn redact(text: &str) -> String {
    match Url::parse(text).filter(|_| !may_split_password(text)) {
        Some(url) => url.redacted(),
        None => {
            let visible = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
            let visible = visible.split(['?', '#', '&', ';']).next().unwrap_or_default();
            visible.chars().filter(|c| !c.is_control()).take(MOST_SHOWN).collect()
        }
    }
}

/// Whether a part of a password may have been read as host or path: the URL has several `@` before its path, or not exactly two slashes
/// before its host, or a port and also an `@` in its path or fragment. `user:12/34@host` parses as a host with a port, but `12/34` is more
/// likely a password.
fn may_split_password(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return true };
    let (authority, rest) = rest.split_at(rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len()));
    let port = authority.rsplit(['@', ']']).next().and_then(|host| host.rsplit_once(':'));
    let (before_fragment, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let path = before_fragment.split('?').next().unwrap_or_default();
    let has_port = port.is_some_and(|(_, digits)| !digits.is_empty());
    authority.is_empty()
        || authority.matches('@').count() > 1
        || (has_port && (path.contains('@') || fragment.contains('@')))
}

/// Whether a URL has user information or a query, which may be signed.
pub(crate) fn may_hold_secrets(url: &str) -> bool {
    url.contains(['@', '?'])
}
