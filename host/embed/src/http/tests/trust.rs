//! Whom the embedder trusts: more authorities, only some, only some keys.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use webpki::EndEntityCert;

use super::certificates::{Authority, Fault, HOST, Identity, faulty};
use super::server::Server;
use super::{Asker, HttpSettings, Outgoing, Trust, refuses};
use crate::http::{Pin, TokenCallers};
use crate::policy::{Addresses, Guard};

/// As in an engine: no roots are put in the place of others.
fn asker(settings: &HttpSettings) -> Asker {
    let trust = Trust::new(settings).expect("settings");
    let (guard, callers) = (Guard::admitting(Addresses::any()), TokenCallers::default());
    Asker { outgoing: Outgoing::trusting(settings, trust, guard, callers).expect("settings") }
}

fn pem(authority: &Authority) -> Vec<u8> {
    let text = STANDARD.encode(authority.certificate());
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n").into_bytes()
}

#[tokio::test]
async fn authorities_are_trusted_beside_those_of_the_system_or_alone() {
    let [one, another, unknown] = ["one", "another", "unknown"].map(Authority::root);
    let both = [pem(&one), pem(&another)].concat();
    for (certificates, only) in [(vec![both], false), (vec![one.certificate().to_vec(), pem(&another)], true)] {
        let settings =
            HttpSettings { root_certificates: certificates, only_extra_roots: only, ..HttpSettings::default() };
        let asker = asker(&settings);
        for (authority, trusted) in [(&one, true), (&another, true), (&unknown, false)] {
            let server = Server::secure(&authority.sign(&faulty(&[]))).await;
            let answer = asker.ask(&server.origin(), &[]).await;
            assert_eq!(answer.is_ok(), trusted);
            assert!(trusted || refuses(&answer, "certificate-unknown-issuer"));
        }
    }
}

#[tokio::test]
async fn without_any_authority_nobody_is_trusted() {
    let server = Server::secure(&Authority::root("one").sign(&faulty(&[]))).await;
    let nobody = HttpSettings { only_extra_roots: true, ..HttpSettings::default() };
    let answer = asker(&nobody).ask(&server.origin(), &[]).await;
    assert!(matches!(answer, Err(wasmtime_wasi_http::Error::TlsCertificateError)));
    assert!(asker(&nobody).ask_with_flags(&server.origin(), 0x3300).await.is_err());
}

#[test]
fn what_is_no_certificate_is_refused_when_the_engine_opens() {
    for bytes in [vec![], b"none".to_vec(), b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n".to_vec()]
    {
        let settings = HttpSettings { root_certificates: vec![bytes], ..HttpSettings::default() };
        let error = Trust::new(&settings).err();
        assert!(matches!(error, Some(crate::error::Error::Setting { setting: "root_certificate", .. })));
    }
    let pins = vec![Pin { host: "https://a.example".into(), key: [0; 32] }];
    let error = Trust::new(&HttpSettings { pins, ..HttpSettings::default() }).err();
    assert!(matches!(error, Some(crate::error::Error::Setting { setting: "pin", .. })));
}

/// The pin of an identity's key, for a host.
fn pin(host: &str, identity: &Identity) -> Pin {
    let leaf = EndEntityCert::try_from(&identity.chain[0]).expect("a certificate");
    Pin { host: host.into(), key: Sha256::digest(leaf.subject_public_key_info().as_ref()).into() }
}

#[tokio::test]
async fn a_key_that_is_not_pinned_is_refused_whatever_is_passed_over() {
    let trusted = Authority::root("trusted");
    let [shown, other] = [(); 2].map(|()| trusted.sign(&faulty(&[])));
    let server = Server::secure(&shown).await;
    for (pins, accepted) in [
        (vec![pin(HOST, &shown)], true),
        (vec![pin(HOST, &other), pin(HOST, &shown)], true),
        (vec![pin("elsewhere.example", &other)], true),
        (vec![pin(HOST, &other)], false),
    ] {
        let asker = Asker::new(&trusted, &HttpSettings { pins, ..HttpSettings::default() });
        for flags in [0, 0x100, 0x3300] {
            let answer = asker.ask_with_flags(&server.origin(), flags).await;
            assert_eq!(answer.is_ok(), accepted, "{flags:#x}");
            assert!(accepted || refuses(&answer, "certificate-not-pinned"), "{flags:#x}");
        }
    }
}

#[tokio::test]
async fn a_pin_takes_the_place_of_no_other_check() {
    let trusted = Authority::root("trusted");
    let stranger = Authority::root("unknown").sign(&faulty(&[]));
    let outdated = trusted.sign(&faulty(&[Fault::Expired]));
    for (identity, reason) in [(&stranger, "certificate-unknown-issuer"), (&outdated, "certificate-expired")] {
        let settings = HttpSettings { pins: vec![pin(HOST, identity)], ..HttpSettings::default() };
        let server = Server::secure(identity).await;
        assert!(refuses(&Asker::new(&trusted, &settings).ask(&server.origin(), &[]).await, reason));
    }
}
