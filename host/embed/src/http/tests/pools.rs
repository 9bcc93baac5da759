//! Connections that were made under other terms are not used.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::certificates::{Authority, Fault, Identity, faulty};
use super::server::Server;
use super::{Asker, refuses_certificate};

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
async fn exchanges_with_other_credentials_never_share_a_connection() {
    let trusted = Authority::root("trusted");
    let asker = Asker::trusting(&trusted);
    for server in [Server::plain("").await, Server::secure(&trusted.sign(&faulty(&[]))).await] {
        let kinds = [
            vec![],
            vec![("authorization", "Basic bWU6b25l")],
            vec![("authorization", "Basic bWU6dHdv")],
            vec![("cookie", "me=one")],
            vec![("authorization", "Basic bWU6b25l"), ("cookie", "me=one")],
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
}

#[tokio::test]
async fn unused_connections_are_bounded_over_all_origins() {
    const ORIGINS: usize = 200;
    const MOST: usize = 130;
    let asker = Asker::trusting(&Authority::root("trusted"));
    let mut servers = Vec::new();
    for _ in 0..ORIGINS {
        let server = Server::plain("").await;
        asker.ask(&server.origin(), &[]).await.expect("an answer");
        servers.push(server);
    }
    let open = || servers.iter().map(Server::open).sum::<usize>();
    for _ in 0..1000 {
        if open() <= MOST {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert!(open() <= MOST, "{} are open", open());
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
            assert!(refuses_certificate(&answer), "{flags:#x}");
        }
    }
}
