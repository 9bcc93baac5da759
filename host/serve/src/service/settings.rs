//! Options on their way to the engine, and changes of options.

use std::collections::BTreeMap;
use std::time::Duration;

use haul::{Error, ExpectedDigest, Job, JobOptions, NewFile, ProxySettings, ProxyUsage, TransferOptions};
use haul_queue::file::{Algorithm, Digest};

use super::{Refusal, Service};
use crate::book::{Change, Entry, State};
use crate::gid::Gid;
use crate::options::{self, Call, Options};

/// Mirrors of one file, because the engine has 64 sources, one of which is the URL.
const MIRRORS: usize = 63;

impl Service {
    /// A global option: as it was set, or its default.
    pub fn global(&self, name: &str) -> String {
        let book = self.book.borrow();
        let set = book.global().get(name).or_else(|| self.command_line.get(name)).map(String::as_str);
        set.or_else(|| options::default(name)).unwrap_or_default().to_owned()
    }

    /// The global options that differ from their defaults.
    pub fn global_options(&self) -> Options {
        let mut options = self.command_line.clone();
        options.extend(self.book.borrow().global().clone());
        options
    }

    /// Sets global options, all of them or none.
    ///
    /// # Errors
    ///
    /// An option that names a directory or file outside of the granted ones.
    pub async fn set_global(&self, given: Options) -> Result<(), Refusal> {
        let _changes = self.lock().await;
        if let Some(directory) = given.get("dir") {
            self.folders.directory(directory).ok_or_else(|| Refusal::Option("dir".into()))?;
        }
        if let Some(session) = given.get("save-session").filter(|session| !session.is_empty()) {
            self.folders.directory(session).ok_or_else(|| Refusal::Option("save-session".into()))?;
        }
        let limits_rate = given.contains_key("max-overall-download-limit");
        self.change(Change::Global(given.into_iter().map(|(name, value)| (name, Some(value))).collect()));
        if limits_rate {
            self.limit_rate().await.map_err(|error| Refusal::Sentence(error.to_string()))?;
        }
        self.forget_surplus().await;
        self.work.notify_one();
        Ok(())
    }

    /// Sets the rate of all downloads together.
    pub(super) async fn limit_rate(&self) -> Result<(), Error> {
        let rate = number(&self.global("max-overall-download-limit"));
        self.queue.engine().set_max_rate(rate).await
    }

    /// Changes options of a download, all of them or none.
    ///
    /// # Errors
    ///
    /// [`Refusal::State`] for a stopped download; an option that cannot be changed any more because the file has begun.
    pub async fn set_options(&self, gid: Gid, given: Options) -> Result<(), Refusal> {
        let _changes = self.lock().await;
        let Some(mut entry) = self.entry(gid).filter(|entry| !entry.is_stopped()) else { return Err(Refusal::State) };
        let before = entry.options.clone();
        entry.options.extend(given);
        self.check_paths(&entry.options)?;
        let changed = |name: &str| before.get(name) != entry.options.get(name);
        if let Some(link) = &entry.job
            && before != entry.options
        {
            // The engine fixes these when a file begins.
            if let Some(fixed) = FIXED.iter().find(|name| changed(name)) {
                return Err(Refusal::Option((*fixed).into()));
            }
            let job = self.queue.engine().job(&link.id).await;
            let configured = match job {
                Ok(job) => configure(&job, &entry).await,
                Err(error) => Err(error),
            };
            configured.map_err(|error| Refusal::Sentence(error.to_string()))?;
        } else if changed("dir") || changed("out") {
            entry.path = None;
        }
        if entry.state == State::Active && entry.options.keys().any(|name| changed(name) && options::restarts(name)) {
            self.notify(super::Notice::Start, gid);
        }
        self.put(entry);
        Ok(())
    }

    /// Checks options that name directories.
    pub(super) fn check_paths(&self, options: &Options) -> Result<(), Refusal> {
        let directory = options.get("dir").is_none_or(|directory| self.folders.directory(directory).is_some());
        if directory { Ok(()) } else { Err(Refusal::Option("dir".into())) }
    }

