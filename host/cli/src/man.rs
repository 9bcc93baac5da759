//! `haul man`: manual pages on a terminal, as text, or as files.

mod pager;
mod sections;

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use clap::Command;
use haul_queue::Outcome;
use haul_queue::redaction::{quoted, titled};

use crate::arguments::{self, Man};
use crate::exit::Refusal;

pub fn run(man: &Man) -> Outcome {
    let mut command = arguments::command().disable_help_subcommand(true);
    command.build();
    let written = match &man.dir {
        Some(directory) => all(&command, directory),
        None => one(&command, &man.words),
    };
    written.map_or_else(Refusal::tell, |()| Outcome::AllTransferred)
}

/// Shows the page of the command that `words` name.
fn one(command: &Command, words: &[String]) -> Result<(), Refusal> {
    let found = words.iter().try_fold(command, |command, word| {
        let unknown =
            || Refusal::Misuse(format!("there is no command {}", quoted(&format!("haul {}", words.join(" ")))));
        command.find_subcommand(word).ok_or_else(unknown)
    })?;
    let page = page(found).map_err(|error| Refusal::Failed(error.to_string()))?;
    if io::stdout().is_terminal() && pager::show(&page) {
        return Ok(());
    }
    // The reader may close the pipe early, as `head` does; that is not an error.
    let _ = io::stdout().lock().write_all(&page);
    Ok(())
}

/// Writes a page for each command.
fn all(command: &Command, directory: &Path) -> Result<(), Refusal> {
    let made = fs::create_dir_all(directory).and_then(|()| write_below(command, directory));
    made.map_err(|error| Refusal::Failed(format!("{} cannot be written to: {error}", titled(directory))))
}

fn write_below(command: &Command, directory: &Path) -> io::Result<()> {
    let name = clap_mangen::Man::new(command.clone()).get_filename();
    fs::write(directory.join(name), page(command)?)?;
    command.get_subcommands().filter(|command| !command.is_hide_set()).try_for_each(|one| write_below(one, directory))
}

/// A page in roff: the sections that clap knows, and those of [`sections`].
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    sections::of(&name.replace('-', " ")).to_writer(&mut page)?;
    Ok(page)
}
