//! Byte ranges, sets of ranges, and digests of a file and of its pieces.

pub mod digest;
pub mod pieces;
pub mod range;
pub mod range_set;
