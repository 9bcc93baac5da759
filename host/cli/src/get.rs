//! `haul get`

mod end;
mod job;
mod transfer;

use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use haul::{Builder, Engine, Error, Policy, Property};
use haul_queue::redaction::titled;
use haul_queue::{Location, Outcome};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinSet, LocalSet};
use tokio::time::Instant;

use self::job::Job;
pub use self::job::Target;
use crate::arguments::Get;
use crate::directories;
use crate::documents;
use crate::exit::Refusal;
use crate::headers;
use crate::interrupts::Interrupts;
use crate::list::{self, Item};
use crate::progress::{Display, Loudness};
use crate::settings;

/// The state that all files of a run share.
struct Run {
    get: Get,
    engine: Engine,
    display: Display,
    /// The properties of every download, from the command line.
    properties: Vec<Property>,
    /// Set if the run stops before all files are complete.
    stopped: watch::Sender<Option<Stop>>,
    /// Whether a stopped file can be resumed.
    resumable: Cell<bool>,
}

/// The reason a run stops before all files are complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Interrupted,
    OutOfTime,
}

impl Stop {
    const fn word(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::OutOfTime => "out of time",
        }
    }

    const fn outcome(self) -> Outcome {
        match self {
            Self::Interrupted => Outcome::Interrupted,
            Self::OutOfTime => Outcome::OutOfTime,
        }
    }
}

pub async fn run(get: Get) -> Outcome {
    let until = get.pace.max_time.map(|time| Instant::now() + time);
    let begun = begin(get.settled()).await.and_then(|begun| Ok((begun, Interrupts::new().map_err(unheard)?)));
    match begun {
        Ok(((run, items), interrupts)) => all_or_stopped(Rc::new(run), items, interrupts, until).await,
        Err(refusal) => refusal.tell(),
    }
}

fn unheard(error: io::Error) -> Refusal {
    Refusal::Failed(format!("interruptions cannot be heard: {error}"))
}

/// Checks all that can be checked before the first request.
async fn begin(mut get: Get) -> Result<(Run, Vec<Item>), Refusal> {
    let mut items = list::items(&get)?;
    headers::read("--header", &mut get.requests.header)?;
    headers::read("--auth-header", &mut get.requests.auth_header)?;
    let engine = open(&get, &items).await?;
    list::describe(&engine, &get, &mut items).await?;
    let properties = settings::properties(&engine, &get).await?;
    let display = Display::new(Loudness::of(&get));
    let (stopped, resumable) = (watch::Sender::new(None), Cell::new(false));
    Ok((Run { get, engine, display, properties, stopped, resumable }, items))
}

async fn all_or_stopped(run: Rc<Run>, items: Vec<Item>, mut interrupts: Interrupts, until: Option<Instant>) -> Outcome {
    let local = LocalSet::new();
    let files = local.run_until(all(run.clone(), items));
    tokio::pin!(files);
    let stop = tokio::select! {
        outcome = &mut files => {
            run.engine.clone().close().await;
            return outcome;
        }
        () = interrupts.next() => Stop::Interrupted,
        () = reached(until) => Stop::OutOfTime,
    };
    run.stopped.send_replace(Some(stop));
    tokio::select! {
        _ = &mut files => run.engine.clone().close().await,
        // A second interrupt ends the command without waiting for the files to pause.
        () = interrupts.next() => {}
    }
    let next = match run.resumable.get() {
        true => "run the same command again to resume",
        false => "nothing could be kept, so the same command starts over",
    };
    run.display.say(&format!("haul: {}; {next}", stop.word()));
    stop.outcome()
}

