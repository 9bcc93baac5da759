//! Callers' settings for a download and for the network.

pub mod durability;
pub mod network;
pub mod property;
pub mod proxy;
pub mod transfer_options;
