//! The options of aria2: one table with the grammar, the place and the treatment of each.

mod grammar;
mod table;

use std::collections::BTreeMap;

use serde_json::Value;

use self::grammar::Grammar;
use self::table::OPTIONS;

/// An option.
pub struct Descriptor {
    name: &'static str,
    grammar: Grammar,
    scope: Scope,
    treatment: Treatment,
    /// The value that aria2 and haul report if none was set.
    default: Option<&'static str>,
}

/// The calls that can set an option, as in aria2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// New downloads, downloads that are there, and all later ones.
    All,
    /// The same; a running download need not be restarted for it.
    Live,
    /// New downloads and downloads that are there.
    Download,
    /// New downloads and all later ones.
    Start,
    /// New downloads only.
    New,
    /// All later downloads, or the daemon.
    Global,
}

/// The effect of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Treatment {
    /// haul acts upon it.
    Use,
    /// It is reported and has no effect: neither the bytes nor their place depend on it.
    Keep,
    /// Only `false`, which asks for nothing, is accepted.
    OffOnly,
    /// Every value is refused: it would write a file, or download something else.
    Refuse,
}

/// The call that sets options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A new download.
    Add,
    /// A change of a download that waits.
    Change,
    /// A change of a download that runs.
    ChangeActive,
    /// A change of the global options.
    Global,
}

/// The value of this option does not fit its grammar, or haul refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

/// Options by name, each in the form in which it is reported.
pub type Options = BTreeMap<String, String>;

/// Reads the options of a call. As in aria2, unknown options, options that the call cannot set, and values that are no texts are ignored.
///
/// # Errors
///
/// The first option that is refused.
pub fn read(given: &serde_json::Map<String, Value>, call: Call) -> Result<Options, Refused> {
    let mut options = Options::new();
    for (name, value) in given {
        let Some(known) = find(name).filter(|known| known.scope.includes(call)) else { continue };
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Array(texts) if known.grammar.takes_list() => {
                texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
            }
            _ => continue,
        };
        options.insert(name.clone(), known.read(&text)?);
    }
    Ok(options)
}

/// Reads one option from a file or a command line. `None` if aria2 has no such option for this call.
///
/// # Errors
///
/// The option is refused.
pub fn read_text(name: &str, text: &str, call: Call) -> Result<Option<String>, Refused> {
    find(name).filter(|known| known.scope.includes(call)).map(|known| known.read(text)).transpose()
}

/// Reads an option of the daemon from a command line, in the form in which it is reported. `None` if it has no effect on a daemon.
///
/// # Errors
///
/// In words, if the value does not fit.
pub fn read_option(name: &str, text: &str) -> Result<Option<String>, String> {
    // For all new downloads.
    let call = if name == "pause" { Call::Add } else { Call::Global };
    read_text(name, text, call).map_err(|Refused(name)| format!("--{name}: the value cannot be used"))
}

/// Whether a change of this option restarts a running download.
pub fn restarts(name: &str) -> bool {
    find(name).is_some_and(|known| known.treatment == Treatment::Use && known.scope != Scope::Live)
}

/// The value of an option if none was set.
pub fn default(name: &str) -> Option<&'static str> {
    find(name)?.default
}

/// All options of a download, with the defaults of those that were not set.
pub fn of_download(set: &Options) -> Options {
    reported(set, |known| known.scope != Scope::Global && known.scope != Scope::New)
}

/// All global options, with the defaults of those that were not set.
pub fn global(set: &Options) -> Options {
    reported(set, |known| !matches!(known.scope, Scope::New | Scope::Download))
}

