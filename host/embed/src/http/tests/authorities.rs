//! Each private field under each policy: the bytes that reach the origin and the proxies, or the rule that refuses.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::server::WebPkiClientVerifier;
use wasmtime_wasi_http::Error;

use super::certificates::{Authority, HOST, Identity, faulty};
use super::client_certificate::{client, whole};
use super::gateway::Gateway;
use super::server::{Received, Server, builder};
use super::{Asker, HttpSettings};
use crate::grants::Grants;
use crate::http::{HostCertificate, NetworkToken, ProxyLists};
use crate::policy::{Guard, Policy};
use crate::values::SecurityFlags;

/// How an exchange ends.
#[derive(Clone, Copy)]
enum Outcome {
    /// By this rule, before anything is sent.
    Refused(&'static str),
    Made(Way, Certificate, Token),
}

#[derive(Clone, Copy, PartialEq)]
enum Way {
    Direct,
    /// Through the host's own proxy.
    Own,
    /// Through the proxy that the caller names.
    Named,
}

/// The certificate that the origin sees.
#[derive(Clone, Copy)]
enum Certificate {
    None,
    Hosts,
    Callers,
}

/// Whether the host's token reaches the origin.
#[derive(Clone, Copy, PartialEq)]
enum Token {
    Sent,
    Absent,
}

use Certificate::{Callers, Hosts};
use Outcome::{Made, Refused};
use Token::{Absent, Sent};
use Way::{Direct, Named, Own};

const FLAGS: Outcome = Refused("security-flags");
const CERTIFICATE: Outcome = Refused("client-certificate");
const PROXY: Outcome = Refused("proxy");
const TOKEN: Outcome = Refused("network-token");

const OWN: Outcome = Made(Own, Hosts, Absent);
const OWN_BARE: Outcome = Made(Own, Certificate::None, Absent);
const OWN_CALLERS: Outcome = Made(Own, Callers, Absent);
const OWN_TOKEN: Outcome = Made(Own, Hosts, Sent);
const OWN_BOTH: Outcome = Made(Own, Callers, Sent);
const STRAIGHT: Outcome = Made(Direct, Hosts, Absent);
const STRAIGHT_BARE: Outcome = Made(Direct, Certificate::None, Absent);
const STRAIGHT_CALLERS: Outcome = Made(Direct, Callers, Absent);
const STRAIGHT_TOKEN: Outcome = Made(Direct, Hosts, Sent);
const NAMED: Outcome = Made(Named, Certificate::None, Absent);
const NAMED_CALLERS: Outcome = Made(Named, Callers, Absent);

/// The settings of a caller, by words, and the outcome under each of [`policies`].
type Row = (&'static str, [Outcome; 6]);

/// On a host that has a proxy of its own.
const BEHIND_A_PROXY: &[Row] = &[
    // The policies allow nothing; flags; certificates; the named proxy; a bypass; everything.
    ("", [OWN, OWN, OWN, OWN, OWN, OWN]),
    ("detect", [OWN, OWN, OWN, OWN, OWN, OWN]),
    ("flags", [FLAGS, OWN_BARE, FLAGS, FLAGS, FLAGS, OWN_BARE]),
    ("certificate", [CERTIFICATE, CERTIFICATE, OWN_CALLERS, CERTIFICATE, CERTIFICATE, OWN_CALLERS]),
    ("flags certificate", [FLAGS, CERTIFICATE, FLAGS, FLAGS, FLAGS, OWN_CALLERS]),
    ("named", [PROXY, PROXY, PROXY, NAMED, PROXY, NAMED]),
    ("named flags", [FLAGS, PROXY, FLAGS, FLAGS, FLAGS, NAMED]),
    ("named certificate", [CERTIFICATE, CERTIFICATE, PROXY, CERTIFICATE, CERTIFICATE, NAMED_CALLERS]),
    ("elsewhere", [PROXY, PROXY, PROXY, PROXY, PROXY, NAMED]),
    ("direct", [PROXY, PROXY, PROXY, PROXY, STRAIGHT, STRAIGHT]),
    ("direct flags", [FLAGS, PROXY, FLAGS, FLAGS, FLAGS, STRAIGHT_BARE]),
    ("direct certificate", [CERTIFICATE, CERTIFICATE, PROXY, CERTIFICATE, CERTIFICATE, STRAIGHT_CALLERS]),
    ("bypass", [PROXY, PROXY, PROXY, PROXY, STRAIGHT, STRAIGHT]),
    ("scheme", [PROXY, PROXY, PROXY, PROXY, STRAIGHT, STRAIGHT]),
    ("token", [OWN_TOKEN, OWN_TOKEN, OWN_TOKEN, OWN_TOKEN, OWN_TOKEN, OWN_TOKEN]),
    ("token detect", [OWN_TOKEN, OWN_TOKEN, OWN_TOKEN, OWN_TOKEN, OWN_TOKEN, OWN_TOKEN]),
    ("token flags", [FLAGS, TOKEN, FLAGS, FLAGS, FLAGS, TOKEN]),
    ("token certificate", [CERTIFICATE, CERTIFICATE, OWN_BOTH, CERTIFICATE, CERTIFICATE, OWN_BOTH]),
    ("token named", [PROXY, PROXY, PROXY, TOKEN, PROXY, TOKEN]),
    ("token named flags", [FLAGS, PROXY, FLAGS, FLAGS, FLAGS, TOKEN]),
    ("token direct", [PROXY, PROXY, PROXY, PROXY, STRAIGHT_TOKEN, STRAIGHT_TOKEN]),
    ("token direct flags", [FLAGS, PROXY, FLAGS, FLAGS, FLAGS, TOKEN]),
    ("silent-callers-token", [TOKEN, TOKEN, TOKEN, TOKEN, TOKEN, TOKEN]),
    ("unknown-callers-token", [OWN, OWN, OWN, OWN, OWN, OWN]),
];

/// On a host that has none.
const WITHOUT_A_PROXY: &[Row] = &[
    ("", [STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT]),
    ("detect", [STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT]),
    ("direct", [STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT]),
    ("bypass", [STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT]),
    ("named", [PROXY, PROXY, PROXY, NAMED, PROXY, NAMED]),
    ("flags", [FLAGS, STRAIGHT_BARE, FLAGS, FLAGS, FLAGS, STRAIGHT_BARE]),
    ("token flags", [FLAGS, TOKEN, FLAGS, FLAGS, FLAGS, TOKEN]),
    ("token named", [PROXY, PROXY, PROXY, TOKEN, PROXY, TOKEN]),
];

/// A policy for each column; `named`: host and port of the proxy that one of them allows.
fn policies(named: &str) -> [Policy; 6] {
    let origin = || Policy::deny_all().allow_origin(format!("*://{HOST}:*")).allow_addresses(HOST);
    [
        origin(),
        origin().allow_security_flags(SecurityFlags::IGNORE_UNKNOWN_CA),
        origin().allow_client_certificates(),
        origin().allow_proxy(format!("http://{named}")),
        origin().allow_proxy_bypass(),
        Policy::allow_all(),
    ]
}

/// Everything that the exchanges of the table share.
struct World {
    trusted: Authority,
    server: Server,
    hosts: Identity,
    callers: Identity,
}

impl World {
    async fn new() -> Self {
        let [trusted, clients] = ["trusted", "clients"].map(Authority::root);
        let server = asking(&trusted.sign(&faulty(&[])), &clients).await;
        Self { server, hosts: client(&clients), callers: client(&clients), trusted }
    }

    /// The host's secrets, and its own proxy.
    fn settings(&self, own: Option<&Gateway>) -> HttpSettings {
        let token = |caller: &str| NetworkToken {
            caller: caller.into(),
            origin: self.server.origin(),
            authorization: format!("Bearer of-{caller}").into(),
        };
        let list = own.map(|own| format!("own:secret@{}", own.place()));
        HttpSettings {
            client_certificates: vec![HostCertificate {
                hosts: HOST.into(),
                pem: whole(&self.hosts).into_bytes().into(),
            }],
            network_tokens: vec![token("updates"), token("games")],
            proxies: list.map(|list| ProxyLists { list: list.into(), bypass: Default::default() }),
            ..HttpSettings::default()
        }
    }

    /// The private fields that a row's words stand for.
    fn fields(&self, words: &str, named: &Gateway) -> Vec<(&'static str, String)> {
        let list = |scheme: &str| STANDARD.encode(format!("{scheme}caller:data@{}", named.place()));
        let field = |word: &str| match word {
            "detect" | "direct" => ("haul-proxy", word.to_owned()),
            "named" | "elsewhere" => ("haul-proxy", format!("use {}", list(""))),
            "bypass" => ("haul-proxy", format!("use {} {}", list(""), STANDARD.encode(HOST))),
            "scheme" => ("haul-proxy", format!("use {}", list("http="))),
            "flags" => ("haul-security-flags", "256".into()),
            "certificate" => ("haul-client-certificate", STANDARD.encode(whole(&self.callers))),
            "token" => ("haul-network-token", "updates".into()),
            "silent-callers-token" => ("haul-network-token", "games".into()),
            "unknown-callers-token" => ("haul-network-token", "nobody".into()),
            other => panic!("{other}"),
        };
        words.split_ascii_whitespace().map(field).collect()
    }

    async fn check(&self, words: &str, column: usize, outcome: Outcome, is_behind_proxy: bool) {
        let [own, named] = [Gateway::open().await, Gateway::open().await];
        let allowed = if words == "elsewhere" { "127.0.0.1:1".into() } else { named.place() };
        let guard = Guard::new(&policies(&allowed)[column], &Grants::default()).expect("a policy");
        let asker = Asker::judged(guard, &self.trusted, &self.settings(is_behind_proxy.then_some(&own)));
        let fields = self.fields(words, &named);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = asker.ask(&self.server.origin(), &fields).await.map(drop).map_err(reason);
        let seen = (answer, self.server.received(), own.heads(), named.heads());
        assert_eq!(seen, self.expected(outcome), "{words:?} under policy {column}, behind a proxy: {is_behind_proxy}");
    }

    /// The answer, and the bytes that the server, the host's proxy and the caller's receive.
    fn expected(&self, outcome: Outcome) -> (Result<(), String>, Vec<Received>, Vec<String>, Vec<String>) {
        let place = self.server.origin().replace("https://", "");
        let connect = |credentials: &str| {
            let basic = STANDARD.encode(credentials);
            vec![format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\nProxy-Authorization: Basic {basic}\r\n\r\n")]
        };
        match outcome {
            Refused(rule) => (Err(format!("haul-policy: {rule}")), vec![], vec![], vec![]),
            Made(way, certificate, token) => {
                let authorization = if token == Sent { "authorization: Bearer of-updates\r\n" } else { "" };
                let certificate = match certificate {
                    Certificate::None => None,
                    Hosts => Some(self.hosts.chain[0].to_vec()),
                    Callers => Some(self.callers.chain[0].to_vec()),
                };
                let head = format!("GET / HTTP/1.1\r\n{authorization}host: {place}\r\n\r\n");
                let own = if way == Own { connect("own:secret") } else { vec![] };
                let named = if way == Named { connect("caller:data") } else { vec![] };
                (Ok(()), vec![Received { head, certificate }], own, named)
            }
        }
    }
}

/// A server that asks for a certificate of `clients` and does without.
async fn asking(identity: &Identity, clients: &Authority) -> Server {
    let mut roots = RootCertStore::empty();
    roots.add(clients.certificate()).expect("a root");
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::new(ring::default_provider()));
    let verifier = verifier.allow_unauthenticated().build().expect("a verifier");
    let configuration = builder(rustls::ALL_VERSIONS).with_client_cert_verifier(verifier);
    let configuration = configuration.with_single_cert(identity.chain.clone(), identity.key_der());
    Server::configured(configuration.expect("a certificate with its key")).await
}

fn reason(error: Error) -> String {
    match error {
        Error::InternalError(Some(reason)) => reason,
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn each_field_does_what_the_policy_allows_and_nothing_else() {
    let world = World::new().await;
    for (rows, is_behind_proxy) in [(BEHIND_A_PROXY, true), (WITHOUT_A_PROXY, false)] {
        for (words, outcomes) in rows {
            for (column, outcome) in outcomes.iter().enumerate() {
                world.check(words, column, *outcome, is_behind_proxy).await;
            }
        }
    }
}

/// Without TLS there is no certificate to skip a check of, and none to show.
#[tokio::test]
async fn settings_of_tls_need_no_permission_without_tls() {
    let server = Server::plain("").await;
    let token =
        NetworkToken { caller: "updates".into(), origin: server.origin(), authorization: "Bearer of-updates".into() };
    let settings = HttpSettings { network_tokens: vec![token], ..HttpSettings::default() };
    let [strict, ..] = policies("127.0.0.1:1");
    let guard = Guard::new(&strict, &Grants::default()).expect("a policy");
    let asker = Asker::judged(guard, &Authority::root("trusted"), &settings);
    let fields =
        [("haul-security-flags", "256"), ("haul-client-certificate", "none"), ("haul-network-token", "updates")];
    asker.ask(&server.origin(), &fields).await.expect("an answer");
    let place = server.origin().replace("http://", "");
    let head = format!("GET / HTTP/1.1\r\nauthorization: Bearer of-updates\r\nhost: {place}\r\n\r\n");
    assert_eq!(server.received(), [Received { head, certificate: None }]);
}
