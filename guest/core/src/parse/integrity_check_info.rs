//! The location of a content's piece-hash file, and the digests that verify it.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};

use super::piece_hash_file::{self, PieceHashFile};
use super::url::Url;
use crate::content::digest::{Algorithm, ExpectedDigest, decode_base64};
use crate::failure::{Cause, PieceHashFileCause};

/// # Invariants
///
/// The digest is SHA-256 or SHA-512, the algorithms that [`check`](Self::check) supports, and has the algorithm's length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct IntegrityCheckInfo {
    pub url: Url,
    /// Digest of the piece-hash file itself.
    pub digest: Option<ExpectedDigest>,
    /// SHA-256 over the concatenated digests of all pieces.
    pub hash_of_hashes: Option<[u8; 32]>,
}

#[derive(Deserialize)]
struct Fields {
    url: Url,
    digest: Option<ExpectedDigest>,
    hash_of_hashes: Option<[u8; 32]>,
}

impl TryFrom<Fields> for IntegrityCheckInfo {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let hash = fields.hash_of_hashes.as_ref().map(<[u8; 32]>::as_slice);
        Self::new(fields.url, fields.digest, hash).map_err(|_| "no sound integrity check info")
    }
}

/// DO's JSON form.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    pieces_hash_file_url: String,
    pieces_hash_file_digest: Option<String>,
    pieces_hash_file_digest_algorithm: Option<String>,
    hash_of_hashes: Option<String>,
}

impl IntegrityCheckInfo {
    /// # Errors
    ///
    /// [`Cause::InvalidArgument`] for a digest that is neither SHA-256 nor SHA-512, or for a digest or hash of hashes with the wrong
    /// length.
    pub fn new(url: Url, digest: Option<ExpectedDigest>, hash_of_hashes: Option<&[u8]>) -> Result<Self, Cause> {
        let is_sound = |digest: &ExpectedDigest| {
            matches!(digest.algorithm, Algorithm::Sha256 | Algorithm::Sha512)
                && digest.value.len() == digest.algorithm.length()
        };
        if !digest.as_ref().is_none_or(is_sound) {
            return Err(Cause::InvalidArgument);
        }
        let hash_of_hashes = hash_of_hashes.map(<[u8; 32]>::try_from).transpose();
        Ok(Self { url, digest, hash_of_hashes: hash_of_hashes.map_err(|_| Cause::InvalidArgument)? })
    }

    /// Reads a JSON object with `PiecesHashFileUrl` and, optionally, `PiecesHashFileDigest` and `HashOfHashes` in base64 and
    /// `PiecesHashFileDigestAlgorithm`, which defaults to SHA-256. Other members are ignored.
    ///
    /// # Errors
    ///
    /// [`Cause::InvalidArgument`] for any other text.
    pub fn from_json(text: &str) -> Result<Self, Cause> {
        Self::read(text).ok_or(Cause::InvalidArgument)
    }

    fn read(text: &str) -> Option<Self> {
        let document: Document = crate::parse::json::object(text)?;
        let url = Url::parse(&document.pieces_hash_file_url)?;
        let algorithm = match &document.pieces_hash_file_digest_algorithm {
            Some(name) => Algorithm::registered(name)?,
            None => Algorithm::Sha256,
        };
        let digest = match &document.pieces_hash_file_digest {
            Some(encoded) => Some(ExpectedDigest::new(algorithm, decode_base64(encoded)?)?),
            None => None,
        };
        let hash_of_hashes = match &document.hash_of_hashes {
            Some(encoded) => Some(decode_base64(encoded)?),
            None => None,
        };
        Self::new(url, digest, hash_of_hashes.as_deref()).ok()
    }

    /// Verifies and parses `document`, which was fetched from the URL.
    ///
    /// # Errors
    ///
    /// [`Cause::PieceHashFile`] if the document does not match the digest or the hash of hashes, or is malformed.
    pub fn check(&self, document: &[u8]) -> Result<PieceHashFile, Cause> {
        self.read_document(document).map_err(Cause::PieceHashFile)
    }

    fn read_document(&self, document: &[u8]) -> Result<PieceHashFile, PieceHashFileCause> {
        if self.digest.as_ref().is_some_and(|digest| computed(digest.algorithm, document) != digest.value) {
            return Err(PieceHashFileCause::DigestDiffers);
        }
        let text = str::from_utf8(document).map_err(|_| PieceHashFileCause::NotJson)?;
        let file = piece_hash_file::parse(text)?;
        let proven = self.hash_of_hashes.is_none_or(|hash| piece_hash_file::hash_of_hashes(&file.pieces) == hash);
        if proven { Ok(file) } else { Err(PieceHashFileCause::HashOfHashesDiffers) }
    }
}

