//! The bytes of a content: ranges, sets of ranges, and digests of the whole and of its pieces.

pub mod digest;
pub mod pieces;
pub mod range;
pub mod range_set;
