//! The network of a command: proxies, authorities, addresses of hosts, and the time for connections.

use std::env;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use haul::Builder;
use haul_command::arguments::{Arguments, Family};
use haul_command::file_path::FilePath;

use crate::documents;
use crate::exit::Refusal;

/// The options about the network.
#[derive(Debug)]
pub struct Connections {
    proxy: Option<String>,
    no_proxy: Option<String>,
    authority: Option<FilePath>,
    timeout: Option<Duration>,
    family: Option<Family>,
    resolve: Vec<(String, IpAddr)>,
}

impl Connections {
    pub fn of(arguments: &Arguments) -> Self {
        Self {
            proxy: arguments.proxy.clone(),
            no_proxy: arguments.no_proxy.clone(),
            authority: arguments.authority.clone(),
            timeout: arguments.connect_timeout,
            family: arguments.family,
            resolve: arguments.resolve.clone(),
        }
    }

    /// Reads the files and the variables, and returns the change of a builder.
    ///
    /// # Errors
    ///
    /// [`Refusal::Misuse`] if the file of authorities cannot be read.
    pub fn prepare(&self) -> Result<impl Fn(Builder) -> Builder, Refusal> {
        let authority = self.authority.as_ref().map(|file| documents::bytes(&documents::path(file))).transpose()?;
        let variable = |name: &str| env::var(name).ok().filter(|text| !text.is_empty());
        let proxies = proxies(variable, self.proxy.as_deref(), self.no_proxy.as_deref());
        let (timeout, family, resolve) = (self.timeout, self.family, self.resolve.clone());
        Ok(move |mut builder: Builder| {
            if let Some(Proxies { list, bypass }) = &proxies {
                builder = builder.proxy(list, bypass);
            }
            if let Some(authority) = &authority {
                builder = builder.root_certificate(authority.clone()).system_roots(false);
            }
            if let Some(timeout) = timeout {
                builder = builder.connect_timeout(timeout);
            }
            if family.is_some() || !resolve.is_empty() {
                let resolve = resolve.clone();
                builder = builder.resolve_host(move |host| addresses(host, family, resolve.clone()));
            }
            builder
        })
    }
}

/// The error if the library refuses a setting: the option that it comes from, and the reason, which never holds its text.
pub fn refused(setting: &str, reason: &str) -> String {
    match setting {
        "revocation_list" => format!("--crl: no revocation lists that can be used, in PEM or DER; {reason}"),
        "root_certificate" => format!("--cacert: no certificates that can be used, in PEM or DER; {reason}"),
        "proxy" => format!("--proxy, or the variables http_proxy, https_proxy, all_proxy and no_proxy: {reason}"),
        other => format!("{other}: {reason}"),
    }
}

/// The addresses of a host: the given ones, else those of the system, of one family.
async fn addresses(host: String, family: Option<Family>, given: Vec<(String, IpAddr)>) -> io::Result<Vec<IpAddr>> {
    let own = given.iter().filter(|(known, _)| known.eq_ignore_ascii_case(&host)).map(|(_, address)| *address);
    let mut found: Vec<_> = own.collect();
    if found.is_empty() {
        found = tokio::net::lookup_host((host.as_str(), 0)).await?.map(|address| address.ip()).collect();
    }
    found.retain(|address| match family {
        Some(Family::V4) => address.is_ipv4(),
        Some(Family::V6) => address.is_ipv6(),
        None => true,
    });
    Ok(found)
}

/// Lists of proxies and of hosts without one, in the form of the library.
#[derive(Debug, PartialEq, Eq)]
struct Proxies {
    list: String,
    bypass: String,
}

