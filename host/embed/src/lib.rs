//! Downloads files and byte ranges, resumes after any interruption, and never delivers a wrong byte.
//!
//! The engine itself is a WebAssembly component that this crate runs in a sandbox: it has the directories that are granted to it, the
//! requests that its [`Policy`] allows, clocks and random numbers, and nothing else. Each [`Engine`] has a thread of its own; its handles are
//! cheap to clone and can be used from any thread and any executor.
//!
//! # Fetch a file
//!
//! ```no_run
//! # async fn example() -> Result<(), haul::Error> {
//! let policy = haul::Policy::deny_all().allow_origin("https://example.com");
//! let engine = haul::Engine::builder().policy(policy).grant("/srv/images").open().await?;
//! let report = engine.fetch("https://example.com/debian.iso", "/srv/images/debian.iso").await?;
//! println!("{} bytes, {} of them from an earlier run", report.bytes, report.bytes_resumed);
//! # Ok(())
//! # }
//! ```
//!
//! # Fetch with progress, a digest and a clear error
//!
//! ```no_run
//! # async fn example(engine: haul::Engine) -> Result<(), haul::Error> {
//! use haul::FailureKind;
//!
//! let fetched = engine
//!     .fetch("https://example.com/debian.iso", "/srv/images/debian.iso")
//!     .digest("sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae".parse()?)
//!     .retries(5)
//!     .on_progress(|status| println!("{} of {}", status.bytes_transferred, status.bytes_total))
//!     .await;
//! match fetched {
//!     Ok(report) => println!("{} bytes", report.bytes),
//!     Err(error) if error.kind() == FailureKind::NotFound => println!("there is no such image"),
//!     Err(error) if error.kind() == FailureKind::Verification => println!("not the image that was announced: {error}"),
//!     Err(error) => println!("{error}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # A durable queue
//!
//! A [`Job`] has up to 200,000 files. It survives restarts: it goes on by itself when the engine is opened again with the same
//! [`Builder::state_directory`].
//!
//! ```no_run
//! # async fn example() -> Result<(), haul::Error> {
//! use haul::{Engine, JobEnded, Policy};
//!
//! let policy = Policy::deny_all().allow_origin("https://example.com");
//! let engine = Engine::builder().policy(policy).grant("/srv/maps").state_directory("/var/lib/maps").open().await?;
//! let job = match engine.jobs(false).await?.next(1).await?.pop() {
//!     Some(left_behind) => left_behind,
//!     None => engine.create_job("maps").await?,
//! };
//! for tile in ["n52e013.tif", "n52e014.tif"] {
//!     job.add_file(&format!("https://example.com/{tile}"), format!("/srv/maps/{tile}")).await?;
//! }
//! job.resume().await?;
//! match job.ended().await? {
//!     JobEnded::Transferred => println!("{:?}", job.complete().await?),
//!     JobEnded::Failed(error) => println!("{}", error.cause),
//!     other => println!("{other:?}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Download`] is the durable form of one file: with [`Property::NonVolatile`], [`Engine::downloads`] finds it again.
//!
//! # A host of plugins
//!
//! WebAssembly components without a network import the engine's interfaces; the host decides what each may fetch.
//!
//! ```no_run
//! use haul::client::{self, Client, ClientCtxView, ClientView, Interface};
//! use haul::{Engine, Policy, Quota};
//!
//! struct Plugin {
//!     client: Client,
//!     table: wasmtime::component::ResourceTable,
//! }
//!
//! impl ClientView for Plugin {
//!     fn client(&mut self) -> ClientCtxView<'_> {
//!         ClientCtxView { client: &mut self.client, table: &mut self.table }
//!     }
//! }
//!
//! # async fn example(linker: &mut wasmtime::component::Linker<Plugin>) -> wasmtime::Result<()> {
//! let policy = Policy::deny_all().allow_origin("https://maps.example").quota(Quota::total(1 << 30));
//! let engine = Engine::builder().policy(policy).grant("/srv/plugins/maps").open().await?;
//! let plugin = Plugin { client: Client::new(engine), table: Default::default() };
//! client::add_interface_to_linker(linker, Interface::DoManager)?;
//! client::add_interface_to_linker(linker, Interface::DoDownload)?;
//! # drop(plugin);
//! # Ok(())
//! # }
//! ```
//!
//! # A policy for URLs of others
//!
//! ```no_run
//! # async fn example(url: &str) -> Result<(), haul::Error> {
//! use haul::{Engine, FailureKind, Policy, Quota};
//!
//! let policy = Policy::deny_all()
//!     .allow_origin("https://*.example.com")
//!     .max_file_size(1 << 30)
//!     .quota(Quota::total(10 << 30))
//!     .max_connections(4);
//! let engine = Engine::builder().policy(policy).grant("/srv/uploads").open().await?;
//! match engine.fetch(url, "/srv/uploads/file").await {
//!     Err(error) if error.kind() == FailureKind::Policy => println!("not allowed: {error}"),
//!     fetched => println!("{} bytes", fetched?.bytes),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Redirects, and each address that a name resolves to, are judged too: private and local addresses are refused unless
//! [`Policy::allow_addresses`] names them.
//!
//! # Features
//!
//! - `serde`, off by default: plain values such as [`DownloadStatus`], [`JobDescription`], [`TransferOptions`], [`Failure`], [`Event`] and
//!   [`Limits`] implement `Serialize` and `Deserialize`. Cases of enumerations are written like `transient-error`; flags
//!   are a list of their names. Handles are left out, and so is every type that holds a [`Secret`].

