//! What is left of a download when its engine is gone: for those that are non-volatile, enough to go on.

use alloc::string::String;
use alloc::vec::Vec;
use core::mem;

use serde::{Deserialize, Serialize};

use super::properties::Properties;
use super::{Abilities, Download, StartMode, State};
use crate::layout::Wanted;
use crate::ledger::Record;
use crate::transfer::TransferOptions;
use crate::url::{Url, may_hold_secrets};

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

    pub fn secrets(&self) -> Secrets {
        let set = &self.properties;
        let urls = || set.uri.iter().chain(&self.options.mirrors).chain(set.integrity.iter().map(|info| &info.url));
        let in_fields = !set.custom_headers.expose().is_empty() || !set.auth_headers.expose().is_empty();
        let is_key = !set.security_context.expose().is_empty() || set.decryption.is_some();
        let holds_some = in_fields || is_key || urls().any(|url| may_hold_secrets(url.as_str()));
        let texts = (&set.custom_headers, &set.auth_headers, &set.security_context, &set.decryption);
        let urls: Vec<_> = urls().map(Url::as_str).collect();
        let checksum = || crc32fast::hash(&postcard::to_allocvec(&(texts, urls)).unwrap_or_default());
        Secrets(holds_some.then(checksum))
    }
}

/// Which secrets a record holds, in headers, URLs or keys: a checksum of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Secrets(Option<u32>);

impl Secrets {
    pub const fn is_empty(self) -> bool {
        self.0.is_none()
    }

    /// Whether a record with `new` in the place of these leaves a secret behind.
    pub fn are_left_by(self, new: Self) -> bool {
        !self.is_empty() && self != new
    }
}

impl Download {
    /// The record for the state directory, if anything in it has changed, and whether a secret is left in the record that it replaces.
    pub(crate) fn take_change(&mut self) -> Option<(Record, bool)> {
        if !mem::take(&mut self.changed) {
            return None;
        }
        let keep = self.properties.non_volatile && !self.is_over();
        let stored = self.stored.take();
        if keep {
            let kept = self.kept();
            let secrets = kept.secrets();
            self.stored = Some(secrets);
            return Some((Record::Kept(kept.into()), stored.is_some_and(|stored| stored.are_left_by(secrets))));
        }
        stored.map(|stored| (Record::Gone { id: self.id.clone() }, !stored.is_empty()))
    }

    pub(crate) const fn is_kept(&self) -> bool {
        self.stored.is_some()
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
        let stored = Some(kept.secrets());
        let mut download = Self::new(kept.id, kept.caller);
        download.properties = kept.properties;
        download.options = kept.options;
        download.uri_renewed = kept.uri_renewed;
        download.wanted = kept.wanted;
        download.has_partial = kept.has_partial;
        download.left = (kept.total, kept.transferred);
        download.was_begun = kept.stage != Stage::Created;
        download.stored = stored;
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
