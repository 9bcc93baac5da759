//! The daemon's service: every change of a download passes through it, from whichever interface it comes.
//!
//! The service gives a download to the engine when it has a place for it, and suspends its job when it takes the place away. So the list
//! has an order, and a download that never started costs the engine nothing.

mod add;
mod error_code;
mod folders;
mod follow;
mod metalink;
mod order;
mod progress;
mod queries;
mod recovery;
mod settings;
mod start;
mod state;
mod uris;

use std::cell::{Cell, Ref, RefCell};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use haul::{Engine, Policy};
use haul_queue::Queue;
use tokio::sync::{Mutex, MutexGuard, Notify, broadcast, watch};

pub use self::add::New;
pub use self::error_code::REMOVED;
use self::folders::Folders;
pub use self::order::Anchor;
use self::progress::Progress;
pub use self::queries::{Present, Totals};
use crate::book::{Book, Change, Content, Entry, List, State, Stop};
use crate::gid::Gid;

/// Jobs that the engine may run at once: more than there ever are, because the service decides how many have a place.
const ENGINE_PLACES: u32 = 1 << 20;

/// Downloads in the list, so that the memory and the journal are bounded: they take about 1 KiB each.
const MOST_DOWNLOADS: usize = 100_000;

/// Notices that wait for a slow connection, so that it loses none while a thousand downloads start, pause and end.
const NOTICES: usize = 4096;

/// Time in which a healthy engine answers, because each of its calls takes milliseconds.
const ENGINE_TIMEOUT: Duration = Duration::from_secs(10);

/// The configuration of a service, which only the person who starts the daemon decides.
pub struct Config {
    /// The state directory of the queue.
    pub state_directory: PathBuf,
    /// The directories that downloads may be written to; the first one is the default. At least one.
    pub directories: Vec<PathBuf>,
    /// The requests that the engine may make.
    pub policy: Policy,
    /// Connections to one server, of all downloads together; `None` leaves it to the engine.
    pub max_per_origin: Option<u32>,
    /// Global options that the command line set.
    pub options: BTreeMap<String, String>,
}

/// An event that clients are notified of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The download has a place.
    Start,
    /// It was paused while it had one.
    Pause,
    /// It was removed while it had one.
    Stop,
    /// Its file has its name.
    Complete,
    /// It failed.
    Error,
}

/// The reason a change is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The state of the download does not allow it.
    State,
    /// This option has a wrong value, or cannot be changed any more.
    Option(String),
    /// A download has this name already.
    GidTaken,
    /// For people.
    Sentence(String),
}

/// The service. It belongs to one thread.
pub struct Service {
    queue: Queue,
    folders: Folders,
    book: RefCell<Book>,
    progress: RefCell<HashMap<Gid, Progress>>,
    command_line: BTreeMap<String, String>,
    /// Held by each change from its first look at a download to its last call of the engine.
    changes: Mutex<()>,
    /// Held while the journal is written, so that writes keep their order.
    writing: Mutex<()>,
    /// Notices that are sent once their cause is durable.
    pending: RefCell<Vec<(Notice, Gid)>>,
    notices: broadcast::Sender<(Notice, Gid)>,
    /// Downloads that have a place, and no running job yet.
    starting: RefCell<VecDeque<Gid>>,
    /// A place may be free.
    work: Notify,
    stopping: watch::Sender<bool>,
    ended: Cell<Totals>,
    session: String,
}

impl Service {
    /// Opens the list and the queue.
    ///
    /// # Errors
    ///
    /// In words: a directory or the queue cannot be used, or another process has the queue.
    pub async fn open(config: Config) -> Result<Rc<Self>, String> {
        let folders = Folders::open(&config.directories)?;
        let own = config.state_directory.join("serve");
        let in_folder = |error: io::Error| format!("the directory {}: {error}", own.display());
        DirBuilder::new().recursive(true).mode(0o700).create(&own).map_err(in_folder)?;
        let mut builder = Engine::builder().policy(config.policy).max_running(ENGINE_PLACES);
        for directory in &config.directories {
            builder = builder.grant(directory);
        }
        if let Some(most) = config.max_per_origin {
            builder = builder.max_per_origin(most);
        }
        let engine = builder.state_directory(&config.state_directory).open().await;
        let queue = Queue::new(engine.map_err(|error| queue_refused(&config.state_directory, &error))?);
        // After the queue, which no other process can have now.
        let book = Book::open(&own).map_err(in_folder)?;
        let mut session = [0_u8; 20];
        getrandom::fill(&mut session).map_err(|error| format!("no random numbers: {error}"))?;
        let service = Rc::new(Self {
            queue,
            folders,
            book: RefCell::new(book),
            progress: RefCell::default(),
            command_line: config.options,
            changes: Mutex::default(),
            writing: Mutex::default(),
            pending: RefCell::default(),
            notices: broadcast::channel(NOTICES).0,
            starting: RefCell::default(),
            work: Notify::new(),
            stopping: watch::Sender::new(false),
            ended: Cell::default(),
            session: session.iter().map(|byte| format!("{byte:02x}")).collect(),
        });
        service.recover().await?;
        Ok(service)
    }

