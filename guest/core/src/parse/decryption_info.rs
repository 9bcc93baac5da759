//! Encryption parameters of a content, and the length of its plain form.
//!
//! The documentation of `decryption-info` in `wit/types.wit` specifies the format: buffers of equal plain length, except that the last one
//! may be shorter, each followed by its tag.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::content::digest::decode_base64;
use crate::failure::Cause;
use crate::text::secret::Secret;

/// Length of the tag after each buffer, in bytes: that of AES-GCM in Delivery Optimization's format.
pub const TAG: usize = 16;

/// Valid lengths of a plain buffer, in bytes. The upper bound limits memory, because a buffer is held whole until its tag is verified.
const BUFFERS: RangeInclusive<u32> = 16..=16 << 20;

/// Key and buffer size for AES in Galois/Counter Mode.
///
/// # Invariants
///
/// The key has 16 or 32 bytes; a buffer has 16 to 16,777,216.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct DecryptionInfo {
    key: Secret<Vec<u8>>,
    buffer: u32,
}

#[derive(Deserialize)]
struct Fields {
    key: Secret<Vec<u8>>,
    buffer: u32,
}

impl TryFrom<Fields> for DecryptionInfo {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        Self::new(fields.key, fields.buffer).map_err(|_| "no sound decryption info")
    }
}

/// DO's JSON form.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    key_data: Secret<String>,
    encryption_buffer_size: u32,
    algorithm_name: String,
    chaining_mode: String,
}

impl DecryptionInfo {
    /// # Errors
    ///
    /// [`Cause::InvalidArgument`] for a key or a buffer size, in bytes, that breaks the invariants.
    pub fn new(key: impl Into<Secret<Vec<u8>>>, buffer: u32) -> Result<Self, Cause> {
        let key = key.into();
        let sound = matches!(key.expose().len(), 16 | 32) && BUFFERS.contains(&buffer);
        if sound { Ok(Self { key, buffer }) } else { Err(Cause::InvalidArgument) }
    }

    /// Reads a JSON object with `KeyData` in base64, `EncryptionBufferSize` in bytes, `AlgorithmName` `AES` and `ChainingMode`
    /// `ChainingModeGCM`. The last two values are case-insensitive. Other members are ignored.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidArgument`] for any other text.
    pub fn from_json(text: &str) -> Result<Self, Cause> {
        let document: Document = crate::parse::json::object(text).ok_or(Cause::InvalidArgument)?;
        let known = document.algorithm_name.eq_ignore_ascii_case("AES")
            && document.chaining_mode.eq_ignore_ascii_case("ChainingModeGCM");
        let key = decode_base64(document.key_data.expose()).filter(|_| known).ok_or(Cause::InvalidArgument)?;
        Self::new(key, document.encryption_buffer_size)
    }

    pub fn key(&self) -> &[u8] {
        self.key.expose()
    }

    /// Plain length in bytes of every buffer except the last one, which may be shorter.
    pub const fn buffer(&self) -> u32 {
        self.buffer
    }

    /// Plain length of a content with `cipher_length` encrypted bytes; `None` if no content has that encrypted length.
    pub const fn plain_length(&self, cipher_length: u64) -> Option<u64> {
        let (plain, tag) = (self.buffer as u64, TAG as u64);
        let (whole, rest) = (cipher_length / (plain + tag), cipher_length % (plain + tag));
        match rest {
            0 if whole > 0 => Some(whole * plain),
            rest if rest > tag || (rest == tag && whole == 0) => Some(whole * plain + rest - tag),
            _ => None,
        }
    }
}

/// Omits the key, which is a secret.
impl fmt::Debug for DecryptionInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptionInfo").field("buffer", &self.buffer).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec;
    use proptest::prelude::*;

    const GOOD: &str = r#"{"KeyData":"AAECAwQFBgcICQoLDA0ODw==","EncryptionBufferSize":4096,
        "AlgorithmName":"aes","ChainingMode":"ChainingModeGCM","Extra":[]}"#;

    fn info(buffer: u32) -> DecryptionInfo {
        DecryptionInfo::new(vec![7; 32], buffer).unwrap()
    }

    #[test]
    fn the_text_of_delivery_optimization_is_read() {
        let read = DecryptionInfo::from_json(GOOD).unwrap();
        assert_eq!((read.key(), read.buffer()), (&(0..16).collect::<Vec<u8>>()[..], 4096));
        assert_eq!(DecryptionInfo::from_json(&GOOD.replace("ModeGCM", "MODEgcm")), Ok(read));
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        for (from, to) in [
            ("KeyData", "Key"),
            ("==\"", "\""),
            ("AAEC", "AAECAAEC"),
            ("AAEC", "!"),
            ("4096", "15"),
            ("4096", "16777217"),
            ("4096", "\"4096\""),
            ("4096", "-1"),
            ("aes", "des"),
            ("GCM", "CBC"),
            ("{", "["),
        ] {
            let text = GOOD.replacen(from, to, 1);
            let expected = if to == "\"" { Ok(()) } else { Err(Cause::InvalidArgument) };
            assert_eq!(DecryptionInfo::from_json(&text).map(|_| ()), expected, "{text}");
        }
        assert_eq!(DecryptionInfo::new(vec![0; 24], 16), Err(Cause::InvalidArgument));
    }

    #[test]
    fn a_buffer_is_followed_by_its_tag() {
        for (cipher, plain) in
            [(0, None), (15, None), (16, Some(0)), (17, Some(1)), (116, Some(100)), (117, None), (132, None)]
        {
            assert_eq!(info(100).plain_length(cipher), plain, "{cipher}");
        }
        assert_eq!(info(100).plain_length(133), Some(101));
        assert_eq!(info(100).plain_length(232), Some(200));
    }

    #[test]
    fn the_key_is_not_shown() {
        assert_eq!(format!("{:?}", info(16)), "DecryptionInfo { buffer: 16, .. }");
    }

    proptest! {
        #[test]
        fn each_plain_length_has_one_encrypted_length(plain in 0..1_000_000_u64, buffer in BUFFERS) {
            let buffers = plain.div_ceil(u64::from(buffer)).max(1);
            prop_assert_eq!(info(buffer).plain_length(plain + buffers * TAG as u64), Some(plain));
        }

        #[test]
        fn no_encrypted_length_is_shorter_than_its_content(cipher in any::<u64>(), buffer in BUFFERS) {
            prop_assert!(info(buffer).plain_length(cipher).is_none_or(|plain| plain <= cipher - 16));
        }

        #[test]
        fn nothing_arbitrary_is_read(text in any::<String>(), json in "[\\[\\]{}\":,0-9a-z ]{0,60}") {
            prop_assert!(DecryptionInfo::from_json(&text).is_err() && DecryptionInfo::from_json(&json).is_err());
        }

        #[test]
        fn what_was_kept_is_checked_again(key in any::<Vec<u8>>(), buffer in any::<u32>()) {
            let kept = postcard::to_allocvec(&(&key, buffer)).unwrap();
            let read: Result<DecryptionInfo, _> = postcard::from_bytes(&kept);
            prop_assert_eq!(read.ok(), DecryptionInfo::new(key, buffer).ok());
            let kept = postcard::to_allocvec(&info(buffer.clamp(16, 1 << 24))).unwrap();
            prop_assert_eq!(postcard::from_bytes::<DecryptionInfo>(&kept).ok(), Some(info(buffer.clamp(16, 1 << 24))));
        }
    }
}
