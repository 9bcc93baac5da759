//! Recorded traffic of aria2 1.36, replayed. The recordings are cut to the part that is compared.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::daemon::{Daemon, Folders, test};

/// The exchanges whose replies differ, with the reason.
const DIFFERENCES: [(&str, &str); 18] = [
    ("addUri unknown scheme", "haul refuses schemes that it cannot download, in words"),
    ("addUri magnet", "the same"),
    ("addUri ftp", "the same"),
    ("changeUri add bad", "the same scheme in a list of mirrors would fail later"),
    ("tellWaiting -1 2", "the queue has fewer downloads, since those above were refused"),
    ("changePosition POS_SET 9999", "the same"),
    ("changePosition POS_CUR -1", "the same"),
    ("changePosition POS_CUR 1", "the same"),
    ("changePosition POS_END -1", "the same"),
    ("changePosition POS_END 0", "the same"),
    ("changePosition POS_END 5", "the same"),
    ("addTorrent junk", "haul has no BitTorrent, and says so"),
    ("addTorrent no base64", "the same"),
    ("tellStatus metalink child", "its state depends on the origin; life.rs has it"),
    ("id big", "an integer of 64 bits is echoed rather than refused"),
    ("dup keys", "recorded without its second key"),
    ("POST with foreign Host", "refused; security.rs has it"),
    ("GET /", "haul's page"),
];

fn recordings(name: &str) -> Vec<Value> {
    let text = match name {
        "edges" => include_str!("golden/edges.json"),
        "http-transport" => include_str!("golden/http-transport.json"),
        "auth-token" => include_str!("golden/auth-token.json"),
        _ => include_str!("golden/xml-rpc.json"),
    };
    serde_json::from_str(text).unwrap()
}

/// Replays a recording and returns the exchanges that differ.
async fn replay(daemon: &Daemon, name: &str, skip: impl Fn(&str) -> bool) -> Vec<String> {
    let mut gids: HashMap<String, String> = HashMap::new();
    let mut different = Vec::new();
    for recorded in recordings(name) {
        let note = recorded["note"].as_str().unwrap();
        if skip(note) || DIFFERENCES.iter().any(|(known, _)| *known == note) {
            continue;
        }
        let translate = |text: &str, gids: &HashMap<String, String>| {
            let files = daemon.files.to_str().unwrap();
            let mut text = text.replace("/downloads", files);
            gids.iter().for_each(|(recorded, actual)| text = text.replace(recorded, actual));
            text
        };
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), Into::into);
        let fields = recorded["fields"].as_array().into_iter().flatten();
        let fields = fields.map(|field| (text(&field[0]), text(&field[1]))).collect::<Vec<_>>();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let body = translate(&text(&recorded["body"]), &gids);
        let (method, path) = (text(&recorded["method"]), text(&recorded["path"]));
        let (status, reply) = daemon.send(&method, &path, &fields, &body).await;
        learn(&recorded["reply"], &reply, &mut gids);
        let expected = comparable(&translate(&text(&recorded["reply"]), &gids));
        let actual = comparable(&reply);
        if (expected != actual) || recorded["status"] != status {
            different.push(format!("{note}: {} {expected}\n    but {status} {actual}", recorded["status"]));
        }
    }
    different
}

/// Learns the name that haul gave to a download instead of the recorded one.
fn learn(recorded: &Value, reply: &str, gids: &mut HashMap<String, String>) {
    let Ok(reply) = serde_json::from_str::<Value>(reply) else { return };
    let list = |value: &Value| match &value["result"] {
        Value::Array(list) => list.clone(),
        value => vec![value.clone()],
    };
    for (recorded, actual) in list(recorded).iter().zip(list(&reply)) {
        if let (Some(recorded), Some(actual)) = (recorded.as_str(), actual.as_str())
            && crate::gid::Gid::parse(recorded).is_some()
        {
            gids.insert(recorded.into(), actual.into());
        }
    }
}

/// The text without values that differ from run to run, and without lists that are longer in aria2.
fn comparable(text: &str) -> Value {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return text.into() };
    clean(&mut value);
    value
}

