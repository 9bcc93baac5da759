//! Components with nonsensical answers.

use haul::{Engine, Error};
use tokio::time::timeout;

use super::world::{LIMIT, World, assert_stopped, download, ordered, reason};

#[tokio::test]
async fn events_about_what_nobody_knows_change_nothing() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    let mut events = engine.events();
    ordered(&engine, "unknown-ids x").await;
    timeout(LIMIT, events.recv()).await.expect("an event").unwrap();
    download(&engine).await.unwrap();
    world.assert_intact().await;
}

#[tokio::test]
async fn events_are_bounded_in_number_and_size() {
    for (deed, expected) in [("many-events", "10000 events at once"), ("huge-event", "")] {
        let world = World::new("later").await;
        let engine = world.open().await.unwrap();
        ordered(&engine, &format!("{deed} x")).await;
        assert_stopped(&engine, expected).await;
        world.assert_intact().await;
    }
}

#[tokio::test]
async fn a_storm_of_events_leaves_room_for_calls() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    let made = download(&engine).await.unwrap();
    ordered(&engine, "storm x").await;
    for _ in 0..100 {
        timeout(LIMIT, made.status()).await.expect("a call ends").unwrap();
    }
    timeout(LIMIT, engine.close()).await.expect("closing ends");
    world.assert_intact().await;
}

#[tokio::test]
async fn answers_are_bounded_in_size() {
    for deed in ["huge-status", "huge-failure", "long-id", "no-id"] {
        let world = World::new("later").await;
        let engine = world.open().await.unwrap();
        ordered(&engine, &format!("{deed} x")).await;
        reason(download(&engine).await);
        assert_stopped(&engine, "").await;
        world.assert_intact().await;
    }
}

#[tokio::test]
async fn numbers_beyond_all_measure_are_only_numbers() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    ordered(&engine, "huge-numbers x").await;
    let status = download(&engine).await.unwrap().status().await.unwrap();
    assert_eq!((status.bytes_total, status.bytes_transferred), (u64::MAX, u64::MAX));
    world.assert_intact().await;
}

#[tokio::test]
async fn downloads_with_the_same_id_are_one() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    ordered(&engine, "same-id x").await;
    let (first, second) = (download(&engine).await.unwrap(), download(&engine).await.unwrap());
    assert_eq!(first.id(), second.id());
    drop(first);
    second.status().await.unwrap();
    let all = timeout(LIMIT, engine.downloads(None)).await.expect("a call ends").unwrap();
    assert_eq!(all.into_iter().count(), 100);
    second.status().await.unwrap();
    drop(second);
    download(&engine).await.unwrap();
    world.assert_intact().await;
}

#[tokio::test]
async fn an_enumerator_that_counts_wrongly_comes_to_an_end() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    let jobs = engine.jobs(true).await.unwrap();
    assert_eq!(jobs.count(), u32::MAX as usize);
    assert!(timeout(LIMIT, jobs.rest()).await.expect("it ends").unwrap().is_empty());
    ordered(&engine, "too-many x").await;
    let told = reason(timeout(LIMIT, engine.jobs(true).await.unwrap().rest()).await.expect("it ends"));
    assert!(told.contains("it found 257 where 256 were asked for"), "{told}");
    world.assert_intact().await;
}

#[tokio::test]
async fn a_failure_of_what_cannot_fail_ends_the_engine() {
    let world = World::new("refuse").await;
    assert!(matches!(world.open().await, Err(Error::Failed(_))));
    world.assert_intact().await;
    let world = World::new("later").await;
    let engine: Engine = world.open().await.unwrap();
    ordered(&engine, "fail x").await;
    assert_stopped(&engine, "E_FAIL").await;
    world.assert_intact().await;
}
