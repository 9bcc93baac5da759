//! Test equipment that knows nothing of haul: an origin that follows a script, nginx, proxies, a line with a delay, and child
//! processes.

pub mod delay;
pub mod nginx;
pub mod origin;
pub mod process;
pub mod proxies;
