//! Numbers, GUIDs and secrets as text, and text for a terminal.

pub mod digits;
pub mod guid;
pub mod secret;
pub mod terminal;
