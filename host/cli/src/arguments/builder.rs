//! clap's commands and arguments, one for each row of the table.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use clap::builder::{OsStringValueParser, PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, ValueHint};
use haul_command::arguments::Arguments;
use haul_command::command::{Command, Id, Operand};
use haul_command::option::{Kind, Opt, Value, Word};
use haul_command::parser::is_url;
use haul_command::table::HAUL;
use haul_command::table::output::NO_CONFIG;

use super::Serve;
use super::fleet::Fleet;
use crate::configuration::{self, File};

/// Every command of `haul`. The table has those that the component may have too.
pub fn command() -> clap::Command {
    let others = [Serve::augment_args(clap::Command::new("serve")), Fleet::augment_args(clap::Command::new("fleet"))];
    build(&HAUL).version(env!("CARGO_PKG_VERSION")).subcommands(others)
}

fn build(known: &'static Command) -> clap::Command {
    let mut command = clap::Command::new(known.name).about(known.about).visible_aliases(known.aliases);
    if !known.more.is_empty() {
        command = command.long_about(format!("{}.\n\n{}", known.about, known.more));
    }
    let names: Vec<_> =
        known.options().map(|option| option.long).chain(known.operands.iter().map(|one| one.name)).collect();
    command = command.args(known.operands.iter().map(|operand| {
        operand_of(operand)
            .required_unless_present_any(here(operand.instead, &names))
            .conflicts_with_all(here(operand.conflicts, &names))
    }));
    // The other commands have few options.
    let hides_unusual = known.id == Id::Get;
    for group in known.groups {
        let heading = (!group.heading.is_empty()).then_some(group.heading);
        command = add_options(command.next_help_heading(heading), group.options, &names, hides_unusual);
    }
    command = command.next_help_heading(None::<&str>);
    command = command.args(known.inherited.iter().map(|option| argument(option, false).global(true)));
    let is_group = !known.commands.is_empty();
    command = command.subcommand_required(is_group).arg_required_else_help(is_group);
    command.args_override_self(true).subcommands(known.commands.iter().map(build))
}