    /// The queue, for its server.
    pub const fn queue(&self) -> &Queue {
        &self.queue
    }

    /// The directories that downloads may be written to.
    pub const fn folders(&self) -> &Folders {
        &self.folders
    }

    /// Forty hexadecimal digits, new at each start.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The list of downloads. It must not be held across a wait.
    pub fn book(&self) -> Ref<'_, Content> {
        Ref::map(self.book.borrow(), |book| &**book)
    }

    /// The notices from now on.
    pub fn notices(&self) -> broadcast::Receiver<(Notice, Gid)> {
        self.notices.subscribe()
    }

    /// Asks the daemon to stop.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Waits until the daemon is asked to stop.
    pub async fn stopped(&self) {
        // The sender lives as long as the service.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    /// Whether the engine's thread still answers.
    pub async fn is_healthy(&self) -> bool {
        let question = self.queue.engine().suggest_file_name("http://localhost/a");
        matches!(tokio::time::timeout(ENGINE_TIMEOUT, question).await, Ok(Ok(_)))
    }

    /// Makes all changes durable, and then sends their notices. A reply that acknowledges a change comes after this.
    ///
    /// # Errors
    ///
    /// The disk's, in words. The next call writes the same changes again.
    pub async fn flush(&self) -> Result<(), String> {
        let _writing = self.writing.lock().await;
        let notices = std::mem::take(&mut *self.pending.borrow_mut());
        let written = self.write().await;
        for notice in notices {
            // It fails only while no client listens.
            let _ = self.notices.send(notice);
        }
        written.map_err(|error| {
            self.book.borrow_mut().distrust();
            format!("the list of downloads cannot be saved: {error}")
        })
    }

    async fn write(&self) -> io::Result<()> {
        let unwritten = self.book.borrow_mut().unwritten()?;
        let Some(unwritten) = unwritten else { return Ok(()) };
        tokio::task::spawn_blocking(move || unwritten.write()).await.map_err(io::Error::other)?
    }

    async fn lock(&self) -> MutexGuard<'_, ()> {
        self.changes.lock().await
    }

    fn change(&self, change: Change) {
        self.book.borrow_mut().change(change);
    }

    fn put(&self, entry: Entry) {
        self.put_at(entry, None);
    }

    fn put_at(&self, entry: Entry, at: Option<usize>) {
        self.change(Change::Put { entry: Box::new(entry), at });
    }

    fn notify(&self, notice: Notice, gid: Gid) {
        self.pending.borrow_mut().push((notice, gid));
    }

    /// A copy of a download. It is valid until the lock of changes is released.
    fn entry(&self, gid: Gid) -> Option<Entry> {
        self.book.borrow().entry(gid).cloned()
    }

    /// Ends a download: it moves to the list of stopped ones, from which the oldest may fall.
    fn end(&self, mut entry: Entry, stop: Stop) {
        let gid = entry.gid;
        let mut totals = self.ended.get();
        totals.count(&stop);
        self.ended.set(totals);
        entry.state = State::Stopped(stop);
        if let Some(progress) = self.progress.borrow_mut().remove(&gid) {
            entry.bytes = progress.bytes().unwrap_or(entry.bytes);
            entry.total = progress.total.or(entry.total);
        }
        self.put(entry);
        self.work.notify_one();
    }

    /// The stopped downloads that are too many, oldest first.
    fn surplus(&self) -> Vec<Gid> {
        let most: usize = self.global("max-download-result").parse().unwrap_or(usize::MAX);
        let book = self.book.borrow();
        let stopped = book.lists().of(List::Stopped);
        stopped[..stopped.len().saturating_sub(most)].to_vec()
    }
}

fn queue_refused(directory: &std::path::Path, error: &haul::Error) -> String {
    let directory = directory.display();
    match error {
        haul::Error::Failed(failure) if failure.name == "ERROR_SHARING_VIOLATION" => {
            format!("another process has the queue in {directory}; end it, or give another --state-dir")
        }
        error => format!("the queue in {directory}: {error}"),
    }
}
