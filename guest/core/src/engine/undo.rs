//! Rollback of the last change of a job if the ledger could not store it.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::Engine;
use super::path_locks::Owner;
use crate::border::identity::JobId;
use crate::border::time::Instant;
use crate::job::{JobFile, Phase, Settings, Stage};

/// The rollback of the last change of a job.
#[derive(Debug)]
pub(super) enum Undo {
    Create(JobId),
    Settings(JobId, Box<Settings>),
    /// Makes it a draft again.
    Keep(JobId),
    /// Removes the files from this index on and restores the phase.
    Files(JobId, u32, Phase),
    File(JobId, u32, Box<JobFile>),
}

impl Engine {
    /// Rolls back the last change, because the ledger could not store it.
    pub fn take_back_job_change(&mut self, now: Instant) {
        match self.book.undo.take() {
            Some(Undo::Create(id)) => self.remove_job(id),
            Some(Undo::Keep(id)) => {
                let Some(job) = self.book.jobs.get_mut(&id) else { return };
                job.is_draft = true;
                // Turns started since `keep-job` are dropped as if they never ran.
                let turns: Vec<_> = job.turns.iter().map(|(index, turn)| (*index, turn.download)).collect();
                for (index, download) in turns {
                    self.drop_turn(now, download);
                    let Some(job) = self.book.jobs.get_mut(&id) else { return };
                    job.update(index, |file| file.stage = Stage::Waiting);
                    job.reconsider(index);
                }
                self.book.touched.insert(id);
            }
            Some(Undo::Settings(id, settings)) => self.put_settings(now, id, *settings),
            Some(Undo::Files(id, from, phase)) => {
                let Some(job) = self.book.jobs.get_mut(&id) else { return };
                // Turns of added files end first.
                let turns: Vec<_> = job.turns.range(from..).map(|(_, turn)| turn.download).collect();
                turns.into_iter().for_each(|download| self.drop_turn(now, download));
                let Some(job) = self.book.jobs.get_mut(&id) else { return };
                let gone = job.take_back_files(from as usize);
                job.phase = phase;
                job.failure = job.failure.filter(|_| phase == Phase::Error);
                let bytes = gone.iter().map(JobFile::footprint).sum();
                job.charged -= bytes;
                let owner = String::from(job.owner());
                self.tenants.path_locks.unlock_all(id, from, &gone);
                self.tenants.count_bytes(&owner, bytes, 0);
                self.book.touched.insert(id);
            }
            Some(Undo::File(id, index, before)) => {
                let path = self.book.jobs.get(&id).and_then(|job| job.file(index)?.local_name.clone());
                if let Some(path) = path.filter(|_| before.local_name.is_none()) {
                    self.tenants.path_locks.unlock(&path, Owner::File(id, index));
                }
                let turn = self.book.jobs.get(&id).and_then(|job| job.turns.get(&index)).map(|turn| turn.download);
                turn.into_iter().for_each(|download| self.drop_turn(now, download));
                self.put_file(id, index, *before);
                if let Some(job) = self.book.jobs.get_mut(&id) {
                    job.reconsider(index);
                }
            }
            None => {}
        }
        self.reconcile(now);
    }

    /// Confirms the last change.
    pub fn keep_job_change(&mut self) {
        self.book.undo = None;
    }
}
