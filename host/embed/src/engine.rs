//! The engine as its embedder holds it.

use std::path::Path;

use tokio::sync::broadcast;
use wasmtime_wasi::FsPerms;

use crate::builder::Builder;
use crate::error::Error;
use crate::grants::Grants;
use crate::handles::{Download, Downloads, Enumerator, Job, Jobs, Object, Provisional};
use crate::records;
use crate::runtime::{Instance, Link};
use crate::values::{
    Category, DecryptionInfo, DescribedFile, Event, Explanation, FetchReport, IntegrityCheckInfo, Network,
    PieceHashFile, StartMode, TransferOptions,
};

/// File names that are suggested in one turn of the engine's thread, so that transfers progress meanwhile.
const NAMES_AT_ONCE: usize = 256;

/// A transfer engine. Clones are handles on the same one; it closes when [`Engine::close`] is called or the last handle, those
/// of its downloads included, is gone.
#[derive(Clone, Debug)]
pub struct Engine {
    link: Link,
}

impl Builder {
    /// Starts the engine on a thread of its own.
    ///
    /// # Errors
    ///
    /// [`Error::Grant`] for a directory that cannot be opened, or that a link below another granted one leads to; [`Error::Setting`]
    /// for a setting that cannot be used; [`Error::Unsupported`] if the component cannot run, lacks an export, or wants more than
    /// it is given. [`Error::Failed`] for a state directory: with
    /// ERROR_SHARING_VIOLATION if another engine uses it, and with ERROR_FILE_CORRUPT if its ledger is damaged. The damaged ledger
    /// is set aside as `queue.haul.damaged`, and the next open restores its readable part.
    pub async fn open(mut self) -> Result<Engine, Error> {
        let mut grants = Grants::default();
        for (directory, permissions) in &self.grants {
            grants.add(directory, *permissions)?;
        }
        for (directory, _) in &self.grants {
            grants.confirm(directory)?;
        }
        for (directory, is_state) in [(&mut self.state_directory, true), (&mut self.records_directory, false)] {
            let Some(directory) = directory else { continue };
            // Before the directory is changed: a planted link may lead to another one.
            grants.confirm(directory)?;
            let refuse = |reason| Error::Grant { path: directory.clone(), reason };
            // A component cannot follow a link that leads out of its grants.
            let real = records::prepare(directory).map_err(refuse)?;
            if is_state {
                grants.add_private(&real)?;
            } else {
                grants.add(&real, FsPerms::ReadWrite)?;
            }
            *directory = real;
        }
        Ok(Engine { link: Link::open(self, grants).await? })
    }
}

impl Engine {
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The same engine for another caller, by the host's name for it. A caller finds only the downloads and jobs that it has created.
    pub fn for_caller(&self, caller: &str) -> Self {
        Self { link: self.link.for_caller(caller) }
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
        let link = self.link.clone();
        let create = async move |instance: &mut Instance| {
            let (resource, id) = instance.create_download(link.caller()).await?;
            Ok(Provisional::new(link.clone(), Download::new(link, resource, id)))
        };
        self.link.call(create).await
    }

    /// The caller's own downloads, or those of one category, that are neither finalized nor aborted.
    ///
    /// # Errors
    ///
    /// DO_E_NO_DOWNLOADS if there is none.
    pub async fn downloads(&self, category: Option<Category>) -> Result<Downloads, Error> {
        let link = self.link.clone();
        let find = async move |instance: &mut Instance| {
            let found = instance.downloads(link.caller(), category).await?;
            let handle = |(resource, id)| Download::found(link.clone(), resource, id);
            Ok(Downloads::new(found.into_iter().map(handle).collect()))
        };
        self.link.call(find).await
    }

    /// A new job without files, suspended. It survives restarts if the engine has a state directory, and stays until it
    /// is completed or cancelled. `display_name` has at most 256 characters and need not be unique.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for a longer name; BG_E_TOO_MANY_JOBS_PER_USER if the caller has 20,000 jobs; BG_E_TOO_MANY_JOBS_PER_MACHINE
    /// if all callers have 40,000.
    pub async fn create_job(&self, display_name: &str) -> Result<Job, Error> {
        let (link, display_name) = (self.link.clone(), display_name.to_owned());
        let create = async move |instance: &mut Instance| {
            let (job, id) = instance.create_job(link.caller(), &display_name).await?;
            Ok(Job::new(Object::new(link, job), id))
        };
        self.link.call(create).await
    }

    /// A new job that is set up before it takes effect: until [`Job::keep`] it fetches nothing, no caller finds it, and it is dropped
    /// with the last handle on it.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::create_job`].
    pub async fn draft_job(&self, display_name: &str) -> Result<Job, Error> {
        let (link, display_name) = (self.link.clone(), display_name.to_owned());
        let create = async move |instance: &mut Instance| {
            let (job, id) = instance.draft_job(link.caller(), &display_name).await?;
            Ok(Job::new(Object::new(link, job), id))
        };
        self.link.call(create).await
    }

