//! `haul man`

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::{Command, CommandFactory};
use haul_queue::Outcome;
use haul_queue::redaction::{quoted, titled};

use crate::arguments::{Arguments, Man};
use crate::exit::Refusal;

pub fn run(man: &Man) -> Outcome {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let written = match &man.dir {
        Some(directory) => all(command, directory),
        None => one(&command, &man.words),
    };
    written.map_or_else(Refusal::tell, |()| Outcome::AllTransferred)
}

/// Prints the page of the command that `words` name.
fn one(command: &Command, words: &[String]) -> Result<(), Refusal> {
    let found = words.iter().try_fold(command, |command, word| {
        let unknown =
            || Refusal::Misuse(format!("there is no command {}", quoted(&format!("haul {}", words.join(" ")))));
        command.find_subcommand(word).ok_or_else(unknown)
    })?;
    let mut page = Vec::new();
    clap_mangen::Man::new(found.clone()).render(&mut page).map_err(|error| Refusal::Failed(error.to_string()))?;
    // The reader may close the pipe early, as `head` does; that is not an error.
    let _ = io::stdout().lock().write_all(&page);
    Ok(())
}

/// Writes a page for each command.
fn all(command: Command, directory: &Path) -> Result<(), Refusal> {
    let made = fs::create_dir_all(directory).and_then(|()| clap_mangen::generate_to(command, directory));
    made.map_err(|error| Refusal::Failed(format!("{} cannot be written to: {error}", titled(directory))))
}
