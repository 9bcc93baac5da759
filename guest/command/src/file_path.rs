//! Paths as command lines have them: bytes, usually UTF-8.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A path. Unix does not promise that it is text.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath(Vec<u8>);

impl FilePath {
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether the path is `-`, which stands for standard input or output.
    pub fn is_standard_stream(&self) -> bool {
        self.0 == b"-"
    }

    pub fn to_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// `name` below this directory. An absolute name replaces it.
    #[must_use]
    pub fn join(&self, name: &Self) -> Self {
        if name.0.starts_with(b"/") || self.0.is_empty() {
            return name.clone();
        }
        let mut path = self.0.clone();
        if !path.ends_with(b"/") {
            path.push(b'/');
        }
        path.extend(&name.0);
        Self(path)
    }

    /// The path with `ending` at its end.
    #[must_use]
    pub fn with_ending(&self, ending: &str) -> Self {
        Self([&self.0, ending.as_bytes()].concat())
    }
}

impl fmt::Debug for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_text(), f)
    }
}

impl From<&str> for FilePath {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for FilePath {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&[u8]> for FilePath {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }
}
