//! Several downloads of one engine: shares of a rate, limits per origin, and reports about their sources.

use std::time::Duration;

use haul::{Download, DownloadState, Engine, Happening, Property, StartMode, TransferOptions};
use haul_tests::origin::{Content, Fault, Origin, When};
use haul_tests::scene::{MIB, assert_holds, content, origin, origin_of};
use tempfile::{TempDir, tempdir};

async fn started(engine: &Engine, origin: &Origin, folder: &TempDir, name: &str, options: TransferOptions) -> Download {
    let download = engine.create_download().await.unwrap();
    download.set_uri(&origin.url("/file")).await.unwrap();
    download.set_local_path(folder.path().join(name)).await.unwrap();
    download.set_options(options).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    download
}

fn connections(count: u32) -> TransferOptions {
    TransferOptions { connections: Some(count), ..TransferOptions::default() }
}

async fn transferred(download: &Download) -> u64 {
    download.status().await.unwrap().bytes_transferred
}

#[tokio::test]
async fn downloads_share_a_rate_however_many_connections_they_have() {
    let content = Content::new(5, 32 * MIB);
    let (origin, folder) = (origin_of(&content, vec![]), tempdir().unwrap());
    let engine = Engine::builder()
        .policy(haul::Policy::allow_all())
        .grant(folder.path())
        .max_rate(16 * MIB)
        .open()
        .await
        .unwrap();
    let greedy = started(&engine, &origin, &folder, "greedy", connections(16)).await;
    let modest = started(&engine, &origin, &folder, "modest", connections(1)).await;
    greedy.ended().await.unwrap();
    // A share by connections would be a seventeenth.
    let (all, part) = (content.length(), transferred(&modest).await);
    assert!(part > all / 5, "{part} of {all}");
    engine.close().await;
}

#[tokio::test]
async fn connections_to_one_origin_are_limited_over_all_downloads() {
    let (origin, folder) = (origin(vec![(When::Every, Fault::CapRate(MIB))]), tempdir().unwrap());
    let engine = Engine::builder()
        .policy(haul::Policy::allow_all())
        .grant(folder.path())
        .max_per_origin(3)
        .open()
        .await
        .unwrap();
    let first = started(&engine, &origin, &folder, "first", connections(8)).await;
    let second = started(&engine, &origin, &folder, "second", connections(8)).await;
    let mut most = 0;
    let mut events = engine.events();
    loop {
        let (a, b) = (first.report().await.unwrap().connections, second.report().await.unwrap().connections);
        most = most.max(a + b);
        tokio::select! {
            ended = first.ended() => break drop(ended.unwrap()),
            _ = events.recv() => {}
        }
    }
    assert!((2..=4).contains(&most), "{most} connections");
    second.ended().await.unwrap();
    engine.close().await;
    assert!(origin.connections() <= 16, "{}", origin.connections());
}

#[tokio::test]
async fn a_url_set_while_paused_keeps_what_is_here() {
    let faults = vec![(When::Nth(0), Fault::hold_until_released(3 * MIB, "never"))];
    let (origin, folder) = (origin(faults), tempdir().unwrap());
    let engine = Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    let download = started(&engine, &origin, &folder, "file", connections(1)).await;
    origin.until(|requests| requests.iter().any(|request| request.body_sent == 3 * MIB)).await;
    while transferred(&download).await < 3 * MIB {
        tokio::task::yield_now().await;
    }
    download.pause().await.unwrap();
    download.set_property(Property::Uri(origin.url("/file?renewed"))).await.unwrap();
    download.start(StartMode::Resume).await.unwrap();
    download.ended().await.unwrap();
    download.finalize().await.unwrap();
    assert_eq!(download.report().await.unwrap().bytes_resumed, 3 * MIB);
    assert_holds(&folder.path().join("file"), &content());
    engine.close().await;
}

#[tokio::test]
async fn a_source_that_is_left_is_told_without_its_secrets() {
    let (refusing, right, folder) =
        (origin(vec![(When::Every, Fault::status(403))]), origin(vec![]), tempdir().unwrap());
    let engine = Engine::builder().policy(haul::Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    let mut events = engine.events();
    let download = engine.create_download().await.unwrap();
    download.set_uri(&format!("{}?token=secret", refusing.url("/file"))).await.unwrap();
    download.set_local_path(folder.path().join("file")).await.unwrap();
    let options = TransferOptions { mirrors: vec![right.url("/file")], ..TransferOptions::default() };
    download.set_options(options).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    assert_eq!(download.ended().await.unwrap().state, DownloadState::Transferred);
    let mut left = Vec::new();
    while let Ok(Ok(event)) = tokio::time::timeout(Duration::ZERO, events.recv()).await {
        if let Happening::SourceDropped { url, cause } = event.what {
            left.push((url, cause.code));
        }
    }
    assert_eq!(left, [(refusing.url("/file?..."), 0x8019_0193)]);
    engine.close().await;
}
