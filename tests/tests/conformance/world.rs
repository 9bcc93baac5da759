//! The world of most statements: an engine with its own folder, an origin, and a download in the state of the test.

use std::path::PathBuf;

use haul::{
    Builder, DecryptionInfo, Download, DownloadState, DownloadStatus, Durability, Engine, Error, Failure,
    IntegrityCheckInfo, Property, PropertyId, RequestedRange, StartMode, TransferOptions,
};
use haul_tests::docs::{Wit, root};
use haul_tests::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use tempfile::{TempDir, tempdir};

use crate::codes::Code;

/// The length of `/file` and of the resources like it, in bytes.
pub const LENGTH: u64 = 64 * 1024 + 7;

/// The offset at which `/held` stops.
pub const HELD: u64 = 16 * 1024;

/// [`PLAIN`], encrypted in buffers of 16 bytes under the key 00 01 .. 0F, in base64.
pub const ENCRYPTED: &str = "DLjkIeDr0umHqRMGQOPF+2z2iQ34UfLUPYNtvUGvUNrcsN0Q7YasDj0tPIhGwGAEW7m/\
                             YTHpqH7JBXdtYHMPniTQSjShbj5a79Uq7jCYFJTFrgjlS7Q=";

pub const PLAIN: &str = "Encrypted in buffers of sixteen bytes.";

/// An engine, an origin, and the target folder.
///
/// The origin has `/file`; `/held`, which stops after [`HELD`] bytes until [`World::release`]; `/other` with other content;
/// `/ignores-ranges`; and 404 for the rest.
pub struct World {
    pub origin: Origin,
    pub folder: TempDir,
    pub engine: Engine,
    pub content: Content,
}

/// The representation at the origins of this suite.
pub fn representation(content: &Content) -> Representation {
    Representation::new(content.clone()).strong_etag("v1")
}

fn site(content: &Content) -> Site {
    let file = || Resource::new(representation(content));
    Site::new()
        .resource("/file", file())
        .resource("/held", file().fault(When::Every, Fault::hold_until_released(HELD, "held")))
        .resource("/other", Resource::new(Representation::new(Content::new(6, LENGTH)).strong_etag("other")))
        .resource("/ignores-ranges", file().fault(When::Every, Fault::IgnoreRange))
}

impl World {
    pub async fn new() -> Self {
        Self::built(|builder, _| builder).await
    }

    /// A world with more settings of the engine; `settings` also gets the folder.
    pub async fn built(settings: impl FnOnce(Builder, &TempDir) -> Builder) -> Self {
        let (content, folder) = (Content::new(3, LENGTH), tempdir().expect("a folder"));
        let engine = settings(Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()), &folder)
            .open()
            .await
            .expect("an engine");
        Self { origin: Origin::start(site(&content)), folder, engine, content }
    }

    /// A world with a resource at `/here`.
    pub async fn with(resource: impl Into<Resource>) -> Self {
        let world = Self::new().await;
        world.origin.put("/here", resource);
        world
    }

    /// A world with the common content at `/here`, and these faults.
    pub async fn faulty(faults: impl IntoIterator<Item = (When, Fault)>) -> Self {
        let world = Self::new().await;
        let file = Resource::new(representation(&world.content));
        let faulty = faults.into_iter().fold(file, |file, (when, fault)| file.fault(when, fault));
        world.origin.put("/here", faulty);
        world
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("file")
    }

    /// Releases `/held`, now and later.
    pub fn release(&self) {
        self.origin.release("held");
    }

    /// A download of `/file`, ready to start.
    pub async fn download(&self) -> Download {
        self.download_of("/file").await
    }

    /// A download of the resource at `path`, ready to start.
    pub async fn download_of(&self, path: &str) -> Download {
        let download = self.engine.create_download().await.expect("a download");
        download.set_uri(&self.origin.url(path)).await.expect("a URL");
        download.set_local_path(self.path()).await.expect("a path");
        download.set_options(options()).await.expect("options");
        download
    }

    /// A download of `/file` in this state; of `/held` if the state is one before the end of the transfer.
    pub async fn download_in(&self, state: DownloadState) -> Download {
        let held = matches!(state, DownloadState::Transferring | DownloadState::Paused | DownloadState::Aborted);
        let download = self.download_of(if held { "/held" } else { "/file" }).await;
        match state {
            DownloadState::Created => {}
            DownloadState::Transferring => self.start_held(&download).await,
            DownloadState::Paused => {
                self.start_held(&download).await;
                download.pause().await.expect("a pause");
            }
            DownloadState::Aborted => {
                self.start_held(&download).await;
                download.abort().await.expect("an abort");
            }
            DownloadState::Transferred => fetch(&download, StartMode::WholeFile).await,
            DownloadState::Finalized => {
                fetch(&download, StartMode::WholeFile).await;
                download.finalize().await.expect("a name");
            }
            other => panic!("no way to {other:?}"),
        }
        assert_eq!(state_of(&download).await, state);
        download
    }

    async fn start_held(&self, download: &Download) {
        download.start(StartMode::WholeFile).await.expect("a start");
        until_transferred(download, HELD).await;
    }

    /// The bytes at the local path.
    pub fn written(&self) -> Vec<u8> {
        std::fs::read(self.path()).expect("the file")
    }

    pub fn bytes(&self, range: std::ops::Range<u64>) -> Vec<u8> {
        self.content.bytes(range)
    }

    /// # Panics
    ///
    /// If the file at the local path differs from the content of the origin.
    #[track_caller]
    pub fn assert_whole(&self) {
        assert!(self.written() == self.bytes(0..LENGTH), "the file differs");
    }

    /// The key of [`ENCRYPTED`].
    pub async fn decryption_info(&self) -> DecryptionInfo {
        let text = r#"{"KeyData": "AAECAwQFBgcICQoLDA0ODw==", "EncryptionBufferSize": 16, "AlgorithmName": "AES",
                       "ChainingMode": "ChainingModeGCM"}"#;
        self.engine.read_decryption_info(text).await.expect("the key")
    }

    /// Integrity check info with the URL of the digests, and without a digest of that document.
    pub async fn integrity_check_info(&self, url: &str) -> IntegrityCheckInfo {
        let text = format!(r#"{{"PiecesHashFileUrl": "{url}"}}"#);
        self.engine.read_integrity_check_info(&text).await.expect("the info")
    }

    /// The names in the folder.
    pub fn names(&self) -> Vec<String> {
        haul_tests::scene::names(self.folder.path())
    }
}

