//! Parsed info has a supported digest; written as new text, it reads back the same; a document that contradicts it is rejected.

#![no_main]

use haul_core::content::digest::Algorithm;
use haul_core::parse::integrity_check_info::IntegrityCheckInfo;
use haul_core::parse::piece_hash_file::parse;
use haul_core_fuzz::text::base64;
use libfuzzer_sys::fuzz_target;

// The first line is the description, the rest is the document.
fuzz_target!(|input: &str| {
    let (text, document) = input.split_once('\n').unwrap_or((input, ""));
    let Ok(info) = IntegrityCheckInfo::from_json(text) else { return };
    assert!(info.digest.iter().all(|digest| matches!(digest.algorithm, Algorithm::Sha256 | Algorithm::Sha512)));
    assert!(info.digest.iter().all(|digest| digest.value.len() == digest.algorithm.length()));
    assert_eq!(IntegrityCheckInfo::from_json(&written(&info)), Ok(info.clone()));
    let checked = info.check(document.as_bytes()).ok();
    let read = parse(document).ok();
    let unproven = info.digest.is_none() && info.hash_of_hashes.is_none();
    assert!(checked == read || (checked.is_none() && !unproven));
});

fn written(info: &IntegrityCheckInfo) -> String {
    let digest = info.digest.as_ref().map_or_else(String::new, |digest| {
        let (name, value) = (digest.algorithm.name(), base64(&digest.value));
        format!(", \"PiecesHashFileDigestAlgorithm\": \"{name}\", \"PiecesHashFileDigest\": \"{value}\"")
    });
    let hash =
        info.hash_of_hashes.map_or_else(String::new, |hash| format!(", \"HashOfHashes\": \"{}\"", base64(&hash)));
    format!("{{\"PiecesHashFileUrl\": \"{}\"{digest}{hash}}}", info.url.as_str())
}
