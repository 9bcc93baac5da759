//! One option of the command lines, as a row of the table.

use alloc::format;
use alloc::string::String;

use crate::arguments::Arguments;

/// An option: its names, its value, its help, and its effect.
pub struct Opt {
    /// The name behind two dashes. Messages and contradictions use it.
    pub long: &'static str,
    pub short: Option<char>,
    /// Other names, as help lists them.
    pub aliases: &'static [&'static str],
    /// Other names that help leaves out.
    pub hidden_aliases: &'static [&'static str],
    pub value: Value,
    /// One sentence or two, for every help.
    pub help: &'static str,
    /// Further facts, for manual pages and the reference.
    pub more: &'static str,
    /// The value if the option is not given, as text; empty if there is none, or if the help explains it.
    pub default: &'static str,
    /// The names of options that cannot be given with this one.
    pub conflicts: &'static [&'static str],
    /// The names of options that must be given with this one.
    pub requires: &'static [&'static str],
    pub place: Place,
    /// Whether the short help has it.
    pub is_usual: bool,
    /// Puts a value into its field; a flag has no value, and gets empty text. An error is the form to write instead.
    pub set: fn(&mut Arguments, Word<'_>) -> Result<(), String>,
}

/// A row without content, for the fields that an option leaves out.
pub const OPTION: Opt = Opt {
    long: "",
    short: None,
    aliases: &[],
    hidden_aliases: &[],
    value: Value::Flag,
    help: "",
    more: "",
    default: "",
    conflicts: &[],
    requires: &[],
    place: Place::Both,
    is_usual: false,
    set: |_, _| Ok(()),
};

/// The value of an option or operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// No value.
    Flag,
    /// No value; each time counts.
    Count,
    One(&'static str, Kind),
    /// Several values: repeated, each of them one or more between commas.
    List(&'static str, Kind),
    /// Several values, one each time.
    Repeated(&'static str, Kind),
    /// A value after `=`, or none, which means the second text.
    Optional(&'static str, &'static str, Kind),
}

/// The kind of a value, for completions and messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Text that no message may show.
    Secret,
    File,
    Directory,
    Url,
    /// The display name or id of a job.
    Job,
    /// One of these words.
    Words(&'static [&'static str]),
}

/// The programs that have an option or command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Both,
    /// Not under a stock runtime, for this reason.
    Native(&'static str),
}

impl Value {
    /// The name of the value in help, and its kind.
    pub const fn described(self) -> Option<(&'static str, Kind)> {
        match self {
            Self::Flag | Self::Count => None,
            Self::One(name, kind)
            | Self::List(name, kind)
            | Self::Repeated(name, kind)
            | Self::Optional(name, _, kind) => Some((name, kind)),
        }
    }
}

impl Opt {
    /// The option with its value, as clap and messages name it: `--retries <N>`.
    pub fn title(&self) -> String {
        match self.value {
            Value::Flag | Value::Count => format!("--{}", self.long),
            Value::Optional(name, ..) => format!("--{}[=<{name}>]", self.long),
            Value::One(name, _) | Value::List(name, _) | Value::Repeated(name, _) => {
                format!("--{} <{name}>", self.long)
            }
        }
    }

    /// All names behind two dashes.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.long].into_iter().chain(self.aliases.iter().copied()).chain(self.hidden_aliases.iter().copied())
    }

    /// Whether messages must not show the value.
    pub fn is_secret(&self) -> bool {
        matches!(self.value.described(), Some((_, Kind::Secret)))
    }
}

/// A word of a command line: bytes, usually text.
#[derive(Clone, Copy)]
pub struct Word<'a>(pub &'a [u8]);

impl<'a> Word<'a> {
    /// # Errors
    ///
    /// The word is not UTF-8.
    pub fn text(self) -> Result<&'a str, String> {
        str::from_utf8(self.0).map_err(|_| "write text in UTF-8".into())
    }

    /// # Errors
    ///
    /// The word is not UTF-8.
    pub fn string(self) -> Result<String, String> {
        self.text().map(Into::into)
    }
}
