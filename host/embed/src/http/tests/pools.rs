//! Connections that were made under other terms are not used.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use wasmtime_wasi_http::Error;

use super::Asker;
use super::certificates::{Authority, Fault, Identity, faulty};
use super::server::Server;

/// Requests of each kind; a connection is used again in some of them at least.
const ROUNDS: usize = 8;

fn certificate(identity: &Identity) -> String {
    let certificate = STANDARD.encode(&identity.chain[0]);
    STANDARD.encode(format!(
        "-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n{}",
        identity.key.serialize_pem()
    ))
}

#[tokio::test]
async fn exchanges_with_other_terms_never_share_a_connection() {
    let trusted = Authority::root("trusted");
    let server = Server::secure(&trusted.sign(&faulty(&[]))).await;
    let asker = Asker::trusting(&trusted);
    let [one, another] = [(); 2].map(|()| certificate(&trusted.sign(&faulty(&[Fault::WrongUsage]))));
    let kinds = [
        vec![],
        vec![("haul-security-flags", "256")],
        vec![("haul-security-flags", "8192")],
        vec![("haul-security-flags", "8448")],
        vec![("haul-client-certificate", one.as_str())],
        vec![("haul-client-certificate", another.as_str())],
        vec![("haul-client-certificate", one.as_str()), ("haul-security-flags", "256")],
    ];
    let mut used: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for (kind, fields) in kinds.iter().enumerate() {
            let answer = asker.ask(&server.origin(), fields).await.expect("an answer");
            used.entry(kind).or_default().insert(answer.connection());
        }
    }
    let all: usize = used.values().map(BTreeSet::len).sum();
    assert_eq!(all, server.connections(), "{used:?}");
    assert!(used.values().all(|connections| connections.len() < ROUNDS), "{used:?}");
}

#[tokio::test]
async fn what_one_exchange_passes_over_the_next_one_does_not() {
    let trusted = Authority::root("trusted");
    let server = Server::secure(&Authority::root("unknown").sign(&faulty(&[]))).await;
    let asker = Asker::trusting(&trusted);
    for _ in 0..ROUNDS {
        assert!(asker.ask_with_flags(&server.origin(), 0x100).await.is_ok());
        for flags in [0, 1, 0x200, 0x3200] {
            let answer = asker.ask_with_flags(&server.origin(), flags).await;
            assert!(matches!(answer, Err(Error::TlsCertificateError)), "{flags:#x}");
        }
    }
}