/// One connection, and no sync.
pub fn options() -> TransferOptions {
    TransferOptions { connections: Some(1), durability: Durability::Process, ..TransferOptions::default() }
}

/// Starts a download and waits for its end.
pub async fn fetch(download: &Download, mode: StartMode) {
    download.start(mode).await.expect("a start");
    download.ended().await.expect("all bytes");
}

/// Starts a download and waits for the error that stops it.
pub async fn fails(download: &Download, mode: StartMode, code: Code) -> Failure {
    download.start(mode).await.expect("a start");
    let failure = refused(download.ended().await, code);
    let status = download.status().await.expect("a status");
    assert_eq!((status.state, status.error.map(|error| error.code)), (DownloadState::Paused, Some(code.number)));
    failure
}

/// # Panics
///
/// If `result` is not a failure with this code.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(result: Result<T, Error>, code: Code) -> Failure {
    match result {
        Err(Error::Failed(failure)) => {
            assert_eq!((failure.name.as_str(), failure.code), (code.name, code.number), "{failure}");
            failure
        }
        other => panic!("{other:?} instead of {}", code.name),
    }
}

pub async fn state_of(download: &Download) -> DownloadState {
    download.status().await.expect("a status").state
}

/// Waits until this many bytes are written.
pub async fn until_transferred(download: &Download, bytes: u64) {
    while download.status().await.expect("a status").bytes_transferred < bytes {
        tokio::task::yield_now().await;
    }
}

/// Waits until the status satisfies `wished`.
pub async fn until(download: &Download, wished: impl Fn(&DownloadStatus) -> bool) -> DownloadStatus {
    loop {
        let status = download.status().await.expect("a status");
        if wished(&status) {
            return status;
        }
        tokio::task::yield_now().await;
    }
}

pub const fn bounded(offset: u64, length: u64) -> RequestedRange {
    RequestedRange::Bounded { offset, length }
}

/// A start with these ranges, as offset and length.
pub fn ranges(ranges: &[(u64, u64)]) -> StartMode {
    StartMode::Ranges(ranges.iter().map(|&(offset, length)| bounded(offset, length)).collect())
}

/// Writes a property and reads it back.
pub async fn round_trip(download: &Download, id: PropertyId, value: Property) {
    download.set_property(value.clone()).await.expect("a value that can be written");
    assert_eq!(download.property(id).await.expect("a value"), value);
}

/// The parsed interfaces of this repository.
pub fn wit() -> Wit {
    Wit::read(&root().join("wit"))
}
