//! `haul jobs`

pub mod add;
mod cancel;
mod live;
mod query;
mod render;
mod run;
mod settings;
mod watch;

use haul_queue::{Action, Answer, Client, CommandError, JobView, Limit, Location, NewJob, Outcome, Request, Settings};

use self::render::Renderer;
use crate::arguments::jobs::{Command, Jobs, Set};
use crate::exit;
use crate::output;

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
        Command::List(list) => return query::list(client, &list, renderer).await,
        Command::Show(show) => return query::show(client, &show, renderer).await,
        Command::Files(listed) => return query::files(client, listed.selection(), renderer).await,
        Command::Errors(listed) => return query::errors(client, listed.selection(), renderer).await,
        Command::Watch(watch) => return watch::watch(client, &watch, renderer.json).await,
        Command::Create(settings) => return create(client, settings, renderer).await,
        Command::Cancel(chosen) => return cancel::cancel(client, chosen.selection(), renderer).await,
        Command::Reset(reset) => return cancel::reset(client, &reset, renderer).await,
        Command::LimitRate(limit) => return limit_rate(client, limit).await,
        other => change(other)?,
    };
    let (jobs, outcome) = succeeded(client.ask(&request).await?.jobs()?);
    renderer.changed(&jobs);
    if jobs.is_empty() && outcome == Outcome::AllTransferred {
        output::say(match request {
            Request::Act { action: Action::Complete, .. } => "nothing to complete: no job is transferred",
            _ => "nothing to do: no job of the queue allows this",
        });
    }
    Ok(outcome)
}

/// Limits the rate of the process that runs the queue. The limit ends with it.
async fn limit_rate(client: &mut Client, limit: Limit) -> Result<Outcome, CommandError> {
    if !client.reaches_runner().await? {
        return Err(CommandError::failed("no process runs the queue; give the rate to 'haul jobs run --limit-rate'"));
    }
    client.ask(&Request::SetMaxRate { rate: limit.0 }).await?.done()?;
    Ok(Outcome::AllTransferred)
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
        _ => Err(CommandError::failed("the command changes no job")),
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

async fn create(client: &mut Client, settings: Settings, renderer: &Renderer) -> Result<Outcome, CommandError> {
    let settings = settings::settled(settings)?;
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
