//! The three files of a download: the target, the partial file `NAME.part`, and its journal `NAME.haul`.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use haul_core::border::input::{DiskDone, Opened, PartialFacts, TargetFacts};
use haul_core::border::output::{DigestSubject, DiskOperation};
use haul_core::content::range::ByteRange;
use haul_core::failure::{Cause, DiskCause};
use haul_core::settings::durability::Durability;
use wasip2::clocks::wall_clock::{self, Datetime};
use wasip2::filesystem::types::{
    Advice, Descriptor, DescriptorFlags, DescriptorStat, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};
use wasip2::io::streams::OutputStream;

use super::journal::read_journal;
use super::paths::{Grants, Place};
use super::records::{Records, identity_at, identity_of};
use super::watch;

pub const PARTIAL: &str = ".part";

/// Suffix of the decrypted file until it is complete.
pub(super) const PLAIN: &str = ".haul.plain";

/// Bytes read at once, so that a call across the border costs little beside the copy.
const READ: u64 = 256 << 10;

/// Time until the ownership of the files is checked again, in nanoseconds: much less than the time after which another process takes over,
/// so that a lost file is never written for long.
const OWNED_FOR: u64 = 500_000_000;

pub struct Files {
    grants: Rc<Grants>,
    pub(super) place: Option<Rc<Place>>,
    pub(super) partial: Option<Descriptor>,
    pub(super) durability: Durability,
    /// Expected length of the partial file in bytes; 0 if the origin does not declare it.
    length: u64,
    /// Whether room is reserved behind the end of the partial file.
    has_room: bool,
    /// Whether there is, or may be, a journal on disk.
    pub(super) journaled: bool,
    /// The journal that this process wrote. If another file has its name, another process wrote that one.
    pub(super) journal: Option<Descriptor>,
    /// The last check that the files are this process's, in nanoseconds of the monotonic clock.
    owned_at: u64,
    /// Length and modification time of the partial file when this process closed it.
    left: Option<Written>,
    /// The path that `place` stands for.
    local_path: Option<String>,
    /// The decrypted file, once it exists.
    pub(super) plain: Option<Rc<Descriptor>>,
    /// The target's name, if it is not that of the place.
    renamed: Option<String>,
    records: Option<Rc<Records>>,
    /// Whether opening a partial file for writing locks it. If it does not, a file that grows counts as another process's.
    locking: bool,
}

impl Files {
    /// `locking`: the host locks partial files that are opened for writing.
    pub fn new(grants: Rc<Grants>, records: Option<Rc<Records>>, locking: bool) -> Self {
        Self {
            grants,
            records,
            place: None,
            partial: None,
            durability: Durability::Power,
            length: 0,
            has_room: false,
            journaled: false,
            journal: None,
            owned_at: 0,
            left: None,
            local_path: None,
            plain: None,
            renamed: None,
            locking,
        }
    }

    /// Sets the state in which this process left the partial file, if it is known.
    pub fn expect(&mut self, left: Option<Written>) {
        self.left = left.or(self.left);
    }

    /// The target's path, and the state in which the partial file is left.
    pub fn left(self) -> Option<(String, Written)> {
        let left =
            self.partial.as_ref().and_then(|partial| partial.stat().ok()).map(|found| written(&found)).or(self.left);
        Some((self.local_path?, left?))
    }

    pub fn do_operation(&mut self, operation: DiskOperation) -> DiskDone {
        let done = match operation {
            DiskOperation::Open { local_path, durability } => {
                let opened = self.open(&local_path, durability).map(DiskDone::Opened);
                opened.inspect_err(|_| self.partial = None)
            }
            DiskOperation::Begin { fresh, durability, length, .. } => self
                .begin(fresh, durability, length)
                .map(|()| DiskDone::Begun { now: Some(nanoseconds(wall_clock::now())) }),
            DiskOperation::Sync => self.sync().map(|modified| DiskDone::Synced { modified }),
            DiskOperation::Checksums { ranges } => self.checksums(&ranges).map(DiskDone::Checksums),
            DiskOperation::Name { name } => self.rename_target(&name).map(DiskDone::Named),
            DiskOperation::Cut { length } => self.cut(length).map(|()| DiskDone::Cut),
            DiskOperation::ReplaceJournal { bytes } => self.replace_journal(&bytes).map(|()| DiskDone::JournalWritten),
            DiskOperation::AppendJournal { offset, bytes } => {
                self.append_journal(offset, &bytes).map(|()| DiskDone::JournalWritten)
            }
            DiskOperation::Publish(publish) => self.publish(publish).map(|()| DiskDone::Published),
            DiskOperation::Discard => self.discard().map(|()| DiskDone::Discarded),
            DiskOperation::Close => {
                self.release_room();
                self.left = self.partial.as_ref().and_then(|partial| partial.stat().ok()).map(|found| written(&found));
                (self.partial, self.journal, self.plain) = (None, None, None);
                Ok(DiskDone::Closed)
            }
            DiskOperation::Digest { .. } | DiskOperation::Decrypt { .. } => Err(DiskCause::Io),
        };
        done.unwrap_or_else(|cause| DiskDone::Failed(Cause::Disk(cause)))
    }

