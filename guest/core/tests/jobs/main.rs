//! Jobs, step by step: what each call does in each state, whose turn it is, and what outlives an engine.

mod ends;
mod failures;
#[path = "../simulator/file.rs"]
mod file;
mod notices;
mod restarts;
mod scene;
mod states;
mod turns;
