//! The ways to run haul, with the equipment of `haul_lab` around them; and the generated pages of `docs/`.

pub mod chaos;
mod component;
pub mod differential;
pub mod docs;
pub mod fleet_rows;
pub mod kills;
pub mod page;
pub mod prompt;
pub mod scene;
pub mod schema;
pub mod session;
pub mod subject;

pub use component::component;
pub use haul_lab::{delay, nginx, origin, process, proxies, terminal};
