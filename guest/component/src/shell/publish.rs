//! Giving the complete file its name, without ever replacing a file that may not be replaced.

use haul_core::failure::DiskCause;
use haul_core::output::Publish;
use wasip2::clocks::wall_clock::Datetime;
use wasip2::filesystem::types::{ErrorCode, NewTimestamp, PathFlags};

use super::disk::{Files, PARTIAL, cause, file_name, remove, stat};
use super::paths::Place;

impl Files {
    pub(super) fn publish(&mut self, publish: Publish) -> Result<(), DiskCause> {
        let place = self.place()?;
        if publish.present {
            return self.remove_leftovers(&place);
        }
        self.require_own_partial(&place)?;
        if let Some(seconds) = publish.modified {
            self.set_modified(seconds)?;
        }
        if publish.overwrite {
            let (partial, target) = (file_name(&place, PARTIAL), file_name(&place, ""));
            place.directory.rename_at(&partial, &place.directory, &target).map_err(cause)?;
        } else {
            name_exclusively(&place)?;
        }
        self.partial = None;
        self.sync_directory(&place)?;
        self.remove_journal(&place)
    }

    fn set_modified(&self, seconds: u64) -> Result<(), DiskCause> {
        let partial = self.partial.as_ref().ok_or(DiskCause::NotFound)?;
        let time = NewTimestamp::Timestamp(Datetime { seconds, nanoseconds: 0 });
        partial.set_times(NewTimestamp::NoChange, time).map_err(cause)
    }

    fn remove_leftovers(&mut self, place: &Place) -> Result<(), DiskCause> {
        self.partial = None;
        remove(place, PARTIAL)?;
        self.remove_journal(place)
    }
}

/// A hard link fails where the name is taken; a rename would replace. Where the file system has no hard links the name is
/// looked at first.
fn name_exclusively(place: &Place) -> Result<(), DiskCause> {
    let (partial, target) = (file_name(place, PARTIAL), file_name(place, ""));
    match place.directory.link_at(PathFlags::empty(), &partial, &place.directory, &target) {
        Ok(()) => remove(place, PARTIAL),
        Err(ErrorCode::Unsupported | ErrorCode::NotPermitted | ErrorCode::Access | ErrorCode::TooManyLinks) => {
            if stat(place, "")?.is_some() {
                return Err(DiskCause::TargetExists);
            }
            place.directory.rename_at(&partial, &place.directory, &target).map_err(cause)
        }
        Err(other) => Err(cause(other)),
    }
}
