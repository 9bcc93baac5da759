//! The key of a user. It authenticates the journals that this user's engines wrote, so that a planted journal, or one of another user,
//! proves nothing.

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
    /// Bytes of the secret.
    pub const LENGTH: usize = 32;

    /// A key that later engines of the same user have, too.
    pub const fn lasting(secret: [u8; Self::LENGTH]) -> Self {
        Self { secret, lasts: true }
    }

    /// A key that is gone with its engine: a pause can be followed by a start, but no later engine believes the journal.
    pub const fn of_one_engine(secret: [u8; Self::LENGTH]) -> Self {
        Self { secret, lasts: false }
    }

    pub(crate) const fn lasts(&self) -> bool {
        self.lasts
    }

    /// Stands for a URL in a journal. Without the key a guessed URL, which may hold a password, cannot be compared with it.
    pub fn fingerprint(&self, url: &Url) -> Tag {
        self.tag(&[b"url", url.as_str().as_bytes()])
    }

    /// The tag of `payload` behind a record with the tag `last`.
    pub(crate) fn chain(&self, last: Tag, payload: &[u8]) -> Tag {
        self.tag(&[b"record", &last.0, payload])
    }

    /// The first part names the kind of the others. All but the last have one length for each first part.
    fn tag(&self, parts: &[&[u8]]) -> Tag {
        // HMAC pads a key that is shorter than its block with zeroes.
        let mut block = [0; 64];
        block[..Self::LENGTH].copy_from_slice(&self.secret);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        parts.iter().for_each(|part| mac.update(part));
        Tag(mac.finalize().into_bytes().into())
    }
}

/// A constant, for tests: an engine that works on real files gets a random key.
impl Default for Key {
    fn default() -> Self {
        Self::of_one_engine([0; Self::LENGTH])
    }
}

/// The secret is not for logs.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("lasts", &self.lasts).finish_non_exhaustive()
    }
}