    /// The caller's job with this id: a GUID with or without braces, in letters of either case.
    ///
    /// # Errors
    ///
    /// DO_E_JOB_NOT_FOUND if there is none or it is over; E_ACCESSDENIED if it belongs to another caller; E_INVALIDARG for a text
    /// that is no GUID.
    pub async fn job(&self, id: &str) -> Result<Job, Error> {
        let (link, id) = (self.link.clone(), id.to_owned());
        let find = async move |instance: &mut Instance| {
            let (job, id) = instance.find_job(link.caller(), &id).await?;
            Ok(Job::new(Object::new(link, job), id))
        };
        self.link.call(find).await
    }

    /// The caller's own jobs that are not over, or those of all callers.
    ///
    /// # Errors
    ///
    /// E_ACCESSDENIED for the jobs of all callers, unless this is the engine's own host and not [`Engine::for_caller`].
    pub async fn jobs(&self, all_users: bool) -> Result<Jobs, Error> {
        let link = self.link.clone();
        let find = async move |instance: &mut Instance| {
            let (enumerator, count) = instance.enum_jobs(link.caller(), all_users).await?;
            Ok(Jobs::new(Enumerator::new(Object::new(link, enumerator), count)))
        };
        self.link.call(find).await
    }

    /// Bytes per second of all downloads and jobs together from now on, in the place of [`Builder::max_rate`]; `None` for no limit.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn set_max_rate(&self, bytes_per_second: Option<u64>) -> Result<(), Error> {
        self.link.call(async move |instance| instance.set_max_rate(bytes_per_second).await).await
    }

    /// The meaning of an HRESULT as a text: GetErrorDescription. `language` is a Windows language id, such as 0x0409. The only language
    /// is English, in any of its sublanguages.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for the language 0; ERROR_RESOURCE_LANG_NOT_FOUND for others, and for a code without a text.
    pub async fn error_description(&self, code: u32, language: u32) -> Result<String, Error> {
        self.link.call(async move |instance| instance.error_description(code, language).await).await
    }

    /// Tells the engine about a change of the network. Downloads that may not use it stop at once, and go on when they may.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn set_network(&self, network: Network) -> Result<(), Error> {
        self.link.call(async move |instance| instance.set_network(network).await).await
    }

    /// The meaning of an HRESULT; `None` if neither DO, BITS, HTTP nor haul has it.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn explain(&self, code: u32) -> Result<Option<Explanation>, Error> {
        self.link.call(async move |instance| instance.explain(code).await).await
    }

    /// All that [`Engine::explain`] knows but HTTP's statuses, by code.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn explanations(&self) -> Result<Vec<Explanation>, Error> {
        self.link.call(async |instance| instance.explanations().await).await
    }

    /// Reads the JSON text that DO takes for IntegrityCheckInfo.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for one that cannot be used.
    pub async fn read_integrity_check_info(&self, text: &str) -> Result<IntegrityCheckInfo, Error> {
        let text = text.to_owned();
        self.link.call(async move |instance| instance.read_integrity_check_info(&text).await).await
    }

    /// Reads the JSON text that DO takes for DecryptionInfo.
    ///
    /// # Errors
    ///
    /// E_INVALIDARG for one that cannot be used.
    pub async fn read_decryption_info(&self, text: &str) -> Result<DecryptionInfo, Error> {
        let text = text.to_owned();
        self.link.call(async move |instance| instance.read_decryption_info(&text).await).await
    }

    /// Downloads `url` to `path`, which lies in a granted directory: start, wait, finalize. A call for the same URL and
    /// path continues an interrupted one.
    ///
    /// # Errors
    ///
    /// [`Error::Failed`] with the reason.
    pub async fn fetch(&self, url: &str, path: impl AsRef<Path>) -> Result<FetchReport, Error> {
        self.fetch_with(url, path, StartMode::WholeFile, TransferOptions::default()).await
    }

    /// [`Engine::fetch`] of the ranges in `mode`, with `options`.
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

    /// A safe file name for a URL: one path component, taken from the last segment of its path.
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
            names.extend(self.link.call(suggest).await?);
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
        self.link.call(async move |instance| instance.read_metalink(&document).await).await
    }

    /// Reads a piece-hash file of Delivery Optimization.
    ///
    /// # Errors
    ///
    /// DO_E_METAINFO_CONTENT for a file that cannot be used or is longer than 4 MiB.
    pub async fn read_piece_hash_file(&self, document: &[u8]) -> Result<PieceHashFile, Error> {
        let document = document.to_owned();
        self.link.call(async move |instance| instance.read_piece_hash_file(&document).await).await
    }

    /// Everything that happens from now on. A listener that falls 1024 events behind loses the oldest.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.link.events()
    }

    /// Pauses every download, saves its progress, and ends the engine. Jobs go on when the state directory is opened again. Calls of
    /// other handles fail with [`Error::Closed`] from then on.
    pub async fn close(self) {
        self.link.close().await;
    }

    pub(crate) const fn link(&self) -> &Link {
        &self.link
    }
}
