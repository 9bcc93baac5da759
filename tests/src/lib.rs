//! What needs a real wire, a real disk and a real runtime: a scripted origin, nginx, and the ways of running haul.

pub mod kills;
pub mod nginx;
pub mod origin;
pub mod process;
pub mod scene;
pub mod subject;
