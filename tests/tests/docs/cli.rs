//! `docs/reference/cli.md`: all options of the command, and no others.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use haul_tests::page::repository;
use haul_tests::process::built;

/// The words that begin with two dashes, without punctuation.
fn options(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let options = words.filter(|word| word.starts_with("--") && word.len() > 2 && !word.starts_with("---"));
    options.map(str::to_owned).collect()
}

fn help(words: &[&str]) -> String {
    let output = Command::new(built("haul")).args(words).arg("--help").output().unwrap();
    assert!(output.status.success(), "{words:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The subcommands that the help lists.
fn commands(help: &str) -> Vec<String> {
    let (_, list) = help.split_once("\nCommands:\n").unwrap();
    // A description goes on in lines that are indented further.
    let lines = list.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.strip_prefix("  "));
    let names = lines.filter(|line| !line.starts_with(' ')).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn the_page_has_every_option() {
    let page = options(&fs::read_to_string(repository().join("docs/reference/cli.md")).unwrap());
    let mut helps: Vec<_> = ["get", "errors", "completions", "man"].map(|command| help(&[command])).into();
    helps.extend(commands(&help(&["jobs"])).iter().map(|command| help(&["jobs", command])));
    helps.extend([help(&[]), help(&["jobs"])]);
    let known = helps.iter().flat_map(|help| options(help)).collect::<BTreeSet<_>>();
    let missing: Vec<_> = known.difference(&page).filter(|option| *option != "--help").collect();
    assert!(missing.is_empty(), "{missing:?}");
    // An alias that the help hides.
    let unknown: Vec<_> = page.difference(&known).filter(|option| *option != "--cert").collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
