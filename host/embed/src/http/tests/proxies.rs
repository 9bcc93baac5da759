//! Exchanges through proxies. For http the proxy is a server whose responses repeat the request.

use crate::policy::{Addresses, Guard};
use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};
use wasmtime_wasi_http::Error;

use super::certificates::{Authority, HOST, faulty};
use super::gateway::Gateway;
use super::server::Server;
use super::{Answer, Asker, HttpSettings, refuses};
use crate::http::{Outgoing, ProxyLists, TokenCallers};

/// An origin whose name does not resolve: the client must leave the lookup to the proxy.
const ORIGIN: &str = "http://files.example/a?b";

/// Requests of each kind, enough that some of them reuse a connection.
const ROUNDS: usize = 8;

fn field(list: &str, bypass: &str) -> String {
    format!("use {} {}", STANDARD.encode(list), STANDARD.encode(bypass)).trim_end().to_owned()
}

async fn ask(asker: &Asker, uri: &str, list: &str) -> Result<Answer, Error> {
    asker.ask(uri, &[("haul-proxy", &field(list, ""))]).await
}

fn trusting_nobody() -> Asker {
    Asker::trusting(&Authority::root("trusted"))
}

/// Proxy lists in the settings of the host.
fn with_own(list: &str, bypass: &str) -> HttpSettings {
    let lists = ProxyLists { list: list.into(), bypass: bypass.into() };
    HttpSettings { proxies: Some(lists), ..HttpSettings::default() }
}

/// A server with a valid certificate, and a client that trusts it.
async fn secure() -> (Server, Asker) {
    let trusted = Authority::root("trusted");
    (Server::secure(&trusted.sign(&faulty(&[]))).await, Asker::trusting(&trusted))
}

/// A port without a listener, reserved while the socket is open.
fn down() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind((std::net::Ipv4Addr::LOCALHOST, 0).into()).expect("a port");
    let place = socket.local_addr().expect("an address").to_string();
    (socket, place)
}

fn names_the_field(answer: Result<Answer, Error>) -> bool {
    matches!(answer, Err(Error::HttpRequestHeaderSize { field_name: Some(name), .. }) if name == "haul-proxy")
}

#[tokio::test]
async fn an_http_request_goes_to_the_proxy_with_its_whole_url() {
    let proxy = Server::plain("haul-server-address: 192.0.2.1\r\n").await;
    let answer = ask(&trusting_nobody(), ORIGIN, &proxy.origin()).await.expect("an answer");
    let head = answer.body.to_ascii_lowercase();
    assert!(head.contains("\nget http://files.example/a?b http/1.1\r\n"), "{head}");
    assert!(head.contains("host: files.example\r\n"), "{head}");
    assert!(!head.contains("haul-") && !head.contains("proxy-authorization"), "{head}");
    assert!(answer.fields.get("haul-server-address").is_none());
}