/// The proxies of the options, else of the variables. The variables are those of curl: `http_proxy` counts in small letters only, because
/// a server that runs scripts sets HTTP_PROXY from a request.
fn proxies(variable: impl Fn(&str) -> Option<String>, proxy: Option<&str>, no_proxy: Option<&str>) -> Option<Proxies> {
    let either = |small: &str| variable(small).or_else(|| variable(&small.to_ascii_uppercase()));
    let no_proxy = no_proxy.map(str::to_owned).or_else(|| either("no_proxy")).unwrap_or_default();
    let bypass = bypass(&no_proxy)?;
    let list = match proxy {
        Some(proxy) => proxy.to_owned(),
        None => {
            let all = either("all_proxy");
            let http = variable("http_proxy").or_else(|| all.clone()).map(|proxy| format!("http={proxy}"));
            let https = either("https_proxy").or(all).map(|proxy| format!("https={proxy}"));
            http.into_iter().chain(https).collect::<Vec<_>>().join(" ")
        }
    };
    (!list.trim().is_empty()).then_some(Proxies { list, bypass })
}

/// The hosts of `no_proxy` in the form of the library: a name stands for the names below it too. `None` for `*`, which is every host.
/// Entries of another form are passed over, as in curl.
fn bypass(no_proxy: &str) -> Option<String> {
    let mut hosts = Vec::new();
    for entry in no_proxy.split([',', ' ']).map(|entry| entry.trim().trim_start_matches("*.").trim_start_matches('.')) {
        let host = entry.rsplit_once('/').map_or(entry, |(address, _)| address);
        let is_address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
        let is_name = |text: &str| {
            let labels = text.split_once(':').map_or(text, |(name, _)| name).split('.');
            labels.into_iter().all(|label| {
                !label.is_empty() && label.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c))
            })
        };
        match entry {
            "*" => return None,
            entry if is_address => hosts.push(entry.to_owned()),
            entry if is_name(entry) => hosts.extend([entry.to_owned(), format!("*.{entry}")]),
            _ => {}
        }
    }
    Some(hosts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)], proxy: Option<&str>, no_proxy: Option<&str>) -> Option<(String, String)> {
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned());
        proxies(variable, proxy, no_proxy).map(|proxies| (proxies.list, proxies.bypass))
    }

    #[test]
    fn variables_count_as_in_curl() {
        for (variables, list) in [
            (&[("http_proxy", "a:1")][..], Some("http=a:1")),
            (&[("HTTP_PROXY", "a:1")], None),
            (&[("HTTPS_PROXY", "a:1"), ("https_proxy", "b:2")], Some("https=b:2")),
            (&[("ALL_PROXY", "socks5h://a:1")], Some("http=socks5h://a:1 https=socks5h://a:1")),
            (&[("all_proxy", "a:1"), ("http_proxy", "b:2")], Some("http=b:2 https=a:1")),
            (&[("http_proxy", "a:1"), ("no_proxy", "*")], None),
            (&[], None),
        ] {
            assert_eq!(of(variables, None, None).map(|(list, _)| list).as_deref(), list, "{variables:?}");
        }
    }

    #[test]
    fn options_take_the_place_of_variables() {
        let variables = [("http_proxy", "a:1"), ("no_proxy", "h")];
        let pair = |list: &str, bypass: &str| Some((list.to_owned(), bypass.to_owned()));
        assert_eq!(of(&variables, Some("b:2"), None), pair("b:2", "h *.h"));
        assert_eq!(of(&variables, Some("b:2"), Some("")), pair("b:2", ""));
        assert_eq!(of(&variables, Some(""), None), None);
    }

    #[test]
    fn a_host_without_a_proxy_has_names_below_it() {
        for (no_proxy, expected) in [
            ("", Some("")),
            ("example.com", Some("example.com *.example.com")),
            (".example.com, *.a.example", Some("example.com *.example.com a.example *.a.example")),
            ("localhost,127.0.0.1,10.0.0.0/8,[::1]", Some("localhost *.localhost 127.0.0.1 10.0.0.0/8 [::1]")),
            ("h:8080", Some("h:8080 *.h:8080")),
            ("a,*", None),
            ("a?b,ok", Some("ok *.ok")),
        ] {
            assert_eq!(bypass(no_proxy).as_deref(), expected, "{no_proxy}");
        }
    }
}
