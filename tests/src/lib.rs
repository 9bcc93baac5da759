//! The ways to run haul, with the equipment of `haul_lab` around them; and the generated pages of `docs/`.

pub mod chaos;
mod component;
pub mod docs;
pub mod kills;
pub mod page;
pub mod prompt;
pub mod scene;
pub mod session;
pub mod subject;

pub use component::component;
pub use haul_lab::{delay, nginx, origin, process, proxies};
