//! Test equipment that knows nothing of haul: an origin that follows a script, nginx, PostgreSQL, proxies, a line with a delay, a terminal, and child
//! processes.

pub mod delay;
pub mod nginx;
pub mod origin;
pub mod postgres;
pub mod process;
pub mod proxies;
pub mod terminal;
