//! The life of downloads: states, order, events, errors.

use std::fs;

use haul_queue::vocabulary::JobState;
use haul_queue::{Action, Answer, Client, Location, NewFile, NewJob, Request, Selection, Settings};
use serde_json::{Value, json};

use super::daemon::{Daemon, Folders, Listener, read, test};
use super::origin::{Origin, content};

/// A daemon with this many places, a listener of it, and an origin.
async fn open(places: u32) -> (Folders, Daemon, Listener, std::rc::Rc<Origin>) {
    let folders = Folders::new();
    let mut settings = folders.settings();
    settings.config.options.insert("max-concurrent-downloads".into(), places.to_string());
    let daemon = Daemon::with(&folders, settings).await;
    let listener = daemon.listen().await;
    (folders, daemon, listener, Origin::open().await)
}

fn gids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|status| status["gid"].as_str().unwrap()).collect()
}

#[test]
fn a_download_starts_and_completes_with_its_name() {
    test(async {
        let (_folders, daemon, mut listener, origin) = open(5).await;
        let gid = daemon.add(&origin.url("/f/300000?token=x"), json!({"dir": "sub", "gid": "00000000000000ab"})).await;
        assert_eq!(gid, "00000000000000ab");
        assert_eq!(listener.until("Complete", &gid).await, [("Start".to_owned(), gid.clone())]);
        assert_eq!(read(&daemon.path("sub/300000")), content(300_000));
        let status = daemon.status(&gid).await;
        let path = daemon.path("sub/300000").display().to_string();
        let expected = json!({
            "bitfield": "80", "completedLength": "300000", "connections": "0", "dir": daemon.path("sub").display().to_string(),
            "downloadSpeed": "0", "errorCode": "0", "errorMessage": "", "gid": gid, "numPieces": "1", "pieceLength": "1048576",
            "status": "complete", "totalLength": "300000", "uploadLength": "0", "uploadSpeed": "0",
            "files": [{"index": "1", "path": path, "length": "300000", "completedLength": "300000", "selected": "true",
                "uris": [{"uri": origin.url("/f/300000?token=x"), "status": "used"}]}],
        });
        assert_eq!(status, expected);
        let stat = daemon.call("aria2.getGlobalStat", json!([])).await.unwrap();
        assert_eq!(
            (&stat["numStopped"], &stat["numActive"], &stat["numStoppedTotal"]),
            (&json!("1"), &json!("0"), &json!("1"))
        );
        daemon.close().await;
    });
}

#[test]
fn a_paused_download_goes_to_the_front_and_goes_on() {
    test(async {
        let (_folders, daemon, mut listener, origin) = open(1).await;
        let one = daemon.add(&origin.url("/slow/200000"), json!({})).await;
        listener.until("Start", &one).await;
        let two = daemon.add(&origin.url("/f/10"), json!({"pause": "true"})).await;
        assert_eq!(daemon.call("aria2.pause", json!([one])).await, Ok(json!(one)));
        assert_eq!(daemon.status(&one).await["status"], "paused");
        listener.until("Pause", &one).await;
        let waiting = daemon.call("aria2.tellWaiting", json!([0, 9, ["gid"]])).await.unwrap();
        assert_eq!(gids(&waiting), [one.as_str(), &two]);
        assert_eq!(daemon.call("aria2.pause", json!([one])).await, Err(format!("GID#{one} cannot be paused now")));
        daemon.call("aria2.unpause", json!([one])).await.unwrap();
        origin.release();
        assert_eq!(listener.until("Complete", &one).await, [("Start".to_owned(), one.clone())]);
        assert_eq!(read(&daemon.path("200000")), content(200_000));
        assert_eq!(daemon.call("aria2.unpause", json!([one])).await, Err(format!("GID#{one} cannot be unpaused now")));
        daemon.close().await;
    });
}

