//! One file of a job, in a compact form, because a job may have a hundred thousand.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use crate::failure::Cause;
use crate::layout::{RequestedRange, Wanted};
use crate::parse::decryption_info::DecryptionInfo;
use crate::parse::integrity_check_info::IntegrityCheckInfo;
use crate::parse::url::{Url, may_hold_secrets};
use crate::settings::transfer_options::TransferOptions;

/// Limit on a remote name, in characters: BITS has 2,200.
const LONGEST_URL: usize = 2200;

/// Limit on a file id, in bytes, because the account counts texts and the ledger stores them.
const LONGEST_ID: usize = 4096;

/// Limit on a local name, in bytes: PATH_MAX of Linux.
const LONGEST_PATH: usize = 4096;

/// Bytes charged for a file without special settings, in addition to its texts: measured as its memory in the component, rounded up.
const BARE: usize = 160;

/// A file to add to a job.
#[derive(Clone, Default, PartialEq)]
pub struct NewFile {
    /// The file's own id, if it has one.
    pub id: Option<String>,
    pub remote_name: Option<String>,
    pub local_name: Option<String>,
    /// Empty for the whole file.
    pub ranges: Vec<RequestedRange>,
    /// Length of the content in bytes.
    pub size: Option<u64>,
    pub options: Option<Box<TransferOptions>>,
}

/// Omits URLs, which may hold passwords, and the id, which may be a URL.
impl fmt::Debug for NewFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewFile").field("local_name", &self.local_name).finish_non_exhaustive()
    }
}

/// The reason why files could not be added to a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub cause: Cause,
    /// Local name of the file at fault, if the cause concerns one file.
    pub local_name: Option<String>,
}

impl From<Cause> for Refused {
    fn from(cause: Cause) -> Self {
        Self { cause, local_name: None }
    }
}

/// Progress of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// No request was made for it.
    Waiting,
    /// It had a turn and may have left files on disk.
    Begun,
    /// Fetching it failed.
    Failed(Cause),
    Transferred,
    /// The target was already the wanted file.
    Present,
    /// It has its final name.
    Named,
    /// Its job ended before it was transferred.
    Dropped,
}

impl Stage {
    pub const fn is_here(self) -> bool {
        matches!(self, Self::Transferred | Self::Present | Self::Named)
    }

    /// Whether bytes remain to be fetched.
    pub const fn is_wanted(self) -> bool {
        matches!(self, Self::Waiting | Self::Begun)
    }
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct JobFile {
    /// The file's own id, if it was given one; otherwise the remote name serves as the id.
    pub id: Option<Arc<str>>,
    pub remote_name: Option<Box<str>>,
    pub local_name: Option<Arc<str>>,
    /// Settings that most files do not have.
    special: Option<Box<Special>>,
    pub stage: Stage,
    /// Length of the local file in bytes; `u64::MAX` while it is unknown.
    total: u64,
    /// Written bytes of the local file.
    pub written: u64,
    /// Bytes received in all turns.
    pub received: u64,
    /// Duration of all turns in milliseconds.
    pub active: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Special {
    pub ranges: Vec<RequestedRange>,
    pub size: Option<u64>,
    pub integrity: Option<IntegrityCheckInfo>,
    pub integrity_mandatory: bool,
    pub decryption: Option<DecryptionInfo>,
    pub options: TransferOptions,
    /// The remote name was replaced after bytes of the file had been kept.
    pub renewed: bool,
}

/// See [`NewFile`].
impl fmt::Debug for JobFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("JobFile");
        shown.field("local_name", &self.local_name).field("stage", &self.stage).finish_non_exhaustive()
    }
}

impl JobFile {
    /// # Errors
    ///
    /// [`Cause::RemoteNameInvalid`], [`Cause::LocalNameInvalid`], [`Cause::FileIdInvalid`], [`Cause::TooManyRanges`],
    /// [`Cause::InvalidRange`], [`Cause::OverlappingRanges`]; [`Cause::NotSupported`] if the origin is to choose the name.
    pub fn new(file: &NewFile) -> Result<Self, Cause> {
        let options = file.options.as_deref().cloned().unwrap_or_default();
        if options.origin_names {
            return Err(Cause::NotSupported);
        }
        let remote_name = file.remote_name.as_deref().map(check_url).transpose()?;
        let local_name = file.local_name.as_deref().map(check_path).transpose()?;
        if file.id.as_ref().is_some_and(|id| !is_file_id(id)) {
            return Err(Cause::FileIdInvalid);
        }
        let wanted = Wanted::Ranges(file.ranges.clone());
        wanted.check().map_err(|cause| if cause == Cause::InvalidArgument { Cause::TooManyRanges } else { cause })?;
        let Wanted::Ranges(ranges) = wanted else { return Err(Cause::Engine) };
        let special = Special { ranges, size: file.size, options, ..Special::default() };
        let mut made = Self {
            id: file.id.as_deref().map(Into::into),
            remote_name,
            local_name,
            special: None,
            stage: Stage::Waiting,
            total: u64::MAX,
            written: 0,
            received: 0,
            active: 0,
        };
        made.set_special(special);
        Ok(made)
    }

