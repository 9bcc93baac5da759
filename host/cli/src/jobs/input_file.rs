//! Lists of downloads in aria2's format.
//!
//! Each line that begins with a URL is a file, further URLs after tabs are its mirrors, and lines that begin with a space or a tab
//! are options of the file above them, `name=value`. Lines that begin with `#` do not count.

mod options;

use std::collections::BTreeMap;
use std::path::PathBuf;

use haul_queue::file::Options;
use haul_queue::redaction::quoted;

/// The files and options of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct List {
    pub entries: Vec<Entry>,
    /// Options that haul does not have and that change nothing about what is fetched: the line of the first one, by name.
    pub passed_over: BTreeMap<String, usize>,
}

/// One file of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub url: String,
    pub dir: Option<PathBuf>,
    /// In the directory.
    pub out: Option<PathBuf>,
    pub headers: Vec<String>,
    pub options: Options,
    split: Option<u32>,
    per_server: Option<u32>,
}

impl Entry {
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }
}

/// # Errors
///
/// The line that cannot be used, and the form to write instead.
pub fn parse(text: &str) -> Result<List, String> {
    let mut list = List::default();
    for (line, number) in text.lines().map(str::trim_end).zip(1..) {
        let wrong = |reason: String| format!("line {number}: {reason}");
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if !line.starts_with([' ', '\t']) {
            list.entries.push(entry(line).map_err(wrong)?);
            continue;
        }
        let entry = list.entries.last_mut().ok_or_else(|| wrong("an option stands before the first URL".into()))?;
        let (name, value) = option(line.trim_start()).map_err(wrong)?;
        match options::apply(entry, name, value).map_err(wrong)? {
            options::Applied::Used => {}
            options::Applied::PassedOver => {
                list.passed_over.entry(name.into()).or_insert(number);
            }
        }
    }
    list.entries.iter_mut().for_each(options::settle);
    Ok(list)
}

fn entry(line: &str) -> Result<Entry, String> {
    let mut urls = line.split('\t').map(str::trim).filter(|url| !url.is_empty()).map(url);
    let url = urls.next().unwrap_or_else(|| url(""))?;
    let mut entry = Entry::new(url);
    entry.options.mirrors = urls.collect::<Result<_, _>>()?;
    Ok(entry)
}

fn url(text: &str) -> Result<String, String> {
    if is_http(text) {
        return Ok(text.into());
    }
    let instead = "mirrors stand after tabs, and a name is out=NAME on a line of its own that begins with a space";
    Err(format!("{} is no http or https URL; {instead}", quoted(text)))
}

/// Whether the text begins as an absolute http or https URL does.
fn is_http(url: &str) -> bool {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) && !rest.is_empty()
}

fn option(text: &str) -> Result<(&str, &str), String> {
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let parts = text.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
    parts.filter(|(name, _)| is_word(name)).ok_or_else(|| {
        // Anything but a word may be a part of a URL or of a header, with a password.
        let about = if is_word(text) { format!("'{text}'") } else { "it".into() };
        format!("{about} is no option; write name=value, and URLs at the beginning of a line")
    })
}

#[cfg(test)]
mod tests {
    use haul_queue::file::{Algorithm, Digest};

    use super::*;

    #[test]
    fn a_list_has_files_mirrors_and_options() {
        let text = "# images\n\
                    http://h/a.iso\thttp://m/a.iso\thttps://n/a.iso\r\n\
                    \x20 dir=/srv/images\r\n\
                    \tout=sub/first.iso\n\
                    \x20checksum=sha-256=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n\
                    \x20header=Cookie: a=b\n\
                    \x20header=X-Two: 2\n\
                    \x20user-agent=browser\n\
                    \x20referer=http://h/\n\
                    \x20max-download-limit=2M\n\
                    \x20max-tries=4\n\
                    \x20allow-overwrite=true\n\
                    \n\
                    http://h/b.iso\n";
        let list = parse(text).unwrap();
        let [first, second] = &list.entries[..] else { panic!("{list:?}") };
        assert_eq!((first.dir.clone(), first.out.clone()), (Some("/srv/images".into()), Some("sub/first.iso".into())));
        assert_eq!(first.headers, ["Cookie: a=b", "X-Two: 2", "User-Agent: browser", "Referer: http://h/"]);
        let hex = "00112233445566778899aabbccddeeff".repeat(2);
        let expected = Options {
            mirrors: vec!["http://m/a.iso".into(), "https://n/a.iso".into()],
            digests: vec![Digest { algorithm: Algorithm::Sha256, hex }],
            max_rate: Some(2 << 20),
            retries: Some(4),
            overwrite: true,
            ..Options::default()
        };
        assert_eq!(first.options, expected);
        assert_eq!(*second, Entry::new("http://h/b.iso"));
        assert!(list.passed_over.is_empty());
    }