#[test]
fn downloads_start_in_the_order_of_the_queue() {
    test(async {
        let (_folders, daemon, mut listener, origin) = open(1).await;
        let first = daemon.add(&origin.url("/slow/1000"), json!({"out": "first"})).await;
        listener.until("Start", &first).await;
        let mut all = Vec::new();
        for name in ["a", "b", "c"] {
            all.push(daemon.add(&origin.url("/f/10"), json!({"out": name})).await);
        }
        let front = daemon.call("aria2.addUri", json!([[origin.url("/f/10")], {"out": "front"}, 0])).await.unwrap();
        let front = front.as_str().unwrap();
        assert_eq!(daemon.call("aria2.changePosition", json!([all[2], 1, "POS_SET"])).await, Ok(json!(1)));
        let active = daemon.call("aria2.changePosition", json!([first, 0, "POS_SET"])).await;
        assert_eq!(active, Err(format!("GID#{first} not found in the waiting queue.")));
        origin.release();
        let last = all[1].clone();
        let starts = listener.until("Complete", &last).await.into_iter().filter(|(event, _)| event == "Start");
        let starts: Vec<_> = starts.map(|(_, gid)| gid).collect();
        assert_eq!(starts, [front, &all[2], &all[0], &all[1]]);
        daemon.close().await;
    });
}

#[test]
fn a_removed_download_is_a_result_only_if_it_was_active() {
    test(async {
        let (_folders, daemon, mut listener, origin) = open(1).await;
        let active = daemon.add(&origin.url("/slow/1000"), json!({"out": "a"})).await;
        listener.until("Start", &active).await;
        let waiting = daemon.add(&origin.url("/f/10"), json!({"out": "b"})).await;
        daemon.call("aria2.remove", json!([waiting])).await.unwrap();
        assert_eq!(daemon.call("aria2.tellStatus", json!([waiting])).await, Err(format!("GID {waiting} is not found")));
        daemon.call("aria2.forceRemove", json!([active])).await.unwrap();
        let status = daemon.status(&active).await;
        assert_eq!((&status["status"], &status["errorCode"]), (&json!("removed"), &json!("31")));
        assert_eq!(listener.until("Stop", &active).await, []);
        let again = daemon.call("aria2.remove", json!([active])).await;
        assert_eq!(again, Err(format!("Active Download not found for GID#{active}")));
        assert!(daemon.path("a.part").exists());
        assert_eq!(daemon.call("aria2.removeDownloadResult", json!([active])).await, Ok(json!("OK")));
        assert!(!daemon.path("a.part").exists() && !daemon.path("a.haul").exists());
        daemon.close().await;
    });
}

/// aria2's clients retry by adding the same URL and path again.
#[test]
fn a_download_that_is_added_again_goes_on_with_its_bytes() {
    test(async {
        let (_folders, daemon, mut listener, origin) = open(5).await;
        let options = json!({"out": "a"});
        let first = daemon.add(&origin.url("/slow/400000"), options.clone()).await;
        listener.until("Start", &first).await;
        while daemon.status(&first).await["completedLength"] == "0" {}
        daemon.call("aria2.remove", json!([first])).await.unwrap();
        let kept = daemon.status(&first).await["completedLength"].as_str().unwrap().parse::<u64>().unwrap();
        assert!(kept > 0);
        let second = daemon.add(&origin.url("/slow/400000"), options).await;
        origin.release();
        listener.until("Complete", &second).await;
        assert_eq!(read(&daemon.path("a")), content(400_000));
        assert_eq!(daemon.status(&first).await["status"], "removed");
        // The result has no file of its own any more.
        daemon.call("aria2.removeDownloadResult", json!([first])).await.unwrap();
        assert!(daemon.path("a").exists() && !daemon.path("a.1").exists());
        daemon.close().await;
    });
}

#[test]
fn failures_have_aria2s_numbers_and_a_sentence() {
    test(async {
        let (_folders, daemon, mut listener, origin) = open(9).await;
        for (path, code, word) in [
            ("/status/404", "3", "404"),
            ("/status/403", "22", "403"),
            ("/status/401", "24", "401"),
            ("/status/500", "22", "500"),
            ("/status/503", "29", "503"),
        ] {
            let gid = daemon.add(&origin.url(path), json!({"max-tries": "1", "out": path[8..]})).await;
            assert_eq!(listener.until("Error", &gid).await, [("Start".to_owned(), gid.clone())], "{path}");
            let status = daemon.status(&gid).await;
            assert_eq!((&status["status"], &status["errorCode"]), (&json!("error"), &json!(code)), "{status}");
            assert!(status["errorMessage"].as_str().unwrap().contains(word), "{status}");
        }
        let wrong = json!({"checksum": format!("sha-256={}", "0".repeat(64)), "out": "cs", "max-tries": "1"});
        let gid = daemon.add(&origin.url("/f/1000"), wrong).await;
        listener.until("Error", &gid).await;
        assert_eq!(daemon.status(&gid).await["errorCode"], "32");
        assert!(!daemon.path("cs").exists());
        daemon.close().await;
    });
}

