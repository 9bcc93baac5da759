//! The ledger's file in the state directory, which one engine at a time may use.

use alloc::format;
use alloc::vec::Vec;

use haul_core::failure::{Cause, DiskCause};
use haul_core::ledger::Change;
use wasip2::filesystem::types::{Descriptor, DescriptorFlags, OpenFlags};

use super::disk::{self, create_parents, open_name, read_all, sync_parent, write_all};
use super::heartbeat::Heartbeat;
use super::paths::{Grants, Place};

const LEDGER: &str = "queue.haul";
const NEW_LEDGER: &str = "queue.haul.new";

/// Where a damaged ledger is kept for whoever wants to look at it.
const SET_ASIDE: &str = "queue.haul.damaged";

/// Drivers that lock files lock this one.
const LOCK: &str = "engine.lock";

pub struct LedgerFile {
    place: Place,
    file: Option<Descriptor>,
    /// What is held as long as the engine is open: the host's lock, or a sign of life in its place.
    hold: Hold,
}

enum Hold {
    Lock(#[expect(dead_code, reason = "it is held, not read")] Descriptor),
    Heartbeat(Heartbeat),
}

impl LedgerFile {
    /// Takes the directory, makes it where it is missing, and reads the ledger. `locking`: the host locks the lock file when it is
    /// opened.
    pub fn open(grants: &Grants, directory: &str, locking: bool) -> Result<(Self, Vec<u8>), DiskCause> {
        let place = grants.place(&format!("{}/{LEDGER}", directory.trim_end_matches('/')))?;
        create_parents(&place)?;
        let access = DescriptorFlags::READ | DescriptorFlags::WRITE;
        let lock = open_name(&place, &place.sibling(LOCK), OpenFlags::CREATE, access)?;
        let hold = if locking { Hold::Lock(lock) } else { Hold::Heartbeat(Heartbeat::take(lock)?) };
        let file = match open_name(&place, &place.name, OpenFlags::empty(), access) {
            Ok(file) => Some(file),
            Err(DiskCause::NotFound) => None,
            Err(cause) => return Err(cause),
        };
        let bytes = file.as_ref().map_or(Ok(Vec::new()), |file| read_all(file, u64::MAX))?;
        Ok((Self { place, file, hold }, bytes))
    }

    /// The sign of life, where one is given.
    pub const fn heartbeat(&mut self) -> Option<&mut Heartbeat> {
        match &mut self.hold {
            Hold::Lock(_) => None,
            Hold::Heartbeat(heartbeat) => Some(heartbeat),
        }
    }

    /// Moves a damaged ledger out of the way and puts `sound` in its place.
    pub fn set_aside(&mut self, sound: &[u8]) -> Result<(), DiskCause> {
        let new = self.write_new(sound)?;
        let aside = self.place.sibling(SET_ASIDE);
        self.place.directory.rename_at(&self.place.name, &self.place.directory, &aside).map_err(disk::cause)?;
        self.name(new)
    }

    /// Does all changes, and syncs once where one of them has to be safe.
    pub fn change(&mut self, changes: &[Change]) -> Result<(), Cause> {
        // What is written anew makes up for what came before it.
        let from = changes.iter().rposition(|change| matches!(change, Change::Replace(_))).unwrap_or(0);
        for change in &changes[from..] {
            match change {
                Change::Replace(bytes) => self.replace(bytes).map_err(Cause::Disk)?,
                Change::Append { offset, bytes, .. } => self.append(*offset, bytes).map_err(Cause::Disk)?,
            }
        }
        let must_be_safe = |change: &Change| !matches!(change, Change::Append { safe: false, .. });
        if !changes.iter().any(must_be_safe) {
            return Ok(());
        }
        let synced = self.file.as_ref().map_or(Ok(()), |file| file.sync_data().map_err(disk::cause));
        synced.map_err(Cause::Disk)
    }

    fn append(&self, offset: u64, bytes: &[u8]) -> Result<(), DiskCause> {
        let file = self.file.as_ref().ok_or(DiskCause::NotFound)?;
        file.set_size(offset).map_err(disk::cause)?;
        write_all(file, offset, bytes)
    }

    fn replace(&mut self, bytes: &[u8]) -> Result<(), DiskCause> {
        let new = self.write_new(bytes)?;
        self.name(new)
    }

    fn write_new(&self, bytes: &[u8]) -> Result<Descriptor, DiskCause> {
        let access = DescriptorFlags::READ | DescriptorFlags::WRITE;
        let flags = OpenFlags::CREATE | OpenFlags::TRUNCATE;
        let file = open_name(&self.place, &self.place.sibling(NEW_LEDGER), flags, access)?;
        write_all(&file, 0, bytes)?;
        file.sync_data().map_err(disk::cause)?;
        Ok(file)
    }

    /// Gives the new ledger its name.
    fn name(&mut self, file: Descriptor) -> Result<(), DiskCause> {
        let new = self.place.sibling(NEW_LEDGER);
        self.place.directory.rename_at(&new, &self.place.directory, &self.place.name).map_err(disk::cause)?;
        self.file = Some(file);
        sync_parent(&self.place)
    }
}
