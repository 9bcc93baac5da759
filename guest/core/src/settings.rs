//! Settings of a download and of the network that it uses, as callers give them.

pub mod durability;
pub mod network;
pub mod property;
pub mod proxy;
pub mod transfer_options;
