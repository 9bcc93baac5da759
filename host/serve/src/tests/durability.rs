//! Lists that survive the daemon.

use serde_json::json;

use super::daemon::{Daemon, Folders, read, test};
use super::origin::{Origin, content};

#[test]
fn a_list_survives_the_daemon() {
    test(async {
        let folders = Folders::new();
        let origin = Origin::open().await;
        let mut settings = folders.settings();
        settings.config.options.insert("max-concurrent-downloads".into(), "1".into());
        let daemon = Daemon::with(&folders, settings).await;
        let mut listener = daemon.listen().await;
        let secret = json!({"out": "done", "header": "Cookie: secret"});
        let done = daemon.add(&origin.url("/f/100?signature=s"), secret).await;
        listener.until("Complete", &done).await;
        let active = daemon.add(&origin.url("/slow/300000"), json!({"out": "active"})).await;
        listener.until("Start", &active).await;
        let waiting = daemon.add(&origin.url("/f/10"), json!({"out": "waiting"})).await;
        let paused = daemon.add(&origin.url("/f/20"), json!({"out": "paused", "pause": "true"})).await;
        daemon.call("aria2.changePosition", json!([paused, 0, "POS_SET"])).await.unwrap();
        daemon.call("aria2.changeGlobalOption", json!([{"user-agent": "x/1"}])).await.unwrap();
        let before = daemon.status(&done).await;
        daemon.close().await;

        let daemon = Daemon::open(&folders).await;
        let mut listener = daemon.listen().await;
        assert_eq!(daemon.status(&done).await, before);
        let options = daemon.call("aria2.getOption", json!([done])).await.unwrap();
        assert_eq!(options["header"], "Cookie: secret\n");
        let global = daemon.call("aria2.getGlobalOption", json!([])).await.unwrap();
        assert_eq!(global["user-agent"], "x/1");
        assert_eq!(daemon.status(&paused).await["status"], "paused");
        origin.release();
        while daemon.status(&active).await["status"] != "complete"
            || daemon.status(&waiting).await["status"] != "complete"
        {}
        assert_eq!((read(&daemon.path("active")), read(&daemon.path("waiting"))), (content(300_000), content(10)));
        daemon.call("aria2.unpause", json!([paused])).await.unwrap();
        listener.until("Complete", &paused).await;
        daemon.close().await;
    });
}

#[test]
fn a_session_file_has_the_list_and_is_read_again() {
    test(async {
        let folders = Folders::new();
        let daemon = Daemon::open(&folders).await;
        assert_eq!(daemon.call("aria2.saveSession", json!([])).await, Err("Filename is not given.".into()));
        let uris = json!(["http://127.0.0.1:1/a?x=1", "http://127.0.0.1:1/b"]);
        let options = json!({"pause": "true", "out": "a", "header": ["A: b", "C: d"], "gid": "00000000000000ab"});
        daemon.call("aria2.addUri", json!([uris, options])).await.unwrap();
        let outside = json!([{"save-session": "/tmp/session"}]);
        let refused = "We encountered a problem while processing the option '--save-session'.";
        assert_eq!(daemon.call("aria2.changeGlobalOption", outside).await, Err(refused.into()));
        daemon.call("aria2.changeGlobalOption", json!([{"save-session": "session"}])).await.unwrap();
        assert_eq!(daemon.call("aria2.saveSession", json!([])).await, Ok(json!("OK")));
        let text = String::from_utf8(read(&daemon.path("session"))).unwrap();
        let expected = "http://127.0.0.1:1/a?x=1\thttp://127.0.0.1:1/b\t\n gid=00000000000000ab\n pause=true\n header=A: b\n header=C: d\n out=a\n";
        assert_eq!(text, expected);
        daemon.close().await;

        let other = Folders::new();
        let mut settings = other.settings();
        settings.session = Some(text);
        let daemon = Daemon::with(&other, settings).await;
        let status = daemon.status("00000000000000ab").await;
        let uris = status["files"][0]["uris"].as_array().unwrap();
        assert_eq!((&status["status"], uris.len()), (&json!("paused"), 2));
        let options = daemon.call("aria2.getOption", json!(["00000000000000ab"])).await.unwrap();
        assert_eq!((&options["header"], &options["out"]), (&json!("A: b\nC: d\n"), &json!("a")));
        daemon.close().await;
    });
}
