//! Digests of whole files that are computed while the files are fetched: they are those of what is in the file in the end.

use std::fmt::Debug;
use std::fs;
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use haul::{DigestAlgorithm, Engine, ExpectedDigest, Policy, StartMode, TransferOptions};
use haul_tests::origin::{Content, Fault, Resource, When};
use haul_tests::over_every_subject;
use haul_tests::scene::{MIB, assert_only, checksum, content, names, origin, request, serving, version};
use sha2::{Digest, Sha256};
use tempfile::tempdir;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// [`content`], but for the byte at `offset`.
fn wrong_at(offset: u64) -> Content {
    let mut bytes = content().bytes(0..content().length());
    bytes[usize::try_from(offset).unwrap()] ^= 1;
    Content::literal(bytes)
}

over_every_subject!(one_wrong_byte_is_found_wherever_it_is, |subject| {
    for offset in [0, MIB, 4 * MIB, content().length() - 1] {
        let (origin, folder) = (serving(version(&wrong_at(offset), "v1"), vec![]), tempdir().unwrap());
        let outcome = subject.get(&request(&origin, &folder).checksum(checksum(&content())));
        outcome.expect_failure("BG_E_VALIDATION_FAILED");
        assert_eq!(names(folder.path()), [""; 0]);
    }
});

// The first bytes were digested when they were replaced.
over_every_subject!(bytes_that_are_fetched_again_are_digested_again, |subject| {
    let (origin, folder) = (origin(vec![]), tempdir().unwrap());
    let old = version(&Content::new(9, content().length() + 1), "v1");
    let resource = Resource::new(old).fault(When::Nth(0), Fault::CutAfter(6 * MIB));
    origin.put("/file", resource.from_request(1, version(&content(), "v2")));
    let outcome = subject.get(&request(&origin, &folder).connections(1).checksum(checksum(&content())));
    outcome.expect_success();
    assert_only(&folder, &content());
    assert_eq!(origin.requests().len(), 2, "fetched once more, for a digest that was wrong");
});

over_every_subject!(a_run_that_goes_on_digests_what_was_kept, |subject| {
    let faults = vec![(When::Nth(0), Fault::CutAfter(6 * MIB)), (When::Nth(1), Fault::status(404))];
    let (origin, folder) = (origin(faults), tempdir().unwrap());
    let get = request(&origin, &folder).connections(1).checksum(checksum(&content()));
    assert!(subject.get(&get).error.is_some());
    subject.get(&get).expect_success();
    assert_only(&folder, &content());
});

/// What the library tells of digests.
struct Told(Mutex<mpsc::Sender<(String, u64)>>);

struct Reading<'a>(&'a Told);

impl Visit for Reading<'_> {
    fn record_u64(&mut self, field: &Field, value: u64) {
        let _ = self.0.0.lock().unwrap().send((field.name().into(), value));
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

impl<S: Subscriber> Layer<S> for Told {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target().contains("digest") {
            event.record(&mut Reading(self));
        }
    }
}

/// One test: a subscriber is for the whole process.
#[tokio::test]
async fn what_was_digested_while_it_came_is_not_read_again_at_the_end() {
    let (teller, told) = mpsc::channel();
    let subscriber = tracing_subscriber::registry().with(Told(Mutex::new(teller)));
    tracing::subscriber::set_global_default(subscriber).expect("the first subscriber");
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
    let digested = tokio::task::spawn_blocking(move || {
        let (name, value) = told.recv_timeout(Duration::from_secs(60)).expect("the beginning is digested");
        assert_eq!(name, "digested");
        (value, told)
    });
    let (digested, told) = digested.await.unwrap();
    assert!(digested >= 4 * MIB, "{digested}");
    origin.release("rest");
    assert_eq!(download.ended().await.unwrap().error, None);
    download.finalize().await.unwrap();
    let before = told.try_iter().find(|(name, _)| name == "before").expect("the digest goes on").1;
    assert!(before >= digested, "{before}");
    assert_eq!(fs::read(folder.path().join("file")).unwrap(), bytes);
}
