//! The values of properties.

use std::fmt;

use crate::bindings::types;
use crate::mirror::{Mirror, mirrored_enum, mirrored_flags};
use crate::secret::Secret;
use crate::values::ExpectedDigest;

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
    /// Checks of an origin's certificate that are skipped or added: WinHTTP's flags.
    SecurityFlags(u8) = types::SecurityFlags {
        IGNORE_UNKNOWN_CA = 0,
        IGNORE_CERT_WRONG_USAGE = 1,
        IGNORE_CERT_CN_INVALID = 2,
        IGNORE_CERT_DATE_INVALID = 3,
        /// A revoked certificate is refused, and one whose status the host does not know. Cancels the other four.
        ENABLE_REVOCATION = 4,
    }
}

/// The location of the piece-hash file of a content, and the digests that prove it.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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

impl Mirror<Vec<u8>> for SecurityContext {
    fn to_wit(self) -> Vec<u8> {
        self.0.into_exposed()
    }

    fn of_wit(text: Vec<u8>) -> Self {
        Self(text.into())
    }
}

impl Mirror<types::IntegrityCheckInfo> for IntegrityCheckInfo {
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

impl Mirror<types::DecryptionInfo> for DecryptionInfo {
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
