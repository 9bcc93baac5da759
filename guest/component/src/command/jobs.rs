//! `jobs`: the queue, which is stored in a directory between runs.

mod changing;
mod looking;
mod naming;
mod running;
mod settings;

use alloc::format;
use alloc::string::String;

use haul_command::arguments::Arguments;
use haul_command::command::Id;
use haul_command::file_path::FilePath;
use haul_core::engine::Settings;
use haul_core::failure::Cause;
use haul_core::job::Refused;

use super::get::limit;
use super::{coded, documents};
use crate::shell::{Directories, Driver, Shell};

/// The owner of the jobs: the host itself.
const CALLER: &str = "";

/// The directory of the queue if none is given.
const STATE_DIRECTORY: &str = ".haul";

pub fn run(command: Id, mut arguments: Arguments) -> Result<(), ()> {
    let mut settings = Settings::default();
    if command == Id::Run {
        settings.max_running = arguments.parallel as usize;
        (settings.max_rate, settings.max_per_origin) = (limit(&arguments), arguments.max_per_origin);
    } else {
        // Only `run` downloads.
        settings.max_running = 0;
    }
    let state = arguments.state_directory.take().unwrap_or_else(|| FilePath::from(STATE_DIRECTORY));
    // If the ledger is damaged, its unreadable end is set aside and this command fails. It has changed nothing; the next command continues
    // with the rest.
    let directories = Directories { state: Some(&state.to_text()), records: None };
    let network = arguments.network.unwrap_or_default();
    let mut shell = match Shell::open(settings, Driver::default(), network, directories) {
        Ok(shell) => shell,
        Err(cause) => return super::fail(&format!("{}: {}", documents::title(&state), coded(cause))),
    };
    let outcome = carry_out(&mut shell, command, &mut arguments);
    shell.close();
    if let Err(Problem::Told(text)) = &outcome {
        let _ = super::fail(text);
    }
    outcome.map_err(|_| ())
}

fn carry_out(shell: &mut Shell, command: Id, arguments: &mut Arguments) -> Result<(), Problem> {
    match command {
        Id::Create => changing::create(shell, arguments),
        Id::Add => changing::add(shell, arguments),
        Id::List => looking::list(shell, arguments),
        Id::Show => looking::show(shell, arguments),
        Id::Files => looking::files(shell, arguments),
        Id::JobErrors => looking::errors(shell, arguments),
        Id::Run => running::run(shell, arguments),
        _ => changing::change(shell, command, arguments),
    }
}

/// The reason a command failed.
enum Problem {
    Told(String),
    /// The error was already printed.
    Said,
}

impl From<Cause> for Problem {
    fn from(cause: Cause) -> Self {
        Self::Told(coded(cause))
    }
}

impl From<Refused> for Problem {
    fn from(Refused { cause, local_name }: Refused) -> Self {
        let about = local_name.map(|path| format!("{path}: ")).unwrap_or_default();
        Self::Told(format!("{about}{}", coded(cause)))
    }
}

impl From<String> for Problem {
    fn from(text: String) -> Self {
        Self::Told(text)
    }
}
