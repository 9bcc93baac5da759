//! Options from the configuration file and from variables. The command line has precedence over variables, and these over the file.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use haul_command::arguments::Arguments;
use haul_command::command::Command;
use haul_command::environment::{apply, variable};
use haul_command::option::Opt;
use haul_command::suggestion::nearest;
use haul_command::table::HAUL;
use haul_command::terminal::escaped;
use haul_queue::Outcome;
use haul_queue::redaction::titled;
use serde::Serialize;
use toml::{Table, Value};

use crate::exit::Refusal;
use crate::{output, report};

/// An option that the file or a variable sets.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    pub option: &'static str,
    /// As text, one for each value; hidden if it may be a secret.
    pub values: Vec<String>,
    /// The file, or the name of the variable.
    pub source: String,
}

/// The configuration file of the user.
pub struct File {
    path: PathBuf,
    table: Table,
}

impl File {
    /// `haul/config.toml` in `$XDG_CONFIG_HOME` or `~/.config`. Without the file nothing is set.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or has a mistake.
    pub fn of_user() -> Result<Self, String> {
        let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = absolute("XDG_CONFIG_HOME").or_else(|| Some(absolute("HOME")?.join(".config")));
        let Some(home) = home else { return Ok(Self { path: PathBuf::new(), table: Table::new() }) };
        let path = home.join("haul/config.toml");
        let text = match fs::read_to_string(&path) {
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => String::new(),
            read => read.map_err(|error| format!("{} cannot be read: {error}", titled(&path)))?,
        };
        let table = text.parse().map_err(|error: toml::de::Error| {
            // The parser's text has an excerpt of the file, which may be a secret.
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            format!("{}: line {line}: {}", titled(&path), error.message())
        })?;
        let file = Self { path, table };
        file.check(&HAUL, &file.table).map_err(|wrong| file.named(&wrong))?;
        Ok(file)
    }

    fn named(&self, wrong: &str) -> String {
        format!("{}: {wrong}", titled(&self.path))
    }

    /// Refuses keys that are neither an option of the command, or of one below it, nor a command below it.
    fn check(&self, command: &'static Command, table: &Table) -> Result<(), String> {
        for (key, value) in table {
            match (value, command.find(key)) {
                (Value::Table(below), Some(found)) => self.check(found, below)?,
                _ if has_option(command, key) => {}
                _ => {
                    let known = names(command);
                    let hint = nearest(key, known).map_or_else(String::new, |known| format!("; did you mean {known}?"));
                    return Err(format!("there is no option {key}{hint}"));
                }
            }
        }
        Ok(())
    }

    /// The values of an option for the command with this name, such as `["jobs", "run"]`. A table of a command goes before those above it.
    fn values(&self, command: &[&str], option: &Opt) -> Vec<&Value> {
        let mut table = &self.table;
        let mut found = table.get(option.long);
        for name in command {
            let Some(Value::Table(below)) = table.get(*name) else { break };
            table = below;
            found = table.get(option.long).or(found);
        }
        match found {
            Some(Value::Array(values)) => values.iter().collect(),
            Some(Value::Table(_)) | None => Vec::new(),
            Some(value) => vec![value],
        }
    }
}

fn has_option(command: &'static Command, key: &str) -> bool {
    names(command).contains(&key)
}