    pub(super) fn place(&self) -> Result<Rc<Place>, DiskCause> {
        self.place.clone().ok_or(DiskCause::NotFound)
    }

    fn open(&mut self, local_path: &str, durability: Durability) -> Result<Opened, DiskCause> {
        let place = Rc::new(self.grants.place(local_path)?);
        self.place = Some(place.clone());
        self.local_path = Some(local_path.into());
        (self.partial, self.journal, self.renamed) = (None, None, None);
        create_parents(&place, durability)?;
        let partial = match stat(&place, PARTIAL)? {
            Some(found) if !self.is_as_left(&found) && watch::is_being_written(&place, &found) => {
                return Err(DiskCause::Busy);
            }
            Some(_) => self.take(&place)?,
            None => None,
        };
        let (journal, foreign) = match read_journal(&place) {
            // The host refuses a journal that others can write to.
            Err(DiskCause::Denied) => (Vec::new(), true),
            journal => (journal?, false),
        };
        self.journaled = partial.is_some() || !journal.is_empty() || foreign;
        Ok(Opened { target: self.target_at(&place, &file_name(&place, ""))?, partial, journal, foreign })
    }

    /// Whether the partial file is as it was when this process closed it.
    fn is_as_left(&self, found: &DescriptorStat) -> bool {
        self.left.is_some_and(|left| left == written(found))
    }

    /// Opens the partial file, which locks it if the host has locks; `None` if it has gone in the meantime.
    fn take(&mut self, place: &Place) -> Result<Option<PartialFacts>, DiskCause> {
        let partial = match self.open_to_write(place, OpenFlags::empty()) {
            Ok(partial) => partial,
            Err(DiskCause::NotFound) => return Ok(None),
            Err(cause) => return Err(cause),
        };
        let named = open_at(place, PARTIAL, OpenFlags::empty(), DescriptorFlags::READ);
        if !named.is_ok_and(|named| named.is_same_object(&partial)) {
            return Err(DiskCause::Busy);
        }
        let found = partial.stat().map_err(cause)?;
        if self.locking {
            self.partial = Some(partial);
        }
        Ok(Some(PartialFacts { length: found.size, modified: found.data_modification_timestamp.map(nanoseconds) }))
    }

    fn begin(&mut self, fresh: bool, durability: Durability, length: Option<u64>) -> Result<(), DiskCause> {
        let place = self.place()?;
        (self.durability, self.length) = (durability, length.unwrap_or_default());
        if fresh {
            self.partial = Some(self.create_partial(&place)?);
        } else if self.partial.is_none() {
            self.partial = Some(self.open_to_write(&place, OpenFlags::empty())?);
        }
        Ok(())
    }

    /// Creates a partial file. An existing one is replaced, unless another process holds it.
    fn create_partial(&mut self, place: &Place) -> Result<Descriptor, DiskCause> {
        let new = OpenFlags::CREATE | OpenFlags::EXCLUSIVE;
        if self.partial.is_none() {
            match self.open_to_write(place, new) {
                Err(DiskCause::TargetExists) => self.partial = Some(self.open_to_write(place, OpenFlags::empty())?),
                created => return created,
            }
        }
        remove(place, PARTIAL)?;
        self.partial = None;
        self.open_to_write(place, new)
            .map_err(|cause| if cause == DiskCause::TargetExists { DiskCause::Busy } else { cause })
    }

    fn open_to_write(&mut self, place: &Place, open: OpenFlags) -> Result<Descriptor, DiskCause> {
        let (file, is_locked) = open_locked(place, &file_name(place, PARTIAL), open)?;
        self.locking &= is_locked;
        Ok(file)
    }

    /// Changes the target's name to `name`, and returns the file that already has it.
    fn rename_target(&mut self, name: &str) -> Result<Option<TargetFacts>, DiskCause> {
        let place = self.place()?;
        let renamed = place.sibling(name);
        let found = self.target_at(&place, &renamed)?;
        self.renamed = Some(renamed);
        Ok(found)
    }

