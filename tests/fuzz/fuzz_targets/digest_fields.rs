//! A digest from a head is stated in it, has its algorithm's length, is the strongest uncontradicted one, and is found again if it alone is
//! stated. The first line is the status, the others are fields.

#![no_main]

use haul_core::content::digest::ExpectedDigest;
use haul_core::http::digest_fields;
use haul_core::http::head::Head;
use haul_core_fuzz::text::{base64, head};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let head = head(text);
    let Some(found) = digest_fields::of(&head) else { return };
    assert!([200, 206].contains(&head.status));
    assert_eq!(found.value.len(), found.algorithm.length());
    let name = registered(&found);
    let alone = format!("{name}=:{}:", base64(&found.value));
    assert_eq!(digest_fields::of(&stating("repr-digest", &alone)).as_ref(), Some(&found));
    assert_eq!(digest_fields::of(&stating("digest", &alone.replace(':', ""))).as_ref(), Some(&found));
    contradicted(head, &found, name);
});

fn registered(digest: &ExpectedDigest) -> &'static str {
    match digest.algorithm.name() {
        "sha512" => "sha-512",
        "sha256" => "sha-256",
        "sha1" => "sha",
        "md5" => "md5",
        other => panic!("no field names {other}"),
    }
}

fn stating(name: &str, value: &str) -> Head {
    Head { status: 206, fields: vec![(name.into(), value.into())] }
}

/// A second value for the same algorithm contradicts the first.
fn contradicted(mut head: Head, found: &ExpectedDigest, name: &str) {
    let other: Vec<u8> = found.value.iter().map(|byte| !byte).collect();
    head.fields.push(("repr-digest".into(), format!("{name}=:{}:", base64(&other))));
    assert!(digest_fields::of(&head).is_none_or(|next| next.algorithm != found.algorithm));
}
