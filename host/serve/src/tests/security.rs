//! Attempts to break the rules of a safe server, in the order in which a request meets them.

use std::fs;
use std::os::unix::fs::symlink;

use futures_util::{SinkExt as _, StreamExt as _};
use haul::Policy;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use super::daemon::{Daemon, Folders, test};
use super::origin::Origin;

const ADD: &str = r#"{"id":1,"method":"aria2.addUri","params":[["http://127.0.0.1:1/x"],{"pause":"true"}]}"#;

async fn with_secret(folders: &Folders) -> Daemon {
    let mut settings = folders.settings();
    settings.secret = Some("s3cret".into());
    Daemon::with(folders, settings).await
}

#[test]
fn other_machines_need_a_secret() {
    test(async {
        let folders = Folders::new();
        let mut settings = folders.settings();
        settings.listen = vec!["0.0.0.0:0".parse().unwrap()];
        let refused = crate::daemon::run(settings, |_| {}, std::future::pending()).await;
        assert_eq!(refused, Err("an address that other machines can reach needs a secret".into()));
    });
}

/// DNS rebinding, pages of other origins, and forms.
#[test]
fn pages_of_others_change_nothing() {
    test(async {
        let folders = Folders::new();
        let daemon = Daemon::open(&folders).await;
        for (fields, expected) in [
            (vec![("Host", "evil.example:6800")], 421),
            (vec![("Origin", "http://evil.example")], 403),
            (vec![("Origin", "null")], 403),
            (vec![("Sec-Fetch-Site", "cross-site")], 403),
        ] {
            for path in ["/jsonrpc", "/rpc"] {
                let (status, head, _) = daemon.send_raw("POST", path, &fields, ADD).await;
                assert_eq!(status, expected, "{fields:?}");
                assert!(!head.to_lowercase().contains("access-control"), "{head}");
            }
        }
        let own = format!("http://{}", daemon.address);
        let form = [("Origin", own.as_str()), ("Content-Type", "text/plain")];
        assert_eq!(daemon.send("POST", "/jsonrpc", &form, ADD).await.0, 415);
        assert_eq!(daemon.send("GET", "/jsonrpc?method=aria2.pauseAll&id=1", &[], "").await.0, 403);
        let upgrade = [
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Origin", "http://evil.example"),
        ];
        assert_eq!(daemon.send("GET", "/jsonrpc", &upgrade, "").await.0, 403);
        assert_eq!(daemon.call("aria2.tellWaiting", json!([0, 9])).await, Ok(json!([])));
        daemon.close().await;
    });
}

#[test]
fn a_listed_page_may_read_replies() {
    test(async {
        let folders = Folders::new();
        let mut settings = folders.settings();
        settings.origins = vec!["http://ariang.example".into()];
        let daemon = Daemon::with(&folders, settings).await;
        let fields = [
            ("Origin", "http://ariang.example"),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "content-type"),
        ];
        let (status, head, _) = daemon.send_raw("OPTIONS", "/jsonrpc", &fields, "").await;
        let head = head.to_lowercase();
        assert_eq!(status, 200);
        for field in [
            "access-control-allow-origin: http://ariang.example",
            "access-control-allow-headers: content-type",
            "access-control-allow-methods: post, get, options",
        ] {
            assert!(head.contains(field), "{head}");
        }
        let json = [fields[0], ("Content-Type", "application/json")];
        assert_eq!(daemon.send("POST", "/jsonrpc", &json, ADD).await.0, 200);
        daemon.close().await;
    });
}

#[test]
fn a_wrong_secret_is_slow_on_every_transport() {
    test(async {
        let folders = Folders::new();
        let daemon = with_secret(&folders).await;
        let call = r#"{"id":1,"method":"aria2.getVersion","params":["token:no"]}"#;
        let xml = "<methodCall><methodName>aria2.getVersion</methodName></methodCall>";
        let query = "/jsonrpc?method=aria2.getVersion&id=1";
        for (method, path, body) in
            [("POST", "/jsonrpc", call), ("POST", "/rpc", xml), ("GET", query, ""), ("GET", "/metrics", "")]
        {
            let begun = std::time::Instant::now();
            let (_, reply) = daemon.send(method, path, &[], body).await;
            assert!(begun.elapsed().as_millis() >= 1000, "{path}");
            assert!(reply.contains("Unauthorized") || path == "/metrics", "{reply}");
        }
        let mut listener = daemon.listen().await;
        let begun = std::time::Instant::now();
        listener.0.send(Message::text(call)).await.unwrap();
        assert_eq!(listener.next().await["error"]["message"], "Unauthorized");
        assert!(begun.elapsed().as_millis() >= 1000);
        let batch = r#"[{"id":1,"method":"system.multicall","params":[[{"methodName":"aria2.shutdown"}]]}]"#;
        listener.0.send(Message::text(batch)).await.unwrap();
        assert_eq!(listener.next().await[0]["result"][0]["message"], "Unauthorized");
        assert_eq!(daemon.send("GET", "/metrics", &[("Authorization", "Bearer s3cret")], "").await.0, 200);
        daemon.close().await;
    });
}

