//! Places, and the start of downloads.

use std::path::{Path, PathBuf};

use haul::{Error, Job, JobState};

use super::settings::{are_alike, configure, encoded, file};
use super::{Notice, Service, error_code};
use crate::book::{Entry, JobLink, List, Stage, State, Stop};
use crate::gid::Gid;

/// The last number that is tried for a file name: the limit of aria2.
const LAST_NAME: u32 = 9999;

/// The most characters of a display name in the queue: BITS takes 256.
const LONGEST_TITLE: usize = 200;

/// Why a download did not start: aria2's number and a sentence.
struct Failed(u8, String);

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        match error {
            Error::Failed(failure) => Self(error_code::of(&failure), error_code::sentence(&failure)),
            error => Self(error_code::UNKNOWN, error.to_string()),
        }
    }
}

impl From<String> for Failed {
    fn from(sentence: String) -> Self {
        Self(error_code::UNKNOWN, sentence)
    }
}

impl Service {
    /// Gives all free places to waiting downloads, at once: a client that lists one state after the other misses none in between.
    pub fn give_places(&self) {
        let places: usize = self.global("max-concurrent-downloads").parse().unwrap_or(usize::MAX);
        loop {
            let next = {
                let book = self.book();
                // Jobs of other clients have places of their own.
                let active = book.listed(List::Active).filter(|entry| !entry.is_foreign()).count();
                let may_start =
                    |entry: &&Entry| entry.state == State::Waiting && (active < places || entry.is_foreign());
                book.listed(List::Waiting).find(may_start).cloned()
            };
            let Some(entry) = next else { return };
            let gid = entry.gid;
            self.put(Entry { state: State::Active, ..entry });
            self.notify(Notice::Start, gid);
            self.starting.borrow_mut().push_back(gid);
        }
    }

    /// Starts the next download that got a place. The caller releases the lock of changes between two calls, so that requests need not
    /// wait for all of them. Returns whether there may be more to start.
    pub(super) async fn start_next(&self) -> bool {
        let _changes = self.lock().await;
        self.give_places();
        let Some(gid) = self.starting.borrow_mut().pop_front() else { return false };
        // A client may have paused or removed it in the meantime.
        let Some(entry) = self.entry(gid).filter(|entry| entry.state == State::Active) else { return true };
        if let Err(Failed(code, message)) = self.start(entry).await
            && let Some(entry) = self.entry(gid)
        {
            self.notify(Notice::Error, gid);
            self.end(entry, Stop::Error { code, message });
            self.forget_surplus().await;
        }
        true
    }

    /// Has the engine transfer the file of a download that has a place.
    async fn start(&self, mut entry: Entry) -> Result<(), Failed> {
        let engine = self.queue.engine();
        if let Some(id) = entry.job_id() {
            let job = engine.job(id).await?;
            return self.resume(&job, entry).await;
        }
        let path = self.target(&entry).await?;
        if let Some(stopped) = self.stopped_at(&path) {
            if are_alike(&stopped, &entry) {
                return self.take_over(stopped, entry).await;
            }
            self.release(stopped).await?;
        }
        let path = if self.may_use(&entry, &path) { path } else { self.other_name(&entry, &path)? };
        self.folders.create_parent(&path).map_err(|sentence| Failed(error_code::NO_DIRECTORY, sentence))?;
        let job = engine.draft_job(&title(&path)).await?;
        configure(&job, &entry).await?;
        job.add_files([file(&entry, &path)]).await?;
        entry.path = Some(path);
        self.begin(&job, entry).await
    }

    /// Lets the queue keep a draft and run it. The list says before that the job may exist, and after that it does.
    async fn begin(&self, job: &Job, mut entry: Entry) -> Result<(), Failed> {
        entry.job = Some(JobLink { id: job.id().into(), stage: Stage::Drafted, foreign: false });
        self.put(entry.clone());
        self.flush().await?;
        job.resume().await?;
        job.keep().await?;
        if let Some(link) = &mut entry.job {
            link.stage = Stage::Kept;
        }
        self.put(entry);
        Ok(())
    }

    /// The path of a download, before it is compared with files and with other downloads.
    async fn target(&self, entry: &Entry) -> Result<PathBuf, Failed> {
        if let Some(path) = &entry.path {
            return Ok(path.clone());
        }
        if let Some(path) = self.expected_path(entry) {
            return Ok(path);
        }
        let url = entry.uris.first().map(|uri| encoded(uri)).unwrap_or_default();
        let name = self.queue.engine().suggest_file_name(&url).await?;
        Ok(self.directory(entry).join(name))
    }

