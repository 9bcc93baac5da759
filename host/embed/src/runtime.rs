//! The engine at work: the thread that owns the component, and the link to it that every handle holds.

mod callbacks;
mod instance;
mod link;
mod notifications;
mod questions;
mod text_size;
mod thread;
mod wake;

pub(crate) use self::instance::{DownloadRef, ErrorParts, Instance};
pub(crate) use self::link::{Dropped, Link};
pub(crate) use self::notifications::{Due, Mailbox};