    #[test]
    fn connections_are_what_split_and_servers_allow() {
        let connections = |options: &str, mirrors: &str| {
            let text = format!("http://h/a{mirrors}\n{options}");
            parse(&text).unwrap().entries.remove(0).options.connections
        };
        assert_eq!(connections("", ""), None);
        assert_eq!(connections(" split=8\n", ""), Some(8));
        assert_eq!(connections(" split=8\n max-connection-per-server=3\n", ""), Some(3));
        assert_eq!(connections(" max-connection-per-server=3\n split=8\n", "\thttp://m/a"), Some(6));
        assert_eq!(connections(" max-connection-per-server=2\n", ""), Some(2));
    }

    #[test]
    fn what_changes_nothing_of_the_files_is_passed_over_and_named_once() {
        let list =
            parse("http://h/a\n file-allocation=none\nhttp://h/b\n file-allocation=none\n gid=1\n continue=true\n")
                .unwrap();
        let expected = [("file-allocation".to_owned(), 2), ("gid".to_owned(), 5)];
        assert_eq!(list.passed_over, expected.into());
        assert_eq!(parse("http://h/a\n max-download-limit=0\n dry-run=false\n").unwrap().passed_over, [].into());
    }

    #[test]
    fn what_cannot_be_used_is_told_by_its_line() {
        for (text, hint) in [
            (" out=x\n", "line 1: an option stands before the first URL"),
            ("http://h/a\nftp://h/b\n", "line 2: 'ftp://h/b' is no http or https URL"),
            ("http://h/a\tnotes/today.txt\n", "out=NAME"),
            ("magnet:?xt=urn:btih:secret\n", "'magnet:'"),
            ("http://h/a\n out\n", "line 2: 'out' is no option; write name=value"),
            (
                "http://h/a\n http://h/b?c=d\n",
                "line 2: it is no option; write name=value, and URLs at the beginning of a line",
            ),
            ("http://h/a\n Authorization: Basic secret=\n", "it is no option"),
            ("http://h/a\n https://user:secret@h/b\n", "it is no option"),
            ("http://h/a\n out=https://user:secret@h/b\n", "out= takes a path, not a URL"),
            ("http://h/a\n dir=https://user:secret@h/b\n", "dir= takes a path, not a URL"),
            ("http://h/a\n out=../user:secret@h\n", "out=h leads out of the directory"),
            ("http://h/a\n\n out=../x\n", "line 3: out=../x leads out of the directory"),
            ("http://h/a\n out=/etc/passwd\n", "leads out of the directory"),
            ("http://h/a\n out=\n", "leads out of the directory"),
            ("http://h/a\n out=x.iso.part\n", "out=x.iso.part is the name of a partial file or journal"),
            ("http://h/a\n checksum=sha-256=00\n", "64 hexadecimal digits"),
            ("http://h/a\n checksum=sha-224=00\n", "the algorithm is sha-256"),
            ("http://h/a\n checksum=00\n", "checksum=sha-256=HEX"),
            ("http://h/a\n header=Cookie\n", "Name: value"),
            ("http://h/a\n split=0\n", "a number, at least 1"),
            ("http://h/a\n max-download-limit=fast\n", "bytes per second"),
            ("http://h/a\n allow-overwrite=yes\n", "true or false"),
            ("http://h/a\n http-passwd=secret\n", "line 2: http-passwd would be missed; write header=Authorization"),
            ("http://h/a\n all-proxy=http://p:1\n", "--proxy-list"),
            ("http://h/a\n dry-run=true\n", "leave it out"),
            ("http://h/{a,b}\n parameterized-uri=true\n", "write out each URL"),
        ] {
            let told = parse(text).unwrap_err();
            assert!(told.contains(hint) && !told.contains("secret"), "{text}: {told}");
        }
    }
}