async fn reached(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

/// Opens the engine and grants it the directories of the files.
async fn open(get: &Get, items: &[Item]) -> Result<Engine, Refusal> {
    let mut builder = Engine::builder().policy(Policy::allow_all()).max_running(get.pace.limits.jobs);
    for directory in directories(get, items) {
        let created = directories::create(&directory, !get.files.no_sync);
        created.map_err(|error| {
            Refusal::Failed(format!("the directory {} cannot be created: {error}", titled(&directory)))
        })?;
        builder = builder.grant(&directory);
    }
    if let Some(rate) = get.pace.limits.limit_rate {
        builder = builder.max_rate(rate);
    }
    if let Some(most) = get.pace.limits.max_per_origin {
        builder = builder.max_per_origin(most);
    }
    if let Some(network) = get.cost.network {
        builder = builder.network(network);
    }
    for list in &get.tls.crl {
        builder = builder.revocation_list(documents::bytes(list)?);
    }
    open_with_records(get, builder).await.map_err(|error| match error {
        Error::Setting { reason, .. } => {
            Refusal::Misuse(format!("--crl: no revocation lists that can be used, in PEM or DER; {reason}"))
        }
        other => Refusal::Failed(other.to_string()),
    })
}

/// Opens the engine with its records. If the default state directory cannot be used, the engine runs without records.
async fn open_with_records(get: &Get, builder: Builder) -> Result<Engine, Error> {
    let given = get.files.state_dir.as_deref();
    let Ok(location) = given.map_or_else(Location::of_user, |given| Ok(Location::new(given))) else {
        return builder.open().await;
    };
    let records = location.directory();
    match builder.clone().records_directory(records).open().await {
        Err(Error::Grant { path, reason }) if path == records && given.is_none() => {
            let without = "without it, only --checksum lets a later run resume, or recognise a file that is there";
            eprintln!("haul: the state directory {} cannot be used: {reason}; {without}", records.display());
            builder.open().await
        }
        opened => opened,
    }
}

fn directories(get: &Get, items: &[Item]) -> Vec<PathBuf> {
    let parent = |path: &Path| match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    if get.to_standard_output() {
        return Vec::new();
    }
    let (dir, output) = (&get.files.dir, &get.files.output);
    let named = items.iter().filter_map(|item| item.name.as_ref()).map(|name| parent(&dir.join(name)));
    let base = output.as_deref().map_or_else(|| dir.clone(), |output| parent(&dir.join(output)));
    let mut directories: Vec<_> = named.chain([base]).collect();
    directories.sort();
    directories.dedup();
    directories
}

/// Downloads all items, at most `--jobs` at a time, and returns the worst outcome.
async fn all(run: Rc<Run>, items: Vec<Item>) -> Outcome {
    let targets = match targets(&run, &items).await {
        Ok(targets) => targets,
        Err(reason) => {
            run.display.say(&format!("haul: {reason}"));
            return Outcome::Misuse;
        }
    };
    let places = Arc::new(Semaphore::new(run.get.pace.limits.jobs as usize));
    let mut files = JoinSet::new();
    let mut worst = Outcome::AllTransferred;
    for (item, target) in items.into_iter().zip(targets) {
        let Ok(place) = places.clone().acquire_owned().await else { return Outcome::Failed };
        let run = run.clone();
        files.spawn_local(async move {
            let outcome = one(&run, Job::new(item, target)).await;
            drop(place);
            outcome
        });
        while let Some(Ok(outcome)) = files.try_join_next() {
            worst = worst.max(outcome);
        }
    }
    while let Some(outcome) = files.join_next().await {
        worst = worst.max(outcome.unwrap_or(Outcome::Failed));
    }
    worst
}

async fn targets(run: &Run, items: &[Item]) -> Result<Vec<Target>, String> {
    if run.get.to_standard_output() {
        return Ok(vec![Target::StandardOutput]);
    }
    let goals: Vec<_> = items.iter().map(|item| item.goal(&run.get)).collect();
    let paths = list::paths(&run.engine, &goals).await?;
    Ok(paths.into_iter().map(Target::File).collect())
}

/// Downloads one file until it is finalized, fails or is stopped.
async fn one(run: &Run, mut job: Job) -> Outcome {
    let download = match run.engine.create_download().await {
        Ok(download) => download,
        Err(error) => return end::failed(run, &job, &error, &job::Counts::default()),
    };
    let progress = run.display.begin(&job.target.name());
    let mut stopping = run.stopped.subscribe();
    let result = tokio::select! {
        biased;
        stop = stopped(&mut stopping) => {
            // The pause keeps the received bytes, which are counted below.
            let _ = download.pause().await;
            Err(stop)
        }
        result = transfer::transfer(run, &job, &download, &progress) => Ok(result),
    };
    progress.done();
    if run.get.files.content_disposition {
        job.learn_name(&download).await;
    }
    let counts = match result {
        Ok(Ok(())) if run.display.is_silent() && !run.get.said.json => job::Counts::default(),
        _ => job::Counts::of(&download).await,
    };
    match result {
        Ok(Err(error)) => end::failed(run, &job, &error, &counts),
        Ok(Ok(())) => end::succeeded(run, &job, &counts),
        Err(_) if counts.is_finalized() => end::succeeded(run, &job, &counts),
        Err(stop) => end::stopped(run, &job, &counts, stop),
    }
}

async fn stopped(stopping: &mut watch::Receiver<Option<Stop>>) -> Stop {
    let stop = stopping.wait_for(Option::is_some).await.ok().and_then(|stop| *stop);
    stop.unwrap_or(Stop::Interrupted)
}