/// The global options that a new download begins with.
pub fn inherited(global: &Options) -> Options {
    let passes = |name: &str| find(name).is_some_and(|known| !matches!(known.scope, Scope::Global | Scope::New));
    global.iter().filter(|(name, _)| passes(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn reported(set: &Options, belongs: impl Fn(&Descriptor) -> bool) -> Options {
    let known = OPTIONS.iter().filter(|known| belongs(known));
    let value = |known: &Descriptor| set.get(known.name).cloned().or_else(|| known.default.map(Into::into));
    known.filter_map(|known| Some((known.name.to_owned(), value(known)?))).collect()
}

fn find(name: &str) -> Option<&'static Descriptor> {
    OPTIONS.iter().find(|known| known.name == name)
}

impl Scope {
    const fn includes(self, call: Call) -> bool {
        match call {
            Call::Add => !matches!(self, Self::Global),
            Call::Change | Call::ChangeActive => matches!(self, Self::All | Self::Live | Self::Download),
            Call::Global => !matches!(self, Self::New | Self::Download),
        }
    }
}

impl Descriptor {
    /// The value as it is reported.
    fn read(&self, text: &str) -> Result<String, Refused> {
        let refused = || Refused(self.name.into());
        let value = self.grammar.read(text).ok_or_else(refused)?;
        match self.treatment {
            Treatment::Use | Treatment::Keep => Ok(value),
            Treatment::OffOnly if value == "false" => Ok(value),
            Treatment::OffOnly | Treatment::Refuse => Err(refused()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_all(given: &Value, call: Call) -> Result<Options, Refused> {
        read(given.as_object().unwrap(), call)
    }

    #[test]
    fn values_are_reported_in_one_form() {
        let given = json!({
            "max-download-limit": "20K", "continue": "", "header": ["A: b", "C: d"], "checksum": "md5=00000000000000000000000000000000",
            "all-proxy": "h:8080", "split": "3", "timeout": "7", "bogus": "x", "max-concurrent-downloads": "9", "reuse-uri": true,
            "min-split-size": 3, "rpc-secret": "x",
        });
        let expected = [
            ("all-proxy", "http://h:8080/"),
            ("checksum", "md5=00000000000000000000000000000000"),
            ("continue", "true"),
            ("header", "A: b\nC: d\n"),
            ("max-download-limit", "20480"),
            ("split", "3"),
            ("timeout", "7"),
        ];
        let expected: Options = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(read_all(&given, Call::Add), Ok(expected));
    }

    #[test]
    fn a_value_that_does_not_fit_names_its_option() {
        for (name, value) in [
            ("split", "abc"),
            ("split", "0"),
            ("max-connection-per-server", "99"),
            ("continue", "yes"),
            ("max-download-limit", "1X"),
            ("max-download-limit", "1G"),
            ("file-allocation", "zzz"),
            ("checksum", "crc=00"),
            ("checksum", "sha-1=00"),
            ("min-split-size", "0"),
            ("all-proxy", "::::"),
            ("out", "../../x"),
            ("out", "/etc/passwd"),
            ("out", "a\0b"),
            ("out", "a.part"),
            ("header", "A: b\r\nEvil: c"),
            ("dry-run", "true"),
            ("select-file", "1"),
            ("user-agent", "a\nb"),
        ] {
            assert_eq!(read_all(&json!({name: value}), Call::Add), Err(Refused(name.into())), "{name}={value}");
        }
        for name in ["log", "save-cookies", "server-stat-of"] {
            assert_eq!(read_all(&json!({name: "/tmp/x"}), Call::Global), Err(Refused(name.into())), "{name}");
        }
    }

    #[test]
    fn options_that_a_call_cannot_set_are_ignored() {
        let given = json!({"gid": "1", "pause": "true", "piece-length": "1M", "out": "new", "on-download-complete": "/bin/true"});
        assert_eq!(read_all(&given, Call::Change).unwrap().into_keys().collect::<Vec<_>>(), ["out"]);
        assert_eq!(read_all(&given, Call::Global).unwrap().into_keys().collect::<Vec<_>>(), ["piece-length"]);
    }

    #[test]
    fn whatever_is_reported_is_accepted_again() {
        for (reported, call) in [(of_download(&Options::new()), Call::Add), (global(&Options::new()), Call::Global)] {
            let given = reported.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
            let read = read(&given, call).unwrap();
            assert!(read.iter().all(|(name, value)| reported.get(name) == Some(value)), "{read:?}");
        }
    }
}
