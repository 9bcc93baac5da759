//! Stored formats: the journal next to a partial file, the record of a finished file, and the ledger of the queue.

pub mod finished;
pub mod journal;
pub mod key;
pub mod ledger;
mod record;
pub mod seals;
pub(crate) mod stored_download;
