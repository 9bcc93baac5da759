//! Changes of the URLs of a download.

use haul::{Error, TransferOptions};

use super::settings::{encoded, file};
use super::{Refusal, Service};
use crate::book::Entry;
use crate::gid::Gid;

impl Service {
    /// Removes one occurrence of each URL of `remove`, and then inserts those of `insert` at a position, or at the end. Returns how many
    /// were removed and inserted.
    ///
    /// # Errors
    ///
    /// [`Refusal::State`] if the download is stopped; in words if its file has begun and the engine cannot change its sources any more.
    pub async fn change_uris(
        &self,
        gid: Gid,
        remove: &[String],
        insert: Vec<String>,
        position: Option<usize>,
    ) -> Result<(usize, usize), Refusal> {
        let _changes = self.lock().await;
        let mut entry = self.entry(gid).filter(|entry| !entry.is_stopped()).ok_or(Refusal::State)?;
        let before = entry.uris.clone();
        let mut removed = 0;
        for uri in remove {
            if let Some(at) = entry.uris.iter().position(|known| known == uri) {
                entry.uris.remove(at);
                removed += 1;
            }
        }
        let inserted = insert.len();
        let at = position.map_or(entry.uris.len(), |at| at.min(entry.uris.len()));
        entry.uris.splice(at..at, insert);
        if entry.uris != before {
            if let Some(id) = entry.job_id() {
                self.change_sources(id, &before, &entry).await.map_err(|error| Refusal::Sentence(error.to_string()))?;
            }
            self.put(entry);
        }
        Ok((removed, inserted))
    }

    /// Tells the engine the new URLs. The first one can change at any time, the mirrors only before the file begins.
    async fn change_sources(&self, job: &str, before: &[String], entry: &Entry) -> Result<(), Error> {
        let job = self.queue.engine().job(job).await?;
        let Some(of_job) = job.files().await?.next(1).await?.pop() else { return Ok(()) };
        let path = entry.path.clone().unwrap_or_default();
        if entry.uris.get(1..) != before.get(1..) {
            let options: TransferOptions = file(entry, &path).options.unwrap_or_default();
            of_job.set_options(options).await?;
        }
        match entry.uris.first() {
            Some(first) if before.first() != Some(first) => of_job.set_remote_name(&encoded(first)).await,
            _ => Ok(()),
        }
    }
}