    /// The call that changes options of a download, by its state.
    pub fn call_for(&self, gid: Gid) -> Call {
        match self.book.borrow().entry(gid).map(|entry| &entry.state) {
            Some(State::Active) => Call::ChangeActive,
            _ => Call::Change,
        }
    }
}

/// Options of a file that the engine no longer changes once its job exists.
const FIXED: [&str; 8] = [
    "dir",
    "out",
    "checksum",
    "split",
    "max-connection-per-server",
    "lowest-speed-limit",
    "max-tries",
    "allow-overwrite",
];

/// Gives a job the settings that can be changed at any time.
pub async fn configure(job: &Job, entry: &Entry) -> Result<(), Error> {
    let of = |name: &str| entry.options.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let mut custom = of("header").unwrap_or_default().to_owned();
    for (option, field) in [("user-agent", "User-Agent"), ("referer", "Referer")] {
        if let Some(value) = of(option) {
            custom.push_str(&format!("{field}: {value}\n"));
        }
    }
    let auth = match (of("http-user"), of("http-passwd")) {
        (None, None) => String::new(),
        (user, password) => {
            format!("Authorization: {}\r\n", basic(user.unwrap_or_default(), password.unwrap_or_default()))
        }
    };
    let before = job.options().await?;
    let custom =
        custom.split('\n').filter(|line| !line.is_empty()).map(|line| format!("{line}\r\n")).collect::<String>();
    let max_rate = of("max-download-limit").and_then(number);
    let wanted = JobOptions { custom_headers: custom.into(), auth_headers: auth.into(), max_rate, ..before.clone() };
    if wanted != before {
        job.set_options(wanted).await?;
    }
    let proxies = proxies(&entry.options);
    if job.proxy_settings().await? != proxies {
        job.set_proxy_settings(proxies).await?;
    }
    if let Some(seconds) = of("retry-wait").and_then(number) {
        job.set_minimum_retry_delay(Duration::from_secs(seconds)).await?;
    }
    if let Some(seconds) = of("timeout").and_then(number) {
        job.set_no_progress_timeout(Duration::from_secs(seconds)).await?;
    }
    Ok(())
}

/// The file of a download, for its job.
pub fn file(entry: &Entry, path: &std::path::Path) -> NewFile {
    let mut urls = entry.uris.iter().map(|url| encoded(url));
    let mut file = NewFile::new(urls.next().unwrap_or_default(), path);
    file.options = Some(TransferOptions { mirrors: urls.take(MIRRORS).collect(), ..transfer_options(entry) });
    file
}

/// The options that a file keeps for its whole life, without its mirrors.
fn transfer_options(entry: &Entry) -> TransferOptions {
    let of =
        |name: &str| entry.options.get(name).map(String::as_str).or_else(|| options::default(name)).unwrap_or_default();
    let count = |name: &str| number(of(name)).and_then(|count| u32::try_from(count).ok());
    let metadata = entry.metadata.clone().unwrap_or_default();
    let stated = checksum(of("checksum")).into_iter().chain(metadata.digests);
    let servers = u32::try_from(entry.uris.len()).unwrap_or(u32::MAX);
    let to_all = count("max-connection-per-server").map(|each| each.saturating_mul(servers));
    TransferOptions {
        connections: [count("split"), to_all].into_iter().flatten().min(),
        overwrite: of("allow-overwrite") == "true",
        expected: stated.map(ExpectedDigest::from).collect(),
        retries: count("max-tries"),
        min_rate: number(of("lowest-speed-limit")),
        pieces: metadata.pieces.map(Into::into),
        length: metadata.length,
        ..TransferOptions::default()
    }
}

