//! `haul fleet`

mod add;
mod render;
mod work;

use std::env;

use haul_fleet::{Address, Error, NewQueue, Store, migrate, origin_of};
use haul_queue::redaction::quoted;
use haul_queue::{CommandError, Outcome};

use self::render::Renderer;
use crate::arguments::fleet::{Command, Fleet, Init, Limit};
use crate::exit;

/// The variable with the URL of the queue.
const VARIABLE: &str = "HAUL_QUEUE";

pub async fn run(fleet: Fleet) -> Outcome {
    match try_run(fleet).await {
        Ok(outcome) => outcome,
        Err(error) => exit::report(&CommandError::from(error)),
    }
}

async fn try_run(fleet: Fleet) -> Result<Outcome, Error> {
    let url = fleet.common.queue.or_else(|| env::var(VARIABLE).ok());
    let url = url.ok_or_else(|| Error::Invalid(format!("no queue given; give --queue URL, or set {VARIABLE}")))?;
    let address: Address = url.parse()?;
    let renderer = Renderer::new(fleet.common.json);
    match fleet.command {
        Command::Init(init) => return initialize(&address, &init).await,
        Command::Migrate => return migrate(&address).await.map(|_| Outcome::AllTransferred),
        Command::Work(work) => return work::run(address, *work, fleet.common.json).await,
        _ => {}
    }
    let store = Store::open(&address).await?;
    match fleet.command {
        Command::Add(add) => add::add(&store, *add, &renderer).await?,
        Command::List(list) => renderer.jobs(&store.jobs(list.most).await?),
        Command::Show(show) => match show.job {
            Some(job) => renderer.tasks(&store.tasks(&store.find(&job).await?).await?),
            None => renderer.overview(address.queue(), &store).await?,
        },
        Command::Pause => store.set_paused(true).await?,
        Command::Resume(resume) if resume.jobs.is_empty() => store.set_paused(false).await?,
        Command::Resume(resume) => store.retry(&ids(&store, &resume.jobs).await?).await?,
        Command::Cancel(cancel) => store.cancel(&ids(&store, &cancel.jobs).await?).await?,
        Command::Limit(limit) => set_limit(&store, &limit).await?,
        Command::Init(_) | Command::Migrate | Command::Work(_) => {}
    }
    Ok(Outcome::AllTransferred)
}

async fn initialize(address: &Address, init: &Init) -> Result<Outcome, Error> {
    migrate(address).await?;
    let store = Store::open(address).await?;
    let queue = NewQueue { kind: init.kind, lease: init.lease, max_attempts: init.max_attempts };
    if !store.create(queue).await? {
        let kind = store.queue().await?.kind;
        if kind != init.kind {
            let name = address.queue();
            return Err(Error::Invalid(format!(
                "the queue '{name}' exists and is of kind {kind}; choose another name"
            )));
        }
    }
    Ok(Outcome::AllTransferred)
}

async fn ids(store: &Store, names: &[String]) -> Result<Vec<String>, Error> {
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        ids.push(store.find(name).await?);
    }
    Ok(ids)
}

async fn set_limit(store: &Store, limit: &Limit) -> Result<(), Error> {
    let origin = origin_of(&limit.url);
    let origin = origin.ok_or_else(|| Error::Invalid(format!("{} is no http or https URL", quoted(&limit.url))))?;
    store.limit(&origin, limit.slots, limit.limit_rate).await
}
