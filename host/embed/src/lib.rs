//! Downloads files and byte ranges, resumes after anything, and never hands over a wrong byte.
//!
//! The engine itself is a WebAssembly component that this crate runs in a sandbox: it has the directories that are granted to
//! it, the requests that its [`Policy`] allows, clocks and random numbers, and nothing else. Each [`Engine`] has a thread of its own;
//! its handles are cheap to clone and can be used from any thread.
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
//! For more than one file to one place:
//!
//! 1. [`Engine::builder`], [`Builder::grant`] the directories that files may go to, [`Builder::open`];
//! 2. [`Engine::create_download`], set properties with [`Download::set_uri`], [`Download::set_local_path`] and their like;
//! 3. [`Download::start`] it, follow it with [`Download::status`], [`Download::ended`] or [`Engine::events`];
//! 4. [`Download::finalize`] gives the file its name; [`Download::abort`] removes its files;
//! 5. [`Engine::close`] pauses and saves unfinished downloads.
//!
//! For many files that belong together there is the [`Job`]. It survives restarts: it goes on by itself when the engine is opened
//! again with the same [`Builder::state_directory`].
//!
//! ```no_run
//! use haul::{Job, JobCallback, JobError, Refused};
//!
//! struct Complete;
//!
//! impl JobCallback for Complete {
//!     async fn job_transferred(&self, job: &Job) -> Result<(), Refused> {
//!         job.complete().await?;
//!         Ok(())
//!     }
//!
//!     async fn job_error(&self, _job: &Job, error: &JobError) -> Result<(), Refused> {
//!         eprintln!("{}", error.cause);
//!         Ok(())
//!     }
//! }
//!
//! # async fn example() -> Result<(), haul::Error> {
//! let policy = haul::Policy::deny_all().allow_origin("https://example.com");
//! let engine =
//!     haul::Engine::builder().policy(policy).grant("/srv/maps").state_directory("/var/lib/maps").open().await?;
//! let job = engine.create_job("maps").await?;
//! for tile in ["n52e013.tif", "n52e014.tif"] {
//!     job.add_file(&format!("https://example.com/{tile}"), format!("/srv/maps/{tile}")).await?;
//! }
//! job.set_notify_interface(Complete).await?;
//! job.resume().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! - `serde`, off by default: plain values such as [`DownloadStatus`], [`JobDescription`], [`TransferOptions`], [`Failure`], [`Event`] and
//!   [`Limits`] implement `Serialize` and `Deserialize`. Cases of enumerations have the names of `wit/`, such as `transient-error`; flags
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
mod codes;
mod component;
mod content_resolver;
mod digest;
mod digits;
mod engine;
mod error;
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
pub use error::{Error, Failure, Fault, Rule};
pub use handles::{Download, Downloads, Job, JobCallback, JobError, JobFile, JobFiles, Jobs, Refused, StatusCallback};
pub use limits::Limits;
pub use policy::{Policy, Quota};
pub use secret::Secret;
pub use values::{
    Cancellation, Category, Completion, Content, CostFlags, CostPolicy, DecryptionInfo, DescribedFile, DigestAlgorithm,
    DownloadMode, DownloadState, DownloadStatus, Durability, ErrorContext, Event, ExpectedDigest, Explanation,
    FetchReport, FileDescription, FileInfo, FileProgress, FileProperty, FilePropertyId, FileRange, FileState,
    Happening, IntegrityCheckInfo, JobDescription, JobFailure, JobKind, JobOptions, JobPriority, JobProgress,
    JobProperty, JobPropertyId, JobState, JobTimes, Network, NetworkCost, NewFile, NotifyFlags, PieceHashFile, Pieces,
    Property, PropertyEx, PropertyId, PropertyIdEx, ProxySettings, ProxyUsage, Report, RequestedRange, RestartReason,
    SecurityContext, SecurityFlags, StartMode, Subject, SwarmStats, SwarmStatus, TransferOptions,
};
