//! Hosts that are asked without a proxy.

use http::Uri;

use super::entries;
use crate::http::host_pattern::HostPattern;

#[derive(Clone, Debug, Default)]
pub struct Bypass {
    /// `<local>`: names without a dot.
    local: bool,
    patterns: Vec<HostPattern>,
}

impl Bypass {
    /// Patterns of hosts and `<local>`, separated by spaces or semicolons.
    ///
    /// # Errors
    ///
    /// The fault of the list: an entry that is none of these.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        let mut bypass = Self::default();
        for entry in entries(text) {
            if entry.eq_ignore_ascii_case("<local>") {
                bypass.local = true;
            } else {
                let pattern = HostPattern::read(entry).ok_or("an entry is no host to go to without a proxy")?;
                bypass.patterns.push(pattern);
            }
        }
        Ok(bypass)
    }

    pub fn has(&self, uri: &Uri) -> bool {
        let is_local = || uri.host().is_some_and(|host| !host.contains(['.', ':']));
        self.local && is_local() || self.patterns.iter().any(|pattern| pattern.is_of(uri))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(list: &str, host: &str) -> bool {
        Bypass::read(list).expect("a list").has(&format!("http://{host}/").parse().expect("a URI"))
    }

    #[test]
    fn local_is_every_name_without_a_dot() {
        assert!(has("<local>", "printer") && has("<LOCAL>", "localhost"));
        assert!(!has("<local>", "files.example") && !has("<local>", "127.0.0.1") && !has("<local>", "[::1]"));
    }

    #[test]
    fn every_entry_counts_and_there_may_be_none() {
        assert!(has("a; b  *.c;<local>", "x.c") && has("a;b", "b"));
        assert!(!has("", "a") && !has(" ; ", "a"));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for list in ["*", "192.0.2.*", "http://files.example", "a..b", "<else>", "a files.*"] {
            assert!(Bypass::read(list).is_err(), "{list}");
        }
    }
}