/// The digest of `document`. Empty for unsupported algorithms, so that no expected digest matches.
fn computed(algorithm: Algorithm, document: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::Sha256 => Sha256::digest(document).to_vec(),
        Algorithm::Sha512 => Sha512::digest(document).to_vec(),
        Algorithm::Sha1 | Algorithm::Md5 | Algorithm::Blake3 => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use proptest::prelude::*;

    const URL: &str = "\"PiecesHashFileUrl\":\"https://h/f.phf\"";

    fn read(members: &str) -> Result<IntegrityCheckInfo, Cause> {
        IntegrityCheckInfo::from_json(&format!("{{{URL}{members}}}"))
    }

    fn base64(bytes: &[u8]) -> String {
        BASE64_STANDARD.encode(bytes)
    }

    /// A piece-hash file of one piece whose digest is all sevens.
    fn document() -> String {
        format!(r#"{{"MajorVersion":1,"ContentLength":5,"PieceSize":10,"Pieces":["{}"]}}"#, base64(&[7; 32]))
    }

    #[test]
    fn the_text_of_delivery_optimization_is_read() {
        let (digest, hash) = (base64(&[1; 32]), base64(&[2; 32]));
        let read =
            read(&format!(r#","PiecesHashFileDigest":"{digest}","HashOfHashes":"{hash}","Extra":{{}}"#)).unwrap();
        assert_eq!(read.url.as_str(), "https://h/f.phf");
        assert_eq!(read.digest, ExpectedDigest::new(Algorithm::Sha256, [1; 32].to_vec()));
        assert_eq!(read.hash_of_hashes, Some([2; 32]));
    }

    #[test]
    fn everything_but_the_url_may_be_missing() {
        let read = read("").unwrap();
        assert_eq!((read.digest, read.hash_of_hashes), (None, None));
        assert_eq!(IntegrityCheckInfo::from_json("{}"), Err(Cause::InvalidArgument));
        assert_eq!(IntegrityCheckInfo::from_json("{\"PiecesHashFileUrl\":\"f\"}"), Err(Cause::InvalidArgument));
    }

    #[test]
    fn an_algorithm_may_be_named() {
        let with = |name: &str, length: usize| {
            let digest = base64(&alloc::vec![1; length]);
            let members = format!(r#","PiecesHashFileDigestAlgorithm":"{name}","PiecesHashFileDigest":"{digest}""#);
            read(&members).map(|read| read.digest.map(|digest| digest.algorithm))
        };
        assert_eq!(with("SHA256", 32), Ok(Some(Algorithm::Sha256)));
        assert_eq!(with("sha-512", 64), Ok(Some(Algorithm::Sha512)));
        for (name, length) in [("SHA256", 31), ("SHA1", 20), ("MD5", 16), ("SHA384", 48), ("", 32)] {
            assert_eq!(with(name, length), Err(Cause::InvalidArgument), "{name}");
        }
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for bad in [
            ",\"PiecesHashFileDigest\":\"!\"",
            ",\"PiecesHashFileDigest\":\"\"",
            ",\"PiecesHashFileDigest\":1",
            ",\"HashOfHashes\":\"AAAA\"",
            ",\"HashOfHashes\":[]",
            ",",
            "}",
        ] {
            assert_eq!(read(bad), Err(Cause::InvalidArgument), "{bad}");
        }
    }

    #[test]
    fn only_the_document_that_is_described_is_used() {
        let document = document();
        let bytes = document.as_bytes();
        let url = || Url::parse("https://h/f").unwrap();
        let check = |algorithm, value: &[u8], hash: &[u8]| {
            let digest = ExpectedDigest::new(algorithm, value.to_vec());
            let info = IntegrityCheckInfo::new(url(), digest, Some(hash)).unwrap();
            info.check(bytes).map(|file| file.length)
        };
        let hash = Sha256::digest([7; 32]);
        assert_eq!(check(Algorithm::Sha256, &Sha256::digest(bytes), &hash), Ok(5));
        assert_eq!(check(Algorithm::Sha512, &Sha512::digest(bytes), &hash), Ok(5));
        let differs = |unusable| Err(Cause::PieceHashFile(unusable));
        assert_eq!(check(Algorithm::Sha256, &[0; 32], &hash), differs(PieceHashFileCause::DigestDiffers));
        assert_eq!(
            check(Algorithm::Sha256, &Sha256::digest(bytes), &[0; 32]),
            differs(PieceHashFileCause::HashOfHashesDiffers)
        );
        let info = IntegrityCheckInfo::new(url(), None, None).unwrap();
        for bad in [&b"{"[..], &[0xff]] {
            assert_eq!(info.check(bad), Err(Cause::PieceHashFile(PieceHashFileCause::NotJson)));
        }
    }

    proptest! {
        #[test]
        fn nothing_arbitrary_is_read(text in any::<String>(), members in "[\\[\\]{}\":,0-9a-z ]{0,60}") {
            prop_assert!(IntegrityCheckInfo::from_json(&text).is_err());
            let _ = read(&members);
        }

        #[test]
        fn what_is_kept_is_read_back(digest in any::<Option<[u8; 32]>>(), hash in any::<Option<[u8; 32]>>(), junk in any::<Vec<u8>>()) {
            let digest = digest.and_then(|value| ExpectedDigest::new(Algorithm::Sha256, value.to_vec()));
            let url = Url::parse("https://u:p@h/a b?c").unwrap();
            let info = IntegrityCheckInfo::new(url, digest, hash.as_ref().map(<[u8; 32]>::as_slice)).unwrap();
            let kept = postcard::to_allocvec(&info).unwrap();
            prop_assert_eq!(postcard::from_bytes(&kept), Ok(info.clone()));
            let _ = postcard::from_bytes::<IntegrityCheckInfo>(&junk);
            prop_assert!(info.check(&junk).is_err());
        }
    }
}