    fn target_at(&self, place: &Place, name: &str) -> Result<Option<TargetFacts>, DiskCause> {
        let Some(found) = stat_name(place, name)? else { return Ok(None) };
        let record = self.records.as_ref().and_then(|records| records.of(&identity_at(place, name, &found)?));
        Ok(Some(TargetFacts { length: found.size, record }))
    }

    /// Stores the record of the partial file, which has its name now. If that fails, a later run does not recognise the file, but its bytes
    /// are right.
    pub(super) fn record(&self, record: Vec<u8>) {
        let identity = self.partial.as_ref().filter(|_| !record.is_empty()).and_then(identity_of);
        if let (Some(records), Some(identity)) = (&self.records, identity) {
            let _ = records.put(identity, record);
        }
    }

    fn checksums(&self, ranges: &[ByteRange]) -> Result<Vec<u32>, DiskCause> {
        let partial = self.partial.as_ref().ok_or(DiskCause::NotFound)?;
        ranges.iter().map(|range| checksum(partial, *range)).collect()
    }

    /// The target's name in the place's directory.
    pub(super) fn target_name(&self, place: &Place) -> String {
        self.renamed.clone().unwrap_or_else(|| file_name(place, ""))
    }

    fn cut(&self, length: u64) -> Result<(), DiskCause> {
        self.partial.as_ref().ok_or(DiskCause::NotFound)?.set_size(length).map_err(cause)
    }

    /// A stream that writes the partial file from `offset` on.
    pub fn write_at(&self, offset: u64) -> Result<OutputStream, DiskCause> {
        let partial = self.partial.as_ref().ok_or(DiskCause::NotFound)?;
        partial.write_via_stream(offset).map_err(cause)
    }

    /// Asks the host to reserve room for the next bytes, at most `length` of them.
    pub fn reserve(&mut self, offset: u64, length: u64) {
        let length = length.min(self.length.saturating_sub(offset));
        if let Some(partial) = self.partial.as_ref().filter(|_| length > 0) {
            let _ = partial.advise(offset, length, Advice::WillNeed);
            self.has_room = true;
        }
    }

    /// Asks the host to release reserved room that was not used.
    fn release_room(&mut self) {
        if let Some(partial) = self.partial.as_ref().filter(|_| self.has_room) {
            let _ = partial.advise(0, 0, Advice::NoReuse);
        }
        self.has_room = false;
    }

    /// Asks the host to start writing bytes to the disk, so that the next sync finds little to do.
    pub fn write_back(&self, offset: u64, length: u64) {
        if let (Some(partial), Durability::Power) = (&self.partial, self.durability) {
            let _ = partial.advise(offset, length, Advice::DontNeed);
        }
    }

    /// Syncs the partial file, and returns its modification time in nanoseconds since 1970-01-01 UTC.
    fn sync(&self) -> Result<Option<u64>, DiskCause> {
        let Some(partial) = &self.partial else { return Ok(None) };
        if self.durability == Durability::Power {
            partial.sync_data().map_err(cause)?;
        }
        let found = partial.stat().map_err(cause)?;
        Ok(found.data_modification_timestamp.map(nanoseconds))
    }

    /// [`DiskCause::Busy`] if another process has started the same target anew. This process must not vouch for the other's file.
    pub(super) fn require_own_partial(&self, place: &Place) -> Result<(), DiskCause> {
        let own = self.partial.as_ref().ok_or(DiskCause::NotFound)?;
        let named = open_at(place, PARTIAL, OpenFlags::empty(), DescriptorFlags::READ);
        let same = named.is_ok_and(|named| named.is_same_object(own));
        if same && self.owns_journal(place) { Ok(()) } else { Err(DiskCause::Busy) }
    }

    /// Checks ownership before a write if the last check is too old: without locks, a process that paused may have lost its files to
    /// another.
    pub fn require_own(&mut self, now: u64) -> Result<(), DiskCause> {
        if self.locking || now.saturating_sub(self.owned_at) < OWNED_FOR {
            return Ok(());
        }
        let place = self.place()?;
        self.require_own_partial(&place)?;
        self.owned_at = now;
        Ok(())
    }

    /// Makes new names in the place's directory survive a power loss.
    pub(super) fn sync_directory(&self, place: &Place) -> Result<(), DiskCause> {
        if self.durability == Durability::Process {
            return Ok(());
        }
        sync_parent(place)
    }