#[tokio::test]
async fn an_https_request_goes_through_a_tunnel_of_which_the_origin_sees_nothing() {
    let (server, asker) = secure().await;
    let gateway = Gateway::open().await;
    let answer = ask(&asker, &server.origin(), &gateway.place()).await.expect("an answer");
    assert!(answer.body.contains("\nGET / HTTP/1.1\r\n"), "{}", answer.body);
    assert!(answer.fields.get("haul-server-address").is_none());
    let place = server.origin().replace("https://", "");
    assert_eq!(gateway.heads(), [format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n")]);
}

#[tokio::test]
async fn a_proxy_may_be_spoken_to_over_tls_if_its_certificate_is_right() {
    let trusted = Authority::root("trusted");
    let (server, asker) = (Server::secure(&trusted.sign(&faulty(&[]))).await, Asker::trusting(&trusted));
    for (signer, accepted) in [(&trusted, true), (&Authority::root("unknown"), false)] {
        let gateway = Gateway::secure(&signer.sign(&faulty(&[]))).await;
        let proxy = field(&format!("https://me:secret@{}", gateway.place()), "");
        // Security flags apply to the origin's certificate, not to the proxy's.
        let fields = [("haul-proxy", &*proxy), ("haul-security-flags", "256")];
        let answer = asker.ask(&server.origin(), &fields).await;
        assert_eq!((answer.is_ok(), gateway.heads().len()), (accepted, usize::from(accepted)));
    }
}

#[tokio::test]
async fn a_certificate_is_verified_through_a_tunnel_too() {
    let server = Server::secure(&Authority::root("unknown").sign(&faulty(&[]))).await;
    let gateway = Gateway::open().await;
    let (asker, proxy) = (trusting_nobody(), field(&gateway.place(), ""));
    let refused = asker.ask(&server.origin(), &[("haul-proxy", &proxy)]).await;
    assert!(refuses(&refused, "certificate-unknown-issuer"));
    let passed_over = [("haul-proxy", proxy.as_str()), ("haul-security-flags", "256")];
    assert!(asker.ask(&server.origin(), &passed_over).await.is_ok());
    assert_eq!(gateway.heads().len(), 2);
}

#[tokio::test]
async fn the_first_proxy_that_answers_is_used() {
    let (socket, silent) = down();
    let [first, second] = [Server::plain("").await, Server::plain("").await];
    let list = format!("{silent}; {} {}", first.origin(), second.origin());
    let asker = trusting_nobody();
    for _ in 0..ROUNDS {
        assert!(ask(&asker, ORIGIN, &list).await.is_ok());
    }
    assert_eq!((first.connections() > 0, second.connections()), (true, 0));

    let (server, asker) = secure().await;
    let gateway = Gateway::open().await;
    assert!(ask(&asker, &server.origin(), &format!("{silent} {}", gateway.place())).await.is_ok());
    assert_eq!(gateway.heads().len(), 1);
    drop(socket);
}

#[tokio::test]
async fn a_proxy_that_did_not_answer_comes_after_the_others_for_a_while() {
    let (socket, silent) = down();
    let [late, other] = [Server::plain("").await, Server::plain("").await];
    let asker = trusting_nobody();
    assert!(ask(&asker, ORIGIN, &format!("{silent} {}", late.origin())).await.is_ok());
    let listener = socket.listen(1).expect("it listens");
    assert!(ask(&asker, ORIGIN, &format!("{silent} {}", other.origin())).await.is_ok());
    assert_eq!(other.connections(), 1);
    drop(listener);
}

#[tokio::test]
async fn the_body_of_a_request_is_sent_whole_to_the_proxy_that_answers() {
    const BODY: &str = "all of it";
    let (_socket, silent) = down();
    let proxy = TcpListener::bind((HOST, 0)).await.expect("a port");
    let list = format!("{silent} {}", proxy.local_addr().expect("an address"));
    let serving = tokio::spawn(async move {
        let (mut stream, _) = proxy.accept().await.expect("a connection");
        let mut received = Vec::new();
        while !received.ends_with(BODY.as_bytes()) {
            assert_ne!(stream.read_buf(&mut received).await.expect("a request"), 0, "the body ends early");
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.expect("the proxy is heard");
    });
    let fields = [("haul-proxy", &*field(&list, ""))];
    let answer = trusting_nobody().send("PUT", ORIGIN, &fields, BODY).await.expect("an answer");
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    serving.await.expect("the whole body");
}

#[tokio::test]
async fn proxies_that_do_not_answer_or_make_no_tunnel_may_do_so_later() {
    let (_socket, silent) = down();
    let (server, asker) = secure().await;
    let refusing = Gateway::start("HTTP/1.1 502 Bad Gateway\r\n\r\n").await;
    let mute = Gateway::start("").await;
    let origin = server.origin();
    let cases = [(ORIGIN, &silent), (&origin, &silent), (&origin, &refusing.place()), (&origin, &mute.place())];
    for (uri, list) in cases {
        let answer = ask(&asker, uri, list).await;
        assert!(matches!(answer, Err(Error::DestinationUnavailable)), "{uri} {list}");
    }
    let last = Gateway::open().await;
    let list = format!("{} {}", refusing.place(), last.place());
    assert!(ask(&asker, &origin, &list).await.is_err(), "a proxy that refuses has answered");
    assert_eq!((server.connections(), last.heads().len()), (0, 0));
}

#[tokio::test]
async fn a_proxy_that_wants_credentials_says_407() {
    let (server, asker) = secure().await;
    let gateway = Gateway::start("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
    let answer = ask(&asker, &server.origin(), &gateway.place()).await.expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::PROXY_AUTHENTICATION_REQUIRED, ""));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn credentials_go_to_their_own_proxy_and_no_further() {
    let basic = format!("Basic {}", STANDARD.encode("me:se:cret"));
    let sent = |head: &str| head.lines().any(|line| line.to_ascii_lowercase().starts_with("proxy-authorization"));
    let (_socket, silent) = down();
    let proxy = Server::plain("").await;
    let place = proxy.origin().replace("http://", "");
    let asker = trusting_nobody();

    let answer = ask(&asker, ORIGIN, &format!("http://me:se%3Acret@{place}")).await.expect("an answer");
    assert!(answer.body.contains(&format!("proxy-authorization: {basic}\r\n")), "{}", answer.body);
    for list in [place.clone(), format!("me:secret@{silent} {place}")] {
        let answer = ask(&asker, ORIGIN, &list).await.expect("an answer");
        assert!(!sent(&answer.body), "{}", answer.body);
    }
    let bypass = field(&format!("me:secret@{silent}"), HOST);
    let answer = asker.ask(&proxy.origin(), &[("haul-proxy", &bypass)]).await.expect("an answer");
    assert!(!sent(&answer.body), "{}", answer.body);

    let (server, asker) = secure().await;
    let gateway = Gateway::open().await;
    let list = format!("http://me:se:cret@{}", gateway.place());
    let answer = ask(&asker, &server.origin(), &list).await.expect("an answer");
    assert!(!sent(&answer.body), "{}", answer.body);
    let [head] = &gateway.heads()[..] else { panic!("one tunnel") };
    assert!(head.contains(&format!("Proxy-Authorization: {basic}\r\n")), "{head}");
}

#[tokio::test]
async fn hosts_of_the_bypass_list_and_other_schemes_are_asked_directly() {
    let server = Server::plain("").await;
    let proxy = Server::plain("").await;
    let asker = trusting_nobody();
    let secure_only = format!("https={}", proxy.origin());
    for (list, bypass) in [(proxy.origin(), "*.example 127.0.0.1"), (secure_only, "")] {
        let answer = asker.ask(&server.origin(), &[("haul-proxy", &field(&list, bypass))]).await.expect("an answer");
        assert!(answer.body.contains("\nGET / HTTP/1.1\r\n"), "{}", answer.body);
        assert_eq!(answer.fields.get("haul-server-address").map(|value| value.as_bytes()), Some(HOST.as_bytes()));
    }
    assert_eq!(proxy.connections(), 0);
}

#[tokio::test]
async fn a_hosts_own_proxy_is_used_unless_an_exchange_says_otherwise() {
    let [own, other] = [Server::plain("").await, Server::plain("").await];
    let server = Server::plain("").await;
    let asker = Asker::new(&Authority::root("trusted"), &with_own(&own.origin(), "<local>"));
    assert!(asker.ask(&server.origin(), &[]).await.expect("an answer").body.contains("GET http://"));
    let detected = asker.ask(&server.origin(), &[("haul-proxy", "detect")]).await.expect("an answer");
    assert!(detected.body.contains("GET http://"));
    assert_eq!((server.connections(), other.connections()), (0, 0));
    assert!(asker.ask(&server.origin(), &[("haul-proxy", "direct")]).await.expect("an answer").body.contains("GET / "));
    assert_eq!(server.connections(), 1);
    let asked_of_own = own.connections();
    assert!(ask(&asker, ORIGIN, &other.origin()).await.is_ok());
    assert_eq!((own.connections(), other.connections()), (asked_of_own, 1));
}

#[tokio::test]
async fn exchanges_by_other_proxies_never_share_a_connection() {
    let (server, asker) = secure().await;
    let [one, another] = [Gateway::open().await, Gateway::open().await];
    let [one, another] =
        [one.place(), another.place()].map(|place| [field(&place, ""), field(&format!("me@{place}"), "")]);
    let kinds: Vec<_> = ["direct".to_owned()].into_iter().chain(one).chain(another).collect();
    let mut used = vec![BTreeSet::new(); kinds.len()];
    for _ in 0..ROUNDS {
        for (kind, used) in kinds.iter().zip(&mut used) {
            let answer = asker.ask(&server.origin(), &[("haul-proxy", kind)]).await.expect("an answer");
            used.insert(answer.connection());
        }
    }
    let all: usize = used.iter().map(BTreeSet::len).sum();
    assert_eq!(all, server.connections(), "{used:?}");
    assert!(used.iter().all(|connections| connections.len() < ROUNDS), "{used:?}");
}

#[tokio::test]
async fn a_list_that_cannot_be_read_fails_the_exchange_before_anything_is_sent() {
    let server = Server::plain("").await;
    let asker = trusting_nobody();
    let lists = [("", ""), ("ftp://proxy:21", ""), ("proxy:none", ""), ("proxy:80", "*.*"), ("a:80,b:80", "")];
    for (list, bypass) in lists {
        let answer = asker.ask(&server.origin(), &[("haul-proxy", &field(list, bypass))]).await;
        assert!(names_the_field(answer), "{list:?} {bypass:?}");
    }
    for value in ["", "use", "use proxy:80", "direct detect"] {
        assert!(names_the_field(asker.ask(&server.origin(), &[("haul-proxy", value)]).await), "{value:?}");
    }
    let twice = [("haul-proxy", "direct"), ("haul-proxy", "direct")];
    assert!(names_the_field(asker.ask(&server.origin(), &twice).await));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn what_a_list_says_is_never_told() {
    let secret = "http://me:secret@proxy:none";
    let guard = Guard::admitting(Addresses::any());
    let opened = Outgoing::new(&with_own(secret, ""), guard, TokenCallers::default());
    let error = opened.err().expect("no list");
    assert!(matches!(error, crate::error::Error::Setting { setting: "proxy", .. }));
    assert!(!format!("{error} {error:?} {:?}", with_own(secret, "")).contains("secret"));
    let error = ask(&trusting_nobody(), ORIGIN, secret).await.err().expect("no list");
    assert!(!format!("{error} {error:?}").contains("secret"));
}
