//! Jobs step by step: each call in each state, scheduling, and persistence across engines.

mod ends;
mod failures;
#[path = "../simulator/file.rs"]
mod file;
mod limits;
mod notices;
mod queue;
mod restarts;
mod scene;
mod states;
mod turns;
