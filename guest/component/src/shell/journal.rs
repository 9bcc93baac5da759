//! The journal beside a partial file.

use alloc::vec::Vec;

use haul_core::failure::DiskCause;
use haul_core::settings::durability::Durability;
use wasip2::filesystem::types::{Descriptor, DescriptorFlags, DescriptorStat, OpenFlags};

use super::disk::{Files, cause, file_name, open_at, read_all, remove, stat, write_all};
use super::paths::Place;

const JOURNAL: &str = ".haul";
const NEW_JOURNAL: &str = ".haul.new";

/// Longest journal that is read, in bytes, so that a foreign file of this name cannot fill the memory; the engine rewrites its own at 64
/// KiB.
const MAX_JOURNAL: u64 = 4 << 20;

impl Files {
    /// Whether the journal is the one that this process wrote; also `true` if it wrote none.
    pub(super) fn owns_journal(&self, place: &Place) -> bool {
        self.journal.as_ref().is_none_or(|own| {
            // Opened for writing: if others can write to a journal, the host refuses to open it for reading, so that it is not resumed.
            let named = open_at(place, JOURNAL, OpenFlags::empty(), DescriptorFlags::WRITE);
            named.is_ok_and(|named| named.is_same_object(own))
        })
    }

    /// Removes the journal, so that it does not vouch for the partial file any more, even after a power loss.
    pub(super) fn remove_journal(&mut self, place: &Place) -> Result<(), DiskCause> {
        if core::mem::take(&mut self.journaled) {
            remove(place, NEW_JOURNAL)?;
            remove(place, JOURNAL)?;
            self.sync_directory(place)?;
        }
        Ok(())
    }

    pub(super) fn replace_journal(&mut self, bytes: &[u8]) -> Result<(), DiskCause> {
        let place = self.place()?;
        self.require_own_partial(&place)?;
        self.journaled = true;
        let journal = open_at(&place, NEW_JOURNAL, OpenFlags::CREATE | OpenFlags::TRUNCATE, DescriptorFlags::WRITE)?;
        self.write_journal(&journal, 0, bytes)?;
        let (old, new) = (file_name(&place, NEW_JOURNAL), file_name(&place, JOURNAL));
        place.directory.rename_at(&old, &place.directory, &new).map_err(cause)?;
        self.journal = Some(journal);
        self.sync_directory(&place)
    }

    pub(super) fn append_journal(&self, offset: u64, bytes: &[u8]) -> Result<(), DiskCause> {
        let place = self.place()?;
        self.require_own_partial(&place)?;
        let journal = open_at(&place, JOURNAL, OpenFlags::empty(), DescriptorFlags::WRITE)?;
        journal.set_size(offset).map_err(cause)?;
        self.write_journal(&journal, offset, bytes)
    }

    fn write_journal(&self, journal: &Descriptor, offset: u64, bytes: &[u8]) -> Result<(), DiskCause> {
        write_all(journal, offset, bytes)?;
        match self.durability {
            Durability::Power => journal.sync_data().map_err(cause),
            Durability::Process => Ok(()),
        }
    }
}

pub(super) fn read_journal(place: &Place) -> Result<Vec<u8>, DiskCause> {
    let Some(DescriptorStat { size: length, .. }) = stat(place, JOURNAL)? else { return Ok(Vec::new()) };
    let journal = open_at(place, JOURNAL, OpenFlags::empty(), DescriptorFlags::READ)?;
    read_all(&journal, length.min(MAX_JOURNAL))
}
