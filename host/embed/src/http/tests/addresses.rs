//! The allowed addresses, and attempts to connect to others.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::net::TcpListener;
use wasmtime_wasi_http::Error;

use super::certificates::{Authority, HOST, faulty};
use super::gateway::Gateway;
use super::server::Server;
use super::{Asker, HttpSettings};
use crate::http::{HostResolver, ProxyLists};
use crate::policy::Addresses;
use crate::secret::Secret;

/// The address of the servers, and a different one.
const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1));
const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));

fn allowing(ranges: &[&str]) -> Addresses {
    let mut addresses = Addresses::default();
    ranges.iter().for_each(|range| addresses.allow(range.parse().expect("a range")));
    addresses
}

/// A resolver that returns these answers in turn and then repeats the last one, and the number of its calls.
fn answers(answers: &'static [&'static [IpAddr]]) -> (HttpSettings, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let hosts = HostResolver::new(move |_| {
        let number = counted.fetch_add(1, Ordering::SeqCst);
        let answer = answers[number.min(answers.len() - 1)];
        async move { if answer.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(answer.to_vec()) } }
    });
    (HttpSettings { hosts, ..HttpSettings::default() }, asked)
}

fn is_prohibited<T>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::DestinationIpProhibited))
}

fn port(server: &Server) -> u16 {
    server.origin().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
}

#[tokio::test]
async fn no_spelling_of_an_address_gets_past() {
    let trusted = Authority::root("trusted");
    let servers = [Server::plain("").await, Server::secure(&trusted.sign(&faulty(&[]))).await];
    for server in &servers {
        let (scheme, port) = (server.origin().split(':').next().expect("a scheme").to_owned(), port(server));
        for host in [
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "0x7f.1",
            "0x7f000001",
            "2130706433",
            "0177.0.0.1",
            "127.0.0.1.",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "0.0.0.0",
            "0",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "[2002:7f00:1::]",
            "127%2e0%2e0%2e1",
            "%31%32%37.0.0.1",
        ] {
            let asker = Asker::under(Addresses::default(), &trusted, &HttpSettings::default());
            let Ok(uri) = format!("{scheme}://{host}:{port}/").parse::<http::Uri>() else { continue };
            let answer = asker.ask(&uri.to_string(), &[]).await;
            let is_unknown = matches!(answer, Err(Error::DnsError { .. }));
            assert!(
                is_prohibited(&answer) || is_unknown && (host.ends_with('.') || host.contains('%')),
                "{uri}: {:?}",
                answer.err()
            );
        }
        assert_eq!(server.connections(), 0);
    }
}

#[tokio::test]
async fn what_is_allowed_is_reached_in_every_spelling() {
    let (server, trusted) = (Server::plain("").await, Authority::root("trusted"));
    for host in ["127.0.0.1", "127.1", "2130706433", "localhost", "[::ffff:127.0.0.1]"] {
        let asker = Asker::under(allowing(&["127.0.0.1/32"]), &trusted, &HttpSettings::default());
        let answer = asker.ask(&format!("http://{host}:{}/", port(&server)), &[]).await;
        assert!(answer.is_ok(), "{host}: {:?}", answer.err());
    }
}

#[tokio::test]
async fn of_the_addresses_of_a_host_only_those_are_tried_that_are_admitted() {
    let (server, trusted) = (Server::plain("").await, Authority::root("trusted"));
    let trap = TcpListener::bind(SocketAddr::new(OTHER, port(&server))).await.expect("a port");
    let (settings, _) = answers(&[&[OTHER, SERVER]]);
    let asker = Asker::under(allowing(&["127.0.0.1/32"]), &trusted, &settings);
    let uri = format!("http://files.example:{}/", port(&server));
    assert!(asker.ask(&uri, &[]).await.is_ok());
    assert_untouched(&trap).await;
}

/// Asserts that no client has connected to `trap`.
async fn assert_untouched(trap: &TcpListener) {
    let accepting = tokio::time::timeout(std::time::Duration::from_millis(1), trap.accept());
    assert!(accepting.await.is_err(), "somebody came");
}

#[tokio::test]
async fn an_answer_of_the_resolver_that_changes_is_looked_at_each_time() {
    let (server, trusted) =
        (Server::raw("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".into()).await, Authority::root("trusted"));
    let trap = TcpListener::bind(SocketAddr::new(OTHER, port(&server))).await.expect("a port");
    let (settings, asked) = answers(&[&[SERVER], &[OTHER]]);
    let asker = Asker::under(allowing(&["127.0.0.1/32"]), &trusted, &settings);
    let uri = format!("http://files.example:{}/", port(&server));
    assert!(asker.ask(&uri, &[]).await.is_ok());
    for _ in 0..3 {
        assert!(is_prohibited(&asker.ask(&uri, &[]).await));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 4);
    assert_untouched(&trap).await;
}

