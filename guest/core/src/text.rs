//! Numbers, GUIDs and secrets as text, encodings, and text for a terminal.

pub mod digits;
pub mod encoding;
pub mod guid;
pub mod secret;
pub mod terminal;
