//! What an engine may do outside its sandbox.

mod addresses;

pub use self::addresses::Addresses;