    /// The error for a failed addition of this file.
    pub fn refused(&self, cause: Cause) -> Refused {
        Refused { cause, local_name: self.local_name.as_deref().map(Into::into) }
    }

    pub fn special(&self) -> Special {
        self.special.as_deref().cloned().unwrap_or_default()
    }

    pub fn set_special(&mut self, special: Special) {
        self.special = (special != Special::default()).then(|| Box::new(special));
    }

    /// The kept bytes now belong to the current remote name.
    pub fn forget_renewal(&mut self) {
        if let Some(special) = &mut self.special {
            special.renewed = false;
        }
    }

    /// The options of its transfer, if any were set.
    pub fn options(&self) -> Option<&TransferOptions> {
        self.special.as_ref().map(|special| &special.options)
    }

    /// Whether it must be fetched and has a path.
    pub const fn is_due(&self) -> bool {
        self.stage.is_wanted() && self.local_name.is_some()
    }

    pub fn ranges(&self) -> &[RequestedRange] {
        self.special.as_ref().map_or(&[], |special| &special.ranges)
    }

    pub fn wanted(&self) -> Wanted {
        match self.ranges() {
            [] => Wanted::Whole,
            ranges => Wanted::Ranges(ranges.to_vec()),
        }
    }

    /// Length of the local file in bytes, as found or as stated by the caller.
    pub fn total(&self) -> Option<u64> {
        let told =
            || self.special.as_ref().filter(|special| special.ranges.is_empty()).and_then(|special| special.size);
        Some(self.total).filter(|total| *total != u64::MAX).or_else(told)
    }

    pub const fn found_total(&mut self, total: u64) {
        self.total = total;
    }

    /// Whether the content is encrypted. Only the download of the file holds the decrypted bytes, so it must live until the rename.
    pub fn is_encrypted(&self) -> bool {
        self.special.as_ref().is_some_and(|special| special.decryption.is_some())
    }

    /// Whether a file at the target may be replaced.
    pub fn overwrites(&self) -> bool {
        self.special.as_ref().is_some_and(|special| special.options.overwrite)
    }

    /// Whether its record holds a secret: a key, or a URL that may contain one.
    pub fn has_secrets(&self) -> bool {
        let in_special = |special: &Special| {
            let pieces_file = special.integrity.iter().map(|info| &info.url);
            let mut urls = special.options.mirrors.iter().chain(pieces_file);
            special.decryption.is_some() || urls.any(|url| may_hold_secrets(url.as_str()))
        };
        let mut names = self.remote_name.as_deref().into_iter().chain(self.id.as_deref());
        names.any(may_hold_secrets) || self.special.as_deref().is_some_and(in_special)
    }

    /// Whether replacing this file with `new` leaves one of these secrets in an old record.
    pub fn has_secrets_other_than(&self, new: &Self) -> bool {
        self.has_secrets() && (&self.id, &self.remote_name, &self.special) != (&new.id, &new.remote_name, &new.special)
    }

    /// Bytes charged to the caller for this file.
    pub fn footprint(&self) -> usize {
        let texts = [self.id.as_deref(), self.remote_name.as_deref(), self.local_name.as_deref()];
        let special = self.special.as_ref().map_or(0, |special| special.footprint());
        BARE + texts.into_iter().flatten().map(str::len).sum::<usize>() + special
    }
}

impl Special {
    fn footprint(&self) -> usize {
        let options = &self.options;
        let urls = options.mirrors.iter().map(|url| url.as_str().len() + size_of::<Url>());
        let pieces = options.pieces.iter().map(|pieces| pieces.digests().len() * 96);
        let expected = options.expected.iter().map(|digest| digest.value.len() + 64);
        let integrity = self.integrity.iter().map(|info| info.url.as_str().len() + 256);
        size_of::<Self>()
            + size_of_val(self.ranges.as_slice())
            + urls.chain(pieces).chain(expected).chain(integrity).sum::<usize>()
    }
}

/// The normalized URL.
///
/// # Errors
///
/// [`Cause::RemoteNameInvalid`]
pub(crate) fn check_url(text: &str) -> Result<Box<str>, Cause> {
    let url = Url::parse(text).filter(|url| url.as_str().chars().count() <= LONGEST_URL);
    Ok(url.ok_or(Cause::RemoteNameInvalid)?.as_str().into())
}

/// # Errors
///
/// [`Cause::LocalNameInvalid`]
pub(crate) fn check_path(path: &str) -> Result<Arc<str>, Cause> {
    let sound = (1..=LONGEST_PATH).contains(&path.len()) && !path.contains('\0') && !path.ends_with('/');
    if sound { Ok(path.into()) } else { Err(Cause::LocalNameInvalid) }
}

fn is_file_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_graphic())
}
