//! A list of proxies, some of them for URLs of one scheme only.

use super::{Proxy, entries};

/// In the order in which they are tried.
#[derive(Clone, Debug, Default)]
pub struct List(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    /// In lower case; `None` for every scheme.
    scheme: Option<String>,
    proxy: Proxy,
}

impl List {
    /// Entries `[scheme=]proxy`, separated by spaces or semicolons.
    ///
    /// # Errors
    ///
    /// The fault of the list: it is empty, or has an entry that is no proxy.
    pub fn read(text: &str, is_hosts_own: bool) -> Result<Self, &'static str> {
        let list: Option<Vec<_>> = entries(text).map(|entry| Entry::read(entry, is_hosts_own)).collect();
        let list = list.ok_or("an entry is no proxy")?;
        if list.is_empty() { Err("there is no proxy in the list") } else { Ok(Self(list)) }
    }

    /// Those for URLs of a scheme.
    pub fn of(&self, scheme: &str) -> impl Iterator<Item = &Proxy> {
        let is_for = move |entry: &&Entry| entry.scheme.as_deref().is_none_or(|only| only == scheme);
        self.0.iter().filter(is_for).map(|entry| &entry.proxy)
    }
}

impl Entry {
    fn read(text: &str, is_hosts_own: bool) -> Option<Self> {
        let (scheme, proxy) = match text.split_once('=') {
            Some((scheme, proxy)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => (Some(scheme), proxy),
            _ => (None, text),
        };
        Some(Self { scheme: scheme.map(str::to_ascii_lowercase), proxy: Proxy::read(proxy, is_hosts_own)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(list: &str, scheme: &str) -> Vec<String> {
        let list = List::read(list, false).expect("a list");
        list.of(scheme).map(|proxy| proxy.uri.host().expect("a host").to_owned()).collect()
    }

    #[test]
    fn proxies_keep_their_order() {
        assert_eq!(hosts("a:1 b:2;http://c:3 ; d", "http"), ["a", "b", "c", "d"]);
    }

    #[test]
    fn a_prefix_restricts_a_proxy_to_a_scheme() {
        let list = "https=a:1; HTTP=http://b:2 c:3 ftp=d:4";
        assert_eq!(hosts(list, "https"), ["a", "c"]);
        assert_eq!(hosts(list, "http"), ["b", "c"]);
        assert!(hosts("https=a:1", "http").is_empty());
    }

    #[test]
    fn an_equals_sign_of_a_password_is_no_prefix() {
        assert_eq!(hosts("http://me:a=b@a:1 me:a=b@b:2", "http"), ["a", "b"]);
    }

    #[test]
    fn a_list_without_proxies_or_with_something_else_is_refused() {
        for list in ["", " ; ", "a:1 b:none", "https=", "a:1 ftp=ftp://b:2"] {
            assert!(List::read(list, false).is_err(), "{list:?}");
        }
    }
}
