//! Options about the content that a file must have.

use crate::option::{Kind, OPTION, Opt, Value};
use crate::values;

pub const CHECKSUM: Opt = Opt {
    long: "checksum",
    value: Value::Repeated("ALGO:HEX", Kind::Text),
    help: "Digest of the file: sha256, sha512, sha1, md5 or blake3; one URL only. @FILE is a file of sha256sum or the like, which names the files of any number of URLs; repeatable",
    more: "Digits alone are MD5, SHA-1, SHA-256 or SHA-512, as their number says. A file without a line in @FILE is refused.",
    is_usual: true,
    set: |to, word| match word.0 {
        [b'@', path @ ..] => Ok(to.sums.push(path.into())),
        _ => Ok(to.checksums.push(values::checksum(word.text()?)?)),
    },
    ..OPTION
};

pub const IGNORE_ORIGIN_DIGESTS: Opt = Opt {
    long: "ignore-origin-digests",
    help: "Do not verify the digests that servers state, in Repr-Digest, Digest, Content-Digest or Content-MD5",
    set: |to, _| Ok(to.ignore_origin_digests = true),
    ..OPTION
};

pub const PIECES: Opt = Opt {
    long: "pieces",
    value: Value::One("FILE", Kind::File),
    help: "Piece-hash file of Delivery Optimization; - for standard input; one URL only",
    conflicts: &["range", "integrity-info"],
    set: |to, word| Ok(to.pieces = Some(word.0.into())),
    ..OPTION
};

pub const INTEGRITY_INFO: Opt = Opt {
    long: "integrity-info",
    value: Value::One("FILE", Kind::File),
    help: "JSON text with the URL of the piece-hash file and, if known, its digests; - for standard input; one URL only",
    more: "The names are PiecesHashFileUrl, PiecesHashFileDigest, PiecesHashFileDigestAlgorithm and HashOfHashes.",
    conflicts: &["range"],
    set: |to, word| Ok(to.integrity_info = Some(word.0.into())),
    ..OPTION
};

pub const REQUIRE_INTEGRITY: Opt = Opt {
    long: "require-integrity",
    help: "Fail if the piece-hash file of --integrity-info cannot be used",
    more: "By default the download continues without it.",
    requires: &["integrity-info"],
    set: |to, _| Ok(to.require_integrity = true),
    ..OPTION
};

pub const DECRYPT: Opt = Opt {
    long: "decrypt",
    value: Value::One("FILE", Kind::File),
    help: "JSON text with the key of an encrypted file; - for standard input; one URL only",
    more: "The names are KeyData, EncryptionBufferSize, AlgorithmName and ChainingMode, in the format of decryption-info in wit/types.wit.",
    conflicts: &["range"],
    set: |to, word| Ok(to.decrypt = Some(word.0.into())),
    ..OPTION
};
