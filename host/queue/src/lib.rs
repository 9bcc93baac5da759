//! The queue of haul: jobs that outlive programs and machines, for any number of clients.
//!
//! The crate [`haul`] runs the jobs of one engine. This crate adds all that a service needs around it:
//!
//! - [`Request`]s and [`Reply`]s, which look up jobs by id or name and describe, create, change and complete them;
//! - one [`Subscription`] type through which every follower gets [`Event`]s, in this process or in another one;
//! - a [`Server`] and a [`Client`] for the other processes of the same user, over a socket in the state directory;
//! - a [`Schedule`](schedule::Schedule) of rates by the hours of the week.
//!
//! It does not print, parses no command line and knows no exit codes: `haul jobs` is one client of it.
//!
//! ```
//! use haul_queue::{Answer, NewFile, NewJob, Queue, Request, Selection, Settings};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! // This queue only keeps its jobs and runs none of them.
//! let queue = Queue::open(&folder.path().join("queue"), |builder| builder.max_running(0)).await?;
//!
//! let settings = Settings { display_name: Some("maps".into()), ..Settings::default() };
//! let url = "https://example.com/n52e013.tif".into();
//! let file = NewFile { url, path: folder.path().join("n52e013.tif"), ..NewFile::default() };
//! let job = NewJob { settings, files: vec![file], resume: true };
//! queue.execute(Request::Create { jobs: vec![job] }).await.jobs()?;
//!
//! for answer in queue.execute(Request::Describe { jobs: Selection::All }).await.jobs()? {
//!     match answer {
//!         Answer::Job(job) => assert_eq!((job.title(), job.files), ("maps", 1)),
//!         Answer::Error(error) => return Err(error.into()),
//!     }
//! }
//! queue.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! # A daemon
//!
//! `examples/daemon.rs` is a whole one. It
//!
//! 1. opens the queue for itself with [`acquire`]; from now on no other process can open it;
//! 2. subscribes with [`Queue::subscribe`], before it looks at any job, so that no change is lost in between;
//! 3. opens a [`Server`] on a [`LocalSet`](tokio::task::LocalSet), for clients;
//! 4. describes all jobs, and then those that an [`Event`] names; it completes the jobs that are transferred. After
//!    [`Event::Missed`] it describes all jobs again;
//! 5. on a signal, closes the server, so that clients hear that the queue closes, and then the queue.
//!
//! # Processes
//!
//! One process owns a queue at a time. A [`Client`] sends its requests to the process that runs the queue; if no process does, the client
//! owns the queue for as long as its requests take. Both sides have to be the same version of haul: the server's first message, the
//! handshake, says which one it is. A client that got no handshake, or [`Reply::Closing`], knows that its request was not read. The
//! socket has mode 0600, and a request of 64 MiB or more is rejected.

// Invalid input from a peer or a disk must not end the process, and standard output belongs to the program.
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
#![warn(missing_docs)]

mod access;
mod client;
mod error;
mod event;
pub mod file;
mod lines;
mod local;
mod outcome;
mod protocol;
mod queue;
pub mod redaction;
pub mod schedule;
mod service;
mod settings;
mod subscription;
pub mod values;
mod view;
pub mod vocabulary;

pub use access::acquire;
pub use client::Client;
pub use error::{Cause, CommandError};
pub use event::{Change, Event};
pub use file::NewFile;
pub use local::{Location, Server};
pub use outcome::Outcome;
pub use protocol::{Action, Answer, FILES_PER_REPLY, NewJob, Reply, Request, Selection};
pub use queue::Queue;
pub use service::describe;
pub use settings::{Limit, Settings};
pub use subscription::Subscription;
pub use view::{ErrorView, FileView, JobView};
