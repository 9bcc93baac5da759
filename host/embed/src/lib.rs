//! Downloads files and byte ranges, resumes after anything, and never hands over a wrong byte.
//!
//! The engine itself is a WebAssembly component that this crate runs in a sandbox: it has the directories that are granted to
//! it, HTTP, clocks and random numbers, and nothing else. Each [`Engine`] has a thread of its own; its handles are cheap to clone
//! and can be used from anywhere.
//!
//! ```no_run
//! # async fn example() -> Result<(), haul::Error> {
//! let engine = haul::Engine::builder().grant("/srv/images").open().await?;
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
//! 4. [`Download::finalize`] gives the file its name; [`Download::abort`] removes what was written;
//! 5. [`Engine::close`] pauses what is left and saves it.

mod bindings;
mod builder;
mod callbacks;
pub mod client;
mod component;
mod content;
mod digest;
mod download;
mod downloads;
mod engine;
mod error;
mod event;
mod grants;
mod http;
mod locks;
mod network;
mod property;
mod runtime_config;
mod sandbox;
mod types;

pub use builder::Builder;
pub use component::WASM;
pub use content::Content;
pub use download::{Download, StatusCallback};
pub use downloads::{Category, Downloads};
pub use engine::{Engine, FetchReport};
pub use error::{Error, Failure, Fault};
pub use event::{Event, Happening, RestartReason};
pub use network::{Network, NetworkCost};
pub use property::{
    CostPolicy, DecryptionInfo, IntegrityCheckInfo, Property, PropertyEx, PropertyId, PropertyIdEx, SecurityContext,
    SecurityFlags,
};
pub use types::{
    DescribedFile, DigestAlgorithm, DownloadState, DownloadStatus, Durability, ExpectedDigest, Explanation,
    PieceHashFile, Pieces, Report, RequestedRange, StartMode, TransferOptions,
};