    /// Removes the files of this download: those that were found when it was opened, and those that it created.
    fn discard(&mut self) -> Result<(), DiskCause> {
        let Some(place) = self.place.clone() else { return Ok(()) };
        if self.partial.is_none() {
            match self.open_to_write(&place, OpenFlags::empty()) {
                Ok(partial) if self.journaled => self.partial = Some(partial),
                Err(DiskCause::NotFound) if self.journaled => {}
                _ => return Ok(()),
            }
        }
        self.plain = None;
        let foreign = self.partial.is_some() && self.require_own_partial(&place).is_err();
        (self.partial, self.journal) = (None, None);
        if foreign {
            return Ok(());
        }
        self.remove_journal(&place)?;
        remove(&place, PLAIN)?;
        remove(&place, PARTIAL)
    }

    /// The partial file for reading, and a new file for its plain bytes.
    pub fn for_decryption(&mut self) -> Result<(Descriptor, Rc<Descriptor>), DiskCause> {
        let place = self.place()?;
        self.require_own_partial(&place)?;
        let encrypted = open_at(&place, PARTIAL, OpenFlags::empty(), DescriptorFlags::READ)?;
        remove(&place, PLAIN)?;
        let access = DescriptorFlags::READ | DescriptorFlags::WRITE;
        let plain = Rc::new(open_at(&place, PLAIN, OpenFlags::CREATE | OpenFlags::EXCLUSIVE, access)?);
        self.plain = Some(plain.clone());
        Ok((encrypted, plain))
    }

    /// The suffix, until the rename, of the file that will become the target.
    pub(super) const fn finished(&self) -> &'static str {
        if self.plain.is_some() { PLAIN } else { PARTIAL }
    }

    /// The path of the partial file under the host's name for its directory.
    pub fn partial_path(&self) -> Option<String> {
        self.place.as_ref().map(|place| place.host_path(&file_name(place, PARTIAL)))
    }

    /// The file to digest, opened for reading, and its path under the host's name for its directory.
    pub fn for_digest(&self, subject: DigestSubject) -> Result<(Descriptor, String), DiskCause> {
        let place = self.place()?;
        let name = match subject {
            DigestSubject::Partial => file_name(&place, self.finished()),
            DigestSubject::Target => self.target_name(&place),
        };
        let file = open_name(&place, &name, OpenFlags::empty(), DescriptorFlags::READ)?;
        Ok((file, place.host_path(&name)))
    }
}

/// Reads a file from its first byte, at most `most` bytes.
pub(super) fn read_all(file: &Descriptor, most: u64) -> Result<Vec<u8>, DiskCause> {
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < most {
        let at = bytes.len() as u64;
        let (part, end) = file.read(READ.min(most - at), at).map_err(cause)?;
        let done = end || part.is_empty();
        bytes.extend(part);
        if done {
            break;
        }
    }
    Ok(bytes)
}

/// Reads a file from `at` to its end.
pub(super) fn read_parts(
    file: &Descriptor,
    mut at: u64,
    mut take: impl FnMut(&[u8]) -> Result<(), DiskCause>,
) -> Result<(), DiskCause> {
    loop {
        let (part, end) = file.read(READ, at).map_err(cause)?;
        at += part.len() as u64;
        take(&part)?;
        if end || part.is_empty() {
            return Ok(());
        }
    }
}

pub(super) fn write_all(file: &Descriptor, offset: u64, bytes: &[u8]) -> Result<(), DiskCause> {
    let mut written = 0;
    while written < bytes.len() {
        let count = file.write(&bytes[written..], offset + written as u64).map_err(cause)?;
        if count == 0 {
            return Err(DiskCause::NoSpace);
        }
        written += count as usize;
    }
    Ok(())
}

/// Makes new names in a place's directory survive a power loss.
pub(super) fn sync_parent(place: &Place) -> Result<(), DiskCause> {
    sync_directory(place, place.parent())
}

/// Syncs the directory `name` in the granted one; `None` is the granted one itself.
fn sync_directory(place: &Place, name: Option<&str>) -> Result<(), DiskCause> {
    // A host may sync only directories that were opened, so the granted one is opened too.
    let (name, flags) = (name.unwrap_or("."), OpenFlags::DIRECTORY);
    let opened = place.directory.open_at(PathFlags::empty(), name, flags, DescriptorFlags::READ);
    opened.and_then(|directory| directory.sync()).map_err(cause)
}

pub(super) fn file_name(place: &Place, suffix: &str) -> String {
    format!("{}{suffix}", place.name)
}

pub(super) fn open_at(
    place: &Place,
    suffix: &str,
    open: OpenFlags,
    access: DescriptorFlags,
) -> Result<Descriptor, DiskCause> {
    open_name(place, &file_name(place, suffix), open, access)
}