#[test]
fn existing_files_are_kept_unless_a_client_says_otherwise() {
    test(async {
        let (_folders, daemon, mut listener, origin) = open(5).await;
        fs::write(daemon.path("a.tar.gz"), "old").unwrap();
        let renamed = daemon.add(&origin.url("/f/1000"), json!({"out": "a.tar.gz"})).await;
        listener.until("Complete", &renamed).await;
        let path = daemon.path("a.tar.1.gz");
        assert_eq!(daemon.status(&renamed).await["files"][0]["path"], path.display().to_string());
        assert_eq!((read(&path), read(&daemon.path("a.tar.gz"))), (content(1000), b"old".to_vec()));
        let refused =
            daemon.add(&origin.url("/f/1000"), json!({"out": "a.tar.gz", "auto-file-renaming": "false"})).await;
        listener.until("Error", &refused).await;
        assert_eq!(daemon.status(&refused).await["errorCode"], "13");
        let replaced = daemon.add(&origin.url("/f/2000"), json!({"out": "a.tar.gz", "allow-overwrite": "true"})).await;
        listener.until("Complete", &replaced).await;
        assert_eq!(read(&daemon.path("a.tar.gz")), content(2000));
        let one = daemon.add(&origin.url("/slow/1000"), json!({"out": "same"})).await;
        let two = daemon.add(&origin.url("/slow/1000"), json!({"out": "same"})).await;
        listener.until("Start", &two).await;
        origin.release();
        listener.until("Complete", &two).await;
        while daemon.status(&one).await["status"] != "complete" {}
        assert_eq!((read(&daemon.path("same")), read(&daemon.path("same.1"))), (content(1000), content(1000)));
        daemon.close().await;
    });
}

#[test]
fn a_metalink_leads_to_the_files_that_it_describes() {
    test(async {
        use base64::Engine as _;
        let (_folders, daemon, mut listener, origin) = open(5).await;
        let parent = daemon.add(&origin.url("/meta"), json!({})).await;
        listener.until("Complete", &parent).await;
        let status = daemon.status(&parent).await;
        let children: Vec<_> =
            status["followedBy"].as_array().unwrap().iter().map(|gid| gid.as_str().unwrap()).collect();
        assert_eq!(children.len(), 2);
        for (child, name) in children.iter().zip(["one.bin", "two.bin"]) {
            while daemon.status(child).await["status"] != "complete" {}
            assert_eq!(daemon.status(child).await["following"], json!(parent));
            assert_eq!(read(&daemon.path(name)), content(1000));
        }
        let document = base64::engine::general_purpose::STANDARD.encode(origin.metalink());
        let added = daemon.call("aria2.addMetalink", json!([document, {"dir": "again"}])).await.unwrap();
        for gid in added.as_array().unwrap() {
            while daemon.status(gid.as_str().unwrap()).await["status"] != "complete" {}
        }
        assert_eq!(read(&daemon.path("again/two.bin")), content(1000));
        let junk = daemon.call("aria2.addMetalink", json!(["anVuaw=="])).await;
        assert_eq!(junk, Err("Could not parse Metalink XML document.".into()));
        daemon.close().await;
    });
}

#[test]
fn a_download_is_deleted_with_its_file() {
    test(async {
        let (_folders, daemon, mut listener, origin) = open(5).await;
        let complete = daemon.add(&origin.url("/f/1000"), json!({"out": "done"})).await;
        listener.until("Complete", &complete).await;
        let active = daemon.add(&origin.url("/slow/1000"), json!({"out": "active"})).await;
        listener.until("Start", &active).await;
        for gid in [&complete, &active] {
            assert_eq!(daemon.call("haul.delete", json!([gid])).await, Ok(json!("OK")));
            assert_eq!(daemon.call("aria2.tellStatus", json!([gid])).await, Err(format!("GID {gid} is not found")));
        }
        assert_eq!(fs::read_dir(&daemon.files).unwrap().count(), 0);
        daemon.close().await;
    });
}