fn clean(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for changing in ["sessionId", "enabledFeatures", "version", "haul"] {
                members.remove(changing);
            }
            members.values_mut().for_each(clean);
        }
        Value::Array(values) => {
            // The lists of methods and notifications lack BitTorrent's.
            if values.iter().any(|value| value.as_str().is_some_and(|text| text.starts_with("aria2."))) {
                values.sort_by_key(ToString::to_string);
                values.retain(|value| {
                    !["aria2.addTorrent", "aria2.onBtDownloadComplete"].iter().any(|torrent| value == torrent)
                });
            }
            values.iter_mut().for_each(clean);
        }
        _ => {}
    }
}

#[test]
fn arguments_are_checked_as_by_aria2() {
    test(async {
        let folders = Folders::new();
        let mut settings = folders.settings();
        settings.config.options.insert("max-concurrent-downloads".into(), "1".into());
        let daemon = Daemon::with(&folders, settings).await;
        let different = replay(&daemon, "edges", |note| note.contains("Shutdown") || note.is_empty()).await;
        assert!(different.is_empty(), "{}", different.join("\n"));
        daemon.close().await;
    });
}

#[test]
fn requests_are_read_as_by_aria2() {
    test(async {
        let folders = Folders::new();
        let daemon = Daemon::open(&folders).await;
        // Calls by GET need a secret, and pages of other origins are refused: security.rs has both.
        let skip = |note: &str| note.starts_with("GET ") || note.contains("Origin") || note.starts_with("OPTIONS");
        let different = replay(&daemon, "http-transport", skip).await;
        assert!(different.is_empty(), "{}", different.join("\n"));
        daemon.close().await;
    });
}

#[test]
fn tokens_are_read_as_by_aria2() {
    test(async {
        let folders = Folders::new();
        let mut settings = folders.settings();
        settings.secret = Some("s3cret".into());
        settings.any_origin = true;
        let daemon = Daemon::with(&folders, settings).await;
        let different = replay(&daemon, "auth-token", |_| false).await;
        let xml = replay(&daemon, "xml-rpc", |note| {
            // Compared by the clients' own libraries; these name downloads inside of XML.
            [
                "getVersion",
                "addUri",
                "tellStatus",
                "tellWaiting",
                "changePosition",
                "changeUri",
                "listMethods",
                "multicall",
                "untyped value",
            ]
            .contains(&note)
                || note == "gzip"
                || note.contains("addMetalink")
        });
        let xml = xml.await;
        let xml: Vec<_> = xml.into_iter().filter(|text| !text.contains("sessionId")).collect();
        let different: Vec<_> = different.into_iter().filter(|text| !text.contains("<name>sessionId")).collect();
        assert!(different.is_empty() && xml.is_empty(), "{}\n{}", different.join("\n"), xml.join("\n"));
        daemon.close().await;
    });
}

/// A whole result of `getOption` comes back in `addUri`: clients retry in this way.
#[test]
fn reported_options_are_accepted_again() {
    test(async {
        let folders = Folders::new();
        let daemon = Daemon::open(&folders).await;
        let options =
            json!({"pause": "true", "out": "a", "header": ["A: b", "C: d"], "split": "3", "max-download-limit": "1M"});
        let first = daemon.add("http://127.0.0.1:1/a", options).await;
        let reported = daemon.call("aria2.getOption", json!([first])).await.unwrap();
        assert_eq!((&reported["header"], &reported["split"]), (&json!("A: b\nC: d\n"), &json!("3")));
        let mut again = reported.clone();
        again["pause"] = "true".into();
        let second = daemon.add("http://127.0.0.1:1/a", again).await;
        assert_eq!(daemon.call("aria2.getOption", json!([second])).await.unwrap(), reported);
        let global = daemon.call("aria2.getGlobalOption", json!([])).await.unwrap();
        assert_eq!(daemon.call("aria2.changeGlobalOption", json!([global])).await, Ok("OK".into()));
        assert_eq!(daemon.call("aria2.getGlobalOption", json!([])).await.unwrap(), global);
        daemon.close().await;
    });
}
