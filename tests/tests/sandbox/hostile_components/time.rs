//! Components that use too much time.

use std::time::Duration;

use haul::{Engine, Error};
use tokio::time::timeout;

use super::world::{LIMIT, World, assert_stopped, download, order, ordered, reason};

/// Deeds that compute, call the host for ever, and wait for nothing, each with the reason why the engine stops it during a call,
/// and during a drive.
const DEEDS: [(&str, &str, &str); 3] = [
    ("spin", "without calling its host", "without calling its host"),
    ("call", "a call took longer", "while a command waited"),
    ("wait", "a call took longer", "while a command waited"),
];

async fn in_each_deed(check: impl AsyncFn(&str, &str, &str)) {
    let each = DEEDS.map(|(deed, call, drive)| check(deed, call, drive));
    let [spin, call, wait] = each;
    tokio::join!(spin, call, wait);
}

#[tokio::test]
async fn open_ends() {
    in_each_deed(async |deed, expected, _| {
        let world = World::new(&format!("{deed} open")).await;
        let told = reason(world.open().await);
        assert!(told.contains(expected), "{told}");
        world.assert_intact().await;
    })
    .await;
}

#[tokio::test]
async fn a_call_ends() {
    in_each_deed(async |deed, expected, _| {
        let world = World::new("later").await;
        let engine = world.open().await.unwrap();
        ordered(&engine, &format!("{deed} get_status")).await;
        assert!(reason(download(&engine).await).contains(expected));
        assert_stopped(&engine, expected).await;
        world.assert_intact().await;
    })
    .await;
}

#[tokio::test]
async fn a_drive_that_does_not_come_back_ends() {
    in_each_deed(async |deed, _, expected| {
        let world = World::new(&format!("{deed} drive")).await;
        let engine = world.open().await.unwrap();
        assert_stopped(&engine, expected).await;
        world.assert_intact().await;
    })
    .await;
}

#[tokio::test]
async fn close_ends() {
    in_each_deed(async |deed, _, _| {
        let world = World::new(&format!("{deed} close")).await;
        let engine = world.open().await.unwrap();
        let handle = engine.clone();
        timeout(LIMIT, engine.close()).await.expect("closing ends");
        let after = timeout(LIMIT, handle.explain(1)).await.expect("a call ends");
        assert!(matches!(after, Err(Error::Closed | Error::Trapped(_))));
        world.assert_intact().await;
    })
    .await;
}

#[tokio::test]
async fn a_drive_that_comes_back_with_nothing_is_not_made_for_ever() {
    let world = World::new("idle").await;
    let engine = world.open().await.unwrap();
    assert_stopped(&engine, "with nothing to say").await;
    world.assert_intact().await;
}

#[tokio::test]
async fn what_it_prints_is_not_kept() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    assert!(reason(order(&engine, "print now").await).contains("a call took longer"));
    world.assert_intact().await;
}

#[tokio::test]
async fn a_component_that_waits_when_it_may_is_left_alone() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    // Longer than the limits of computing and of wake-ups, without work.
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(ordered(&engine, "later").await, "");
    world.assert_intact().await;
}

/// Each call traps in its own engine, and the next one reports the same reason.
macro_rules! traps_in {
    ($($engine:ident: $call:expr;)+) => {{
        let world = World::new("later").await;
        $({
            let $engine: Engine = world.open().await.unwrap();
            let told = reason(timeout(LIMIT, async { $call }).await.expect("a call ends"));
            assert!(told.contains("does nothing"), "{}: {told}", stringify!($call));
            assert_stopped(&$engine, "does nothing").await;
        })+
        world.assert_intact().await;
    }};
}

#[tokio::test]
async fn a_trap_in_any_export_is_told_as_one() {
    traps_in! {
        engine: engine.set_max_rate(None).await;
        engine: engine.job("id").await;
        engine: engine.error_description(1, 1).await;
        engine: engine.read_metalink(b"").await;
        engine: engine.read_piece_hash_file(b"").await;
        engine: engine.read_decryption_info("").await;
        engine: engine.create_download().await.unwrap().start(haul::StartMode::WholeFile).await;
        engine: engine.create_download().await.unwrap().report().await;
        engine: engine.create_download().await.unwrap().set_uri("https://example.com/").await;
        engine: engine.create_download().await.unwrap().forget().await;
        engine: engine.fetch("https://example.com/", "/file").await;
        engine: engine.create_job("").await.unwrap().state().await;
        engine: engine.create_job("").await.unwrap().add_file("https://example.com/", "/file").await;
        engine: engine.create_job("").await.unwrap().files().await;
        engine: engine.create_job("").await.unwrap().error().await;
        engine: engine.create_job("").await.unwrap().describe().await;
        engine: engine.create_job("").await.unwrap().describe_files(0, 1).await;
        engine: engine.create_job("").await.unwrap().complete().await;
    }
}

#[tokio::test]
async fn a_trap_while_it_opens_or_works_is_told_as_one() {
    let world = World::new("trap open").await;
    assert!(reason(world.open().await).contains("told to"));
    world.assert_intact().await;
    let world = World::new("trap drive").await;
    let engine = world.open().await.unwrap();
    assert_stopped(&engine, "told to").await;
    world.assert_intact().await;
}
