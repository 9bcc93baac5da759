//! The thread of an engine: it owns the component, drives it, and takes commands in between.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::runtime;
use tokio::sync::{Notify, Semaphore, broadcast, mpsc, oneshot};

use super::instance::Instance;
use super::{Command, Gone};
use crate::bindings::engine as wit;
use crate::builder::Builder;
use crate::content::Content;
use crate::digest;
use crate::error::Error;
use crate::event::{Event, Happening, Subject};
use crate::grants::Grants;
use crate::job::Notifications;

/// Commands that are done before bytes get their turn.
const COMMANDS_IN_A_ROW: usize = 64;

/// Digests that are computed at the same time.
const HASHING_THREADS: usize = 4;

pub struct Thread {
    pub builder: Builder,
    pub queue: mpsc::Receiver<Command>,
    pub wake: Arc<Notify>,
    pub events: broadcast::Sender<Event>,
    pub grants: Arc<Grants>,
    pub notifications: Arc<Notifications>,
    pub let_go: Arc<Mutex<Vec<Gone>>>,
    pub trapped: Arc<Mutex<Option<String>>>,
}

/// A digest that was asked for, computed.
type Computed = (u64, Option<Vec<u8>>);

/// What a content id stands for, found out.
type Resolved = (u64, Option<Content>);

impl Thread {
    /// Starts the thread; returns when the component is open.
    pub async fn spawn(self) -> Result<(), Error> {
        let (opened, outcome) = oneshot::channel();
        let unsupported = |error: std::io::Error| Error::Unsupported(error.to_string());
        let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(unsupported)?;
        let run = move || {
            runtime.block_on(self.run(opened));
            runtime.shutdown_background();
        };
        std::thread::Builder::new().name("haul-engine".into()).spawn(run).map_err(unsupported)?;
        outcome.await.unwrap_or(Err(Error::Closed))
    }

    async fn run(mut self, opened: oneshot::Sender<Result<(), Error>>) {
        let mut instance = match Instance::open(&self.builder, &self.grants, self.wake.clone()).await {
            Ok(instance) => instance,
            Err(error) => {
                let _ = opened.send(Err(error));
                return;
            }
        };
        let _ = opened.send(Ok(()));
        if let Err(error) = self.work(&mut instance).await {
            let mut trapped = self.trapped.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            *trapped = Some(error.to_string());
        }
        self.notifications.close();
    }

