//! Components that send private fields: proxies, flags, tokens.

use std::io::ErrorKind;
use std::net::TcpListener;

use haul::{Engine, Policy};
use haul_tests::scene::origin;

use super::world::{World, ordered, small};

/// A listener that counts connections, in the role of an origin or a proxy.
fn trap() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let place = listener.local_addr().unwrap().to_string();
    (listener, place)
}

fn is_untouched(trap: &TcpListener) -> bool {
    matches!(trap.accept(), Err(error) if error.kind() == ErrorKind::WouldBlock)
}

/// A value of `haul-proxy` with this proxy.
fn naming(place: &str) -> String {
    use base64::Engine as _;
    format!("use {}", base64::engine::general_purpose::STANDARD.encode(format!("me:free-data@{place}")))
}

#[tokio::test]
async fn private_fields_of_a_component_open_nothing_that_the_policy_does_not() {
    let world = World::new("later").await;
    let [(server, origin), (proxy, way)] = [trap(), trap()];
    let local = Policy::deny_all().allow_origin("*://127.0.0.1:*").allow_addresses("127.0.0.1");
    let builder = Engine::builder().policy(local).limits(small());
    let engine = world.open_built(builder.proxy("127.0.0.1:1", "")).await.unwrap();
    let certificate = "haul-client-certificate: bm9uZQ==";
    for (fields, rule) in [
        ("haul-security-flags: 256".to_owned(), "security-flags"),
        ("haul-security-flags: 13056".to_owned(), "security-flags"),
        (certificate.to_owned(), "client-certificate"),
        ("haul-proxy: direct".to_owned(), "proxy"),
        (format!("haul-proxy: {}", naming(&way)), "proxy"),
        (format!("haul-proxy: {}\nhaul-security-flags: 256\n{certificate}", naming(&way)), "security-flags"),
    ] {
        let told = ordered(&engine, &format!("http-fields now https://{origin}\n{fields}")).await;
        assert_eq!(told, format!("haul-policy: {rule}"), "{fields}");
    }
    assert!(is_untouched(&server) && is_untouched(&proxy));
    world.assert_intact().await;
}

/// Even if the policy allows callers everything.
#[tokio::test]
async fn a_token_goes_out_for_no_caller_that_did_not_ask_and_to_no_unverified_origin() {
    let world = World::new("later").await;
    let (plain, [(server, secure), (proxy, way)]) = (origin(vec![]), [trap(), trap()]);
    let builder = Engine::builder().policy(Policy::allow_all()).limits(small());
    let builder = builder.network_token("updates", format!("http://{}", plain.address()), "Bearer of-updates");
    let builder = builder.network_token("updates", format!("https://{secure}"), "Bearer of-updates");
    let engine = world.open_built(builder).await.unwrap();
    let named = naming(&way);
    for (url, fields) in [
        (format!("http://{}", plain.address()), "haul-network-token: updates".to_owned()),
        (format!("https://{secure}"), "haul-network-token: updates\nhaul-security-flags: 13056".to_owned()),
        (format!("https://{secure}"), format!("haul-network-token: updates\nhaul-proxy: {named}")),
    ] {
        let told = ordered(&engine, &format!("http-fields now {url}\n{fields}")).await;
        assert_eq!(told, "haul-policy: network-token", "{fields}");
    }
    assert_eq!(plain.connections(), 0);
    assert!(is_untouched(&server) && is_untouched(&proxy));
    world.assert_intact().await;
}
