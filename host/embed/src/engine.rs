//! A handle on an engine, and the thread behind it.

mod bell;
mod instance;
mod thread;
mod weight;

use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use tokio::sync::{broadcast, mpsc, oneshot};
use wasmtime::component::ResourceAny;

use self::bell::Bell;
pub(crate) use self::instance::{DownloadRef, ErrorParts, Instance};
use crate::builder::Builder;
use crate::callbacks::Callbacks;
use crate::download::Download;
use crate::downloads::{Category, Downloads};
use crate::error::Error;
use crate::event::Event;
use crate::grants::Grants;
use crate::http::TokenCallers;
use crate::job::{Job, Notifications};
use crate::jobs::Jobs;
use crate::limits::Limits;
use crate::network::Network;
use crate::object::Object;
use crate::place::Place;
use crate::property::{DecryptionInfo, IntegrityCheckInfo};
use crate::provisional::Provisional;
use crate::types::{DescribedFile, Explanation, PieceHashFile, Report, StartMode, TransferOptions};

/// Commands that may wait for the engine's thread.
const COMMANDS: usize = 256;

/// File names that are suggested in one turn of the engine's thread.
const NAMES_AT_ONCE: usize = 256;

/// Events that a slow listener may be behind; older ones are lost to it.
const EVENTS: usize = 1024;

/// Work for the engine's thread.
pub(crate) type Command = Box<dyn for<'a> FnOnce(&'a mut Instance) -> Pin<Box<dyn Future<Output = ()> + 'a>> + Send>;

/// A transfer engine. Clones are handles on the same one; it closes when [`Engine::close`] is called or the last handle, those
/// of its downloads included, is gone.
#[derive(Clone, Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    /// Whose downloads and jobs are made and found with this handle.
    caller: Arc<str>,
}

#[derive(Debug)]
struct Shared {
    commands: mpsc::Sender<Command>,
    /// Wakes the engine's thread when it waits for bytes; dropped after `commands`, so that the thread sees that nobody is left.
    wake: Wake,
    events: broadcast::Sender<Event>,
    grants: Arc<Grants>,
    limits: Limits,
    callbacks: Callbacks,
    notifications: Arc<Notifications>,
    token_callers: TokenCallers,
    /// What has no handles any more, for the thread to drop.
    let_go: Arc<Mutex<Vec<Gone>>>,
    /// Why the thread ended, when it was not asked to.
    trapped: Arc<Mutex<Option<String>>>,
}

/// What nobody holds any more.
#[derive(Debug)]
pub(crate) enum Gone {
    /// The last handle on a download, by its id.
    Download(String),
    /// A download that nobody is to have, by its id.
    Unwanted(String),
    /// The last handle on another resource.
    Object(ResourceAny),
    /// The callback of a job.
    Callback { job: ResourceAny, id: String },
}

#[derive(Debug)]
struct Wake(Arc<Bell>);

impl Drop for Wake {
    fn drop(&mut self) {
        self.0.ring();
    }
}

/// How [`Engine::fetch`] went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchReport {
    /// Length of the local file.
    pub bytes: u64,
    /// Bytes of it that an earlier run had kept.
    pub bytes_resumed: u64,
    /// All counts.
    pub counts: Report,
}

