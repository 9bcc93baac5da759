//! What is left of a download when its engine is gone: for those that are non-volatile, enough to go on.

use alloc::string::String;
use core::mem;

use serde::{Deserialize, Serialize};

use super::properties::Properties;
use super::{Abilities, Download, StartMode, State};
use crate::layout::Wanted;
use crate::ledger::Record;
use crate::transfer::TransferOptions;

/// A download as the state directory has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    id: String,
    caller: String,
    properties: Properties,
    options: TransferOptions,
    uri_renewed: bool,
    stage: Stage,
    wanted: Option<Wanted>,
    has_partial: bool,
    total: u64,
    transferred: u64,
}

/// How far it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    Created,
    /// Transferring or paused.
    Begun,
    Transferred,
    /// The file is getting its name, or has it.
    Publishing,
}

impl Kept {
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl Download {
    /// What the state directory is to be told, where anything has changed that it cares for.
    pub(crate) fn take_change(&mut self) -> Option<Record> {
        if !mem::take(&mut self.changed) {
            return None;
        }
        let keep = self.properties.non_volatile && !self.is_over();
        let was_kept = mem::replace(&mut self.is_kept, keep);
        match (keep, was_kept) {
            (true, _) => Some(Record::Kept(self.kept().into())),
            (false, true) => Some(Record::Gone { id: self.id.clone() }),
            (false, false) => None,
        }
    }

    pub(crate) const fn is_kept(&self) -> bool {
        self.is_kept
    }

    pub(crate) fn kept(&self) -> Kept {
        let status = self.status();
        Kept {
            id: self.id.clone(),
            caller: self.caller.clone(),
            properties: self.properties.clone(),
            options: self.options.clone(),
            uri_renewed: self.uri_renewed,
            stage: match self.state {
                State::Created => Stage::Created,
                State::Transferred | State::Transferring if self.publishing => Stage::Publishing,
                State::Transferred => Stage::Transferred,
                State::Transferring if self.was_transferred => Stage::Transferred,
                _ => Stage::Begun,
            },
            wanted: self.wanted.clone(),
            // What a run leaves that is killed is not known before another one looks.
            has_partial: self.has_partial && self.state != State::Transferring,
            total: match &self.transfer {
                Some(transfer) if self.publishing && self.state == State::Transferred => transfer.local_length(),
                _ if self.publishing => self.left.0,
                _ => status.bytes_total,
            },
            transferred: status.bytes_transferred,
        }
    }

    /// A download that an earlier engine has left. One that was transferring is paused; one that was transferred looks at its file
    /// again, without a request where that is still whole.
    pub(crate) fn restore(kept: Kept, abilities: Abilities) -> Self {
        let mut download = Self::new(kept.id, kept.caller);
        download.properties = kept.properties;
        download.options = kept.options;
        download.uri_renewed = kept.uri_renewed;
        download.wanted = kept.wanted;
        download.has_partial = kept.has_partial;
        download.left = (kept.total, kept.transferred);
        download.was_begun = kept.stage != Stage::Created;
        download.is_kept = true;
        download.state = if kept.stage == Stage::Created { State::Created } else { State::Paused };
        if matches!(kept.stage, Stage::Transferred | Stage::Publishing) {
            download.was_transferred = true;
            download.publishing = kept.stage == Stage::Publishing;
            // What cannot be started stays paused, and says why when its caller starts it.
            let _ = download.start(StartMode::Resume, abilities);
        }
        download
    }
}
