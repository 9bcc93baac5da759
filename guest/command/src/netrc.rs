//! Users and passwords of hosts, in the format of `.netrc`.

use alloc::string::String;
use alloc::vec::Vec;

/// The entries of a file, in its order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Netrc(Vec<Entry>);

#[derive(Clone, Default, PartialEq, Eq)]
struct Entry {
    /// `None` for every host that no entry above names.
    host: Option<String>,
    user: Option<String>,
    password: Option<String>,
}

impl Netrc {
    /// Unknown words are passed over, as curl does. A macro ends at an empty line.
    pub fn parse(text: &str) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let mut lines = text.lines();
        let mut words: Vec<String> = Vec::new();
        let mut is_macro = false;
        while let Some(line) = lines.next() {
            if is_macro {
                is_macro = !line.trim().is_empty();
                continue;
            }
            let read = tokens(line);
            is_macro = read.iter().any(|word| word == "macdef");
            words.extend(read.into_iter().take_while(|word| word != "macdef"));
        }
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match (word.as_str(), entries.last_mut()) {
                ("machine", _) => entries.push(Entry { host: words.next(), ..Entry::default() }),
                ("default", _) => entries.push(Entry::default()),
                ("login", Some(entry)) => entry.user = words.next(),
                ("password", Some(entry)) => entry.password = words.next(),
                ("account", _) => drop(words.next()),
                _ => {}
            }
        }
        Self(entries)
    }

    /// The user and the password for a host.
    pub fn find(&self, host: &str) -> Option<(&str, &str)> {
        let is_of = |entry: &&Entry| entry.host.as_ref().is_none_or(|known| known.eq_ignore_ascii_case(host));
        let found = self.0.iter().find(is_of)?;
        Some((found.user.as_deref()?, found.password.as_deref().unwrap_or_default()))
    }
}

/// The words of a line up to a comment. A word in double quotation marks may have spaces, and `\\` before a character.
fn tokens(line: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '#' {
            break;
        }
        let mut token = String::new();
        let mut characters = rest.char_indices();
        let is_quoted = first == '"' && characters.next().is_some();
        let mut end = rest.len();
        while let Some((at, c)) = characters.next() {
            match c {
                '\\' if is_quoted => token.extend(characters.next().map(|(_, c)| c)),
                '"' if is_quoted => {
                    end = at + 1;
                    break;
                }
                c if !is_quoted && c.is_whitespace() => {
                    end = at;
                    break;
                }
                c => token.push(c),
            }
        }
        tokens.push(token);
        rest = rest[end..].trim_start();
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_the_first_entry_for_it() {
        let text = "# home\nmachine A.example login me password \"p w\\\"d\"\nmacdef init\nmachine m login x\n\n\
                    machine b.example\n  login\n you account z password pw\nmachine c.example login only\n\
                    default login guest password any";
        let netrc = Netrc::parse(text);
        for (host, found) in [
            ("a.example", ("me", "p w\"d")),
            ("b.example", ("you", "pw")),
            ("c.example", ("only", "")),
            ("m", ("guest", "any")),
        ] {
            assert_eq!(netrc.find(host), Some(found), "{host}");
        }
        assert_eq!(Netrc::parse("machine a login me").find("b"), None);
        assert_eq!(Netrc::parse("machine a password p").find("a"), None);
        assert_eq!(Netrc::parse("machine").find(""), None);
    }
}
