//! URLs, and texts that may be URLs, without passwords: for messages, logs and views.

pub(crate) mod proxy_list;

use std::path::Path;

pub use haul_command::redaction::{named, quoted, redact};

/// The name of a file, for an error message; see [`named`].
pub fn titled(path: &Path) -> String {
    named(&path.to_string_lossy())
}
