//! What is taken has a certificate and one key, is still taken among other text, and no more with a second key.

#![no_main]

use haul_core::parse::client_certificate::check;
use libfuzzer_sys::fuzz_target;

const KEY: &[u8] = b"\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

/// Room for what is added here, below 64 KiB.
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
