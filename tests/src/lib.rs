//! What needs a real wire, a real disk and a real runtime: a scripted origin, nginx, and the ways of running haul; and the pages
//! that are made from the sources.

pub mod delay;
pub mod docs;
pub mod kills;
pub mod nginx;
pub mod origin;
pub mod page;
pub mod process;
pub mod prompt;
pub mod proxies;
pub mod scene;
pub mod session;
pub mod subject;
pub mod turmoil;
