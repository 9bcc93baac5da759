//! haul's own page: one file, with a policy that names its script and its style by their digests.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

const HTML: &str = include_str!("page.html");

/// The Content-Security-Policy of the page: only its own script and style, and only connections to the daemon.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let script = digest(between(HTML, "<script type=\"module\">", "</script>"));
    let style = digest(between(HTML, "<style>", "</style>"));
    format!(
        "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; connect-src 'self'; img-src data:; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
});

/// A file of the page.
pub struct File {
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub content: &'static str,
    /// Its Content-Security-Policy.
    pub policy: &'static str,
}

/// The file at a path. There is no other one, so no path is ever joined.
pub fn file(path: &str) -> Option<File> {
    (path == "/").then(|| File { media_type: "text/html; charset=utf-8", content: HTML, policy: &POLICY })
}

fn between(text: &'static str, begin: &str, end: &str) -> &'static str {
    let rest = text.split_once(begin).map_or("", |(_, rest)| rest);
    rest.split_once(end).map_or("", |(inner, _)| inner)
}

fn digest(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_one_small_file_without_other_sources() {
        assert!(HTML.len() < 100_000, "{}", HTML.len());
        for (begin, end) in [("<script type=\"module\">", "</script>"), ("<style>", "</style>")] {
            assert_eq!(HTML.matches(begin).count(), 1, "{begin}");
            assert!(between(HTML, begin, end).len() > 1000, "{begin}");
        }
        // The policy refuses all of these, so the page would miss them.
        for forbidden in [" src=", "style=\"", " onclick=", "innerHTML", "http://", "https://"] {
            let found = HTML.matches(forbidden).count();
            assert_eq!(found, 0, "{forbidden}");
        }
        assert!(file("/index.html").is_none() && file("/../page.html").is_none());
    }
}
