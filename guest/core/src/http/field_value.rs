//! Values of response fields: bytes whose encoding only the meaning of the field tells.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::text::encoding;

#[derive(Clone, Default, PartialEq, Eq)]
pub struct FieldValue(Vec<u8>);

impl FieldValue {
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The value if it is UTF-8. Most fields are ASCII by their grammar.
    pub fn as_str(&self) -> Option<&str> {
        str::from_utf8(&self.0).ok()
    }

    /// The value for a reader: UTF-8 if it is valid, else ISO-8859-1.
    pub fn text(&self) -> Cow<'_, str> {
        encoding::of_field(&self.0)
    }
}

impl From<Vec<u8>> for FieldValue {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<String> for FieldValue {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl AsRef<[u8]> for FieldValue {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text())
    }
}