impl Engine {
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) async fn open(builder: Builder, grants: Grants) -> Result<Self, Error> {
        let (commands, queue) = mpsc::channel(COMMANDS);
        let (events, _) = broadcast::channel(EVENTS);
        let wake = Arc::new(Bell::default());
        let grants = Arc::new(grants);
        let trapped = Arc::new(Mutex::new(None));
        let let_go = Arc::new(Mutex::new(Vec::new()));
        let notifications = Arc::new(Notifications::default());
        let token_callers = TokenCallers::default();
        let limits = builder.limits.clone();
        let running = thread::Thread {
            builder,
            queue,
            wake: wake.clone(),
            events: events.clone(),
            grants: grants.clone(),
            notifications: notifications.clone(),
            token_callers: token_callers.clone(),
            let_go: let_go.clone(),
            trapped: trapped.clone(),
        };
        running.spawn().await?;
        let shared = Arc::new(Shared {
            commands,
            wake: Wake(wake),
            events,
            grants,
            limits,
            callbacks: Callbacks::default(),
            notifications,
            token_callers,
            let_go,
            trapped,
        });
        Ok(Self { shared, caller: "".into() })
    }

    /// The same engine as another caller sees it, by the host's name for that: only what a caller has created is found by it.
    pub fn for_caller(&self, caller: &str) -> Self {
        Self { shared: self.shared.clone(), caller: caller.into() }
    }

    /// A new download, created and not started. It stays until it is finalized, aborted or forgotten.
    ///
    /// # Errors
    ///
    /// E_OUTOFMEMORY when the caller has 10,000 downloads; [`Error::Closed`] and [`Error::Trapped`], as every call.
    pub async fn create_download(&self) -> Result<Download, Error> {
        Ok(self.create_provisional().await?.keep())
    }

    async fn create_provisional(&self) -> Result<Provisional, Error> {
        let engine = self.clone();
        let create = async move |instance: &mut Instance| {
            let (resource, id) = instance.create_download(&engine.caller).await?;
            Ok(Provisional::new(engine.clone(), Download::new(engine, resource, id)))
        };
        self.call(create).await
    }

    /// The caller's own downloads, or those of one category, that are neither finalized nor aborted.
    ///
    /// # Errors
    ///
    /// DO_E_NO_DOWNLOADS where there is none.
    pub async fn downloads(&self, category: Option<Category>) -> Result<Downloads, Error> {
        let engine = self.clone();
        let find = async move |instance: &mut Instance| {
            let found = instance.downloads(&engine.caller, category).await?;
            let handle = |(resource, id)| Download::found(engine.clone(), resource, id);
            Ok(Downloads::new(found.into_iter().map(handle).collect()))
        };
        self.call(find).await
    }

    /// A new job without files, suspended. It is kept across restarts where the engine has a state directory, and stays until it
    /// is completed or cancelled. `display_name` has at most 256 characters and need not be unique.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for a longer name; BG_E_TOO_MANY_JOBS_PER_USER where the caller has 20,000 jobs; BG_E_TOO_MANY_JOBS_PER_MACHINE
    /// where all callers have 40,000.
    pub async fn create_job(&self, display_name: &str) -> Result<Job, Error> {
        let (engine, display_name) = (self.clone(), display_name.to_owned());
        let create = async move |instance: &mut Instance| {
            let (job, id) = instance.create_job(&engine.caller, &display_name).await?;
            Ok(Job::new(Object::new(engine, job), id))
        };
        self.call(create).await
    }

    /// A new job that is told and given all that it is to have before anybody hears of it: until [`Job::keep`] it fetches nothing, is
    /// not found, and goes with the last handle on it.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::create_job`].
    pub async fn draft_job(&self, display_name: &str) -> Result<Job, Error> {
        let (engine, display_name) = (self.clone(), display_name.to_owned());
        let create = async move |instance: &mut Instance| {
            let (job, id) = instance.draft_job(&engine.caller, &display_name).await?;
            Ok(Job::new(Object::new(engine, job), id))
        };
        self.call(create).await
    }

    /// The caller's job with this id: a GUID with or without braces, in letters of either case.
    ///
    /// # Errors
    ///
    /// DO_E_JOB_NOT_FOUND where there is none or it is over; E_ACCESSDENIED where it is another caller's; E_INVALIDARG for what is
    /// no GUID.
    pub async fn job(&self, id: &str) -> Result<Job, Error> {
        let (engine, id) = (self.clone(), id.to_owned());
        let find = async move |instance: &mut Instance| {
            let (job, id) = instance.find_job(&engine.caller, &id).await?;
            Ok(Job::new(Object::new(engine, job), id))
        };
        self.call(find).await
    }

    /// The caller's own jobs that are not over, or those of all callers.
    ///
    /// # Errors
    ///
    /// E_ACCESSDENIED for the jobs of all callers, unless this is the engine's own host and not [`Engine::for_caller`].
    pub async fn jobs(&self, all_users: bool) -> Result<Jobs, Error> {
        let engine = self.clone();
        let find = async move |instance: &mut Instance| {
            let (enumerator, count) = instance.enum_jobs(&engine.caller, all_users).await?;
            Ok(Jobs::new(Place::new(Object::new(engine, enumerator), count)))
        };
        self.call(find).await
    }

    /// Bytes per second of all downloads and jobs together from now on, in the place of [`Builder::max_rate`]; `None` for no limit.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn set_max_rate(&self, bytes_per_second: Option<u64>) -> Result<(), Error> {
        self.call(async move |instance| instance.set_max_rate(bytes_per_second).await).await
    }

    /// What an HRESULT means, in words: GetErrorDescription. `language` is a Windows language id, such as 0x0409: English, in any
    /// of its sublanguages, is what there is.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for the language 0; ERROR_RESOURCE_LANG_NOT_FOUND for others, and for a code without a text.
    pub async fn error_description(&self, code: u32, language: u32) -> Result<String, Error> {
        self.call(async move |instance| instance.error_description(code, language).await).await
    }

    /// Tells the engine what the network is now: downloads that may not use it stop at once, and go on when they may.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn set_network(&self, network: Network) -> Result<(), Error> {
        self.call(async move |instance| instance.set_network(network).await).await
    }

    /// What an HRESULT means; `None` for one that neither DO, BITS, HTTP nor haul has.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn explain(&self, code: u32) -> Result<Option<Explanation>, Error> {
        self.call(async move |instance| instance.explain(code).await).await
    }

    /// All that [`Engine::explain`] knows but HTTP's statuses, by code.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn explanations(&self) -> Result<Vec<Explanation>, Error> {
        self.call(async |instance| instance.explanations().await).await
    }

    /// Reads the JSON text that DO takes for IntegrityCheckInfo.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for one that cannot be used.
    pub async fn read_integrity_check_info(&self, text: &str) -> Result<IntegrityCheckInfo, Error> {
        let text = text.to_owned();
        self.call(async move |instance| instance.read_integrity_check_info(&text).await).await
    }

    /// Reads the JSON text that DO takes for DecryptionInfo.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for one that cannot be used.
    pub async fn read_decryption_info(&self, text: &str) -> Result<DecryptionInfo, Error> {
        let text = text.to_owned();
        self.call(async move |instance| instance.read_decryption_info(&text).await).await
    }

    /// Downloads `url` to `path`, which lies in a granted directory: start, wait, finalize. What an interrupted call kept is
    /// used by the next one for the same URL and path.
    ///
    /// # Errors
    ///
    /// [`Error::Failed`] with the reason.
    pub async fn fetch(&self, url: &str, path: impl AsRef<Path>) -> Result<FetchReport, Error> {
        self.fetch_with(url, path, StartMode::WholeFile, TransferOptions::default()).await
    }

    /// [`Engine::fetch`] of what `mode` says, the way `options` say.
    ///
    /// # Errors
    ///
    /// [`Error::Failed`] with the reason.
    pub async fn fetch_with(
        &self,
        url: &str,
        path: impl AsRef<Path>,
        mode: StartMode,
        options: TransferOptions,
    ) -> Result<FetchReport, Error> {
        let download = self.create_provisional().await?;
        download.bring(url, path.as_ref(), mode, options).await?;
        let counts = download.report().await?;
        let bytes = download.status().await?.bytes_transferred;
        Ok(FetchReport { bytes, bytes_resumed: counts.bytes_resumed, counts })
    }

    /// A safe file name for what `url` names: one path component, taken from the last segment of its path.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn suggest_file_name(&self, url: &str) -> Result<String, Error> {
        let names = self.suggest_file_names([url]).await?;
        names.into_iter().next().ok_or(Error::Closed)
    }

    /// [`Engine::suggest_file_name`] of each URL.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn suggest_file_names(
        &self,
        urls: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Vec<String>, Error> {
        let urls: Vec<String> = urls.into_iter().map(Into::into).collect();
        let mut names = Vec::with_capacity(urls.len());
        for some in urls.chunks(NAMES_AT_ONCE) {
            let some = some.to_vec();
            let suggest = async move |instance: &mut Instance| {
                let mut names = Vec::with_capacity(some.len());
                for url in &some {
                    names.push(instance.suggest_file_name(url).await?);
                }
                Ok(names)
            };
            names.extend(self.call(suggest).await?);
        }
        Ok(names)
    }

    /// The files that a Metalink document (RFC 5854; version 3 too) describes.
    ///
    /// # Errors
    ///
    /// DO_E_METAINFO_CONTENT for a document that cannot be used or is longer than 4 MiB.
    pub async fn read_metalink(&self, document: &[u8]) -> Result<Vec<DescribedFile>, Error> {
        let document = document.to_owned();
        self.call(async move |instance| instance.read_metalink(&document).await).await
    }

    /// What a piece-hash file of Delivery Optimization says.
    ///
    /// # Errors
    ///
    /// DO_E_METAINFO_CONTENT for a file that cannot be used or is longer than 4 MiB.
    pub async fn read_piece_hash_file(&self, document: &[u8]) -> Result<PieceHashFile, Error> {
        let document = document.to_owned();
        self.call(async move |instance| instance.read_piece_hash_file(&document).await).await
    }

    /// Everything that happens from now on. A listener that falls 1024 events behind loses the oldest.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.shared.events.subscribe()
    }

    /// Pauses every download, saves what they have, and ends the engine. Jobs go on when the state directory is opened again. Other handles then get [`Error::Closed`].
    pub async fn close(self) {
        let (closed, done) = oneshot::channel();
        let command: Command = Box::new(move |instance| {
            Box::pin(async move {
                instance.close().await;
                let _ = closed.send(());
            })
        });
        if self.shared.commands.send(command).await.is_ok() {
            self.shared.wake.0.ring();
            let _ = done.await;
        }
    }

    /// The host's name for whoever has this handle; empty for the host itself.
    pub(crate) fn caller(&self) -> &str {
        &self.caller
    }

    /// Lets the caller's token out. Only calls of the host do that.
    pub(crate) fn allow_token(&self) {
        self.shared.token_callers.add(&self.caller);
    }

    pub(crate) fn callbacks(&self) -> &Callbacks {
        &self.shared.callbacks
    }

    pub(crate) fn notifications(&self) -> &Notifications {
        &self.shared.notifications
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    pub(crate) fn grants(&self) -> &Grants {
        &self.shared.grants
    }

    /// Does `work` on the engine's thread.
    pub(crate) async fn call<R, F>(&self, work: F) -> Result<R, Error>
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
        self.shared.commands.send(command).await.map_err(|_| self.gone())?;
        self.shared.wake.0.ring();
        answered.await.map_err(|_| self.gone())?
    }

    /// Has the engine's thread let go of what nobody holds any more.
    pub(crate) fn let_go(&self, gone: Gone) {
        self.shared.let_go.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(gone);
        self.shared.wake.0.ring();
    }

    fn gone(&self) -> Error {
        let trapped = self.shared.trapped.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        trapped.clone().map_or(Error::Closed, Error::Trapped)
    }
}
