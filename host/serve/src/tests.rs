//! The whole daemon in this process: recorded traffic of aria2, the life of downloads, and attempts to break the rules.

mod daemon;
mod durability;
mod golden;
mod life;
mod origin;
mod security;