// The host survives whatever a component, an origin or a disk does, and leaves standard output and error to its embedder.
#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::panic,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

mod bindings;
mod builder;
pub mod client;
mod clock;
pub mod codes;
mod component;
mod content_resolver;
mod digest;
mod digits;
mod engine;
mod error;
mod events;
mod fetch;
mod grants;
mod handles;
mod hosts;
mod http;
mod limits;
mod locks;
mod mirror;
mod ownership;
mod policy;
mod records;
mod runtime;
mod runtime_config;
mod sandbox;
mod secret;
mod state_directory;
mod values;

pub use builder::Builder;
pub use clock::Clock;
pub use component::WASM;
pub use engine::Engine;
pub use error::{Error, Failure, FailureKind, Fault, Rule};
pub use events::{Events, EventsError};
pub use fetch::Fetch;
pub use handles::{
    Download, Downloads, Ended, Job, JobCallback, JobEnded, JobError, JobFile, JobFiles, Jobs, Refused, StatusCallback,
};
pub use limits::Limits;
pub use policy::{Policy, Quota};
pub use runtime::{CallbackLost, CallbackTask};
pub use secret::Secret;
pub use values::{
    Cancellation, Category, Completion, Content, CostFlags, CostPolicy, DecryptionInfo, DescribedFile, DigestAlgorithm,
    DownloadMode, DownloadState, DownloadStatus, Durability, ErrorContext, Event, ExpectedDigest, Explanation,
    FetchReport, FileDescription, FileInfo, FileProgress, FileProperty, FilePropertyId, FileRange, FileState,
    Happening, IntegrityCheckInfo, JobDescription, JobFailure, JobKind, JobOptions, JobPriority, JobProgress,
    JobProperty, JobPropertyId, JobState, JobTimes, MetalinkDocument, Network, NetworkCost, NewFile, NotifyFlags,
    PieceHashFile, Pieces, Property, PropertyEx, PropertyId, PropertyIdEx, ProxySettings, ProxyUsage, RefusedFile,
    Report, RequestedRange, RestartReason, SecurityContext, SecurityFlags, StartMode, Subject, SwarmStats, SwarmStatus,
    TransferOptions,
};