#[test]
fn only_so_many_results_are_kept() {
    test(async {
        let (_folders, daemon, mut listener, origin) = open(1).await;
        daemon.call("aria2.changeGlobalOption", json!([{"max-download-result": "2"}])).await.unwrap();
        let mut all = Vec::new();
        for number in 0..4 {
            all.push(daemon.add(&origin.url("/f/10"), json!({"out": number.to_string()})).await);
            listener.until("Complete", &all[number]).await;
        }
        let stopped = daemon.call("aria2.tellStopped", json!([0, 9, ["gid"]])).await.unwrap();
        assert_eq!(gids(&stopped), all[2..]);
        let stat = daemon.call("aria2.getGlobalStat", json!([])).await.unwrap();
        assert_eq!((&stat["numStopped"], &stat["numStoppedTotal"]), (&json!("2"), &json!("4")));
        assert_eq!(daemon.call("aria2.purgeDownloadResult", json!([])).await, Ok(json!("OK")));
        assert_eq!(daemon.call("aria2.tellStopped", json!([0, 9])).await, Ok(json!([])));
        daemon.close().await;
    });
}

#[test]
fn options_of_a_begun_file_are_changed_or_refused() {
    test(async {
        let (_folders, daemon, mut listener, origin) = open(5).await;
        let gid = daemon.add(&origin.url("/slow/1000"), json!({"out": "a"})).await;
        listener.until("Start", &gid).await;
        while daemon.status(&gid).await["connections"] == "0" {}
        let change = async |options: Value| daemon.call("aria2.changeOption", json!([gid, options])).await;
        assert_eq!(change(json!({"max-download-limit": "20K", "bogus": "x", "split": 3})).await, Ok(json!("OK")));
        let refused = "We encountered a problem while processing the option '--split'.";
        assert_eq!(change(json!({"split": "2"})).await, Err(refused.into()));
        let options = daemon.call("aria2.getOption", json!([gid])).await.unwrap();
        assert_eq!((&options["max-download-limit"], &options["split"]), (&json!("20480"), &json!("5")));
        assert_eq!(change(json!({"max-download-limit": "0"})).await, Ok(json!("OK")));
        origin.release();
        listener.until("Complete", &gid).await;
        let stopped = change(json!({"max-download-limit": "1"})).await;
        assert_eq!(stopped, Err(format!("Cannot change option for GID#{gid}")));
        daemon.close().await;
    });
}

/// Every change passes through one place, or is noticed.
#[test]
fn jobs_of_other_clients_of_the_queue_are_in_the_list() {
    test(async {
        let (_folders, daemon, mut listener, origin) = open(5).await;
        let mut client = Client::new(Location::new(&daemon.state));
        let file = NewFile { url: origin.url("/slow/2000"), path: daemon.path("foreign"), ..NewFile::default() };
        let job = NewJob { settings: Settings::default(), files: vec![file], resume: true };
        let made = client.ask(&Request::Create { jobs: vec![job] }).await.unwrap().jobs().unwrap();
        let Answer::Job(made) = &made[0] else { panic!("{made:?}") };
        let gid: String = made.id.chars().filter(|c| *c != '-').take(16).collect();
        listener.until("Start", &gid).await;
        assert_eq!(daemon.status(&gid).await["status"], "active");
        daemon.call("aria2.pause", json!([gid])).await.unwrap();
        let state = async |client: &mut Client| {
            let jobs = Selection::Named(vec![made.id.clone()]);
            let described = client.ask(&Request::Describe { jobs }).await.unwrap().jobs().unwrap();
            let Answer::Job(job) = &described[0] else { panic!("{described:?}") };
            job.state
        };
        assert_eq!(state(&mut client).await, JobState::Suspended);
        let act = |action| Request::Act { jobs: Selection::Named(vec![made.id.clone()]), action };
        client.ask(&act(Action::Resume)).await.unwrap();
        listener.until("Start", &gid).await;
        client.ask(&act(Action::Suspend)).await.unwrap();
        listener.until("Pause", &gid).await;
        assert_eq!(daemon.status(&gid).await["status"], "paused");
        daemon.call("aria2.unpause", json!([gid])).await.unwrap();
        origin.release();
        listener.until("Complete", &gid).await;
        assert_eq!(read(&daemon.path("foreign")), content(2000));
        client.release().await;
        daemon.close().await;
    });
}
