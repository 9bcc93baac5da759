//! What the fuzz targets share.

pub mod records;
pub mod single;
pub mod text;
pub mod world;
