//! Telling the ledger what outlives the engine, and taking up what an earlier one has left.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::vec::Vec;

use super::Engine;
use crate::download::Download;
use crate::identity::DownloadId;
use crate::ledger::{self, Change, Ledger, Record};
use crate::output::Output;
use crate::time::Instant;

/// How taking up a ledger went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Restored {
    /// Everything is there again.
    All,
    /// Something in the ledger cannot be read. These bytes are a sound ledger of the rest.
    Damaged(Vec<u8>),
}

impl Engine {
    /// Takes up what the ledger of an earlier engine says, once, before anything else. A damaged ledger is not taken up.
    pub fn restore(&mut self, now: Instant, bytes: &[u8]) -> Restored {
        let read = ledger::read(bytes);
        if read.damaged {
            let records = read.downloads.into_iter().map(|kept| Record::Kept(Box::new(kept)));
            return Restored::Damaged(ledger::write(records));
        }
        self.ledger = Ledger::of(read.length);
        for kept in read.downloads {
            let download = Download::restore(kept, self.settings.abilities);
            self.add(download);
        }
        self.set_network(now, self.network);
        Restored::All
    }

    /// Tells the ledger what has changed of `download`, where it cares.
    pub(super) fn keep_change(&mut self, download: DownloadId) {
        let record = self.downloads.get_mut(&download).and_then(Download::take_change);
        if let Some(record) = record {
            self.tell_ledger(&record);
        }
    }

    /// The ledger forgets a download that is forgotten.
    pub(super) fn keep_no_more(&mut self, forgotten: &Download) {
        self.discharge(forgotten);
        if forgotten.is_kept() {
            self.tell_ledger(&Record::Gone { id: forgotten.id().to_string() });
        }
    }

    /// A change of the ledger could not be written: the next one is to be everything anew.
    pub fn distrust_ledger(&mut self) {
        self.ledger = Ledger::default();
    }

    /// Everything that the ledger has to say, after a change could not be written.
    pub fn whole_ledger(&mut self) -> Change {
        let kept = self.downloads.values().filter(|download| download.is_kept());
        let bytes = ledger::write(kept.map(|download| Record::Kept(Box::new(download.kept()))));
        self.ledger = Ledger::of(bytes.len() as u64);
        Change::Replace(bytes)
    }

    fn tell_ledger(&mut self, record: &Record) {
        let kept = self.downloads.values().filter(|download| download.is_kept());
        let all = || ledger::write(kept.map(|download| Record::Kept(Box::new(download.kept()))));
        let change: Change = self.ledger.add(record, all);
        self.outputs.push_back(Output::Ledger(change));
    }
}
