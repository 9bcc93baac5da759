//! Private fields: they do not leave the host, and an origin cannot speak for it.

use wasmtime_wasi_http::Error;

use super::certificates::{Authority, HOST, faulty};
use super::server::Server;
use super::{Asker, HttpSettings};
use crate::http::NetworkToken;

/// HTTP with a token of the caller `updates` for this origin.
fn with_token(trusted: &Authority, origin: String) -> Asker {
    let token = NetworkToken { caller: "updates".into(), origin, authorization: "Bearer of-updates".into() };
    Asker::new(trusted, &HttpSettings { network_tokens: vec![token], ..HttpSettings::default() })
}

#[tokio::test]
async fn private_fields_never_reach_a_server() {
    let trusted = Authority::root("trusted");
    let servers = [Server::plain("").await, Server::secure(&trusted.sign(&faulty(&[]))).await];
    for server in servers {
        let fields = [
            ("haul-security-flags", "256"),
            ("haul-network-token", "updates"),
            ("Haul-Unheard-Of", "a"),
            ("x-kept", "b"),
        ];
        let answer = Asker::trusting(&trusted).ask(&server.origin(), &fields).await.expect("an answer");
        let head = answer.body.to_ascii_lowercase();
        assert!(head.contains("x-kept: b"), "{head}");
        assert!(!head.contains("haul-"), "{head}");
    }
}

#[tokio::test]
async fn plain_requests_do_not_look_at_settings_of_tls() {
    let server = Server::plain("").await;
    let fields = [("haul-security-flags", "nonsense"), ("haul-client-certificate", "nonsense")];
    let answer = Asker::trusting(&Authority::root("trusted")).ask(&server.origin(), &fields).await.expect("an answer");
    assert!(!answer.body.contains("haul-"));
}

#[tokio::test]
async fn the_address_of_the_server_is_the_hosts_word() {
    let trusted = Authority::root("trusted");
    let forger = "haul-server-address: 192.0.2.1\r\nHaul-Server-Address: 192.0.2.2\r\nhaul-else: a\r\nx-kept: b\r\n";
    let servers = [Server::plain(forger).await, Server::secure(&trusted.sign(&faulty(&[]))).await];
    for server in &servers {
        let answer = Asker::trusting(&trusted).ask(&server.origin(), &[]).await.expect("an answer");
        let private = answer.fields.iter().filter(|(name, _)| name.as_str().starts_with("haul-"));
        let private: Vec<_> = private.map(|(name, value)| (name.as_str(), value.to_str().expect("text"))).collect();
        assert_eq!(private, [("haul-server-address", HOST)]);
    }
    let answer = Asker::trusting(&trusted).ask(&servers[0].origin(), &[]).await.expect("an answer");
    assert_eq!(answer.fields.get("x-kept").map(|value| value.as_bytes()), Some(b"b".as_slice()));
}

#[tokio::test]
async fn what_trailers_say_for_the_host_is_dropped() {
    use http_body_util::BodyExt;

    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: haul-server-address, x-kept\r\n\r\n";
    let body = "1\r\na\r\n0\r\nhaul-server-address: 192.0.2.1\r\nx-kept: b\r\n\r\n";
    let server = Server::raw(format!("{head}{body}")).await;
    let mut outgoing = Asker::trusting(&Authority::root("trusted")).outgoing;
    let body = http_body_util::Empty::new().map_err(|never| match never {}).boxed_unsync();
    let request = http::Request::get(server.origin()).header("te", "trailers").body(body).expect("a request");
    let exchange =
        wasmtime_wasi_http::WasiHttpHooks::send_request(&mut outgoing, request, None, Box::new(async { Ok(()) }));
    let (response, _) = Box::into_pin(exchange).await.expect("an answer");
    let body = response.into_body().collect().await.expect("a body");
    let trailers = body.trailers().expect("trailers");
    assert_eq!(trailers.keys().map(http::HeaderName::as_str).collect::<Vec<_>>(), ["x-kept"]);
}

#[tokio::test]
async fn a_token_goes_to_its_origin_for_its_caller() {
    let trusted = Authority::root("trusted");
    let servers = [Server::plain("").await, Server::secure(&trusted.sign(&faulty(&[]))).await];
    let elsewhere = Server::plain("").await;
    for server in servers {
        let asker = with_token(&trusted, server.origin());
        let cases = [
            (&server, vec![("haul-network-token", "updates")], vec!["Bearer of-updates"]),
            (
                &server,
                vec![("haul-network-token", "updates"), ("authorization", "Basic own")],
                vec!["Bearer of-updates"],
            ),
            (&server, vec![("haul-network-token", "games"), ("authorization", "Basic own")], vec!["Basic own"]),
            (&server, vec![("haul-network-token", "games")], vec![]),
            (&server, vec![], vec![]),
            (&elsewhere, vec![("haul-network-token", "updates")], vec![]),
        ];
        for (to, fields, expected) in cases {
            let answer = asker.ask(&to.origin(), &fields).await.expect("an answer");
            let sent = answer.body.lines().filter_map(|line| line.strip_prefix("authorization: "));
            assert_eq!(sent.collect::<Vec<_>>(), expected, "{fields:?}");
        }
    }
}

#[tokio::test]
async fn a_field_that_is_there_twice_fails_the_exchange_before_anything_is_sent() {
    let server = Server::plain("").await;
    let fields = [("haul-network-token", "updates"), ("haul-network-token", "games")];
    let answer = Asker::trusting(&Authority::root("trusted")).ask(&server.origin(), &fields).await;
    assert!(matches!(answer, Err(Error::HttpRequestHeaderSize { .. })));
    assert_eq!(server.connections(), 0);
}
