//! What the fuzz targets share.

pub mod crc;
pub mod frames;
pub mod records;
pub mod single;
pub mod text;
pub mod world;
