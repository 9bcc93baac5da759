//! What the values of properties are, and how they become those of the component.

use std::fmt;
use std::ops::BitOr;

use crate::bindings::types;
use crate::types::ExpectedDigest;

/// On which networks a download runs: DODownloadCostPolicy. `wit/types.wit` has the meaning of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CostPolicy {
    Always,
    Unrestricted,
    Standard,
    NoRoaming,
    NoSurcharge,
    NoCellular,
}

/// What may be wrong with an origin's certificate, and whether its revocation counts: WinHTTP's flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SecurityFlags(u8);

impl SecurityFlags {
    pub const IGNORE_UNKNOWN_CA: Self = Self(1);
    pub const IGNORE_CERT_WRONG_USAGE: Self = Self(2);
    pub const IGNORE_CERT_CN_INVALID: Self = Self(4);
    pub const IGNORE_CERT_DATE_INVALID: Self = Self(8);
    /// A revoked certificate is refused, and one whose status the host does not know. Cancels the other four.
    pub const ENABLE_REVOCATION: Self = Self(16);

    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for SecurityFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Where the piece-hash file of a content is, and what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntegrityCheckInfo {
    /// URL of the piece-hash file.
    pub url: String,
    /// Digest of the piece-hash file itself, SHA-256 or SHA-512.
    pub digest: Option<ExpectedDigest>,
    /// SHA-256 over the digests of all pieces, one after the other.
    pub hash_of_hashes: Option<Vec<u8>>,
}

/// How a content is encrypted: AES in Galois/Counter Mode, buffer by buffer. `wit/types.wit` has the format.
#[derive(Clone, PartialEq, Eq)]
pub struct DecryptionInfo {
    /// 16 or 32 bytes.
    pub key: Vec<u8>,
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
pub struct SecurityContext(pub Vec<u8>);

impl fmt::Debug for SecurityContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecurityContext({} bytes)", self.0.len())
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

impl Value<types::CostPolicy> for CostPolicy {
    fn to_wit(self) -> types::CostPolicy {
        match self {
            Self::Always => types::CostPolicy::Always,
            Self::Unrestricted => types::CostPolicy::Unrestricted,
            Self::Standard => types::CostPolicy::Standard,
            Self::NoRoaming => types::CostPolicy::NoRoaming,
            Self::NoSurcharge => types::CostPolicy::NoSurcharge,
            Self::NoCellular => types::CostPolicy::NoCellular,
        }
    }

    fn of_wit(policy: types::CostPolicy) -> Self {
        match policy {
            types::CostPolicy::Always => Self::Always,
            types::CostPolicy::Unrestricted => Self::Unrestricted,
            types::CostPolicy::Standard => Self::Standard,
            types::CostPolicy::NoRoaming => Self::NoRoaming,
            types::CostPolicy::NoSurcharge => Self::NoSurcharge,
            types::CostPolicy::NoCellular => Self::NoCellular,
        }
    }
}

const FLAGS: [(SecurityFlags, types::SecurityFlags); 5] = [
    (SecurityFlags::IGNORE_UNKNOWN_CA, types::SecurityFlags::IGNORE_UNKNOWN_CA),
    (SecurityFlags::IGNORE_CERT_WRONG_USAGE, types::SecurityFlags::IGNORE_CERT_WRONG_USAGE),
    (SecurityFlags::IGNORE_CERT_CN_INVALID, types::SecurityFlags::IGNORE_CERT_CN_INVALID),
    (SecurityFlags::IGNORE_CERT_DATE_INVALID, types::SecurityFlags::IGNORE_CERT_DATE_INVALID),
    (SecurityFlags::ENABLE_REVOCATION, types::SecurityFlags::ENABLE_REVOCATION),
];

impl Value<types::SecurityFlags> for SecurityFlags {
    fn to_wit(self) -> types::SecurityFlags {
        let given = FLAGS.into_iter().filter(|(own, _)| self.contains(*own));
        given.fold(types::SecurityFlags::empty(), |all, (_, theirs)| all | theirs)
    }

    fn of_wit(flags: types::SecurityFlags) -> Self {
        let given = FLAGS.into_iter().filter(|(_, theirs)| flags.contains(*theirs));
        given.fold(Self::default(), |all, (own, _)| all | own)
    }
}

impl Value<Vec<u8>> for SecurityContext {
    fn to_wit(self) -> Vec<u8> {
        self.0
    }

    fn of_wit(text: Vec<u8>) -> Self {
        Self(text)
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
            key_data: self.key,
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
        Self { key: info.key_data, buffer_size: info.encryption_buffer_size }
    }
}
