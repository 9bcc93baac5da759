//! Untrusted components, plugins and callers: each stays within its policy and its limits.

mod client_state;
mod clients;
mod hostile_components;
mod plugins;
mod policy;
