//! `haul jobs`

mod add;
mod input_file;
mod live;
mod query;
mod render;
mod run;
mod settings;
mod watch;

use haul_queue::{
    Action, Answer, Client, CommandError, JobView, Location, NewJob, Outcome, Request, Selection, Settings,
};

use self::render::Renderer;
use crate::arguments::jobs::{Command, Create, Jobs, Set};
use crate::exit;

pub async fn run(jobs: Jobs) -> Outcome {
    try_run(jobs).await.unwrap_or_else(|error| exit::report(&error))
}

async fn try_run(jobs: Jobs) -> Result<Outcome, CommandError> {
    let location = match jobs.common.state_dir {
        Some(directory) => Location::new(directory),
        None => Location::of_user()?,
    };
    let renderer = Renderer::new(jobs.common.json);
    if let Command::Run(run) = &jobs.command {
        return run::run(&location, run, renderer.json).await;
    }
    let mut client = Client::new(location);
    let outcome = carry_out(&mut client, jobs.command, &renderer).await;
    client.release().await;
    outcome
}

async fn carry_out(client: &mut Client, command: Command, renderer: &Renderer) -> Result<Outcome, CommandError> {
    let request = match command {
        Command::Add(add) => return add::add(client, *add, renderer).await,
        Command::List(listed) => return query::list(client, listed.selection(), renderer).await,
        Command::Show(show) => return query::show(client, &show, renderer).await,
        Command::Files(listed) => return query::files(client, listed.selection(), renderer).await,
        Command::Errors(listed) => return query::errors(client, listed.selection(), renderer).await,
        Command::Watch(watch) => return watch::watch(client, &watch, renderer.json).await,
        Command::Create(options) => return create(client, options, renderer).await,
        other => change(other)?,
    };
    let (jobs, outcome) = succeeded(client.ask(&request).await?.jobs()?);
    renderer.changed(&jobs);
    Ok(outcome)
}

/// The request that changes existing jobs.
fn change(command: Command) -> Result<Request, CommandError> {
    let act = |jobs, action| Ok(Request::Act { jobs, action });
    match command {
        Command::Set(set) => change_settings(set),
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

fn change_settings(set: Set) -> Result<Request, CommandError> {
    let settings = settings::settled(set.settings)?;
    if settings.is_empty() {
        return Err(CommandError::misuse(
            "nothing is to be changed; name one of the options of 'haul jobs set --help'",
        ));
    }
    Ok(Request::Set { jobs: set.chosen.selection(), settings })
}

async fn create(client: &mut Client, options: Create, renderer: &Renderer) -> Result<Outcome, CommandError> {
    let mut settings = settings::settled(options.settings)?;
    settings.display_name = options.name.or(settings.display_name);
    let request = Request::Create { jobs: vec![NewJob { settings, files: Vec::new(), resume: false }] };
    let (jobs, outcome) = succeeded(client.ask(&request).await?.jobs()?);
    renderer.made(&jobs);
    Ok(outcome)
}

/// The jobs for which the request succeeded. Errors of others are printed at once; the outcome is the worst of them.
fn succeeded(answers: Vec<Answer>) -> (Vec<JobView>, Outcome) {
    let mut outcome = Outcome::AllTransferred;
    let mut jobs = Vec::with_capacity(answers.len());
    for answer in answers {
        match answer {
            Answer::Job(job) => jobs.push(*job),
            Answer::Error(error) => outcome = outcome.max(exit::report(&error)),
        }
    }
    (jobs, outcome)
}
