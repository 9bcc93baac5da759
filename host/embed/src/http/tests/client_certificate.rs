//! Servers that want to know who asks.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::KeyPair;
use rustls::crypto::ring;
use rustls::server::WebPkiClientVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, SupportedProtocolVersion};
use wasmtime_wasi_http::Error;

use super::certificates::{Authority, Fault, Identity, authority, faulty};
use super::server::{Server, builder};
use super::{Asker, HttpSettings, Outgoing, refuses, refuses_certificate};
use crate::http::{HostCertificate, TokenCallers};
use crate::policy::{Addresses, Guard};

/// Of no value to anybody: the library that makes keys here makes none for RSA.
const RSA_KEY: &str = include_str!("rsa_key.pem");

/// A server that talks only to those whom `clients` has signed for.
async fn demanding(identity: &Identity, clients: &Authority, versions: &[&'static SupportedProtocolVersion]) -> Server {
    let mut roots = RootCertStore::empty();
    roots.add(clients.certificate()).expect("a root");
    let provider = Arc::new(ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().expect("a verifier");
    let configuration = builder(versions).with_client_cert_verifier(verifier);
    let configuration = configuration.with_single_cert(identity.chain.clone(), identity.key_der());
    Server::configured(configuration.expect("a certificate with its key")).await
}

/// A certificate for clients.
pub fn client(clients: &Authority) -> Identity {
    clients.sign(&faulty(&[Fault::WrongUsage]))
}

fn pem(label: &str, der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let lines: Vec<_> = encoded.as_bytes().chunks(64).map(|line| str::from_utf8(line).expect("base64")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn certificates(identity: &Identity) -> String {
    identity.chain.iter().map(|certificate| pem("CERTIFICATE", certificate)).collect()
}

pub fn whole(identity: &Identity) -> String {
    certificates(identity) + &identity.key.serialize_pem()
}

async fn ask(server: &Server, trusted: &Authority, pem: &str) -> Result<super::Answer, Error> {
    let field = STANDARD.encode(pem);
    Asker::trusting(trusted).ask(&server.origin(), &[("haul-client-certificate", &field)]).await
}

#[tokio::test]
async fn a_server_gets_the_certificate_that_it_demands() {
    let (trusted, clients) = (Authority::root("trusted"), Authority::root("clients"));
    let between = clients.sub(authority("between clients"));
    for version in [&TLS12, &TLS13] {
        let server = demanding(&trusted.sign(&faulty(&[])), &clients, &[version]).await;
        assert!(ask(&server, &trusted, &whole(&client(&clients))).await.is_ok(), "{version:?}");
        assert!(ask(&server, &trusted, &whole(&client(&between).with(&between))).await.is_ok(), "{version:?}");
        assert!(ask(&server, &trusted, &whole(&client(&trusted))).await.is_err(), "{version:?}");
        assert!(Asker::trusting(&trusted).ask(&server.origin(), &[]).await.is_err(), "{version:?}");
    }
}

#[tokio::test]
async fn a_refusal_by_the_server_is_about_certificates() {
    let (trusted, clients) = (Authority::root("trusted"), Authority::root("clients"));
    let server = demanding(&trusted.sign(&faulty(&[])), &clients, &[&TLS12]).await;
    let answer = ask(&server, &trusted, &whole(&client(&trusted))).await;
    assert!(refuses(&answer, "client-certificate-refused"));
}

#[tokio::test]
async fn a_client_certificate_passes_over_nothing() {
    let (trusted, clients) = (Authority::root("trusted"), Authority::root("clients"));
    for fault in [Fault::WrongName, Fault::Expired, Fault::WrongUsage] {
        let server = demanding(&trusted.sign(&faulty(&[fault])), &clients, &[&TLS13]).await;
        let answer = ask(&server, &trusted, &whole(&client(&clients))).await;
        assert!(refuses_certificate(&answer), "{fault:?}");
    }
}

#[tokio::test]
async fn keys_come_in_three_formats() {
    let (trusted, clients) = (Authority::root("trusted"), Authority::root("clients"));
    let server = demanding(&trusted.sign(&faulty(&[])), &clients, &[&TLS13]).await;
    let elliptic = client(&clients);
    let rsa = clients.sign_for(&faulty(&[Fault::WrongUsage]), KeyPair::from_pem(RSA_KEY).expect("a key"));
    let (elliptic_key, rsa_key) = (elliptic.key.serialize_der(), rsa.key.serialize_der());
    let keys = [
        ("PRIVATE KEY", &elliptic, &elliptic_key[..]),
        ("PRIVATE KEY", &rsa, &rsa_key),
        ("EC PRIVATE KEY", &elliptic, inner(&elliptic_key, &[0x30, 0x6b, 0x02, 0x01, 0x01])),
        ("RSA PRIVATE KEY", &rsa, inner(&rsa_key, &[0x30, 0x82, 0x04, 0xa4, 0x02, 0x01, 0x00])),
    ];
    for (label, identity, key) in keys {
        let text = pem(label, key) + &certificates(identity);
        assert!(ask(&server, &trusted, &text).await.is_ok(), "{label}");
    }
}

/// The key inside a PKCS#8 key, which wraps it: it begins so, and goes on to the end.
fn inner<'a>(pkcs8: &'a [u8], beginning: &[u8]) -> &'a [u8] {
    let start = pkcs8.windows(beginning.len()).position(|window| window == beginning).expect("a key inside");
    &pkcs8[start..]
}

#[tokio::test]
async fn what_cannot_be_used_fails_the_exchange_before_anything_is_sent() {
    let (trusted, clients) = (Authority::root("trusted"), Authority::root("clients"));
    let server = demanding(&trusted.sign(&faulty(&[])), &clients, &[&TLS13]).await;
    let (one, another) = (client(&clients), client(&clients));
    let torn = whole(&one).replace("-----END PRIVATE KEY-----", "");
    let garbage = certificates(&one) + &pem("PRIVATE KEY", b"garbage");
    let cases = [
        ("nothing", String::new()),
        ("no key", certificates(&one)),
        ("no certificate", one.key.serialize_pem()),
        ("another's key", certificates(&one) + &another.key.serialize_pem()),
        ("two keys", whole(&one) + &another.key.serialize_pem()),
        ("a torn key", torn),
        ("a key that is none", garbage),
        ("a certificate that is none", pem("CERTIFICATE", b"garbage") + &one.key.serialize_pem()),
    ];
    for (what, text) in cases {
        assert!(matches!(ask(&server, &trusted, &text).await, Err(Error::HttpRequestHeaderSize { .. })), "{what}");
    }
    let plain = whole(&one).replace('\n', " ");
    let answer = Asker::trusting(&trusted).ask(&server.origin(), &[("haul-client-certificate", &plain)]).await;
    assert!(matches!(answer, Err(Error::HttpRequestHeaderSize { .. })), "no base64");
    assert_eq!(server.connections(), 0);
}

/// A host's own certificate, for these hosts.
fn own(hosts: &str, identity: &Identity) -> HttpSettings {
    let certificate = HostCertificate { hosts: hosts.into(), pem: whole(identity).into_bytes().into() };
    HttpSettings { client_certificates: vec![certificate], ..HttpSettings::default() }
}

#[tokio::test]
async fn a_hosts_own_certificate_is_shown_to_the_hosts_that_it_is_for() {
    let (trusted, clients) = (Authority::root("trusted"), Authority::root("clients"));
    let server = demanding(&trusted.sign(&faulty(&[])), &clients, &[&TLS12]).await;
    let port = server.origin().rsplit(':').next().expect("a port").to_owned();
    let good = client(&clients);
    let cases = [
        ("127.0.0.1", true),
        ("127.0.0.0/8", true),
        (&format!("127.0.0.1:{port}"), true),
        ("127.0.0.1:1", false),
        ("*.example", false),
    ];
    for (hosts, accepted) in cases {
        let answer = Asker::new(&trusted, &own(hosts, &good)).ask(&server.origin(), &[]).await;
        assert_eq!(answer.is_ok(), accepted, "{hosts}");
    }
    let field = STANDARD.encode(whole(&client(&trusted)));
    let asker = Asker::new(&trusted, &own("127.0.0.1", &good));
    let answer = asker.ask(&server.origin(), &[("haul-client-certificate", &field)]).await;
    assert!(refuses(&answer, "client-certificate-refused"), "that of a download goes first");
    assert!(asker.ask(&server.origin(), &[]).await.is_ok());
}

#[test]
fn a_hosts_own_certificate_that_cannot_be_used_is_refused_when_the_engine_opens() {
    let identity = client(&Authority::root("clients"));
    let torn = HostCertificate { hosts: "a.example".into(), pem: certificates(&identity).into_bytes().into() };
    let torn = HttpSettings { client_certificates: vec![torn], ..HttpSettings::default() };
    for settings in [own("https://a.example", &identity), own("", &identity), torn] {
        let error = Outgoing::new(&settings, Guard::admitting(Addresses::any()), TokenCallers::default()).err();
        assert!(matches!(error, Some(crate::error::Error::Setting { setting: "client_certificate", .. })));
    }
}
