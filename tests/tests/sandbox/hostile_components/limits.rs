//! Components that exceed the limits of the machine's resources.

use haul::Engine;

use super::forged;
use super::world::{World, assert_stopped, hostile, order, ordered, reason, small};

/// Asserts that the engine stops the component at this deed, for this reason.
async fn assert_stops(deed: &str, expected: &str) {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    let told = reason(order(&engine, deed).await);
    assert!(told.contains(expected), "{deed}: {told}");
    assert_stopped(&engine, expected).await;
    world.assert_intact().await;
}

#[tokio::test]
async fn memory_ends() {
    assert_stops("allocate now", "memory").await;
}

#[tokio::test]
async fn what_it_holds_of_its_host_is_bounded() {
    assert_stops("pollables now", "more than 1000 resources").await;
    assert_stops("fields now", "more than 100 sets of header fields").await;
}

#[tokio::test]
async fn handles_are_bounded() {
    assert_stops("downloads now", "handle").await;
}

#[tokio::test]
async fn what_one_call_brings_is_bounded() {
    assert_stops("poll-many now", "fuel").await;
    assert_stops("random now", "exceeds limit").await;
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    assert!(reason(engine.explanations().await).contains("fuel"));
    world.assert_intact().await;
}

#[tokio::test]
async fn resources_let_go_of_in_the_wrong_way_are_traps() {
    for deed in ["drop-twice now", "drop-parent now", "forge now", "confuse now"] {
        assert_stops(deed, "").await;
    }
}

#[tokio::test]
async fn requests_are_bounded() {
    for deed in ["http-requests", "http-responses"] {
        let world = World::new("later").await;
        let engine = world.open().await.unwrap();
        let authority = world.origin.address();
        assert_eq!(ordered(&engine, &format!("{deed} now {authority}")).await, "20 came, 80 refused");
        world.assert_intact().await;
    }
}

#[tokio::test]
async fn urls_and_headers_are_bounded() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    assert_eq!(ordered(&engine, "http-url now 900").await, "true true");
    assert_eq!(ordered(&engine, "http-url now 1001").await, "false false");
    assert!(reason(order(&engine, "http-header now").await).contains("size of fields exceeds limit"));
    world.assert_intact().await;
}

#[tokio::test]
async fn open_files_are_bounded_also_where_only_streams_are_left() {
    let world = World::new("later").await;
    let engine = world.open().await.unwrap();
    let file = world.text("granted/file");
    for deed in ["file-open-many", "file-stream-many"] {
        assert_eq!(ordered(&engine, &format!("{deed} now {file}")).await, "20 insufficient-memory");
    }
    let folder = world.text("granted");
    assert_eq!(ordered(&engine, &format!("file-list-many now {folder}")).await, "4 insufficient-memory");
    // Dropped handles make room.
    assert_eq!(ordered(&engine, &format!("file-open now {file}")).await, "done");
    world.assert_intact().await;
}

#[tokio::test]
async fn a_component_has_the_exports_and_wants_no_more_than_it_is_given() {
    let client = std::fs::read(env!("HAUL_TEST_CLIENT")).unwrap();
    let told = |opened: Result<Engine, haul::Error>| opened.unwrap_err().to_string();
    // The error names the interfaces that the component lacks.
    assert!(
        told(Engine::builder().policy(haul::Policy::allow_all()).component(client).open().await)
            .contains("haul:delivery-optimization/")
    );
    assert!(
        told(Engine::builder().policy(haul::Policy::allow_all()).component(forged::EMPTY).open().await)
            .contains("haul:delivery-optimization/")
    );
    let sockets = forged::calling("wasi:sockets@0.2.12", "instance-network", "instance-network", true);
    assert!(
        told(Engine::builder().policy(haul::Policy::allow_all()).component(sockets).open().await)
            .contains("wasi:sockets/instance-network")
    );
    let garbage = Engine::builder().policy(haul::Policy::allow_all()).component(*b"\0asm garbage").open().await;
    assert!(matches!(garbage, Err(haul::Error::Unsupported(_))));
}

#[tokio::test]
async fn what_cannot_begin_within_its_limits_is_not_begun() {
    let limits = small().memory(1 << 16);
    let world = World::new("later").await;
    let opened = world.open_with(limits).await;
    assert!(matches!(opened, Err(haul::Error::Unsupported(_))));
    world.assert_intact().await;
    // The limit also applies to haul's own component.
    let opened = Engine::builder().policy(haul::Policy::allow_all()).limits(small().memory(1 << 16)).open().await;
    assert!(matches!(opened, Err(haul::Error::Unsupported(_))));
}

#[tokio::test]
async fn another_build_of_the_component_works_like_the_one_inside() {
    let world = World::new("later").await;
    let engine = Engine::builder()
        .policy(haul::Policy::allow_all())
        .component(haul::WASM)
        .grant(world.path("granted"))
        .open()
        .await
        .unwrap();
    let report = engine.fetch(&world.origin.url("/file"), world.path("granted/fetched")).await.unwrap();
    assert_eq!(report.bytes, haul_tests::scene::content().length());
    assert!(!hostile().is_empty());
    world.assert_intact().await;
}
