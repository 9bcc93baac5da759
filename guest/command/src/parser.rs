//! The parser of the component's command lines. The native command has clap, which is built from the same table.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use getargs::{Arg, Options};

use crate::arguments::Arguments;
use crate::command::{Command, Id, Operand};
use crate::environment;
use crate::option::{Opt, Place, Value, Word};
use crate::redaction::quoted;
use crate::suggestion::nearest;
use crate::table::HAUL;

/// A command line that is right.
#[derive(Debug, PartialEq)]
pub enum Parsed {
    Run(Id, Arguments),
    /// The text of the help.
    Help(String),
    Version,
}

/// The values of variables.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// # Errors
///
/// The mistake in the command line or in a variable, and the correct form.
pub fn parse(words: &[&str], environment: Environment<'_>) -> Result<Parsed, String> {
    match words.split_first() {
        None => Err("no command given".into()),
        Some((&("--version" | "-V"), _)) => Ok(Parsed::Version),
        Some((&("--help" | "-h" | "help"), rest)) => {
            let command = rest.iter().try_fold(&HAUL, |command, word| subcommand(command, word))?;
            Ok(Parsed::Help(crate::help::text(command)))
        }
        Some((word, _)) if is_url(word) => parse_command(subcommand(&HAUL, "get")?, words, environment),
        Some((name, rest)) => parse_command(subcommand(&HAUL, name)?, rest, environment),
    }
}

/// Whether the first word of a command line is a URL, which means `get`.
pub fn is_url(word: &str) -> bool {
    let (scheme, rest) = word.split_once("://").unwrap_or_default();
    matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") && !rest.is_empty()
}

/// The commands at the start of a command line, such as `haul jobs add`, for a hint to their help.
pub fn command_typed(program: &str, words: &[&str]) -> String {
    commands(words).iter().fold(String::from(program), |typed, command| format!("{typed} {}", command.name))
}

fn commands(words: &[&str]) -> Vec<&'static Command> {
    let mut found = Vec::new();
    let mut command = &HAUL;
    for word in words {
        let Some(below) = command.find(word) else { break };
        found.push(below);
        command = below;
    }
    found
}

fn parse_command(command: &'static Command, words: &[&str], environment: Environment<'_>) -> Result<Parsed, String> {
    let mut line = Line::new(command, environment)?;
    let (negative, words): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| line.is_negative(word));
    let mut options = Options::new(words.into_iter());
    while let Some(argument) = options.next_arg().map_err(|error| error.to_string())? {
        let option = match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Parsed::Help(crate::help::text(line.command))),
            Arg::Positional(word) => {
                line.word(word)?;
                continue;
            }
            Arg::Short(letter) => line.find(|option| option.short == Some(letter)),
            Arg::Long(name) => line.find(|option| option.names().any(|known| known == name)),
        };
        let option = option.ok_or_else(|| line.unknown(&argument.to_string()))?;
        let value = match option.value {
            Value::Flag | Value::Count => "",
            Value::Optional(_, missing, _) => options.value_opt().unwrap_or(missing),
            _ => options.value().map_err(|error| error.to_string())?,
        };
        line.set(option, value)?;
    }
    negative.into_iter().try_for_each(|word| line.word(word))?;
    line.finish()
}

