//! Persistence of non-volatile downloads.

use alloc::boxed::Box;
use core::mem;

use super::{Abilities, Download, Inherited, StartMode, State};
use crate::store::stored_download::{Stage, StoredDownload};

/// A change of a download's record in the state directory.
pub(crate) enum RecordChange {
    Store(Box<StoredDownload>),
    Remove,
}

impl Download {
    /// The change of its record, if there is one, and whether it leaves a secret of the current record in a dead one.
    pub(crate) fn take_change(&mut self) -> Option<(RecordChange, bool)> {
        if !mem::take(&mut self.changed) {
            return None;
        }
        let keep = self.properties.non_volatile && !self.is_over();
        let stored = self.stored.take();
        if keep {
            let record = self.to_stored();
            let secrets = record.secrets();
            self.stored = Some(secrets);
            return Some((
                RecordChange::Store(record.into()),
                stored.is_some_and(|stored| stored.are_left_by(secrets)),
            ));
        }
        stored.map(|stored| (RecordChange::Remove, !stored.is_empty()))
    }

    pub(crate) const fn is_stored(&self) -> bool {
        self.stored.is_some()
    }

    pub(crate) fn to_stored(&self) -> StoredDownload {
        let status = self.status();
        StoredDownload {
            id: self.id.clone(),
            caller: self.caller.clone(),
            properties: self.properties.clone(),
            options: self.options.clone(),
            uri_renewed: self.uri_renewed,
            stage: match self.state {
                State::Created => Stage::Created,
                State::Transferred | State::Transferring if self.publishing => Stage::Publishing,
                State::Transferred => Stage::Transferred,
                State::Transferring if self.inherited == Inherited::Transferred => Stage::Transferred,
                _ => Stage::Begun,
            },
            wanted: self.wanted.clone(),
            // If the process dies during a transfer, only the next run can tell whether a partial file exists.
            has_partial: self.has_partial && self.state != State::Transferring,
            total: match &self.transfer {
                Some(transfer) if self.publishing && self.state == State::Transferred => transfer.local_length(),
                _ if self.publishing => self.left.0,
                _ => status.bytes_total,
            },
            transferred: status.bytes_transferred,
        }
    }

    /// Restores a download from an earlier engine. A transferring one becomes paused. A transferred one checks its file again, which needs
    /// no request if the file is still whole.
    pub(crate) fn restore(record: StoredDownload, abilities: Abilities) -> Self {
        let stored = Some(record.secrets());
        let mut download = Self::new(record.id, record.caller);
        download.properties = record.properties;
        download.options = record.options;
        download.uri_renewed = record.uri_renewed;
        download.wanted = record.wanted;
        download.has_partial = record.has_partial;
        download.left = (record.total, record.transferred);
        download.inherited = match record.stage {
            Stage::Created => Inherited::Nothing,
            Stage::Begun => Inherited::Begun,
            Stage::Transferred | Stage::Publishing => Inherited::Transferred,
        };
        download.stored = stored;
        download.state = if record.stage == Stage::Created { State::Created } else { State::Paused };
        if download.inherited == Inherited::Transferred {
            download.publishing = record.stage == Stage::Publishing;
            // If the start fails, the download stays paused, and the caller's own start reports the error.
            let _ = download.start(StartMode::Resume, abilities);
        }
        download
    }
}
