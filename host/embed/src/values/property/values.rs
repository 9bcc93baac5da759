//! What the values of properties are, and how they become those of the component.

use std::fmt;

use crate::bindings::types;
use crate::mirror::{mirrored_enum, mirrored_flags};
use crate::secret::Secret;
use crate::values::{CostFlags, ExpectedDigest};

mirrored_enum! {
    /// On which networks a download runs: DODownloadCostPolicy. `wit/types.wit` has the meaning of each.
    CostPolicy = types::CostPolicy {
        Always,
        Unrestricted,
        Standard,
        NoRoaming,
        NoSurcharge,
        NoCellular,
    }
}

mirrored_flags! {
    /// What may be wrong with an origin's certificate, and whether its revocation counts: WinHTTP's flags.
    SecurityFlags(u8) = types::SecurityFlags {
        IGNORE_UNKNOWN_CA = 0,
        IGNORE_CERT_WRONG_USAGE = 1,
        IGNORE_CERT_CN_INVALID = 2,
        IGNORE_CERT_DATE_INVALID = 3,
        /// A revoked certificate is refused, and one whose status the host does not know. Cancels the other four.
        ENABLE_REVOCATION = 4,
    }
}

/// Where the piece-hash file of a content is, and what proves it.
#[derive(Clone, PartialEq, Eq)]
pub struct IntegrityCheckInfo {
    /// URL of the piece-hash file.
    pub url: String,
    /// Digest of the piece-hash file itself, SHA-256 or SHA-512.
    pub digest: Option<ExpectedDigest>,
    /// SHA-256 over the digests of all pieces, one after the other.
    pub hash_of_hashes: Option<Vec<u8>>,
}

/// The URL may hold a password, and is not shown.
impl fmt::Debug for IntegrityCheckInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntegrityCheckInfo").field("digest", &self.digest).finish_non_exhaustive()
    }
}

/// How a content is encrypted: AES in Galois/Counter Mode, buffer by buffer. `wit/types.wit` has the format.
#[derive(Clone, PartialEq, Eq)]
pub struct DecryptionInfo {
    /// 16 or 32 bytes.
    pub key: Secret<Vec<u8>>,
    /// Bytes of plain content in each buffer but the last.
    pub buffer_size: u32,
}

/// The key is not shown.
impl fmt::Debug for DecryptionInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptionInfo").field("buffer_size", &self.buffer_size).finish_non_exhaustive()
    }
}

/// A client certificate and its private key as PEM text, which is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SecurityContext(pub Secret<Vec<u8>>);

impl fmt::Debug for SecurityContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecurityContext({} bytes)", self.0.expose().len())
    }
}

/// Each value in its own form and in that of the component, and how one becomes the other.
pub(super) trait Value<Wit>: Sized {
    fn to_wit(self) -> Wit;
    fn of_wit(value: Wit) -> Self;
}

macro_rules! same_on_both_sides {
    ($($value:ty),+) => {
        $(impl Value<$value> for $value {
            fn to_wit(self) -> $value {
                self
            }

            fn of_wit(value: $value) -> Self {
                value
            }
        })+
    };
}

same_on_both_sides!(String, bool, u32, u64);

macro_rules! mirrored {
    ($($own:ty = $wit:ty),+) => {
        $(impl Value<$wit> for $own {
            fn to_wit(self) -> $wit {
                self.into()
            }

            fn of_wit(value: $wit) -> Self {
                value.into()
            }
        })+
    };
}

mirrored!(CostPolicy = types::CostPolicy, SecurityFlags = types::SecurityFlags, CostFlags = types::CostFlags);

impl Value<Vec<u8>> for SecurityContext {
    fn to_wit(self) -> Vec<u8> {
        self.0.into_exposed()
    }

    fn of_wit(text: Vec<u8>) -> Self {
        Self(text.into())
    }
}

impl Value<types::IntegrityCheckInfo> for IntegrityCheckInfo {
    fn to_wit(self) -> types::IntegrityCheckInfo {
        types::IntegrityCheckInfo {
            pieces_hash_file_url: self.url,
            pieces_hash_file_digest: self.digest.map(Into::into),
            hash_of_hashes: self.hash_of_hashes,
        }
    }

    fn of_wit(info: types::IntegrityCheckInfo) -> Self {
        info.into()
    }
}

impl From<types::IntegrityCheckInfo> for IntegrityCheckInfo {
    fn from(info: types::IntegrityCheckInfo) -> Self {
        Self {
            url: info.pieces_hash_file_url,
            digest: info.pieces_hash_file_digest.map(Into::into),
            hash_of_hashes: info.hash_of_hashes,
        }
    }
}

impl Value<types::DecryptionInfo> for DecryptionInfo {
    fn to_wit(self) -> types::DecryptionInfo {
        types::DecryptionInfo {
            key_data: self.key.into_exposed(),
            encryption_buffer_size: self.buffer_size,
            algorithm_name: types::EncryptionAlgorithm::Aes,
            chaining_mode: types::ChainingMode::Gcm,
        }
    }

    fn of_wit(info: types::DecryptionInfo) -> Self {
        info.into()
    }
}

impl From<types::DecryptionInfo> for DecryptionInfo {
    fn from(info: types::DecryptionInfo) -> Self {
        Self { key: info.key_data.into(), buffer_size: info.encryption_buffer_size }
    }
}
