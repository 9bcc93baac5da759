//! Dispatch of inputs to their downloads.

use super::Engine;
use crate::border::identity::{AttemptId, DownloadId};
use crate::border::input::Input;
use crate::border::time::Instant;
use crate::download::Download;
use crate::transfer::Context;

impl Engine {
    /// Handles one input; its effects are then available from [`Self::poll_output`].
    pub fn handle(&mut self, now: Instant, input: Input) {
        match input {
            Input::Time => self.handle_time(now),
            Input::Disk { download, id, done } if !self.downloads.contains_key(&download) => {
                self.handle_disk_of_job(download, id, done);
            }
            Input::Disk { download, id, done } => {
                self.feed(now, download, |download, cx| download.handle_disk(cx, id, done));
            }
            Input::Content { download, id, content } => {
                self.feed(now, download, |download, cx| download.resolved(cx, id, content));
            }
            Input::Head { attempt, head } => {
                let owner = self.owner(attempt);
                self.feed_owner(now, attempt, |download, cx| download.handle_head(cx, attempt, &head));
                let download = owner.filter(|id| !self.book.active_files.contains_key(id));
                if let Some(known) = download.and_then(|id| self.downloads.get_mut(&id)) {
                    self.tenants.charge_head(known);
                }
            }
            Input::Moved { attempt, bytes } => {
                self.spend(attempt, bytes);
                self.feed_owner(now, attempt, |download, cx| download.moved(cx, attempt, bytes));
            }
            Input::Collected { attempt, bytes } => {
                self.spend(attempt, bytes.len() as u64);
                self.feed_owner(now, attempt, |download, cx| download.collected(cx, attempt, &bytes));
            }
            Input::Ended { attempt, end } => {
                self.feed_owner(now, attempt, |download, cx| download.ended(cx, attempt, end));
                self.outbox.end(attempt);
                self.scheduler.origins.closed(attempt);
            }
        }
    }

    fn handle_time(&mut self, now: Instant) {
        let running = self.scheduler.running();
        for download in running {
            let _ = self.mutate(now, download, |download, cx| download.handle_time(cx));
        }
        self.wake_jobs(now);
        self.sweep_ledger_in_time(now);
        self.end_turns(now);
        self.reconcile(now);
    }

    fn feed_owner(&mut self, now: Instant, attempt: AttemptId, act: impl FnOnce(&mut Download, &mut Context<'_>)) {
        if let Some(download) = self.outbox.owner(attempt) {
            self.feed(now, download, act);
        }
    }

    /// Passes an input to its download. It has no effect if the download was forgotten or its start rolled back.
    fn feed(&mut self, now: Instant, download: DownloadId, act: impl FnOnce(&mut Download, &mut Context<'_>)) {
        let _ = self.mutate_and_reconcile(now, download, |download, cx| {
            act(download, cx);
            Ok(())
        });
    }
}
