//! The rename of a complete file to its target. A file is replaced only if the caller allows it.

use haul_core::border::output::Publish;
use haul_core::failure::DiskCause;
use wasip2::clocks::wall_clock::Datetime;
use wasip2::filesystem::types::{ErrorCode, NewTimestamp, PathFlags};

use super::disk::{Files, PARTIAL, PLAIN, cause, file_name, remove, stat_name};
use super::paths::Place;

impl Files {
    pub(super) fn publish(&mut self, publish: Publish) -> Result<(), DiskCause> {
        let place = self.place()?;
        if publish.present {
            return self.remove_leftovers(&place);
        }
        self.require_own_partial(&place)?;
        self.cut_to(publish.length)?;
        if let Some(seconds) = publish.modified {
            self.set_modified(seconds);
        }
        if publish.overwrite {
            let (finished, target) = (file_name(&place, self.finished()), self.target_name(&place));
            place.directory.rename_at(&finished, &place.directory, &target).map_err(cause)?;
        } else {
            name_exclusively(&place, self.finished(), &self.target_name(&place))?;
        }
        if self.plain.take().is_some() {
            let _ = remove(&place, PARTIAL);
        }
        self.record(publish.record);
        self.partial = None;
        // The file has its name now, and keeps it even if a later step fails.
        let _ = self.sync_directory(&place);
        if self.owns_journal(&place) {
            let _ = self.remove_journal(&place);
        }
        Ok(())
    }

    /// Cuts the partial file to the length of the content.
    fn cut_to(&self, length: u64) -> Result<(), DiskCause> {
        let partial = self.plain.as_deref().or(self.partial.as_ref()).ok_or(DiskCause::NotFound)?;
        match partial.stat().map_err(cause)?.size {
            size if size == length => Ok(()),
            size if size > length => partial.set_size(length).map_err(cause),
            _ => Err(DiskCause::Io),
        }
    }

    /// Sets the modification time. Errors are ignored: not every file system can hold every time, and the content is right without it.
    fn set_modified(&self, seconds: u64) {
        if let Some(partial) = self.plain.as_deref().or(self.partial.as_ref()) {
            let time = NewTimestamp::Timestamp(Datetime { seconds, nanoseconds: 0 });
            let _ = partial.set_times(NewTimestamp::NoChange, time);
        }
    }

    fn remove_leftovers(&mut self, place: &Place) -> Result<(), DiskCause> {
        (self.partial, self.plain) = (None, None);
        remove(place, PLAIN)?;
        remove(place, PARTIAL)?;
        self.remove_journal(place)
    }
}

/// Names the file by a hard link, which fails if the name is taken; a rename would replace that file. If the file system has no hard links,
/// the name is checked before a rename.
fn name_exclusively(place: &Place, finished: &str, target: &str) -> Result<(), DiskCause> {
    let partial = file_name(place, finished);
    match place.directory.link_at(PathFlags::empty(), &partial, &place.directory, target) {
        Ok(()) => {
            let _ = remove(place, finished);
            Ok(())
        }
        Err(ErrorCode::Unsupported | ErrorCode::NotPermitted | ErrorCode::Access | ErrorCode::TooManyLinks) => {
            if stat_name(place, target)?.is_some() {
                return Err(DiskCause::TargetExists);
            }
            place.directory.rename_at(&partial, &place.directory, target).map_err(cause)
        }
        Err(other) => Err(cause(other)),
    }
}
