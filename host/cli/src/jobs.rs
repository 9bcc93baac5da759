//! `haul jobs`: the queue at a prompt.

mod add;
mod board;
mod desk;
mod execute;
pub mod file;
mod input_file;
mod looking;
mod place;
mod problem;
pub mod protocol;
mod queue;
mod run;
pub mod settings;
mod shown;
mod socket;
mod view;
mod watch;
pub mod words;

use std::process::ExitCode;

use self::place::Place;
use self::problem::Problem;
use self::protocol::{Action, NewJob, Request, Selection, Told};
use self::queue::Queue;
use self::settings::Settings;
use self::shown::Shown;
use self::view::JobView;
use crate::arguments::jobs::{Command, Create, Jobs, Set};
use crate::exit::Outcome;

pub async fn run(jobs: Jobs) -> ExitCode {
    let place = match Place::new(jobs.common.state_dir.as_deref()) {
        Ok(place) => place,
        Err(problem) => return problem.tell().into(),
    };
    let shown = Shown::new(jobs.common.json);
    if let Command::Run(run) = &jobs.command {
        return run::run(&place, run, shown.json).await.unwrap_or_else(|problem| problem.tell().into());
    }
    let mut queue = Queue::new(place);
    let outcome = carry_out(&mut queue, jobs.command, &shown).await;
    queue.release().await;
    outcome.unwrap_or_else(|problem| problem.tell()).into()
}

async fn carry_out(queue: &mut Queue, command: Command, shown: &Shown) -> Result<Outcome, Problem> {
    let request = match command {
        Command::Add(add) => return add::add(queue, *add, shown).await,
        Command::List(listed) => return looking::list(queue, listed.selection(), shown).await,
        Command::Show(show) => return looking::show(queue, &show, shown).await,
        Command::Files(listed) => return looking::files(queue, listed.selection(), shown).await,
        Command::Errors(listed) => return looking::errors(queue, listed.selection(), shown).await,
        Command::Watch(watch) => return watch::watch(queue, &watch, shown.json).await,
        Command::Create(create) => return make(queue, create, shown).await,
        other => change(other)?,
    };
    let (jobs, outcome) = told(queue.ask(&request).await?.jobs()?);
    shown.changed(&jobs);
    Ok(outcome)
}

/// What is done to jobs that are there.
fn change(command: Command) -> Result<Request, Problem> {
    let act = |jobs, action| Ok(Request::Act { jobs, action });
    match command {
        Command::Set(set) => told_more(set),
        Command::Priority(set) => {
            let settings = Settings { priority: Some(set.level), ..Settings::default() };
            Ok(Request::Set { jobs: set.chosen.selection(), settings })
        }
        Command::Suspend(chosen) => act(chosen.selection(), Action::Suspend),
        Command::Resume(chosen) => act(chosen.selection(), Action::Resume),
        Command::Complete(complete) if complete.partial => act(complete.chosen.selection(), Action::CompletePartially),
        Command::Complete(complete) => act(complete.chosen.selection(), Action::Complete),
        Command::Cancel(chosen) => act(chosen.selection(), Action::Cancel),
        _ => act(Selection::All, Action::Cancel),
    }
}

fn told_more(mut set: Set) -> Result<Request, Problem> {
    set.settings.settle()?;
    if set.settings.is_empty() {
        return Err(Problem::misuse("nothing is to be changed; name one of the options of 'haul jobs set --help'"));
    }
    Ok(Request::Set { jobs: set.chosen.selection(), settings: set.settings })
}

async fn make(queue: &mut Queue, create: Create, shown: &Shown) -> Result<Outcome, Problem> {
    let mut settings = create.settings;
    settings.settle()?;
    settings.display_name = create.name.or(settings.display_name);
    let request = Request::Create { jobs: vec![NewJob { settings, files: Vec::new(), resume: false }] };
    let (jobs, outcome) = told(queue.ask(&request).await?.jobs()?);
    shown.made(&jobs);
    Ok(outcome)
}

/// The jobs that something could be done to; what the others come to is said at once.
fn told(told: Vec<Told>) -> (Vec<JobView>, Outcome) {
    let mut outcome = Outcome::AllTransferred;
    let mut jobs = Vec::with_capacity(told.len());
    for told in told {
        match told {
            Told::Job(job) => jobs.push(*job),
            Told::Problem(problem) => outcome = outcome.max(problem.tell()),
        }
    }
    (jobs, outcome)
}