#[tokio::test]
async fn the_address_at_the_other_end_counts() {
    let (server, trusted) = (Server::plain("").await, Authority::root("trusted"));
    // Linux connects to the loopback address instead of this one.
    let asker = Asker::under(allowing(&["0.0.0.0/32"]), &trusted, &HttpSettings::default());
    assert!(is_prohibited(&asker.ask(&format!("http://0.0.0.0:{}/", port(&server)), &[]).await));
    let asker = Asker::under(allowing(&["0.0.0.0/32", "127.0.0.1/32"]), &trusted, &HttpSettings::default());
    assert!(asker.ask(&format!("http://0.0.0.0:{}/", port(&server)), &[]).await.is_ok());
}

#[tokio::test]
async fn a_host_without_addresses_is_unknown() {
    let (settings, _) = answers(&[&[]]);
    let asker = Asker::under(Addresses::default(), &Authority::root("trusted"), &settings);
    assert!(matches!(asker.ask("http://files.example/", &[]).await, Err(Error::DnsError { .. })));
}

/// A proxy in the settings of the host.
fn with_proxy(place: &str, settings: HttpSettings) -> HttpSettings {
    HttpSettings { proxies: Some(ProxyLists { list: place.into(), bypass: Secret::default() }), ..settings }
}

fn field(list: &str) -> String {
    format!("use {}", STANDARD.encode(list))
}

#[tokio::test]
async fn a_proxy_is_told_addresses_that_were_checked_and_no_names() {
    let trusted = Authority::root("trusted");
    for server in [Server::plain("").await, Server::secure(&trusted.sign(&faulty(&[]))).await] {
        let gateway = Gateway::open().await;
        let (settings, _) = answers(&[&[OTHER, SERVER]]);
        let asker = Asker::under(allowing(&["127.0.0.1/32"]), &trusted, &with_proxy(&gateway.place(), settings));
        let uri = server.origin().replace(HOST, "files.example");
        let flags = [("haul-security-flags", "4096")];
        let answer = asker.ask(&uri, &flags).await.expect("an answer");
        assert!(answer.body.to_ascii_lowercase().contains("host: files.example"), "{}", answer.body);
        let place = format!("127.0.0.1:{}", port(&server));
        assert_eq!(gateway.heads(), [format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n")]);
    }
}

#[tokio::test]
async fn a_proxy_leads_nowhere_where_a_connection_may_not_go() {
    let trusted = Authority::root("trusted");
    let gateway = Gateway::open().await;
    for uri in
        ["http://files.example/", "https://files.example/", "http://10.0.0.1/", "https://[::1]/", "http://0x7f.1/"]
    {
        let (settings, _) = answers(&[&[OTHER, PRIVATE]]);
        let asker = Asker::under(allowing(&["127.0.0.1/32"]), &trusted, &with_proxy(&gateway.place(), settings));
        assert!(is_prohibited(&asker.ask(uri, &[]).await), "{uri}");
        let socks = with_proxy(&format!("socks5h://{}", gateway.place()), answers(&[&[OTHER]]).0);
        let asker = Asker::under(allowing(&["127.0.0.1/32"]), &trusted, &socks);
        assert!(is_prohibited(&asker.ask(uri, &[]).await), "{uri}");
    }
    assert!(gateway.heads().is_empty());
}

#[tokio::test]
async fn a_proxy_of_the_host_may_be_anywhere_and_one_of_an_exchange_may_not() {
    let (server, trusted) = (Server::plain("").await, Authority::root("trusted"));
    let gateway = Gateway::elsewhere().await;
    let own = with_proxy(&gateway.place(), HttpSettings::default());
    let asker = Asker::under(allowing(&["127.0.0.1/32"]), &trusted, &own);
    for list in [gateway.place(), format!("socks5://{}", gateway.place()), format!("https://{}", gateway.place())] {
        let answer = asker.ask(&server.origin(), &[("haul-proxy", &field(&list))]).await;
        assert!(is_prohibited(&answer), "{list}: {:?}", answer.err());
    }
    assert!(gateway.heads().is_empty());
    assert!(asker.ask(&server.origin(), &[]).await.is_ok());
    assert_eq!(gateway.heads().len(), 1);
}
