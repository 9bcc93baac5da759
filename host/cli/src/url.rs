//! URLs as people may see them.

/// The URL without user information, query and fragment.
pub fn redact(url: &str) -> String {
    let (visible, hidden) = match url.find(['?', '#']) {
        Some(end) => (&url[..end], if url[end..].starts_with('?') { "?..." } else { "" }),
        None => (url, ""),
    };
    let (scheme, rest) = visible.split_once("://").map_or(("", visible), |(scheme, rest)| (scheme, rest));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let separator = if scheme.is_empty() { "" } else { "://" };
    let text = format!("{scheme}{separator}{host}{path}{hidden}");
    text.chars().filter(|c| !c.is_control()).collect()
}

/// Whether it begins as an absolute http or https URL does.
pub fn is_http(url: &str) -> bool {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) && !rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn secrets_of_a_url_are_not_shown() {
        assert_eq!(redact("https://u:p@h/a?token=1#x"), "https://h/a?...");
        assert_eq!(redact("u:p@h/x"), "h/x");
        assert_eq!(redact("http://h/a#secret"), "http://h/a");
        assert_eq!(redact("http://h/a/b"), "http://h/a/b");
    }
}