    /// Commands and drives in turns, until the engine is closed or nobody holds it any more.
    async fn work(&mut self, instance: &mut Instance) -> Result<(), Error> {
        let (computed, mut answers) = mpsc::unbounded_channel::<Computed>();
        let (resolved, mut contents) = mpsc::unbounded_channel::<Resolved>();
        let hashing = Arc::new(Semaphore::new(HASHING_THREADS));
        let mut gone = Vec::new();
        loop {
            // Handles that were gone before the last command came have no command left.
            let let_go = std::mem::take(&mut *self.let_go.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
            gone.extend(let_go);
            let mut is_empty = false;
            for _ in 0..COMMANDS_IN_A_ROW {
                match self.queue.try_recv() {
                    Ok(command) => command(instance).await,
                    Err(mpsc::error::TryRecvError::Empty) => {
                        is_empty = true;
                        break;
                    }
                    Err(mpsc::error::TryRecvError::Disconnected) => {
                        instance.close().await;
                        return Ok(());
                    }
                }
                instance.check()?;
                if instance.is_closed() {
                    return Ok(());
                }
            }
            if is_empty {
                for gone in gone.drain(..) {
                    instance.let_go(gone, &self.notifications).await;
                }
            } else {
                // Bytes get their turn, and then the next commands.
                self.wake.notify_one();
            }
            instance.check()?;
            while let Ok((number, value)) = answers.try_recv() {
                instance.digest_computed(number, value).await?;
            }
            while let Ok((number, content)) = contents.try_recv() {
                instance.content_resolved(number, content).await?;
            }
            for event in instance.drive().await? {
                self.dispatch(instance, event, &computed, &resolved, &hashing).await?;
            }
        }
    }

    async fn dispatch(
        &self,
        instance: &mut Instance,
        event: wit::Event,
        computed: &mpsc::UnboundedSender<Computed>,
        resolved: &mpsc::UnboundedSender<Resolved>,
        hashing: &Arc<Semaphore>,
    ) -> Result<(), Error> {
        let subject = Subject::from(event.subject);
        let what = match event.what {
            wit::Happening::DigestWanted(request) => {
                self.compute(request, computed.clone(), hashing.clone());
                return Ok(());
            }
            wit::Happening::ContentWanted(request) => {
                self.resolve(request, resolved.clone());
                return Ok(());
            }
            wit::Happening::Unchecked(cause) => Happening::Unchecked(cause.into()),
            wit::Happening::StatusChanged => match &subject {
                Subject::Download(id) => match instance.told_status(id).await? {
                    Some(status) => Happening::StatusChanged(status),
                    None => return Ok(()),
                },
                Subject::Job(_) | Subject::File { .. } => Happening::Changed,
            },
            wit::Happening::JobTransferred => Happening::JobTransferred,
            wit::Happening::JobError => Happening::JobError,
            wit::Happening::JobModification => Happening::JobModification,
            wit::Happening::OwnerChanged => Happening::OwnerChanged,
            wit::Happening::Restarted(reason) => Happening::Restarted(reason.into()),
            wit::Happening::Retrying(retry) => {
                let after = std::time::Duration::from_millis(retry.after);
                Happening::Retrying { cause: retry.cause.into(), after }
            }
            wit::Happening::RangeDropped((offset, length)) => Happening::RangeDropped { offset, length },
            wit::Happening::SourceDropped(source) => {
                Happening::SourceDropped { url: source.url, cause: source.cause.into() }
            }
        };
        tracing::debug!(?subject, ?what, "event");
        if let Subject::Job(id) = &subject {
            self.notify(id, &what);
        }
        let _ = self.events.send(Event { subject, what });
        Ok(())
    }

    /// Tells the callback of a job.
    fn notify(&self, job: &str, what: &Happening) {
        self.notifications.post(job, |due| match what {
            Happening::JobTransferred => due.transferred = true,
            Happening::JobError => due.error = true,
            Happening::JobModification => due.modification = true,
            // Whoever is told looks whether the job is over, or another's.
            _ => {}
        });
    }

    /// Finds out what a content id stands for, and wakes this thread with it.
    fn resolve(&self, request: wit::ContentRequest, resolved: mpsc::UnboundedSender<Resolved>) {
        let (resolver, wake) = (self.builder.resolver.clone(), self.wake.clone());
        tokio::spawn(async move {
            let wit::ContentRequest { number, content_id } = request;
            let resolve = move || resolver.and_then(|resolver| resolver.resolve(&content_id));
            let content = tokio::task::spawn_blocking(resolve).await.unwrap_or(None);
            let _ = resolved.send((number, content));
            wake.notify_one();
        });
    }

    /// Computes a digest beside the transfers and wakes this thread with it.
    fn compute(&self, request: wit::DigestRequest, computed: mpsc::UnboundedSender<Computed>, hashing: Arc<Semaphore>) {
        let (grants, wake) = (self.grants.clone(), self.wake.clone());
        tokio::spawn(async move {
            let _place = hashing.acquire().await;
            let number = request.number;
            let value = tokio::task::spawn_blocking(move || digest_of(&grants, &request)).await.unwrap_or(None);
            let _ = computed.send((number, value));
            wake.notify_one();
        });
    }
}

fn digest_of(grants: &Grants, request: &wit::DigestRequest) -> Option<Vec<u8>> {
    let file = grants.open(&PathBuf::from(&request.path));
    let value = file.and_then(|file| digest::of(request.checksum, file, request.range));
    value.inspect_err(|error| tracing::warn!(path = request.path, %error, "a file could not be digested")).ok()
}
