//! The key of a user. It authenticates the journals of this user's engines, so that the engine does not trust a planted journal or one of
//! another user.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::parse::url::Url;

/// An HMAC-SHA-256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag([u8; 32]);

#[derive(Clone, Copy)]
pub struct Key {
    secret: [u8; Self::LENGTH],
    lasts: bool,
}

impl Key {
    /// Length of the secret in bytes, so that it is as strong as the SHA-256 that uses it.
    pub const LENGTH: usize = 32;

    /// A key that later engines of the same user share.
    pub const fn lasting(secret: [u8; Self::LENGTH]) -> Self {
        Self { secret, lasts: true }
    }

    /// A key that lasts as long as its engine: a download can be paused and started again, but later engines do not trust its journal.
    pub const fn of_one_engine(secret: [u8; Self::LENGTH]) -> Self {
        Self { secret, lasts: false }
    }

    pub(crate) const fn lasts(&self) -> bool {
        self.lasts
    }

    /// The form of a URL in a journal. Without the key, an attacker cannot test guesses of the URL, which may hold a password.
    pub fn fingerprint(&self, url: &Url) -> Tag {
        self.tag(&[b"url", url.as_str().as_bytes()])
    }

    /// The tag of `payload` after a record with the tag `last`.
    pub(crate) fn chain(&self, last: Tag, payload: &[u8]) -> Tag {
        self.tag(&[b"record", &last.0, payload])
    }

    /// The first part is a label for the kind of the others. For each label, every part except the last has a fixed length, so that the
    /// concatenation is unambiguous.
    fn tag(&self, parts: &[&[u8]]) -> Tag {
        // HMAC pads a key that is shorter than its block with zeroes.
        let mut block = [0; 64];
        block[..Self::LENGTH].copy_from_slice(&self.secret);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        parts.iter().for_each(|part| mac.update(part));
        Tag(mac.finalize().into_bytes().into())
    }
}

/// A constant, for tests. An engine that works on real files gets a random key.
impl Default for Key {
    fn default() -> Self {
        Self::of_one_engine([0; Self::LENGTH])
    }
}

/// Omits the secret.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("lasts", &self.lasts).finish_non_exhaustive()
    }
}