fn nearest_below(command: &'static Command, typed: &str) -> Option<&'static str> {
    nearest(typed, command.commands.iter().flat_map(|one| [one.name].into_iter().chain(one.aliases.iter().copied())))
}

fn subcommand(command: &'static Command, name: &str) -> Result<&'static Command, String> {
    command.find(name).ok_or_else(|| {
        let hint = nearest_below(command, name).map_or_else(String::new, |known| format!("; did you mean '{known}'?"));
        let of = if command.id == Id::Haul { String::new() } else { format!(" of '{}'", command.name) };
        format!("unknown command {}{of}{hint}", quoted(name))
    })
}

/// A command line, as far as it was read.
struct Line<'a> {
    command: &'static Command,
    /// Options of the commands above.
    inherited: Vec<&'static Opt>,
    given: Vec<&'static Opt>,
    words: Vec<&'a str>,
    environment: Environment<'a>,
    arguments: Arguments,
}

impl<'a> Line<'a> {
    fn new(command: &'static Command, environment: Environment<'a>) -> Result<Self, String> {
        let (inherited, given, words) = (Vec::new(), Vec::new(), Vec::new());
        let mut line = Self { command, inherited, given, words, environment, arguments: Arguments::default() };
        line.begin()?;
        Ok(line)
    }

    /// Begins a command. Its variables count unless the option was given already, in front of the command.
    fn begin(&mut self) -> Result<(), String> {
        self.check_place()?;
        let is_open = |option: &&'static Opt| option.place == Place::Both && !self.is_given(option.long);
        let options: Vec<_> = self.options().filter(is_open).collect();
        environment::read(options.into_iter(), self.environment, &mut self.arguments)
    }

    fn check_place(&self) -> Result<(), String> {
        match self.command.place {
            Place::Both => Ok(()),
            Place::Native(reason) => Err(format!("'{}' needs the native haul: {reason}", self.command.name)),
        }
    }

    /// Whether the word is a number with a hyphen, which is not an option for this command.
    fn is_negative(&self, word: &str) -> bool {
        let digits = word.strip_prefix('-').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        digits && self.command.operands.iter().any(|operand| operand.negative)
    }

    fn options(&self) -> impl Iterator<Item = &'static Opt> {
        self.command.options().chain(self.inherited.iter().copied())
    }

    fn find(&self, is_meant: impl Fn(&Opt) -> bool) -> Option<&'static Opt> {
        self.options().find(|option| is_meant(option))
    }

    fn unknown(&self, typed: &str) -> String {
        let name = typed.trim_start_matches('-');
        let hint = nearest(name, self.options().flat_map(Opt::names)).filter(|_| typed.starts_with("--"));
        let hint = hint.map_or_else(String::new, |known| format!("; did you mean '--{known}'?"));
        format!("unknown option {}{hint}", quoted(typed))
    }

    /// Takes an operand, or the name of a command below this one.
    fn word(&mut self, word: &'a str) -> Result<(), String> {
        if self.command.commands.is_empty() {
            self.words.push(word);
            return Ok(());
        }
        self.inherited.extend(self.command.inherited);
        self.command = subcommand(self.command, word)?;
        self.begin()
    }

    fn set(&mut self, option: &'static Opt, value: &str) -> Result<(), String> {
        if let Place::Native(reason) = option.place {
            return Err(format!("--{} needs the native haul: {reason}", option.long));
        }
        let wrong = |reason| match option.is_secret() {
            true => format!("invalid value '...' for '{}': {reason}", option.title()),
            false => format!("invalid value {} for '{}': {reason}", quoted(value), option.title()),
        };
        (option.set)(&mut self.arguments, Word(value.as_bytes())).map_err(wrong)?;
        self.given.push(option);
        Ok(())
    }

    fn is_given(&self, name: &str) -> bool {
        self.given.iter().any(|option| option.long == name)
    }

    fn finish(mut self) -> Result<Parsed, String> {
        if !self.command.commands.is_empty() {
            return Err(format!("'{}' needs a command, such as {}", self.command.name, self.command.commands[0].name));
        }
        for option in &self.given {
            if let Some(other) = option.conflicts.iter().find(|other| self.is_given(other)) {
                return Err(format!("--{} and --{other} contradict each other", option.long));
            }
            if let Some(other) = option.requires.iter().find(|other| !self.is_given(other)) {
                return Err(format!("--{} needs --{other}", option.long));
            }
        }
        self.operands()?;
        Ok(Parsed::Run(self.command.id, self.arguments))
    }

    fn operands(&mut self) -> Result<(), String> {
        let mut words = core::mem::take(&mut self.words).into_iter().peekable();
        for operand in self.command.operands {
            if words.peek().is_none() {
                self.check_missing(operand)?;
                continue;
            }
            if let Some(other) = operand.conflicts.iter().find(|other| self.is_given(other)) {
                return Err(format!("{} and --{other} contradict each other", operand.name));
            }
            let most = if matches!(operand.value, Value::Repeated(..)) { usize::MAX } else { 1 };
            for word in words.by_ref().take(most) {
                let wrong = |reason| format!("invalid value {} for '<{}>': {reason}", quoted(word), operand.name);
                (operand.set)(&mut self.arguments, Word(word.as_bytes())).map_err(wrong)?;
            }
        }
        match words.next() {
            Some(word) => Err(format!("unexpected argument {}", quoted(word))),
            None => Ok(()),
        }
    }

    fn check_missing(&self, operand: &Operand) -> Result<(), String> {
        if !operand.required || operand.instead.iter().any(|other| self.is_given(other)) {
            return Ok(());
        }
        let instead = operand.instead.iter().map(|other| format!(" or --{other}")).collect::<String>();
        Err(format!("'{}' needs {}{instead}", self.command.name, operand.name))
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn run(line: &str) -> (Id, Arguments) {
        let words: Vec<_> = line.split_whitespace().collect();
        match parse(&words, &|_| None) {
            Ok(Parsed::Run(id, arguments)) => (id, arguments),
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn options_have_several_forms() {
        let expected = Arguments {
            urls: vec!["http://h/a".into()],
            output: Some("x".into()),
            retries: 3,
            quiet: true,
            ..Arguments::default()
        };
        for line in [
            "get http://h/a -o x --retries 3 -q",
            "get -qox --retries=3 http://h/a",
            "get --output=x --quiet --retries 3 -- http://h/a",
            "get --out x -q --retries 9 --retries 3 http://h/a",
        ] {
            assert_eq!(run(line), (Id::Get, expected.clone()), "{line}");
        }
    }

    #[test]
    fn commands_have_aliases_and_inherit_options() {
        let named = Arguments {
            jobs: vec!["a".into(), "b".into()],
            state_directory: Some("q".into()),
            json: true,
            ..Arguments::default()
        };
        for line in ["jobs --state-dir q pause a b --json", "jobs suspend --json a --state-dir q b"] {
            assert_eq!(run(line), (Id::Suspend, named.clone()), "{line}");
        }
        let (id, arguments) = run("jobs priority high a");
        assert_eq!((id, arguments.priority.as_deref(), arguments.jobs), (Id::Priority, Some("high"), vec!["a".into()]));
        assert_eq!(run("jobs set a --keep-going").1.keep_going, Some(true));
        assert_eq!(run("jobs set a --keep-going=no").1.keep_going, Some(false));
    }

    #[test]
    fn the_hint_names_the_command() {
        for (words, typed) in [(&["jobs", "ls", "x"][..], "haul jobs list"), (&["x"], "haul"), (&[], "haul")] {
            assert_eq!(command_typed("haul", words), typed);
        }
        assert_eq!((nearest_below(&HAUL, "gte"), nearest_below(&HAUL, "zzzz")), (Some("get"), None));
    }

    #[test]
    fn a_url_alone_is_for_get() {
        assert_eq!(run("http://h/a -q"), run("get http://h/a -q"));
    }

    #[test]
    fn the_command_line_goes_before_variables() {
        let variables = [("HAUL_RETRIES", "3"), ("HAUL_STATE_DIR", "s"), ("HAUL_PROXY", "p"), ("HAUL_WATCH", "x")];
        let environment =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).into());
        let run = |words: &[&str]| match parse(words, &environment) {
            Ok(Parsed::Run(_, arguments)) => arguments,
            other => panic!("{words:?}: {other:?}"),
        };
        let get = run(&["get", "u"]);
        assert_eq!((get.retries, get.state_directory, get.proxy), (3, Some("s".into()), None));
        assert_eq!(run(&["get", "u", "--retries", "4"]).retries, 4);
        assert_eq!(run(&["jobs", "--state-dir", "q", "run"]).state_directory, Some("q".into()));
        assert_eq!(run(&["jobs", "run", "--state-dir", "q"]).state_directory, Some("q".into()));
    }

    #[test]
    fn a_negative_number_is_a_code() {
        assert_eq!(run("errors -2133843949 --json").1.code.as_deref(), Some("-2133843949"));
        assert_eq!(run("errors").1.code, None);
    }

    #[test]
    fn mistakes_are_named() {
        for (line, hint) in [
            ("", "no command given"),
            ("gte", "unknown command 'gte'; did you mean 'get'?"),
            ("jobs lsit", "unknown command 'lsit' of 'jobs'; did you mean 'list'?"),
            ("jobs", "'jobs' needs a command"),
            ("get", "'get' needs URL or --input or --metalink"),
            ("get --ouput x", "unknown option '--ouput'; did you mean '--output'?"),
            ("get -i l -o x", "--output and --input contradict each other"),
            ("get u --pieces p --range 0-1", "--pieces and --range contradict each other"),
            ("get u --check-revocation", "--check-revocation needs --crl"),
            ("get u --retries x", "invalid value 'x' for '--retries <N>': write a number, in digits"),
            ("get u -H secret", "invalid value '...' for '--header <HEADER>': write 'Name: value', or @FILE"),
            ("get u -o https://user:secret@h/a", "invalid value 'https://h/a' for '--output <FILE>': write a path"),
            ("jobs set a --schedule x", "unknown option '--schedule'"),
            ("jobs run --schedule x", "--schedule needs the native haul: the clock of WASI 0.2 knows no local time"),
            ("jobs watch", "'watch' needs the native haul: while a component runs"),
            ("jobs run job", "unexpected argument 'job'"),
            ("jobs cancel", "'cancel' needs JOB or --all"),
            ("jobs cancel a --all", "JOB and --all contradict each other"),
            ("errors a b", "unexpected argument 'b'"),
        ] {
            let words: Vec<_> = line.split_whitespace().collect();
            let told = parse(&words, &|_| None).unwrap_err();
            assert!(told.contains(hint) && !told.contains("secret"), "{line}: {told}");
        }
    }
}
