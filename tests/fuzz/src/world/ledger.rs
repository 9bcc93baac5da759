//! The ledger's file, and the downloads that an engine restores from it.

use std::collections::{BTreeMap, BTreeSet};

use haul_core::border::identity::DownloadId;
use haul_core::border::output::LedgerChange;
use haul_core::download::State;
use haul_core::engine::{Engine, Restored};
use haul_core::settings::property::PropertyId;
use haul_core::store::ledger::Reader;

use super::World;
use super::callers;
use super::subject::{Subject, state_of};
use crate::frames;

/// Ids of downloads as callers know them.
type Ids = BTreeSet<String>;

#[derive(Debug, Default)]
pub struct LedgerFile {
    pub bytes: Vec<u8>,
    /// Lengths of the file since its last rewrite, with the ids in it at each length.
    states: Vec<(usize, Ids)>,
    /// The last change is missing.
    pub is_behind: bool,
    /// The next change cannot be written.
    pub is_full: bool,
}

impl LedgerFile {
    fn apply(&mut self, change: LedgerChange, engine: &mut Engine) {
        match change {
            LedgerChange::Replace => {
                self.bytes = frames::ledger_of(engine);
                self.states.clear();
                self.is_behind = false;
            }
            LedgerChange::Append { bytes, .. } => {
                assert!(!self.is_behind, "added to a ledger that lacks something");
                self.bytes.extend(bytes);
            }
        }
    }

    /// The ids in the file at `length`; `None` if a single write passed over it.
    fn at(&self, length: usize) -> Option<&Ids> {
        self.states.iter().rev().find(|(end, _)| *end <= length).map(|(_, ids)| ids)
    }

    fn ids(&self) -> Ids {
        self.states.last().map(|(_, ids)| ids.clone()).unwrap_or_default()
    }
}

impl World {
    /// Applies all pending changes, or none.
    pub(super) fn write_ledger(&mut self) {
        let changes = std::mem::take(&mut self.changes);
        if changes.is_empty() {
            return;
        }
        if std::mem::take(&mut self.ledger.is_full) {
            self.ledger.is_behind = true;
            return self.engine.distrust_ledger();
        }
        for change in changes {
            self.ledger.apply(change, &mut self.engine);
            let (engine, restored) = self.restored(&self.ledger.bytes);
            assert_eq!(restored, Restored::All, "what is written can be read");
            let ids = found(&engine).into_keys().collect();
            self.ledger.states.push((self.ledger.bytes.len(), ids));
        }
    }

    fn restored(&self, bytes: &[u8]) -> (Engine, Restored) {
        let mut engine = Engine::new(self.settings.clone(), 7, self.now);
        let restored = engine.restore(self.now, Reader::of(bytes));
        (engine, restored)
    }

    /// The ledger contains exactly the downloads that outlive the engine.
    pub(super) fn check_ledger(&self) {
        if self.ledger.is_behind {
            return;
        }
        let is_kept = |subject: &&Subject| {
            let download = self.engine.download(subject.id);
            subject.non_volatile && download.is_some_and(|download| !download.is_over())
        };
        let id = |subject: &Subject| self.engine.download(subject.id).map(|download| download.id().to_owned());
        let kept: Ids = self.subjects.iter().filter(is_kept).filter_map(id).collect();
        assert_eq!(self.ledger.ids(), kept);
    }

    /// Another engine restores the ledger after `cut` bytes were removed from its end. Returns the downloads that were restored as they
    /// were.
    pub(super) fn restart(&mut self, cut: usize) -> BTreeMap<String, DownloadId> {
        let length = self.ledger.bytes.len().saturating_sub(cut);
        let is_whole = cut == 0 && !self.ledger.is_behind;
        let expected = self.ledger.at(length).cloned();
        let all = self.ledger.states.first().map(|(_, ids)| ids.clone()).unwrap_or_default();
        self.ledger.bytes.truncate(length);
        let (engine, restored) = self.restored(&self.ledger.bytes);
        assert_eq!(restored, Restored::All, "a torn tail is no damage");
        self.ledger.bytes.truncate(Reader::of(&self.ledger.bytes).length() as usize);
        let old = std::mem::replace(&mut self.engine, engine);
        let found = found(&self.engine);
        let ids: Ids = found.keys().cloned().collect();
        match expected {
            Some(expected) => assert_eq!(ids, expected, "{length} bytes are left of the ledger"),
            None => assert!(ids.is_subset(&all), "{ids:?} of {all:?}"),
        }
        self.ledger.states.retain(|(end, _)| *end <= length);
        if self.ledger.states.is_empty() {
            self.ledger.states.push((length, ids));
        }
        self.ledger.is_behind = false;
        if is_whole {
            self.check_taken_up(&old, &found);
            return found;
        }
        // The model cannot use downloads that lack their last changes.
        for download in found.into_values() {
            let _ = self.engine.abort(self.now, download);
            self.engine.forget(download);
        }
        BTreeMap::new()
    }

    /// Everything is restored, except work in progress.
    fn check_taken_up(&self, old: &Engine, found: &BTreeMap<String, DownloadId>) {
        for subject in &self.subjects {
            let before = old.download(subject.id);
            let after = before.and_then(|before| self.engine.download(*found.get(before.id())?));
            let (Some(before), Some(after)) = (before, after) else { continue };
            assert_eq!(after.caller(), before.caller());
            for id in PropertyId::ALL.iter().copied().filter(|id| outlives(*id, subject)) {
                assert_eq!(after.property(id), before.property(id), "{id:?}");
            }
            let (then, now) = (subject.state, state_of(&self.engine, found[before.id()]));
            let fits = match then {
                State::Created => now == State::Created,
                State::Paused => now == State::Paused,
                // A transferred download whose file was being checked is checked again.
                State::Transferring | State::Transferred => matches!(now, State::Transferring | State::Paused),
                State::Finalized | State::Aborted => false,
            };
            assert!(fits, "{then:?} became {now:?}");
        }
    }
}

/// Whether a property is set by the caller rather than by an origin.
fn outlives(id: PropertyId, subject: &Subject) -> bool {
    match id {
        PropertyId::LocalPath => !subject.setup.options.content.origin_names,
        PropertyId::HttpRedirectionTarget
        | PropertyId::HttpResponseHeaders
        | PropertyId::HttpServerIpAddress
        | PropertyId::HttpStatusCode
        | PropertyId::CallbackInterface
        | PropertyId::TotalSizeBytes => false,
        _ => true,
    }
}

/// The downloads of an engine.
fn found(engine: &Engine) -> BTreeMap<String, DownloadId> {
    let mut all = BTreeMap::new();
    for caller in [false, true].map(callers::name) {
        for download in engine.downloads_of(caller, None).unwrap_or_default() {
            let id = engine.download(download).expect("a listed download").id().to_owned();
            assert!(all.insert(id, download).is_none(), "a download is there twice");
        }
    }
    all
}