/// Adds options, in a command with these and `others`.
pub fn add_options(
    command: clap::Command,
    options: &[&'static Opt],
    others: &[&'static str],
    hides_unusual: bool,
) -> clap::Command {
    let names: Vec<_> = options.iter().map(|option| option.long).chain(others.iter().copied()).collect();
    command.args(options.iter().map(|option| {
        let argument = argument(option, hides_unusual).conflicts_with_all(here(option.conflicts, &names));
        here(option.requires, &names).into_iter().fold(argument, |argument, other| argument.requires(other))
    }))
}

/// Those of `others` that the command has. Options contradict options of other commands too, which clap does not know here.
fn here(others: &[&'static str], names: &[&'static str]) -> Vec<&'static str> {
    others.iter().copied().filter(|other| names.contains(other)).collect()
}

fn argument(option: &'static Opt, hides_unusual: bool) -> Arg {
    let default = if option.default.is_empty() { String::new() } else { format!(" [default: {}]", option.default) };
    let help = format!("{}{default}", option.help);
    let more = if option.more.is_empty() { String::new() } else { format!(". {}", option.more) };
    let argument = Arg::new(option.long)
        .long(option.long)
        .short(option.short)
        .visible_aliases(option.aliases)
        .aliases(option.hidden_aliases)
        .long_help(format!("{help}{more}"))
        .hide_short_help(!option.is_usual && hides_unusual)
        .help(help);
    valued(argument, option.value, option.set)
}

fn operand_of(operand: &'static Operand) -> Arg {
    let argument = Arg::new(operand.name).help(operand.help).allow_negative_numbers(operand.negative);
    valued(argument, operand.value, operand.set).required(operand.required && operand.instead.is_empty())
}

fn valued(argument: Arg, value: Value, set: Set) -> Arg {
    let Some((name, kind)) = value.described() else {
        let action = if value == Value::Count { ArgAction::Count } else { ArgAction::SetTrue };
        return argument.action(action);
    };
    let argument = argument.value_name(name).value_parser(Checked { kind, set }).value_hint(hint(kind));
    match value {
        Value::List(..) => argument.action(ArgAction::Append).value_delimiter(',').allow_hyphen_values(true),
        Value::Repeated(..) => argument.action(ArgAction::Append),
        Value::Optional(_, missing, _) => argument.num_args(0..=1).require_equals(true).default_missing_value(missing),
        _ => argument.action(ArgAction::Set),
    }
}

const fn hint(kind: Kind) -> ValueHint {
    match kind {
        Kind::File => ValueHint::FilePath,
        Kind::Directory => ValueHint::DirPath,
        Kind::Url => ValueHint::Url,
        _ => ValueHint::Other,
    }
}

/// The function of a row that takes a value.
type Set = fn(&mut Arguments, Word<'_>) -> Result<(), String>;

/// The check of a value: the function of its row takes it, for nothing.
#[derive(Clone)]
struct Checked {
    kind: Kind,
    set: Set,
}

impl TypedValueParser for Checked {
    type Value = OsString;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<OsString, clap::Error> {
        let set = self.set;
        let checked = move |value: OsString| set(&mut Arguments::default(), Word(value.as_bytes())).map(|()| value);
        OsStringValueParser::new().try_map(checked).parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        match self.kind {
            Kind::Words(words) => Some(Box::new(words.iter().map(PossibleValue::new))),
            _ => None,
        }
    }
}

/// # Errors
///
/// The command line is wrong, or asks for help.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<ArgMatches, clap::Error> {
    command().try_get_matches_from(completed(words))
}

/// The command of the table, and its arguments.
///
/// # Errors
///
/// The configuration file or a variable has a mistake.
pub fn arguments(parsed: &ArgMatches) -> Result<(Id, Arguments), clap::Error> {
    let mut arguments = preset(parsed).map_err(|wrong| clap::Error::raw(ErrorKind::InvalidValue, wrong))?;
    let (mut known, mut matches) = (&HAUL, parsed);
    let mut inherited: &[&Opt] = &[];
    loop {
        known.options().chain(inherited.iter().copied()).for_each(|option| take(option, matches, &mut arguments));
        for operand in known.operands {
            take_values(operand.name, operand.set, matches, &mut arguments);
        }
        let Some((name, below)) = matches.subcommand() else { return Ok((known.id, arguments)) };
        let Some(found) = known.find(name) else { return Ok((known.id, arguments)) };
        (inherited, known, matches) = (known.inherited, found, below);
    }
}

/// The words with `get` before a URL that is alone.
fn completed(words: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<_> = words.into_iter().collect();
    if words.get(1).and_then(|word| word.to_str()).is_some_and(is_url) {
        words.insert(1, "get".into());
    }
    words
}

/// The arguments that the configuration file and variables give to the command.
fn preset(parsed: &ArgMatches) -> Result<Arguments, String> {
    let mut arguments = Arguments::default();
    let (mut known, mut matches, mut names, mut inherited) = (&HAUL, parsed, Vec::new(), &HAUL.inherited);
    while let Some((found, below)) = matches.subcommand().and_then(|(name, below)| Some((known.find(name)?, below))) {
        names.push(found.name);
        (inherited, known, matches) = (&known.inherited, found, below);
    }
    let without_file = matches.try_get_one::<bool>(NO_CONFIG.long).ok().flatten().copied().unwrap_or_default();
    let takes_options = known.options().next().is_some() || !inherited.is_empty();
    let file = if without_file || !takes_options { None } else { Some(File::of_user()?) };
    configuration::read(file.as_ref(), &names, known.options().chain(inherited.iter().copied()), &mut arguments)?;
    Ok(arguments)
}

/// The values of these options.
pub fn taken(options: &[&Opt], matches: &ArgMatches) -> Arguments {
    let mut arguments = Arguments::default();
    options.iter().for_each(|option| take(option, matches, &mut arguments));
    arguments
}

fn take(option: &Opt, matches: &ArgMatches, arguments: &mut Arguments) {
    let times = match option.value {
        Value::Flag => u8::from(matches.get_flag(option.long)),
        Value::Count => matches.get_count(option.long),
        _ => return take_values(option.long, option.set, matches, arguments),
    };
    for _ in 0..times {
        let _ = (option.set)(arguments, Word(b""));
    }
}

/// Each value was checked while it was parsed.
fn take_values(name: &str, set: Set, matches: &ArgMatches, arguments: &mut Arguments) {
    for value in matches.get_many::<OsString>(name).into_iter().flatten() {
        let _ = set(arguments, Word(value.as_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use haul_command::table::examples::FLEET;
    use haul_queue::Selection;

    use super::*;
    use crate::arguments::{self, jobs};

    #[test]
    fn a_url_alone_is_for_get() {
        assert!(matches!(parsed("https://h/a -q"), arguments::Command::Get(get) if get.said.volume.quiet));
    }

    fn parsed(line: &str) -> arguments::Command {
        let words = ["haul"].into_iter().chain(line.split_whitespace()).map(OsString::from);
        arguments::Command::parse(words).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    #[test]
    fn clap_accepts_its_own_commands() {
        command().debug_assert();
    }

    #[test]
    fn values_reach_their_commands() {
        let arguments::Command::Get(get) = parsed("get -qo x --retries 3 --range 0-1,5- --range -2 http://h/a") else {
            panic!("get")
        };
        assert_eq!((get.urls, get.files.output.as_deref()), (vec!["http://h/a".to_owned()], Some(Path::new("x"))));
        assert_eq!((get.pace.retries, get.files.range.len(), get.said.volume.quiet), (3, 3, true));
        for line in ["jobs --json pause a --state-dir q", "jobs suspend --json a --state-dir q"] {
            let arguments::Command::Jobs(jobs) = parsed(line) else { panic!("{line}") };
            assert!(jobs.common.json && jobs.common.state_dir.as_deref() == Some(Path::new("q")), "{line}");
            let jobs::Command::Suspend(chosen) = &jobs.command else { panic!("{line}") };
            assert!(matches!(chosen.selection(), Selection::Named(named) if named == ["a"]), "{line}");
        }
    }

    #[test]
    fn examples_are_valid_command_lines() {
        let digest = "0".repeat(64);
        let mut commands = vec![&HAUL];
        let mut examples = vec![FLEET];
        while let Some(command) = commands.pop() {
            commands.extend(command.commands);
            examples.push(command.examples);
        }
        for example in examples.into_iter().flatten() {
            for part in example.command.split(" && ") {
                let part = part.split(['|', '>']).next().unwrap_or_default();
                let line = part.replace("HEX", &digest).replace("URL", "https://example.com/");
                parsed(line.trim_start_matches("haul "));
            }
        }
    }
}
