//! The link from a handle to the engine's thread.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use tokio::sync::{broadcast, mpsc, oneshot};
use wasmtime::component::ResourceAny;

use super::callbacks::Callbacks;
use super::instance::Instance;
use super::notifications::Notifications;
use super::thread::Thread;
use super::wake::{Wake, WakeOnDrop};
use crate::builder::Builder;
use crate::error::Error;
use crate::grants::Grants;
use crate::http::TokenCallers;
use crate::limits::Limits;
use crate::values::Event;

/// Commands that may wait for the engine's thread, so that callers wait instead of filling the memory.
const COMMANDS: usize = 256;

/// Events that a slow listener may be behind, so that the memory is bounded; it loses the older ones.
const EVENTS: usize = 1024;

/// Work for the engine's thread.
pub type Command = Box<dyn for<'a> FnOnce(&'a mut Instance) -> Pin<Box<dyn Future<Output = ()> + 'a>> + Send>;

/// The way from a handle to the engine's thread, on behalf of one caller. The engine closes when the last link is dropped.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    shared: Arc<Shared>,
    /// The caller whose downloads and jobs are made and found over this link.
    caller: Arc<str>,
}

#[derive(Debug)]
struct Shared {
    commands: mpsc::Sender<Command>,
    /// Dropped after `commands`: the thread wakes up and finds that no link is left.
    wake: WakeOnDrop,
    events: broadcast::Sender<Event>,
    grants: Arc<Grants>,
    limits: Limits,
    callbacks: Callbacks,
    notifications: Arc<Notifications>,
    token_callers: TokenCallers,
    dropped: Arc<Mutex<Vec<Dropped>>>,
    /// Why the thread ended without a call of [`Link::close`].
    trapped: Arc<Mutex<Option<String>>>,
}

/// A thing of the component that the host refers to no longer. The thread releases it.
#[derive(Debug)]
pub(crate) enum Dropped {
    /// The last handle on a download, by its id.
    Download(String),
    /// A download whose creator gave up, by its id.
    Abandoned(String),
    /// The last handle on another resource.
    Object(ResourceAny),
    /// The callback of a job.
    Callback { job: ResourceAny, id: String },
}

impl Link {
    /// Starts the engine's thread.
    pub async fn open(builder: Builder, grants: Grants) -> Result<Self, Error> {
        let (commands, queue) = mpsc::channel(COMMANDS);
        let (events, _) = broadcast::channel(EVENTS);
        let wake = Arc::new(Wake::default());
        let shared = Shared {
            commands,
            wake: WakeOnDrop(wake.clone()),
            events,
            grants: Arc::new(grants),
            limits: builder.limits.clone(),
            callbacks: Callbacks::default(),
            notifications: Arc::default(),
            token_callers: TokenCallers::default(),
            dropped: Arc::default(),
            trapped: Arc::default(),
        };
        let thread = Thread {
            builder,
            queue,
            wake,
            events: shared.events.clone(),
            grants: shared.grants.clone(),
            notifications: shared.notifications.clone(),
            token_callers: shared.token_callers.clone(),
            dropped: shared.dropped.clone(),
            trapped: shared.trapped.clone(),
        };
        thread.spawn().await?;
        Ok(Self { shared: Arc::new(shared), caller: "".into() })
    }

    /// A link to the same engine on behalf of another caller.
    pub fn for_caller(&self, caller: &str) -> Self {
        Self { shared: self.shared.clone(), caller: caller.into() }
    }

    /// The host's name for the caller; empty for the host itself.
    pub fn caller(&self) -> &str {
        &self.caller
    }

    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.shared.events.subscribe()
    }

    /// Lets requests of the caller go out with its token. Only calls of the host do that.
    pub fn allow_token(&self) {
        self.shared.token_callers.add(&self.caller);
    }

    pub fn callbacks(&self) -> &Callbacks {
        &self.shared.callbacks
    }

    pub fn notifications(&self) -> &Notifications {
        &self.shared.notifications
    }

    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    pub fn grants(&self) -> &Grants {
        &self.shared.grants
    }

    /// Does `work` on the engine's thread.
    pub async fn call<R, F>(&self, work: F) -> Result<R, Error>
    where
        R: Send + 'static,
        F: for<'a> AsyncFnOnce(&'a mut Instance) -> Result<R, Error> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let command: Command = Box::new(move |instance| {
            Box::pin(async move {
                let _ = answer.send(work(instance).await);
            })
        });
        self.shared.commands.send(command).await.map_err(|_| self.ended())?;
        self.shared.wake.wake();
        answered.await.map_err(|_| self.ended())?
    }

    /// Has the engine's thread release a thing that was dropped.
    pub fn release(&self, dropped: Dropped) {
        self.shared.dropped.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(dropped);
        self.shared.wake.wake();
    }

    /// Closes the component and ends the thread.
    pub async fn close(self) {
        let (closed, done) = oneshot::channel();
        let command: Command = Box::new(move |instance| {
            Box::pin(async move {
                instance.close().await;
                let _ = closed.send(());
            })
        });
        if self.shared.commands.send(command).await.is_ok() {
            self.shared.wake.wake();
            let _ = done.await;
        }
    }

    /// Why the thread takes no more commands.
    fn ended(&self) -> Error {
        let trapped = self.shared.trapped.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        trapped.clone().map_or(Error::Closed, Error::Trapped)
    }
}
