//! The thread of an engine. It owns the component, drives it, and takes commands in between.

use std::sync::{Arc, Mutex};

use tokio::runtime::{self, LocalOptions};
use tokio::sync::{broadcast, mpsc, oneshot};

use super::instance::Instance;
use super::link::{Command, Dropped};
use super::notifications::Notifications;
use super::questions::Questions;
use super::wake::Wake;
use crate::bindings::engine as wit;
use crate::builder::Builder;
use crate::error::Error;
use crate::grants::Grants;
use crate::http::TokenCallers;
use crate::sandbox;
use crate::values::{Event, Happening, Subject};

/// Commands that are done before a drive, so that transfers progress beside a long queue of commands.
const COMMANDS_IN_A_ROW: usize = 64;

/// Drives in a row that may return without an event while the host does nothing, so that a component that spins is noticed.
const IDLE_DRIVES: u32 = 1000;

pub struct Thread {
    pub builder: Builder,
    pub queue: mpsc::Receiver<Command>,
    pub wake: Arc<Wake>,
    pub events: broadcast::Sender<Event>,
    pub grants: Arc<Grants>,
    pub notifications: Arc<Notifications>,
    pub token_callers: TokenCallers,
    pub dropped: Arc<Mutex<Vec<Dropped>>>,
    pub trapped: Arc<Mutex<Option<String>>>,
}

impl Thread {
    /// Starts the thread; returns when the component is open.
    pub async fn spawn(self) -> Result<(), Error> {
        let (opened, outcome) = oneshot::channel();
        let run = move || {
            let mut runtime = runtime::Builder::new_current_thread();
            runtime.enable_all().on_thread_park(sandbox::rests).on_thread_unpark(sandbox::resumes);
            let runtime = match runtime.build_local(LocalOptions::default()) {
                Ok(runtime) => runtime,
                Err(error) => {
                    let _ = opened.send(Err(unsupported(&error)));
                    return;
                }
            };
            sandbox::resumes();
            // Other tasks of its thread wake a task without a system call; waking the future of `block_on` takes one.
            let work = runtime.spawn_local(self.run(opened));
            let _ = runtime.block_on(work);
            runtime.shutdown_background();
            sandbox::rests();
        };
        std::thread::Builder::new().name("haul-engine".into()).spawn(run).map_err(|error| unsupported(&error))?;
        outcome.await.unwrap_or(Err(Error::Closed))
    }

    async fn run(mut self, opened: oneshot::Sender<Result<(), Error>>) {
        let opening = Instance::open(&self.builder, &self.grants, self.wake.clone(), self.token_callers.clone());
        let mut instance = match opening.await {
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

    /// Takes commands and drives in turns, until the engine is closed or its last link is dropped.
    async fn work(&mut self, instance: &mut Instance) -> Result<(), Error> {
        let (grants, digests) = (self.grants.clone(), instance.streaming_digests());
        let mut questions = Questions::new(&self.builder, grants, digests, self.wake.clone());
        let mut to_release = Vec::new();
        let mut idle_drives = 0;
        loop {
            self.wake.reset();
            // A handle that was dropped before the last command came has no command left.
            let dropped = std::mem::take(&mut *self.dropped.lock().unwrap_or_else(|poisoned| poisoned.into_inner()));
            // Commands behind it must not find an abandoned download; handles stay for commands that were sent before.
            let (abandoned, dropped): (Vec<_>, Vec<_>) =
                dropped.into_iter().partition(|dropped| matches!(dropped, Dropped::Abandoned(_)));
            for abandoned in abandoned {
                instance.release(abandoned, &self.notifications).await;
            }
            to_release.extend(dropped);
            let mut done = to_release.len();
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
                done += 1;
                instance.check()?;
                if instance.is_closed() {
                    return Ok(());
                }
            }
            if is_empty {
                for dropped in to_release.drain(..) {
                    instance.release(dropped, &self.notifications).await;
                }
            } else {
                // Bytes get their turn, and then the next commands.
                self.wake.wake();
            }
            instance.check()?;
            done += questions.deliver(instance).await?;
            let events = instance.drive().await?;
            idle_drives = if done + events.len() == 0 { idle_drives + 1 } else { 0 };
            if idle_drives > IDLE_DRIVES {
                return Err(instance.stop(format!("it came back {IDLE_DRIVES} times with nothing to say")));
            }
            for event in events {
                self.dispatch(instance, event, &mut questions).await?;
            }
            // The tasks that answer questions are on this thread, too.
            tokio::task::yield_now().await;
        }
    }

    async fn dispatch(
        &self,
        instance: &mut Instance,
        event: wit::Event,
        questions: &mut Questions,
    ) -> Result<(), Error> {
        let subject = Subject::from(event.subject);
        let what = match event.what {
            wit::Happening::DigestWanted(request) => return questions.compute(instance, request),
            wit::Happening::ContentWanted(request) => return questions.resolve(instance, request),
            wit::Happening::DigestAhead(hint) => {
                questions.stream_digest(hint);
                return Ok(());
            }
            wit::Happening::Unchecked(cause) => Happening::Unchecked(cause.into()),
            wit::Happening::StatusChanged => match &subject {
                Subject::Download(id) => match instance.status_of(id).await? {
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
        match &subject {
            Subject::Download(id) => instance.tell(id, &what),
            Subject::Job(id) => self.notify(id, &what),
            Subject::File { .. } => {}
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
            // An empty notification: the listener checks whether the job is over or has another owner.
            _ => {}
        });
    }
}

fn unsupported(error: &std::io::Error) -> Error {
    Error::Unsupported(error.to_string())
}