pub(super) fn open_name(
    place: &Place,
    name: &str,
    open: OpenFlags,
    access: DescriptorFlags,
) -> Result<Descriptor, DiskCause> {
    place.directory.open_at(PathFlags::empty(), name, open, access).map_err(cause)
}

/// Opens a file and returns whether the host locks it while it is open.
pub(super) fn open_locked(place: &Place, name: &str, open: OpenFlags) -> Result<(Descriptor, bool), DiskCause> {
    let access = DescriptorFlags::READ | DescriptorFlags::WRITE;
    match place.directory.open_at(PathFlags::empty(), name, open, access) {
        // The file system has no locks, and the host says so once for each open. It has created the file, so `EXCLUSIVE` would fail now.
        Err(ErrorCode::Unsupported) => {
            Ok((open_name(place, name, open & (open ^ OpenFlags::EXCLUSIVE), access)?, false))
        }
        opened => Ok((opened.map_err(cause)?, true)),
    }
}

pub(super) fn nanoseconds(time: Datetime) -> u64 {
    time.seconds.saturating_mul(1_000_000_000).saturating_add(time.nanoseconds.into())
}

/// Length of a file, and its modification time in nanoseconds since 1970-01-01 UTC.
pub type Written = (u64, Option<u64>);

fn written(found: &DescriptorStat) -> Written {
    (found.size, found.data_modification_timestamp.map(nanoseconds))
}

/// The CRC-32 of a part of a file. If the part reaches beyond the end of the file, it ends there.
fn checksum(file: &Descriptor, range: ByteRange) -> Result<u32, DiskCause> {
    let mut hasher = crc32fast::Hasher::new();
    let mut at = range.start;
    while at < range.end {
        let (part, end) = file.read(READ.min(range.end - at), at).map_err(cause)?;
        hasher.update(&part);
        at += part.len() as u64;
        if end || part.is_empty() {
            break;
        }
    }
    Ok(hasher.finalize())
}

/// `None` if nothing has the name.
///
/// # Errors
///
/// [`DiskCause::NotAFile`] for a directory, a symbolic link or another special file.
pub(super) fn stat(place: &Place, suffix: &str) -> Result<Option<DescriptorStat>, DiskCause> {
    stat_name(place, &file_name(place, suffix))
}

pub(super) fn stat_name(place: &Place, name: &str) -> Result<Option<DescriptorStat>, DiskCause> {
    match place.directory.stat_at(PathFlags::empty(), name) {
        Ok(found) if found.type_ == DescriptorType::RegularFile => Ok(Some(found)),
        Ok(_) => Err(DiskCause::NotAFile),
        Err(ErrorCode::NoEntry) => Ok(None),
        Err(other) => Err(cause(other)),
    }
}

pub(super) fn remove(place: &Place, suffix: &str) -> Result<(), DiskCause> {
    match place.directory.unlink_file_at(&file_name(place, suffix)) {
        Ok(()) | Err(ErrorCode::NoEntry) => Ok(()),
        Err(other) => Err(cause(other)),
    }
}

/// Creates the missing parent directories of a place. Each is synced into its parent at once, because syncing a file does not sync the
/// names of the directories above it.
pub(super) fn create_parents(place: &Place, durability: Durability) -> Result<(), DiskCause> {
    let Some(parent) = place.parent() else { return Ok(()) };
    let ends = parent.match_indices('/').map(|(end, _)| end).chain([parent.len()]);
    for directory in ends.map(|end| &parent[..end]) {
        match place.directory.create_directory_at(directory) {
            Ok(()) if durability == Durability::Power => {
                sync_directory(place, directory.rsplit_once('/').map(|(above, _)| above))?;
            }
            Ok(()) | Err(ErrorCode::Exist) => {}
            Err(other) => return Err(cause(other)),
        }
    }
    Ok(())
}

pub fn cause(code: ErrorCode) -> DiskCause {
    match code {
        ErrorCode::InsufficientSpace => DiskCause::NoSpace,
        ErrorCode::Quota => DiskCause::QuotaExceeded,
        ErrorCode::ReadOnly => DiskCause::ReadOnly,
        ErrorCode::Access | ErrorCode::NotPermitted => DiskCause::Denied,
        ErrorCode::NoEntry => DiskCause::NotFound,
        ErrorCode::Exist => DiskCause::TargetExists,
        ErrorCode::IsDirectory | ErrorCode::NotDirectory | ErrorCode::Loop => DiskCause::NotAFile,
        ErrorCode::NameTooLong | ErrorCode::Invalid | ErrorCode::IllegalByteSequence => DiskCause::InvalidName,
        ErrorCode::Busy | ErrorCode::TextFileBusy => DiskCause::Busy,
        _ => DiskCause::Io,
    }
}