/// Whether two downloads would have their file transferred in the same way, so that one can take the job of the other over.
pub fn are_alike(one: &Entry, other: &Entry) -> bool {
    let fixed = |entry: &Entry| {
        let value = |name: &&str| entry.options.get(*name).cloned();
        FIXED.iter().filter(|name| !["dir", "out"].contains(name)).map(value).collect::<Vec<_>>()
    };
    fixed(one) == fixed(other) && one.metadata == other.metadata && one.uris.len() == other.uris.len()
}

/// Blanks in URLs are common in lists; aria2 encodes them.
pub fn encoded(url: &str) -> String {
    url.replace(' ', "%20")
}

/// `None` for 0, which is no limit.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number| *number > 0)
}

fn checksum(text: &str) -> Option<Digest> {
    let (algorithm, hex) = text.split_once('=')?;
    let algorithm = match algorithm {
        "sha-1" => Algorithm::Sha1,
        "sha-256" => Algorithm::Sha256,
        "sha-512" => Algorithm::Sha512,
        "md5" => Algorithm::Md5,
        _ => return None,
    };
    Some(Digest { algorithm, hex: hex.into() })
}

fn basic(user: &str, password: &str) -> String {
    use base64::Engine as _;
    let credentials = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    format!("Basic {credentials}")
}

/// The proxies of a download: those of its scheme before the one for all.
fn proxies(options: &BTreeMap<String, String>) -> ProxySettings {
    let of = |name: &str| options.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let mut list = Vec::new();
    for (option, scheme) in [("http-proxy", "http="), ("https-proxy", "https="), ("all-proxy", "")] {
        let Some(url) = of(option) else { continue };
        let authority = url.trim_start_matches("http://").trim_end_matches('/');
        let (user, password) = (of(&format!("{option}-user")), of(&format!("{option}-passwd")));
        let authority = match user {
            Some(user) => {
                let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
                format!("{}:{}@{host}", escaped(user), escaped(password.unwrap_or_default()))
            }
            None => authority.to_owned(),
        };
        list.push(format!("{scheme}http://{authority}"));
    }
    if list.is_empty() {
        return ProxySettings::default();
    }
    let bypass = of("no-proxy").map(|hosts| hosts.split(',').map(str::trim).collect::<Vec<_>>().join(" "));
    ProxySettings {
        usage: ProxyUsage::Override,
        proxy_list: Some(list.join(" ").into()),
        proxy_bypass_list: bypass.map(Into::into),
    }
}

/// User information of a URL: everything but letters and digits is encoded.
fn escaped(text: &str) -> String {
    let escape =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(options: &[(&str, &str)]) -> Entry {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let uris = vec!["http://h/a b".to_owned(), "http://m/a".to_owned()];
        Entry::new(Gid::parse("0000000000000001").unwrap(), uris, options)
    }

    #[test]
    fn a_file_has_the_options_of_its_download() {
        let digest = format!("sha-256={}", "0".repeat(64));
        let entry =
            entry(&[("split", "9"), ("max-connection-per-server", "2"), ("checksum", &digest), ("max-tries", "3")]);
        let file = file(&entry, "/d/a".as_ref());
        let options = file.options.unwrap();
        assert_eq!(file.remote_name, "http://h/a%20b");
        assert_eq!((options.connections, options.retries, options.overwrite), (Some(4), Some(3), false));
        assert_eq!((options.mirrors, options.expected.len()), (vec!["http://m/a".to_owned()], 1));
    }

    #[test]
    fn proxies_have_their_credentials_and_exceptions() {
        let entry = entry(&[
            ("all-proxy", "http://p:1/"),
            ("https-proxy", "http://old@q:2/"),
            ("https-proxy-user", "u@x"),
            ("no-proxy", "a.example, b.example"),
        ]);
        let settings = proxies(&entry.options);
        assert_eq!(settings.proxy_list.unwrap().expose(), "https=http://u%40x:@q:2 http://p:1");
        assert_eq!(settings.proxy_bypass_list.unwrap().expose(), "a.example b.example");
        assert_eq!(proxies(&Options::new()), ProxySettings::default());
    }
}
