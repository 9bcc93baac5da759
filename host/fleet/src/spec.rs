//! The description of a job, as the database stores it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path};

use haul_queue::redaction::redact;
use haul_queue::{NewFile, Settings};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::values::Kind;

/// A job of a fleet. The paths of its files are relative: each machine has a directory for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Spec {
    /// Its files.
    pub files: Vec<NewFile>,
    /// Its settings, without request headers: these may be secrets.
    pub settings: Settings,
    /// The name of a file with request headers, which each machine has.
    pub credential: Option<String>,
}

/// The most bytes of a job's description, so that a claim of 20 fits an answer if most are small. 16 MiB are more than 50,000 files.
const MOST: usize = 16 << 20;

impl Spec {
    /// Checks a job before it is added, and again before a worker starts it: other programs write to the database too.
    ///
    /// # Errors
    ///
    /// The reason for people.
    pub fn check(&self, kind: Kind) -> Result<(), Error> {
        if self.files.is_empty() {
            return Err(Error::Invalid("a job needs a file".into()));
        }
        let has_secrets = |list: &Option<String>| list.as_ref().is_some_and(|list| list.contains('@'));
        let settings = &self.settings;
        if !settings.header.is_empty() || !settings.auth_header.is_empty() || has_secrets(&settings.proxy_list) {
            let instead = "name a credential, which each machine resolves";
            return Err(Error::Invalid(format!("the database stores no request headers and no passwords; {instead}")));
        }
        if self.credential.as_deref().is_some_and(|name| !is_name(name)) {
            return Err(Error::Invalid("the name of a credential has letters, digits, '.', '_' and '-'".into()));
        }
        let mut paths = BTreeSet::new();
        for file in &self.files {
            check_file(file, kind)?;
            if !paths.insert(&file.path) {
                return Err(Error::Invalid(format!("two files of the job are called {}", file.path.display())));
            }
        }
        Ok(())
    }

    /// Its form in the database.
    ///
    /// # Errors
    ///
    /// It is too large.
    pub fn to_json(&self) -> Result<String, Error> {
        let text = serde_json::to_string(self).map_err(|error| Error::Invalid(error.to_string()))?;
        if text.len() > MOST {
            return Err(Error::Invalid("the job is too large; add fewer files at a time".into()));
        }
        Ok(text)
    }

    /// Reads it from the database.
    ///
    /// # Errors
    ///
    /// Another program, or a newer haul, wrote it.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| Error::Invalid(format!("the job cannot be read: {error}")))
    }

    /// The origins of its files and mirrors, each with the most files that use it.
    pub fn origins(&self) -> BTreeMap<String, usize> {
        let mut origins = BTreeMap::new();
        for file in &self.files {
            let urls = [&file.url].into_iter().chain(&file.options.mirrors);
            let of_file: BTreeSet<_> = urls.filter_map(|url| origin_of(url)).collect();
            for origin in of_file {
                *origins.entry(origin).or_insert(0) += 1;
            }
        }
        origins
    }
}

fn check_file(file: &NewFile, kind: Kind) -> Result<(), Error> {
    let wrong = |reason: &str| Err(Error::Invalid(format!("{}: {reason}", file.path.display())));
    if !is_relative(&file.path) {
        return wrong("the path is not below the directory of the machines; write a relative path without '..'");
    }
    for url in [&file.url].into_iter().chain(&file.options.mirrors) {
        if origin_of(url).is_none() {
            return wrong(&format!("'{}' is no absolute http or https URL", redact(url)));
        }
        if has_user(url) {
            return wrong("the URL has a password, and the database stores none; name a credential");
        }
    }
    if file.options.origin_names {
        return wrong("in a fleet the origin cannot name the file");
    }
    if kind == Kind::Once {
        if file.options.digests.is_empty() && file.options.pieces.is_none() {
            return wrong("in a queue of kind once a file needs a digest, by which machines know each other's file");
        }
        if file.options.overwrite {
            return wrong("in a queue of kind once no file is replaced");
        }
    }
    Ok(())
}

fn is_relative(path: &Path) -> bool {
    path.file_name().is_some() && path.components().all(|part| matches!(part, Component::Normal(_)))
}

/// Whether the text is a name of a queue, a database, a machine or a credential: it is one path component and needs no quoting.
pub fn is_name(text: &str) -> bool {
    let sound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=63).contains(&text.len()) && !text.starts_with(['.', '-']) && text.bytes().all(sound)
}

/// The origin of an http or https URL, with its port.
pub fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let port = match scheme.as_str() {
        "http" => "80",
        "https" => "443",
        _ => return None,
    };
    let authority = authority(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host).to_ascii_lowercase();
    let after_address = host.rfind(']').map_or(0, |end| end + 1);
    let (name, port) = match host[after_address..].split_once(':') {
        Some((before, "")) => (&host[..after_address + before.len()], port),
        Some((before, port)) => (&host[..after_address + before.len()], port),
        None => (host.as_str(), port),
    };
    (!name.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())).then(|| format!("{scheme}://{name}:{port}"))
}

fn has_user(url: &str) -> bool {
    url.split_once("://").is_some_and(|(_, rest)| authority(rest).contains('@'))
}

fn authority(rest: &str) -> &str {
    &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(path: &str, url: &str) -> Spec {
        let file = NewFile { url: url.into(), path: path.into(), ..NewFile::default() };
        Spec { files: vec![file], ..Spec::default() }
    }

    #[test]
    fn an_origin_has_its_port() {
        for (url, origin) in [
            ("http://Example.com/a", Some("http://example.com:80")),
            ("HTTPS://u:p@h:8443/a?b#c", Some("https://h:8443")),
            ("https://[::1]/x", Some("https://[::1]:443")),
            ("http://[::1]:81", Some("http://[::1]:81")),
            ("http://h:/x", Some("http://h:80")),
            ("ftp://h/x", None),
            ("http:///x", None),
            ("h/x", None),
        ] {
            assert_eq!(origin_of(url).as_deref(), origin, "{url}");
        }
    }

    #[test]
    fn a_job_that_would_leave_the_directory_or_store_a_secret_is_refused() {
        let url = "https://h/x";
        assert!(spec("a/b", url).check(Kind::Each).is_ok());
        for (bad, hint) in [
            (Spec::default(), "needs a file"),
            (spec("/etc/x", url), "relative path"),
            (spec("../x", url), "relative path"),
            (spec("a/../../x", url), "relative path"),
            (spec("x", "ftp://h/x"), "no absolute http"),
            (spec("x", "https://u:p@h/x"), "name a credential"),
            (Spec { credential: Some("../key".into()), ..spec("x", url) }, "the name of a credential"),
            (
                Spec { settings: Settings { header: vec!["A: b".into()], ..Settings::default() }, ..spec("x", url) },
                "no request headers",
            ),
        ] {
            let error = bad.check(Kind::Each).unwrap_err().to_string();
            assert!(error.contains(hint), "{error}");
        }
        let error = spec("x", url).check(Kind::Once).unwrap_err().to_string();
        assert!(error.contains("needs a digest"), "{error}");
    }

    #[test]
    fn a_job_survives_the_database() {
        let known = Spec { credential: Some("mirror".into()), ..spec("a/b", "https://h/x") };
        assert_eq!(Spec::from_json(&known.to_json().unwrap()).unwrap(), known);
        assert!(Spec::from_json(r#"{"files":[],"password":"x"}"#).is_err());
    }
}
