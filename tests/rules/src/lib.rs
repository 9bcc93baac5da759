//! The sources of the repository as the rules need them: its crates, the modules of each, and the imports between modules.

pub mod crates;
pub mod graph;
pub mod imports;
pub mod modules;
pub mod tokens;
