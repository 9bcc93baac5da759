//! A content that a content id stands for.

use super::{ExpectedDigest, Pieces};
use crate::bindings::driver;
use crate::mirror::mirrored_record;

mirrored_record! {
    /// A content: its URLs, and the facts that prove it.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    #[cfg_attr(feature = "serde", serde(default))]
    Content = driver::ResolvedContent {
        /// Absolute http and https URLs, the best first, at most 64.
        urls: Vec<String>,
        /// Digests that the content has.
        digests: Vec<ExpectedDigest>,
        pieces: Option<Pieces>,
        /// In bytes.
        length: Option<u64>,
    }
}