    /// The path of a download whose name does not depend on its URL.
    pub fn expected_path(&self, entry: &Entry) -> Option<PathBuf> {
        let out = entry.options.get("out").map(String::as_str).filter(|out| !out.is_empty());
        let name = out.or_else(|| entry.metadata.as_ref().map(|metadata| metadata.name.as_str()))?;
        Some(self.directory(entry).join(name))
    }

    /// The directory of a download.
    pub fn directory(&self, entry: &Entry) -> PathBuf {
        let named = entry.options.get("dir").and_then(|directory| self.folders.directory(directory));
        named.unwrap_or_else(|| self.folders.default().to_owned())
    }

    /// Whether the download may have this path: no other one has it, and no file either, unless it may be replaced.
    fn may_use(&self, entry: &Entry, path: &Path) -> bool {
        let overwrites = entry.options.get("allow-overwrite").is_some_and(|value| value == "true");
        !self.is_used(entry.gid, path) && (overwrites || !self.folders.is_taken(path))
    }

    /// Whether the job of another download writes to this path.
    fn is_used(&self, gid: Gid, path: &Path) -> bool {
        let uses = |other: &Entry| other.gid != gid && other.job.is_some() && other.path.as_deref() == Some(path);
        self.book().entries().any(uses)
    }

    /// A free name like this one, `stem.N.ext`.
    fn other_name(&self, entry: &Entry, path: &Path) -> Result<PathBuf, Failed> {
        let renames = entry.options.get("auto-file-renaming").is_none_or(|value| value == "true");
        if !renames {
            return Err(if self.is_used(entry.gid, path) {
                Failed(error_code::SAME_FILE, "another download has this path; give another out or dir".into())
            } else {
                let remedy = "give another out, or set allow-overwrite or auto-file-renaming";
                Failed(error_code::FILE_EXISTS, format!("{} exists; {remedy}", path.display()))
            });
        }
        let names = (1..=LAST_NAME).map(|number| numbered(path, number));
        let mut free = names.filter(|name| self.may_use(entry, name) && self.stopped_at(name).is_none());
        free.next()
            .ok_or_else(|| Failed(error_code::FILE_EXISTS, format!("{} and its other names exist", path.display())))
    }

    /// The stopped download whose job still has this path, with the bytes that arrived.
    fn stopped_at(&self, path: &Path) -> Option<Entry> {
        let has = |entry: &&Entry| {
            entry.is_stopped() && !entry.is_foreign() && entry.job.is_some() && entry.path.as_deref() == Some(path)
        };
        self.book().entries().find(has).cloned()
    }

    /// Goes on with the job of a stopped download; clients of aria2 retry by adding the same URL and path again.
    async fn take_over(&self, mut stopped: Entry, mut entry: Entry) -> Result<(), Failed> {
        let Some(link) = stopped.job.take() else { return Ok(()) };
        let job = self.queue.engine().job(&link.id).await?;
        if let (Some(url), Some(mut files)) = (entry.uris.first(), job.files().await?.next(1).await.ok())
            && stopped.uris.first() != Some(url)
            && let Some(of_job) = files.pop()
        {
            of_job.set_remote_name(&encoded(url)).await?;
        }
        configure(&job, &entry).await?;
        entry.path = stopped.path.clone();
        entry.bytes = stopped.bytes;
        entry.total = stopped.total.or(entry.total);
        entry.job = Some(JobLink { stage: Stage::Kept, ..link });
        // In this order, so that the job leads to the new download.
        self.put(stopped);
        self.put(entry.clone());
        self.flush().await?;
        self.resume(&job, entry).await
    }

    /// Goes on with a job. If its file is here already, only its name is missing.
    async fn resume(&self, job: &Job, entry: Entry) -> Result<(), Failed> {
        if job.state().await? == JobState::Transferred {
            return Ok(self.complete(job, entry).await?);
        }
        Ok(job.resume().await?)
    }

    /// Drops the job of a stopped download, because a new one with other options has its path.
    async fn release(&self, mut stopped: Entry) -> Result<(), Failed> {
        if let Some(link) = stopped.job.take() {
            match self.queue.engine().job(&link.id).await {
                Ok(job) => drop(job.cancel().await?),
                Err(Error::Failed(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.put(stopped);
        Ok(())
    }
}

/// `stem.N.ext`: the extension begins at the last dot, unless that is the first character.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().map(|extension| format!(".{}", extension.to_string_lossy())).unwrap_or_default();
    path.with_file_name(format!("{stem}.{number}{extension}"))
}

/// The name of the job in the queue.
fn title(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().chars().take(LONGEST_TITLE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_before_the_extension() {
        for (name, expected) in [("a.tar.gz", "a.tar.1.gz"), ("a", "a.1"), (".hidden", ".hidden.1"), ("a.", "a.1.")] {
            assert_eq!(numbered(&Path::new("/d").join(name), 1), Path::new("/d").join(expected));
        }
    }
}
