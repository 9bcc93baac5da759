//! The border between the engine and the program that runs it: inputs, outputs, ids and instants.

pub mod identity;
pub mod input;
pub(crate) mod outbox;
pub mod output;
pub mod time;
