//! Whatever is in a ledger, taking it up never panics; and what was taken up, added to or written anew, is taken up as the
//! same. An input is a ledger, read once as it is and once with the checksums put right.

#![no_main]

use haul_core::download::Abilities;
use haul_core::engine::{Engine, Restored, Settings};
use haul_core::failure::Cause;
use haul_core::identity::DownloadId;
use haul_core::ledger::Change;
use haul_core::output::Output;
use haul_core::property::{Property, PropertyId};
use haul_core::time::Instant;
use haul_core_fuzz::frames;
use libfuzzer_sys::fuzz_target;

const NOW: Instant = Instant::from_nanos(1_000_000_000);

fuzz_target!(|bytes: &[u8]| {
    take_up(bytes);
    take_up(&frames::mended(b"haul ledger 1\n", bytes));
});

fn restored(bytes: &[u8]) -> (Engine, Restored) {
    let abilities = Abilities { exchange_fields: true, resolves_content: true, keeps_downloads: true };
    let mut engine = Engine::new(Settings { abilities, ..Settings::default() }, 7, NOW);
    let restored = engine.restore(NOW, bytes);
    (engine, restored)
}

/// Takes up a ledger, or what is sound of it.
fn take_up(bytes: &[u8]) {
    match restored(bytes) {
        (engine, Restored::All) => check(engine, bytes),
        (engine, Restored::Damaged(sound)) => {
            assert!(engine.unfinished().is_empty(), "a damaged ledger is taken up");
            let (engine, restored) = restored(&sound);
            assert_eq!(restored, Restored::All, "what is written can be read");
            check(engine, &sound);
        }
    }
}

/// What is added to the ledger, and the ledger written anew, say the same as the engine.
fn check(mut engine: Engine, bytes: &[u8]) {
    let mut file = bytes.to_vec();
    write(&mut engine, &mut file);
    compare(&engine, &file);

    engine.create("one that is new".into(), "somebody".into()).expect("one more download");
    let all = engine.unfinished();
    let last = *all.last().expect("the one that was created");
    engine.set_property(NOW, last, Property::NonVolatile(true)).expect("there is a state directory");
    write(&mut engine, &mut file);
    compare(&engine, &file);

    engine.distrust_ledger();
    engine.set_property(NOW, last, Property::ForegroundPriority(true)).expect("a new download");
    write(&mut engine, &mut file);
    compare(&engine, &file);

    for download in all {
        let _ = engine.abort(NOW, download);
        engine.forget(download);
    }
    write(&mut engine, &mut file);
    compare(&engine, &file);
}

fn write(engine: &mut Engine, file: &mut Vec<u8>) {
    while let Some(output) = engine.poll_output() {
        match output {
            Output::Ledger(Change::Replace(bytes)) => *file = bytes,
            Output::Ledger(Change::Append { offset, bytes }) => {
                let offset = usize::try_from(offset).expect("an offset in memory");
                assert!(offset <= file.len(), "a record beyond the end");
                file.truncate(offset);
                file.extend(bytes);
            }
            _ => {}
        }
    }
}

/// Another engine finds the same downloads.
fn compare(engine: &Engine, file: &[u8]) {
    let (other, restored) = restored(file);
    assert_eq!(restored, Restored::All, "what is written can be read");
    assert_eq!(facts(engine), facts(&other));
}

/// What says which downloads outlive the engine. Those that do not are in no ledger that an engine has written.
fn facts(engine: &Engine) -> Vec<Vec<Result<Property, Cause>>> {
    let of = |download: DownloadId| {
        let download = engine.download(download).expect("a known download");
        PropertyId::ALL.iter().map(|id| download.property(*id)).collect()
    };
    let outlives = |facts: &Vec<_>| facts.contains(&Ok(Property::NonVolatile(true)));
    engine.unfinished().into_iter().map(of).filter(outlives).collect()
}
