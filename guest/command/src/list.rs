//! Lists of downloads in aria2's format; its simplest case is one URL on each line.
//!
//! Each line that begins with a URL is a file. Further URLs after tabs are its mirrors, and a last word after a tab that is no URL is its
//! name. Lines that begin with a space or a tab are options of the file above them, `name=value`. Lines that begin with `#` are ignored.

mod options;

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::content::digest::ExpectedDigest;
use haul_core::parse::file_name::is_side_file;

use crate::file_path::FilePath;
use crate::redaction::{may_be_url, named, quoted};

/// A parsed list.
#[derive(Debug, Default, PartialEq)]
pub struct List {
    pub entries: Vec<Entry>,
    /// Wrong lines, each with the reason. The file of a wrong line is not among the entries.
    pub wrong: Vec<(usize, String)>,
    /// Options that haul does not have and that do not change the download: the line of the first one, by name.
    pub passed_over: BTreeMap<String, usize>,
}

/// One file of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    pub url: String,
    pub mirrors: Vec<String>,
    pub directory: Option<FilePath>,
    /// Below the directory.
    pub name: Option<FilePath>,
    pub digests: Vec<ExpectedDigest>,
    /// Each as `Name: value`.
    pub headers: Vec<String>,
    pub connections: Option<u32>,
    pub max_rate: Option<u64>,
    pub min_rate: Option<u64>,
    pub retries: Option<u32>,
    pub overwrite: bool,
    split: Option<u32>,
    per_server: Option<u32>,
}

impl Entry {
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }
}

impl List {
    /// The messages about wrong lines and ignored options of the list that is called `title`.
    pub fn remarks(&self, title: &str) -> impl Iterator<Item = String> {
        let wrong = self.wrong.iter().map(move |(line, reason)| format!("{title}: line {line}: {reason}"));
        wrong.chain(self.passed_over.iter().map(move |(option, line)| {
            format!("{title}: line {line}: the option {option} is passed over; haul has none like it")
        }))
    }
}

/// Reads every line. A wrong one spoils its own file only.
pub fn parse(text: &str) -> List {
    let mut list = List::default();
    // The present file, unless one of its lines is wrong.
    let mut present: Option<Entry> = None;
    let mut is_first = true;
    for (line, number) in text.lines().zip(1..) {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if !line.starts_with([' ', '\t']) {
            list.entries.extend(present.take().map(options::settled));
            is_first = false;
            match entry(trimmed) {
                Ok(entry) => present = Some(entry),
                Err(reason) => list.wrong.push((number, reason)),
            }
        } else if is_first {
            list.wrong.push((number, "an option stands before the first URL".into()));
        } else if let Some(entry) = &mut present {
            match option(trimmed).and_then(|(name, value)| Ok((name, options::apply(entry, name, value)?))) {
                Ok((_, options::Applied::Used)) => {}
                Ok((name, options::Applied::PassedOver)) => {
                    list.passed_over.entry(name.into()).or_insert(number);
                }
                Err(reason) => {
                    list.wrong.push((number, reason));
                    present = None;
                }
            }
        }
    }
    list.entries.extend(present.map(options::settled));
    list
}

fn entry(line: &str) -> Result<Entry, String> {
    let mut words = line.split('\t').map(str::trim).filter(|word| !word.is_empty());
    let mut entry = Entry::new(url(words.next().unwrap_or_default())?);
    while let Some(word) = words.next() {
        if is_http(word) {
            entry.mirrors.push(word.into());
        } else if words.clone().next().is_none() && !may_be_url(word) {
            entry.name = Some(name(word)?);
        } else {
            return Err(not_a_url(word));
        }
    }
    Ok(entry)
}

fn url(text: &str) -> Result<&str, String> {
    if is_http(text) { Ok(text) } else { Err(not_a_url(text)) }
}

fn not_a_url(text: &str) -> String {
    format!(
        "{} is no http or https URL; mirrors stand after tabs, and a name is out=NAME on a line of its own that begins with a space",
        quoted(text)
    )
}

/// Whether the text begins like an absolute http or https URL.
fn is_http(url: &str) -> bool {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) && !rest.is_empty()
}

