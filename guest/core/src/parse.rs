//! Parsers of input from callers and origins.

pub mod client_certificate;
pub mod decryption_info;
pub mod file_name;
pub mod integrity_check_info;
mod json;
pub mod metalink;
pub mod piece_hash_file;
pub mod url;
pub(crate) mod visible_text;
