//! The repository as the rules need it: its crates, their modules, the imports between modules, its pages, its constants, and the words of its
//! prose.

pub mod constants;
pub mod crates;
pub mod files;
pub mod graph;
pub mod imports;
pub mod modules;
pub mod prose;
pub mod tokens;
