//! The queue: jobs of a program, jobs at a prompt, and state that survives an engine.

mod cancellation;
mod command;
mod embedders;
mod embedding;
mod json;
mod library;
mod restart;
mod screen;
mod secrets;
