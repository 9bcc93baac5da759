//! `jobs`: the queue, which is stored in a directory between runs.

mod arguments;
mod changing;
mod looking;
mod naming;
mod running;

use alloc::format;
use alloc::string::String;

use haul_core::engine::Settings;
use haul_core::failure::Cause;
use haul_core::job::Refused;
use haul_core::settings::network::Network;

use self::arguments::{Action, Jobs};
pub use self::arguments::{HELP, parse};
use super::{coded, titled};
use crate::shell::{Directories, Driver, Shell};

/// The owner of the jobs: the host itself.
const CALLER: &str = "";

pub fn run(jobs: &Jobs) -> Result<(), ()> {
    let mut settings = Settings::default();
    if let Action::Run(run) = &jobs.action {
        settings.max_running = run.jobs.map_or(settings.max_running, |jobs| jobs as usize);
        (settings.max_rate, settings.max_per_origin) = (run.limit_rate, run.max_per_origin);
    } else {
        // Only `run` downloads.
        settings.max_running = 0;
    }
    let network = if let Action::Run(run) = &jobs.action { run.network } else { Network::default() };
    // If the ledger is damaged, its unreadable end is set aside and this command fails. It has changed nothing; the next command continues
    // with the rest.
    let directories = Directories { state: Some(&jobs.state_directory), records: None };
    let mut shell = match Shell::open(settings, Driver::default(), network, directories) {
        Ok(shell) => shell,
        Err(cause) => return super::fail(&format!("{}: {}", titled(&jobs.state_directory), coded(cause))),
    };
    let outcome = match &jobs.action {
        Action::Create(create) => changing::create(&mut shell, create, jobs.json),
        Action::Add(add) => changing::add(&mut shell, add, jobs.json),
        Action::List => looking::list(&mut shell, jobs.json),
        Action::Show(which) => looking::show(&mut shell, which, jobs.json),
        Action::Errors(which) => looking::errors(&mut shell, which, jobs.json),
        Action::Change(change, which) => changing::change(&mut shell, *change, which, jobs.json),
        Action::Run(run) => running::run(&mut shell, run, jobs.json),
    };
    shell.close();
    if let Err(Problem::Told(text)) = &outcome {
        let _ = super::fail(text);
    }
    outcome.map_err(|_| ())
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
