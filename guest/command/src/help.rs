//! The text of `--help` under a stock runtime.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::command::{Command, Group, Id};
use crate::option::{Opt, Place, Value};

/// The column of the descriptions, so that most names stand before it.
const COLUMN: usize = 27;

/// The longest line, fixed because a component cannot learn the width of its terminal.
const WIDTH: usize = 100;

/// The help for a command.
pub fn text(command: &Command) -> String {
    let mut text = format!("{}.\n", command.about);
    if !command.more.is_empty() {
        text += &format!("\n{}", command.more.split('\n').map(|line| wrapped(line, 0, 0)).collect::<String>());
    }
    text += &format!("\nUsage: haul.wasm{}{}\n", above(command), operands(command));
    let commands = command.commands.iter().filter(|command| command.place == Place::Both);
    let commands = commands.map(|command| row(command.name.into(), command.about)).collect::<String>();
    if !commands.is_empty() {
        text += &format!("\nCommands:\n{commands}");
    }
    let described = command.operands.iter().map(|operand| row(operand.name.into(), operand.help));
    text += &format!("\n{}", described.collect::<String>());
    command.groups.iter().for_each(|group| text += &options(group));
    let own = [Group { heading: "", more: "", options: command.inherited }];
    own.iter().for_each(|group| text += &options(group));
    text += &row("-h, --help".into(), "Print help");
    if command.id == Id::Get {
        text += "\nGrant each directory that files go to: wasmtime run -S http --dir DIR haul.wasm get ...\n";
    }
    text
}

fn above(command: &Command) -> String {
    match command.id {
        Id::Haul => " COMMAND".into(),
        Id::Get | Id::Errors | Id::Completions | Id::Man => format!(" {} [OPTIONS]", command.name),
        Id::Jobs => " jobs [OPTIONS] COMMAND".into(),
        _ => format!(" jobs {} [OPTIONS]", command.name),
    }
}

fn operands(command: &Command) -> String {
    let operand = |name: &str, required: bool, value: Value| {
        let dots = if matches!(value, Value::Repeated(..)) { "..." } else { "" };
        if required { format!(" <{name}>{dots}") } else { format!(" [{name}]{dots}") }
    };
    let operands = command.operands.iter();
    operands.map(|one| operand(one.name, one.required && one.instead.is_empty(), one.value)).collect()
}

/// The options of a group that the component has.
fn options(group: &Group) -> String {
    let known: Vec<_> = group.options.iter().filter(|option| option.place == Place::Both).collect();
    if known.is_empty() {
        return String::new();
    }
    let heading = if group.heading.is_empty() { String::new() } else { format!("\n{}:\n", group.heading) };
    heading + &known.into_iter().map(|option| row(names(option), &described(option))).collect::<String>()
}

fn names(option: &Opt) -> String {
    let short = option.short.map_or_else(|| "    ".into(), |letter| format!("-{letter}, "));
    match option.value.described() {
        Some((value, _)) if matches!(option.value, Value::Optional(..)) => {
            format!("{short}--{}[={value}]", option.long)
        }
        Some((value, _)) => format!("{short}--{} {value}", option.long),
        None => format!("{short}--{}", option.long),
    }
}

/// The help of an option, with its default, its words and its other names.
pub fn described(option: &Opt) -> String {
    use crate::option::Kind;
    let default = if option.default.is_empty() { String::new() } else { format!(" [default: {}]", option.default) };
    let words = match option.value.described() {
        Some((_, Kind::Words(words))) => format!(" [values: {}]", words.join(", ")),
        _ => String::new(),
    };
    let aliases: Vec<_> = option.aliases.iter().map(|alias| format!("--{alias}")).collect();
    let aliases = if aliases.is_empty() { String::new() } else { format!(" [alias: {}]", aliases.join(", ")) };
    format!("{}{default}{words}{aliases}", option.help)
}

/// A name and its description, which starts in its column unless the name is too long.
fn row(name: String, text: &str) -> String {
    let first = format!("  {name}");
    let pad = COLUMN.saturating_sub(first.chars().count()).max(2);
    let used = first.chars().count() + pad;
    format!("{first}{:pad$}{}", "", wrapped(text, used, COLUMN))
}

/// The text in lines that end before [`WIDTH`]. The first one starts at column `used`, the others at `indent`.
fn wrapped(text: &str, used: usize, indent: usize) -> String {
    let mut lines = String::new();
    let mut column = used;
    let mut is_first = true;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if !is_first && column + 1 + length > WIDTH {
            lines += &format!("\n{:indent$}", "");
            column = indent;
        } else if !is_first {
            lines.push(' ');
            column += 1;
        }
        lines += word;
        column += length;
        is_first = false;
    }
    lines + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::HAUL;

    #[test]
    fn help_has_the_options_of_the_component_within_the_width() {
        let get = text(HAUL.find("get").unwrap());
        for part in [
            "  -o, --output FILE        Name of the file",
            "[default: 10]",
            "wrong-usage",
            "Usage: haul.wasm get [OPTIONS] [URL]...",
        ] {
            assert!(get.contains(part), "{part}: {get}");
        }
        let jobs = HAUL.find("jobs").unwrap();
        assert!(!text(jobs).contains("watch") && text(jobs).contains("suspend"));
        assert!(!text(jobs.find("run").unwrap()).contains("--schedule"));
        for command in HAUL.commands.iter().chain(jobs.commands) {
            let long = text(command).lines().find(|line| line.chars().count() > WIDTH).map(String::from);
            assert_eq!(long, None, "{}", command.name);
        }
    }
}