#[test]
fn files_stay_in_the_granted_directories() {
    test(async {
        let folders = Folders::new();
        let outside = tempfile::tempdir().unwrap();
        let daemon = Daemon::open(&folders).await;
        let origin = Origin::open().await;
        symlink(outside.path(), daemon.path("link")).unwrap();
        let refused = |name: &str| Err(format!("We encountered a problem while processing the option '--{name}'."));
        let add = async |options: Value| daemon.call("aria2.addUri", json!([[origin.url("/f/10")], options])).await;
        for out in ["../x", "/etc/x", "a/../../x", "a\0b", "x.part", "x.haul"] {
            assert_eq!(add(json!({"out": out})).await, refused("out"), "{out}");
        }
        for dir in ["/", "/etc", "../x", outside.path().to_str().unwrap(), daemon.state.to_str().unwrap()] {
            assert_eq!(add(json!({"dir": dir})).await, refused("dir"), "{dir}");
            let global = daemon.call("aria2.changeGlobalOption", json!([{"dir": dir}])).await;
            assert_eq!(global, refused("dir"), "{dir}");
        }
        for (name, value) in [("log", "x"), ("save-cookies", "x"), ("server-stat-of", "x"), ("save-session", "/tmp/x")]
        {
            let global = daemon.call("aria2.changeGlobalOption", json!([{name: value}])).await;
            assert_eq!(global, refused(name), "{name}");
        }
        let mut listener = daemon.listen().await;
        let through = add(json!({"out": "link/x"})).await.unwrap();
        listener.until("Error", through.as_str().unwrap()).await;
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        // Hooks and files of the daemon are ignored, as by aria2.
        let ignored = json!([{"on-download-complete": "/bin/true", "rpc-secret": "x", "load-cookies": "/etc/passwd"}]);
        assert_eq!(daemon.call("aria2.changeGlobalOption", ignored).await, Ok(json!("OK")));
        daemon.close().await;
    });
}

#[test]
fn addresses_that_are_not_public_are_refused() {
    test(async {
        let folders = Folders::new();
        let mut settings = folders.settings();
        settings.config.policy = Policy::allow_public();
        let daemon = Daemon::with(&folders, settings).await;
        let mut listener = daemon.listen().await;
        for url in [
            "http://127.0.0.1:1/a",
            "http://[::1]:1/b",
            "http://169.254.169.254/c",
            "http://10.0.0.1/d",
            "http://2130706433/e",
        ] {
            let gid = daemon.add(url, json!({})).await;
            listener.until("Error", &gid).await;
            let status = daemon.status(&gid).await;
            assert_eq!(status["errorCode"], "1", "{url}");
            assert!(!status["errorMessage"].as_str().unwrap().is_empty());
        }
        daemon.close().await;
    });
}

#[test]
fn large_and_deep_requests_are_refused_and_the_daemon_answers() {
    test(async {
        let folders = Folders::new();
        let daemon = Daemon::open(&folders).await;
        let large = format!(r#"{{"id":1,"method":"aria2.getVersion","x":"{}"}}"#, "x".repeat(3 << 20));
        let deep = format!(r#"{{"id":1,"x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        let many = vec![json!({"methodName": "aria2.getVersion"}); 1001];
        let many = json!({"id": 1, "method": "system.multicall", "params": [many]}).to_string();
        assert_eq!(daemon.send("POST", "/jsonrpc", &[], &deep).await.0, 500);
        assert_eq!(daemon.send("POST", "/jsonrpc", &[], &many).await.0, 400);
        let deep = "<a>".repeat(100_000);
        assert_eq!(daemon.send("POST", "/rpc", &[], &deep).await.0, 400);
        let mut listener = daemon.listen().await;
        // The daemon ends the connection, whether or not the client has sent all of the message.
        let _ = listener.0.send(Message::text(large)).await;
        while matches!(listener.0.next().await, Some(Ok(_))) {}
        let deep = format!(r#"[{}"id"]"#, r#"{"id":1},"#.repeat(5000));
        let (status, reply) = daemon.send("POST", "/jsonrpc", &[], &deep).await;
        assert_eq!((status, reply.matches("-32600").count()), (200, 1000));
        assert!(daemon.call("aria2.getVersion", json!([])).await.is_ok());
        daemon.close().await;
    });
}

/// Names and paths are never joined, and no reply can run in a browser but the page.
#[test]
fn the_page_and_the_checks_have_fixed_paths() {
    test(async {
        let folders = Folders::new();
        let daemon = Daemon::open(&folders).await;
        let (status, head, body) = daemon.send_raw("GET", "/", &[], "").await;
        assert_eq!((status, body.starts_with("<!DOCTYPE html>")), (200, true));
        let head = head.to_lowercase();
        for field in [
            "content-security-policy: default-src 'none'; script-src 'sha256-",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "x-frame-options: deny",
            "cross-origin-resource-policy: same-origin",
        ] {
            assert!(head.contains(field), "{field}: {head}");
        }
        for path in ["/../etc/passwd", "/page.html", "//", "/jsonrpc/", "/JSONRPC", "/%2e%2e/etc/passwd"] {
            assert_eq!(daemon.send("GET", path, &[], "").await.0, 404, "{path}");
        }
        assert_eq!(daemon.send("GET", "/healthz", &[], "").await, (200, "ok\n".into()));
        assert_eq!(daemon.send("GET", "/readyz", &[], "").await, (200, "ready\n".into()));
        let (_, metrics) = daemon.send("GET", "/metrics", &[], "").await;
        for line in ["haul_jobs{state=\"active\"} 0", "haul_build_info{version=", "process_open_fds ", "# EOF"] {
            assert!(metrics.contains(line), "{line}: {metrics}");
        }
        daemon.close().await;
    });
}
