//! Parsed info is within its bounds; written as new text, it reads back the same; plain lengths are consistent.

#![no_main]

use haul_core::parse::decryption_info::{DecryptionInfo, TAG};
use haul_core_fuzz::text::base64;
use libfuzzer_sys::fuzz_target;

// The first line is the description, the second the length of an encrypted content.
fuzz_target!(|input: &str| {
    let (text, length) = input.split_once('\n').unwrap_or((input, ""));
    let Ok(info) = DecryptionInfo::from_json(text) else { return };
    assert!(matches!(info.key().len(), 16 | 32) && (16..=16 << 20).contains(&info.buffer()));
    assert_eq!(DecryptionInfo::from_json(&written(&info)), Ok(info.clone()));
    let length: u64 = length.parse().unwrap_or(16);
    if let Some(plain) = info.plain_length(length) {
        let buffers = plain.div_ceil(u64::from(info.buffer())).max(1);
        assert_eq!(plain + buffers * TAG as u64, length);
    }
});

fn written(info: &DecryptionInfo) -> String {
    format!(
        "{{\"KeyData\": \"{}\", \"EncryptionBufferSize\": {}, \"AlgorithmName\": \"AES\", \"ChainingMode\": \"ChainingModeGCM\"}}",
        base64(info.key()),
        info.buffer()
    )
}
