//! Digests that the origin states.

use haul_core::content::digest::Algorithm;
use haul_core::download::State;
use haul_core::failure::Cause;
use haul_core::settings::transfer_options::TransferOptions;

use super::evidence::{OWN, resume};
use super::length_and_tag;
use super::lone::Lone;

/// The file of 2000 bytes, with a strong validator and an MD5 that is not that of the disk.
fn fetch(lone: &mut Lone, options: TransferOptions) {
    resume(lone, OWN, options);
    if !lone.requests.is_empty() {
        let [length, tag] = length_and_tag("2000");
        let attempt = lone.respond(200, &[length, tag, ("content-md5", "AAAAAAAAAAAAAAAAAAAAAQ==")]);
        lone.flow(attempt, 2000);
    }
}

#[test]
fn a_mismatch_names_the_origin_and_keeps_the_bytes() {
    let mut lone = Lone::new([]);
    fetch(&mut lone, TransferOptions::default());
    assert_eq!(lone.status().error, Some(Cause::OriginDigestMismatch(Algorithm::Md5)));
    assert!(lone.partial && lone.status().is_kept);
    let ignoring = TransferOptions { ignore_origin_digests: true, ..TransferOptions::default() };
    fetch(&mut lone, ignoring);
    let report = lone.engine.download(lone.download).unwrap().report();
    assert_eq!((lone.status().state, report.requests, report.resumed), (State::Transferred, 0, 2000));
}

#[test]
fn a_run_that_does_not_ignore_them_fetches_kept_bytes_once_more() {
    let mut lone = Lone::new([]);
    fetch(&mut lone, TransferOptions::default());
    fetch(&mut lone, TransferOptions::default());
    assert_eq!(lone.status().error, Some(Cause::OriginDigestMismatch(Algorithm::Md5)));
    assert_eq!(lone.engine.download(lone.download).unwrap().report().requests, 1);
}

#[test]
fn ignored_digests_are_neither_computed_nor_proof() {
    let mut lone = Lone::new([]);
    let ignoring = TransferOptions { ignore_origin_digests: true, ..TransferOptions::default() };
    resume(&mut lone, OWN, ignoring);
    let stated = format!("sha-256=:{}=:", "A".repeat(43));
    let attempt = lone.respond(200, &[("content-length", "2000"), ("repr-digest", &stated)]);
    lone.flow(attempt, 1000);
    assert!(!lone.engine.download(lone.download).unwrap().report().resumable);
    lone.flow(attempt, 1000);
    assert_eq!(lone.status().state, State::Transferred);
    assert!(lone.asked.iter().all(|asked| !matches!(asked, haul_core::border::output::DiskOperation::Digest { .. })));
}
