//! A ledger with a truncated end, or with a changed middle.

use std::fs;

use haul::Error;
use haul_tests::scene::{names, origin};
use tempfile::tempdir;

use super::{LASTING, ids, leave, open};

#[tokio::test]
async fn a_torn_ledger_loses_its_last_word_only() {
    let (folder, origin) = (tempdir().unwrap(), origin(vec![]));
    let engine = open(folder.path()).await.unwrap();
    let first = leave(&engine, &origin, &folder, "first").await;
    leave(&engine, &origin, &folder, "second").await;
    engine.close().await;
    let ledger = folder.path().join("state/queue.haul");
    let bytes = fs::read(&ledger).unwrap();
    fs::write(&ledger, &bytes[..bytes.len() - 3]).unwrap();
    let engine = open(folder.path()).await.unwrap();
    assert_eq!(ids(&engine).await, std::slice::from_ref(&first));
    let third = leave(&engine, &origin, &folder, "third").await;
    engine.close().await;
    assert_eq!(ids(&open(folder.path()).await.unwrap()).await, [first, third]);
}

/// Damages the last record of the download called `name`.
fn damage(ledger: &[u8], name: &str) -> Vec<u8> {
    let mut damaged = ledger.to_vec();
    let at = ledger.windows(name.len()).rposition(|window| window == name.as_bytes()).unwrap();
    damaged[at] ^= 0x40;
    damaged
}

#[tokio::test]
async fn records_behind_damage_are_set_aside_until_the_queue_is_empty() {
    let (folder, origin) = (tempdir().unwrap(), origin(vec![]));
    let engine = open(folder.path()).await.unwrap();
    let first = leave(&engine, &origin, &folder, "first").await;
    leave(&engine, &origin, &folder, "second").await;
    leave(&engine, &origin, &folder, "third").await;
    engine.close().await;
    let state = folder.path().join("state");
    let damaged = damage(&fs::read(state.join("queue.haul")).unwrap(), "/second");
    fs::write(state.join("queue.haul"), &damaged).unwrap();

    let Err(Error::Failed(failure)) = open(folder.path()).await else { panic!("the damage is not told") };
    assert_eq!(failure.name, "ERROR_FILE_CORRUPT");
    let aside = fs::read(state.join("queue.haul.damaged")).unwrap();
    let holds = |name: &[u8]| aside.windows(name.len()).any(|window| window == name);
    assert!(damaged.ends_with(&aside) && holds(b"/third") && !holds(b"/first"), "{} bytes", aside.len());

    for _ in 0..2 {
        let engine = open(folder.path()).await.unwrap();
        assert_eq!(ids(&engine).await, std::slice::from_ref(&first));
        engine.close().await;
        assert_eq!(fs::read(state.join("queue.haul.damaged")).unwrap(), aside);
    }
    let engine = open(folder.path()).await.unwrap();
    engine.downloads(None).await.unwrap().next(1).remove(0).abort().await.unwrap();
    engine.close().await;
    assert_eq!(names(&state), LASTING);
    assert_eq!(ids(&open(folder.path()).await.unwrap()).await, [""; 0]);
}
