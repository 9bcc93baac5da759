//! An accepted text has a certificate and one key. It is still accepted with other text around it, and rejected with a second key.

#![no_main]

use haul_core::parse::client_certificate::check;
use libfuzzer_sys::fuzz_target;

const KEY: &[u8] = b"\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

/// Leaves room below 64 KiB for the text added here.
const LONGEST: usize = 60 << 10;

fuzz_target!(|text: &[u8]| {
    if check(text).is_err() || text.len() > LONGEST {
        return;
    }
    for boundary in [&b"-----BEGIN CERTIFICATE-----"[..], b"PRIVATE KEY-----"] {
        assert!(text.windows(boundary.len()).any(|window| window == boundary));
    }
    assert_eq!(check(&[b"before\n", text, b"\nbehind"].concat()), Ok(()));
    assert!(check(&[text, KEY].concat()).is_err());
});
