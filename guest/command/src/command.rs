//! One command of the command lines, with its options and operands.

use alloc::string::String;

use crate::arguments::Arguments;
use crate::option::{Opt, Place, Value, Word};

/// A command.
pub struct Command {
    pub id: Id,
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    /// One sentence, without a period.
    pub about: &'static str,
    /// Further paragraphs, for the whole help and the manual page.
    pub more: &'static str,
    pub operands: &'static [Operand],
    pub groups: &'static [Group],
    /// Options that every command below this one takes too.
    pub inherited: &'static [&'static Opt],
    pub commands: &'static [Command],
    pub examples: &'static [Example],
    pub place: Place,
}

/// A command without content, for the fields that a command leaves out.
pub const COMMAND: Command = Command {
    id: Id::Haul,
    name: "",
    aliases: &[],
    about: "",
    more: "",
    operands: &[],
    groups: &[],
    inherited: &[],
    commands: &[],
    examples: &[],
    place: Place::Both,
};

/// The identity of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    Haul,
    Get,
    Config,
    Errors,
    Completions,
    Man,
    Jobs,
    Create,
    Add,
    List,
    Show,
    Files,
    Watch,
    Set,
    Priority,
    Suspend,
    Resume,
    Complete,
    Cancel,
    JobErrors,
    Run,
    Reset,
    LimitRate,
}

/// Options under a heading of the help.
pub struct Group {
    /// Empty for options that stand under no heading of their own.
    pub heading: &'static str,
    /// A fact about all of them, for the reference.
    pub more: &'static str,
    pub options: &'static [&'static Opt],
}

/// A word that is not an option.
pub struct Operand {
    /// Its name in help, such as `URL`.
    pub name: &'static str,
    pub help: &'static str,
    pub value: Value,
    /// Whether it must be given, unless one of `instead` is.
    pub required: bool,
    /// The names of options that are given in its place.
    pub instead: &'static [&'static str],
    /// The names of options that cannot be given with it.
    pub conflicts: &'static [&'static str],
    /// Whether a word with a hyphen and digits is a negative number.
    pub negative: bool,
    pub set: fn(&mut Arguments, Word<'_>) -> Result<(), String>,
}

/// An operand without content, for the fields that an operand leaves out.
pub const OPERAND: Operand = Operand {
    name: "",
    help: "",
    value: Value::Flag,
    required: true,
    instead: &[],
    conflicts: &[],
    negative: false,
    set: |_, _| Ok(()),
};

/// A command line and its purpose.
pub struct Example {
    pub purpose: &'static str,
    pub command: &'static str,
}

impl Command {
    /// The options of the command itself, without those of the commands above it.
    pub fn options(&self) -> impl Iterator<Item = &'static Opt> {
        let grouped = self.groups.iter().flat_map(|group| group.options.iter().copied());
        grouped.chain(self.inherited.iter().copied())
    }

    /// The command below this one with that name.
    pub fn find(&'static self, name: &str) -> Option<&'static Self> {
        self.commands.iter().find(|command| command.name == name || command.aliases.contains(&name))
    }
}
