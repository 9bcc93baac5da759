//! Each thing that can be wrong with a secure connection has its own name.

use rustls::version::{TLS12, TLS13};

use super::certificates::{Authority, Fault, faulty};
use super::server::Server;
use super::{Asker, refuses};

/// A flag that has nothing to do with a fault, so that another verifier is at work.
fn unrelated(fault: Fault) -> u32 {
    if fault == Fault::WrongName { 0x2000 } else { 0x1000 }
}

#[tokio::test]
async fn each_fault_of_a_certificate_is_told() {
    let (trusted, unknown) = (Authority::root("trusted"), Authority::root("unknown"));
    for fault in Fault::ALL {
        let signer = if fault == Fault::UnknownCa { &unknown } else { &trusted };
        let server = Server::secure(&signer.sign(&faulty(&[fault]))).await;
        let reason = match fault {
            Fault::UnknownCa => "certificate-unknown-issuer",
            Fault::WrongUsage => "certificate-wrong-usage",
            Fault::WrongName => "certificate-wrong-name",
            Fault::Expired => "certificate-expired",
            Fault::NotYetValid => "certificate-not-yet-valid",
        };
        for flags in [0, unrelated(fault)] {
            let answer = Asker::trusting(&trusted).ask_with_flags(&server.origin(), flags).await;
            assert!(refuses(&answer, reason), "{fault:?}, {flags:#x}: {:?}", answer.err());
        }
    }
}

#[tokio::test]
async fn a_signature_without_the_key_is_told() {
    let trusted = Authority::root("trusted");
    let (shown, own) = (trusted.sign(&faulty(&[])), trusted.sign(&faulty(&[])));
    for version in [&TLS12, &TLS13] {
        let server = Server::impostor(&shown, &own, version).await;
        let answer = Asker::trusting(&trusted).ask(&server.origin(), &[]).await;
        assert!(refuses(&answer, "certificate-bad-signature"), "{version:?}: {:?}", answer.err());
    }
}

#[tokio::test]
async fn a_server_that_speaks_other_versions_or_ciphers_is_told_apart() {
    // ServerHello of TLS 1.0; alerts that the version, and that no parameters, are in common.
    let mut hello = vec![22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0xc0, 0x13, 0]);
    for (bytes, reason) in [
        (hello, "tls-version"),
        (vec![21, 3, 1, 0, 2, 2, 70], "tls-version"),
        (vec![21, 3, 3, 0, 2, 2, 40], "tls-parameters"),
        (vec![21, 3, 3, 0, 2, 2, 71], "tls-parameters"),
    ] {
        let server = Server::raw_bytes(bytes).await;
        let uri = server.origin().replace("http:", "https:");
        let answer = Asker::trusting(&Authority::root("trusted")).ask(&uri, &[]).await;
        assert!(refuses(&answer, reason), "{reason}: {:?}", answer.err());
    }
}
