//! The library's spans and events, named as in OpenTelemetry.

use std::fs;

use haul::{DigestAlgorithm, Engine, ExpectedDigest, Policy, StartMode, TransferOptions};
use haul_tests::origin::{Content, Fault, Origin, Representation, Resource, Site, When};
use haul_tests::scene::{MIB, content, origin};
use sha2::{Digest, Sha256};
use tempfile::tempdir;

use super::alone;
use super::recorder::Recording;

#[tokio::test]
async fn requests_have_the_names_of_opentelemetry_and_no_secrets() {
    let (_alone, recording) = (alone().await, Recording::start());
    let resource = Resource::new(Representation::new(Content::new(1, 3_000_000)).strong_etag("v1"));
    let origin = Origin::start(Site::new().resource("/file?token=hush", resource));
    let folder = tempdir().unwrap();
    let engine = Engine::builder().policy(Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    engine.fetch(&origin.url("/file?token=hush"), folder.path().join("file")).await.unwrap();
    engine.close().await;

    let (spans, events) = (recording.spans(), recording.events());
    let span = spans.first().expect("a span");
    let port = origin.address().port().to_string();
    for (name, value) in [
        ("otel.name", "GET"),
        ("otel.kind", "client"),
        ("http.request.method", "GET"),
        ("url.full", format!("http://127.0.0.1:{port}/file?REDACTED").as_str()),
        ("server.address", "127.0.0.1"),
        ("server.port", port.as_str()),
        ("http.response.status_code", "200"),
        ("network.protocol.version", "1.1"),
    ] {
        assert_eq!(span.get(name).map(String::as_str), Some(value), "{name} of {span:?}");
    }
    let sum = |name: &str| -> f64 { events.iter().filter_map(|fields| fields.get(name)?.parse::<f64>().ok()).sum() };
    assert_eq!(sum("histogram.http.client.response.body.size"), 3_000_000.0);
    assert_eq!(sum("counter.http.client.active_requests"), 0.0);
    assert!(sum("histogram.http.client.request.duration") > 0.0);
    let all = format!("{spans:?}{events:?}");
    assert!(!all.contains("hush"), "a secret is in the records");
}

#[tokio::test]
async fn bytes_that_were_digested_as_they_arrived_are_not_read_again_at_the_end() {
    let (_alone, recording) = (alone().await, Recording::start());
    let origin = origin(vec![(When::Every, Fault::hold_until_released(6 * MIB, "rest"))]);
    let folder = tempdir().unwrap();
    let engine = Engine::builder().policy(Policy::allow_all()).grant(folder.path()).open().await.unwrap();
    let bytes = content().bytes(0..content().length());
    let expected = ExpectedDigest { algorithm: DigestAlgorithm::Sha256, value: Sha256::digest(&bytes).to_vec() };
    let options = TransferOptions { expected: vec![expected], connections: Some(1), ..TransferOptions::default() };
    let download = engine.create_download().await.unwrap();
    download.set_uri(&origin.url("/file")).await.unwrap();
    download.set_local_path(folder.path().join("file")).await.unwrap();
    download.set_options(options).await.unwrap();
    download.start(StartMode::WholeFile).await.unwrap();
    let (digested, recording) =
        tokio::task::spawn_blocking(move || (recording.first("digest", "digested"), recording)).await.unwrap();
    assert!(digested >= 4 * MIB, "{digested}");
    origin.release("rest");
    assert_eq!(download.ended().await.unwrap().error, None);
    download.finalize().await.unwrap();
    let before = recording.first("digest", "before");
    assert!(before >= digested, "{before}");
    assert_eq!(fs::read(folder.path().join("file")).unwrap(), bytes);
}
