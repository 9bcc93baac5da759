//! The queue: jobs of a program, jobs at a prompt, and state that survives an engine.

mod cancellation;
mod command;
mod embedding;
mod library;
mod restart;
mod secrets;