/// A name below the directory, without empty and `.` parts.
///
/// # Errors
///
/// The name leads out of the directory, or is that of a side file.
fn name(text: &str) -> Result<FilePath, String> {
    let parts: Vec<_> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if text.starts_with('/') || text.ends_with('/') || parts.is_empty() || parts.contains(&"..") {
        return Err(format!("the name {} leads out of the directory; write a name below it", named(text)));
    }
    if is_side_file(text) {
        return Err(format!("the name {} is that of a partial file or journal; write another one", named(text)));
    }
    Ok(parts.join("/").into())
}

fn option(text: &str) -> Result<(&str, &str), String> {
    let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let parts = text.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
    parts.filter(|(name, _)| is_word(name)).ok_or_else(|| {
        // Text that is not a plain word may be part of a URL or header, with a password, and is not shown.
        let about = if is_word(text) { format!("'{text}'") } else { "it".into() };
        format!("{about} is no option; write name=value, and URLs at the beginning of a line")
    })
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::values::checksum;

    #[test]
    fn a_plain_list_has_one_url_a_line() {
        let list = parse("# mirror\nhttp://h/a\r\n\nhttp://h/b?c=d\n  # more\nhttp://h/c\tsub/./c.iso\n");
        let third = Entry { name: Some("sub/c.iso".into()), ..Entry::new("http://h/c") };
        assert_eq!(list.entries, [Entry::new("http://h/a"), Entry::new("http://h/b?c=d"), third]);
        assert_eq!((list.wrong, list.passed_over), (vec![], BTreeMap::new()));
    }

    #[test]
    fn a_list_has_files_mirrors_and_options() {
        let hex = "00112233445566778899aabbccddeeff".repeat(2);
        let text = format!(
            "# images\n\
             http://h/a.iso\thttp://m/a.iso\thttps://n/a.iso\r\n\
             \x20 dir=/srv/images\r\n\
             \tout=sub/first.iso\n\
             \x20checksum=sha-256={hex}\n\
             \x20header=Cookie: a=b\n\
             \x20header=X-Two: 2\n\
             \x20user-agent=browser\n\
             \x20referer=http://h/\n\
             \x20max-download-limit=2M\n\
             \x20max-tries=4\n\
             \x20allow-overwrite=true\n\
             \n\
             http://h/b.iso\n"
        );
        let list = parse(&text);
        let first = Entry {
            mirrors: ["http://m/a.iso", "https://n/a.iso"].map(String::from).into(),
            directory: Some("/srv/images".into()),
            name: Some("sub/first.iso".into()),
            digests: vec![checksum(&hex).unwrap()],
            headers: ["Cookie: a=b", "X-Two: 2", "User-Agent: browser", "Referer: http://h/"].map(String::from).into(),
            max_rate: Some(2 << 20),
            retries: Some(4),
            overwrite: true,
            ..Entry::new("http://h/a.iso")
        };
        assert_eq!(list.entries, [first, Entry::new("http://h/b.iso")]);
        assert_eq!((list.wrong, list.passed_over), (vec![], BTreeMap::new()));
    }

    #[test]
    fn connections_are_limited_by_split_and_by_servers() {
        let connections = |options: &str, mirrors: &str| {
            let text = format!("http://h/a{mirrors}\n{options}");
            parse(&text).entries.remove(0).connections
        };
        assert_eq!(connections("", ""), None);
        assert_eq!(connections(" split=8\n", ""), Some(8));
        assert_eq!(connections(" split=8\n max-connection-per-server=3\n", ""), Some(3));
        assert_eq!(connections(" max-connection-per-server=3\n split=8\n", "\thttp://m/a"), Some(6));
        assert_eq!(connections(" max-connection-per-server=2\n", ""), Some(2));
    }

    #[test]
    fn an_option_without_effect_is_named_once() {
        let list =
            parse("http://h/a\n file-allocation=none\nhttp://h/b\n file-allocation=none\n gid=1\n continue=true\n");
        assert_eq!(list.passed_over, [("file-allocation".into(), 2), ("gid".into(), 5)].into());
        assert_eq!(parse("http://h/a\n max-download-limit=0\n dry-run=false\n").passed_over, [].into());
    }

    #[test]
    fn a_wrong_line_spoils_its_own_file_only() {
        let list = parse("http://h/a\nftp://h/b\n out=b\nhttp://h/c\n out=../c\n gid=1\nhttp://h/d\n");
        assert_eq!(list.entries, [Entry::new("http://h/a"), Entry::new("http://h/d")]);
        let lines: Vec<_> = list.wrong.iter().map(|(line, _)| *line).collect();
        assert_eq!((lines, list.passed_over), (vec![2, 5], [].into()));
    }

    #[test]
    fn a_wrong_line_is_told_without_secrets() {
        for (text, line, hint) in [
            (" out=x\nhttp://h/a", 1, "an option stands before the first URL"),
            ("http://h/a\nftp://h/b\n", 2, "'ftp://h/b' is no http or https URL"),
            ("http://h/a\thttp:/m/a\thttp://n/a\n", 1, "is no http or https URL"),
            ("http://h/a\tftp://user:secret@m/a\n", 1, "is no http or https URL"),
            ("magnet:?xt=urn:btih:secret\n", 1, "'magnet:'"),
            ("http://h/a\n out\n", 2, "'out' is no option; write name=value"),
            ("http://h/a\n Authorization: Basic secret=\n", 2, "it is no option"),
            (
                "http://h/a\n http://h/b?c=d\n",
                2,
                "it is no option; write name=value, and URLs at the beginning of a line",
            ),
            ("http://h/a\n https://user:secret@h/b\n", 2, "it is no option"),
            ("http://h/a\tuser:secret@m/b\n", 1, "'m/b' is no http or https URL"),
            ("http://h/a\n out=https://user:secret@h/b\n", 2, "out= takes a path, not a URL"),
            ("http://h/a\n dir=https://user:secret@h/b\n", 2, "dir= takes a path, not a URL"),
            ("http://h/a\n out=../user:secret@h\n", 2, "the name h leads out of the directory"),
            ("http://h/a\n\n out=../x\n", 3, "the name ../x leads out of the directory"),
            ("http://h/a\n out=/etc/passwd\n", 2, "leads out of the directory"),
            ("http://h/a\n out=a/../../x\n", 2, "leads out of the directory"),
            ("http://h/a\n out=a/\n", 2, "leads out of the directory"),
            ("http://h/a\n out=\n", 2, "leads out of the directory"),
            ("http://h/a\t../x", 1, "leads out of the directory"),
            ("http://h/a\n out=x.iso.part\n", 2, "the name x.iso.part is that of a partial file or journal"),
            ("http://h/a\t.haul/key\n", 1, "that of a partial file or journal"),
            ("http://h/a\tx.HAUL.New\n", 1, "that of a partial file or journal"),
            ("http://h/a\tx.haul.plain\n", 1, "that of a partial file or journal"),
            ("http://h/a\n checksum=sha-256=00\n", 2, "64 hexadecimal digits"),
            ("http://h/a\n checksum=sha-224=00\n", 2, "the algorithm is sha256"),
            ("http://h/a\n header=Cookie\n", 2, "Name: value"),
            ("http://h/a\n split=0\n", 2, "a number, 1 or more"),
            ("http://h/a\n max-download-limit=fast\n", 2, "bytes per second"),
            ("http://h/a\n allow-overwrite=yes\n", 2, "true or false"),
            ("http://h/a\n http-passwd=secret\n", 2, "http-passwd would be missed; write header=Authorization"),
            ("http://h/a\n all-proxy=http://p:1\n", 2, "all-proxy would be missed"),
            ("http://h/a\n dry-run=true\n", 2, "leave it out"),
            ("http://h/{a,b}\n parameterized-uri=true\n", 2, "write out each URL"),
        ] {
            let list = parse(text);
            let [(number, told)] = &list.wrong[..] else { panic!("{text}: {list:?}") };
            assert!(*number == line && told.contains(hint) && !told.contains("secret"), "{text}: {told}");
        }
        assert!(parse("http://h/a\tx.party").wrong.is_empty());
    }
}
