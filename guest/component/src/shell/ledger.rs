//! The ledger's file in the state directory, which one engine at a time may use.

use alloc::format;

use haul_core::border::output::LedgerChange;
use haul_core::engine::Engine;
use haul_core::failure::{Cause, DiskCause};
use haul_core::settings::durability::Durability;
use haul_core::store::ledger::Reader;
use wasip2::clocks::wall_clock;
use wasip2::filesystem::types::{Descriptor, DescriptorFlags, ErrorCode, OpenFlags};

use super::disk::{self, create_parents, open_locked, open_name, read_parts, sync_parent, write_all};
use super::heartbeat::Heartbeat;
use super::paths::{Grants, Place};

const LEDGER: &str = "queue.haul";
const NEW_LEDGER: &str = "queue.haul.new";

/// The unreadable end of a damaged ledger.
const SET_ASIDE: &str = "queue.haul.damaged";

/// Seconds for which it is kept: a month, so that a user can still send it with a report.
const SET_ASIDE_FOR: u64 = 30 * 24 * 3600;

/// The lock file. If the driver locks files, it locks this one.
const LOCK: &str = "engine.lock";

pub struct LedgerFile {
    place: Place,
    file: Option<Descriptor>,
    /// Length of the whole records in bytes. A failed write may have left bytes behind them.
    length: u64,
    /// The hold on the directory while the engine is open: the host's lock or, without locks, a heartbeat.
    hold: Hold,
}

enum Hold {
    Lock(#[expect(dead_code, reason = "it is held, not read")] Descriptor),
    Heartbeat(Heartbeat),
}

impl LedgerFile {
    /// Takes the directory, creates it if it is missing, and reads the ledger. `locking`: the host locks the lock file when it is opened.
    pub fn open(grants: &Grants, directory: &str, locking: bool) -> Result<(Self, Reader), DiskCause> {
        let place = grants.place(&format!("{}/{LEDGER}", directory.trim_end_matches('/')))?;
        create_parents(&place, Durability::Power)?;
        let access = DescriptorFlags::READ | DescriptorFlags::WRITE;
        let (lock, is_locked) = open_locked(&place, &place.sibling(LOCK), OpenFlags::CREATE)?;
        let hold = if locking && is_locked { Hold::Lock(lock) } else { Hold::Heartbeat(Heartbeat::take(lock)?) };
        let file = match open_name(&place, &place.name, OpenFlags::empty(), access) {
            Ok(file) => Some(file),
            Err(DiskCause::NotFound) => None,
            Err(cause) => return Err(cause),
        };
        let mut reader = Reader::default();
        if let Some(file) = &file {
            read_parts(file, 0, |part| {
                reader.feed(part);
                Ok(())
            })?;
        }
        let ledger = Self { length: reader.length(), place, file, hold };
        ledger.remove_leftovers()?;
        Ok((ledger, reader))
    }

    /// The heartbeat, if there is one.
    pub const fn heartbeat(&mut self) -> Option<&mut Heartbeat> {
        match &mut self.hold {
            Hold::Lock(_) => None,
            Hold::Heartbeat(heartbeat) => Some(heartbeat),
        }
    }

    /// Cuts the bytes of a torn record behind the last whole one, because they may hold secrets.
    pub fn cut_tail(&self) -> Result<(), DiskCause> {
        let Some(file) = &self.file else { return Ok(()) };
        let has_tail = file.stat().map_err(disk::cause)?.size > self.length;
        if has_tail { file.set_size(self.length).map_err(disk::cause) } else { Ok(()) }
    }

    /// Copies the bytes behind the first `sound` ones, which cannot be read, to a file, and replaces the ledger by one with the state of
    /// `core`.
    pub fn set_aside(&mut self, sound: u64, core: &mut Engine) -> Result<(), DiskCause> {
        let damaged = self.file.as_ref().ok_or(DiskCause::NotFound)?;
        let aside = self.create(SET_ASIDE)?;
        let mut length = 0;
        read_parts(damaged, sound, |part| append(&aside, &mut length, part))?;
        aside.sync_data().map_err(disk::cause)?;
        self.replace(core)
    }

    /// Writes all changes, and syncs once if one of them must be safe.
    pub fn change(&mut self, changes: &[LedgerChange], core: &mut Engine) -> Result<(), Cause> {
        // A ledger that is written anew holds all changes queued before it.
        let from = changes.iter().rposition(|change| matches!(change, LedgerChange::Replace)).unwrap_or(0);
        for change in &changes[from..] {
            match change {
                LedgerChange::Replace => {
                    self.replace(core).map_err(Cause::Disk)?;
                    // Unreadable records may hold secrets of jobs that have ended since.
                    if core.stores_nothing() {
                        self.remove(SET_ASIDE).map_err(Cause::Disk)?;
                    }
                }
                LedgerChange::Append { bytes, .. } => self.append(bytes).map_err(Cause::Disk)?,
            }
        }
        let must_be_safe = |change: &LedgerChange| !matches!(change, LedgerChange::Append { safe: false, .. });
        if !changes.iter().any(must_be_safe) {
            return Ok(());
        }
        let synced = self.file.as_ref().map_or(Ok(()), |file| file.sync_data().map_err(disk::cause));
        synced.map_err(Cause::Disk)
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), DiskCause> {
        let file = self.file.as_ref().ok_or(DiskCause::NotFound)?;
        file.set_size(self.length).map_err(disk::cause)?;
        append(file, &mut self.length, bytes)
    }

    fn replace(&mut self, core: &mut Engine) -> Result<(), DiskCause> {
        let file = self.create(NEW_LEDGER)?;
        let mut length = 0;
        core.write_ledger(|part| append(&file, &mut length, part))?;
        file.sync_data().map_err(disk::cause)?;
        let new = self.place.sibling(NEW_LEDGER);
        self.place.directory.rename_at(&new, &self.place.directory, &self.place.name).map_err(disk::cause)?;
        (self.file, self.length) = (Some(file), length);
        sync_parent(&self.place)
    }

    /// Removes files that may hold secrets of downloads and jobs and that are not needed: a ledger whose writing was interrupted, and
    /// unreadable records after a month.
    fn remove_leftovers(&self) -> Result<(), DiskCause> {
        self.remove(NEW_LEDGER)?;
        let found = disk::stat_name(&self.place, &self.place.sibling(SET_ASIDE))?;
        let written = found.and_then(|found| found.data_modification_timestamp).map(|time| time.seconds);
        let is_old = written.is_some_and(|then| then.saturating_add(SET_ASIDE_FOR) < wall_clock::now().seconds);
        if is_old { self.remove(SET_ASIDE) } else { Ok(()) }
    }

    fn remove(&self, name: &str) -> Result<(), DiskCause> {
        match self.place.directory.unlink_file_at(&self.place.sibling(name)) {
            Ok(()) | Err(ErrorCode::NoEntry) => Ok(()),
            Err(code) => Err(disk::cause(code)),
        }
    }

    fn create(&self, name: &str) -> Result<Descriptor, DiskCause> {
        let access = DescriptorFlags::READ | DescriptorFlags::WRITE;
        open_name(&self.place, &self.place.sibling(name), OpenFlags::CREATE | OpenFlags::TRUNCATE, access)
    }
}

fn append(file: &Descriptor, length: &mut u64, bytes: &[u8]) -> Result<(), DiskCause> {
    write_all(file, *length, bytes)?;
    *length += bytes.len() as u64;
    Ok(())
}
