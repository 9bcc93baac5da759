//! Test equipment that uses a real network, disk and runtime: a scripted origin, nginx, and the ways to run haul; and the
//! generated pages of `docs/`.

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