/// The options of a command and of those below it.
fn names(command: &'static Command) -> Vec<&'static str> {
    let own = command.options().map(|option| option.long);
    own.chain(command.commands.iter().flat_map(names)).collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// Applies the file, if there is one, and the variables to `options` of a command.
///
/// # Errors
///
/// The key or the variable with a wrong value.
pub fn read(
    file: Option<&File>,
    command: &[&str],
    options: impl Iterator<Item = &'static Opt>,
    arguments: &mut Arguments,
) -> Result<Vec<Setting>, String> {
    let mut settings = Vec::new();
    for option in options {
        let name = variable(option);
        let shown = |text: &str| if option.is_secret() { "...".to_owned() } else { text.to_owned() };
        if let Some(text) = env::var_os(&name).filter(|text| !text.is_empty()) {
            let values = vec![shown(&text.to_string_lossy())];
            apply(option, &text.into_vec(), arguments).map_err(|wrong| format!("{name}: {wrong}"))?;
            settings.push(Setting { option: option.long, values, source: name });
            continue;
        }
        let Some(file) = file else { continue };
        let mut values = Vec::new();
        for value in file.values(command, option) {
            let wrong = |wrong: String| file.named(&format!("{}: {wrong}", option.long));
            let text = text(value).ok_or_else(|| wrong("write text, a number, true or false".into()))?;
            apply(option, text.as_bytes(), arguments).map_err(wrong)?;
            values.push(shown(&text));
        }
        if !values.is_empty() {
            settings.push(Setting { option: option.long, values, source: titled(&file.path) });
        }
    }
    Ok(settings)
}

/// A setting as JSON.
#[derive(Serialize)]
struct Line<'a> {
    command: &'a str,
    option: &'a str,
    values: &'a [String],
    source: &'a str,
}

/// Shows the settings of each command, with their sources.
pub fn show(json: bool) -> Outcome {
    match File::of_user().and_then(|file| of_all(&file)) {
        Ok(lines) => {
            for (command, Setting { option, values, source }) in &lines {
                match json {
                    true => report::print(&Line { command, option, values, source }),
                    false => {
                        output::write(&format!("{command} --{option} {}  ({source})\n", escaped(&values.join(", "))))
                    }
                }
            }
            Outcome::AllTransferred
        }
        Err(wrong) => Refusal::Misuse(wrong).tell(),
    }
}

fn of_all(file: &File) -> Result<Vec<(String, Setting)>, String> {
    let mut lines = Vec::new();
    let mut commands: Vec<(Vec<&str>, &'static Command, &[&'static Opt])> = vec![(Vec::new(), &HAUL, &[])];
    while let Some((names, command, inherited)) = commands.pop() {
        let options = command.options().chain(inherited.iter().copied());
        let settings = read(Some(file), &names, options, &mut Arguments::default())?;
        lines.extend(settings.into_iter().map(|setting| (names.join(" "), setting)));
        let below = command.commands.iter().rev();
        commands.extend(below.map(|one| ([&names[..], &[one.name]].concat(), one, command.inherited)));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn file(text: &str) -> Result<File, String> {
        let file = File { path: Path::new("config.toml").into(), table: text.parse().unwrap() };
        file.check(&HAUL, &file.table).map_err(|wrong| file.named(&wrong))?;
        Ok(file)
    }

    fn settings(text: &str, command: &[&str]) -> Result<(Arguments, Vec<Setting>), String> {
        let file = file(text)?;
        let found = command.iter().try_fold(&HAUL, |command, name| command.find(name)).unwrap();
        let mut arguments = Arguments::default();
        let settings = read(Some(&file), command, found.options(), &mut arguments)?;
        Ok((arguments, settings))
    }

    #[test]
    fn a_table_of_a_command_goes_before_those_above_it() {
        let text =
            "retries = 3\nquiet = true\nheader = ['A: b', 'C: d']\n[get]\nretries = 4\n[jobs.run]\nlimit-rate = '2M'\n";
        let (get, settings_of_get) = settings(text, &["get"]).unwrap();
        assert_eq!((get.retries, get.quiet, get.headers), (4, true, vec!["A: b".to_owned(), "C: d".to_owned()]));
        let values: Vec<_> = settings_of_get.iter().map(|setting| (setting.option, setting.values.join(" "))).collect();
        assert_eq!(values, [("header", "... ...".to_owned()), ("retries", "4".into()), ("quiet", "true".into())]);
        let (run, _) = settings(text, &["jobs", "run"]).unwrap();
        assert!(run.quiet && run.limit_rate.is_some());
    }

    #[test]
    fn a_mistake_is_named_without_secrets() {
        for (text, told) in [
            ("retires = 3", "config.toml: there is no option retires; did you mean retries?"),
            ("[get]\nsuspended = true", "config.toml: there is no option suspended"),
            ("[gte]\nretries = 3", "config.toml: there is no option gte"),
            ("retries = 'x'", "config.toml: retries: 'x': write a number, in digits"),
            ("retries = 1979-05-27", "config.toml: retries: write text, a number, true or false"),
            ("header = 'secret'", "config.toml: header: write 'Name: value', or @FILE"),
        ] {
            let refused = settings(text, &["get"]).unwrap_err();
            assert!(refused.starts_with(told) && !refused.contains("secret"), "{text}: {refused}");
        }
    }
}
