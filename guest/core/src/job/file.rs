//! One file of a job, in as little memory as may be: a job may have a hundred thousand.

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

/// Longest remote name, in characters.
const LONGEST_URL: usize = 2200;

/// Longest file id, in bytes.
const LONGEST_ID: usize = 4096;

/// Longest local name, in bytes.
const LONGEST_PATH: usize = 4096;

/// Bytes that a file without anything special takes beside its texts.
const BARE: usize = 160;

/// A file to be added to a job.
#[derive(Clone, Default, PartialEq)]
pub struct NewFile {
    /// Where it has one of its own.
    pub id: Option<String>,
    pub remote_name: Option<String>,
    pub local_name: Option<String>,
    /// None for the whole file.
    pub ranges: Vec<RequestedRange>,
    /// Bytes of the content.
    pub size: Option<u64>,
    pub options: Option<Box<TransferOptions>>,
}

/// URLs may hold passwords, and an id may be one.
impl fmt::Debug for NewFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewFile").field("local_name", &self.local_name).finish_non_exhaustive()
    }
}

/// Why files could not be added to a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub cause: Cause,
    /// Of the file that it is about, where it is about one.
    pub local_name: Option<String>,
}

impl From<Cause> for Refused {
    fn from(cause: Cause) -> Self {
        Self { cause, local_name: None }
    }
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// Nothing of it was asked for.
    Waiting,
    /// It had its turn, and may have left files.
    Begun,
    /// It cannot be fetched.
    Failed(Cause),
    Transferred,
    /// It was at its target before.
    Present,
    /// It has its name.
    Named,
    /// Its job is over, and it was not here.
    Dropped,
}

impl Stage {
    pub const fn is_here(self) -> bool {
        matches!(self, Self::Transferred | Self::Present | Self::Named)
    }

    /// Whether bytes are to be fetched for it.
    pub const fn is_wanted(self) -> bool {
        matches!(self, Self::Waiting | Self::Begun)
    }
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct JobFile {
    /// Where it was given one of its own; else the remote name is its id.
    pub id: Option<Arc<str>>,
    pub remote_name: Option<Box<str>>,
    pub local_name: Option<Arc<str>>,
    /// What most files do not have.
    special: Option<Box<Special>>,
    pub stage: Stage,
    /// Bytes of the local file; `u64::MAX` while they are not known.
    total: u64,
    /// Bytes of it that are written.
    pub written: u64,
    /// Bytes received by all turns.
    pub received: u64,
    /// Milliseconds of all turns.
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
    /// The remote name was replaced while something was here.
    pub renewed: bool,
}

/// As [`NewFile`].
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
    /// [`Cause::InvalidRange`], [`Cause::OverlappingRanges`], [`Cause::NotSupported`] for a name of the origin's.
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

    /// Why it cannot be added.
    pub fn refused(&self, cause: Cause) -> Refused {
        Refused { cause, local_name: self.local_name.as_deref().map(Into::into) }
    }

    pub fn special(&self) -> Special {
        self.special.as_deref().cloned().unwrap_or_default()
    }

    pub fn set_special(&mut self, special: Special) {
        self.special = (special != Special::default()).then(|| Box::new(special));
    }

    /// What is here is what its remote name serves.
    pub fn forget_renewal(&mut self) {
        if let Some(special) = &mut self.special {
            special.renewed = false;
        }
    }

    /// What was chosen for its transfer, where anything was.
    pub fn options(&self) -> Option<&TransferOptions> {
        self.special.as_ref().map(|special| &special.options)
    }

    /// Whether it is to be fetched, and can be.
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

    /// Bytes of the local file: found out, or told by the caller.
    pub fn total(&self) -> Option<u64> {
        let told =
            || self.special.as_ref().filter(|special| special.ranges.is_empty()).and_then(|special| special.size);
        Some(self.total).filter(|total| *total != u64::MAX).or_else(told)
    }

    pub const fn found_total(&mut self, total: u64) {
        self.total = total;
    }

    /// Whether its bytes have to be decrypted, so that they cannot be left alone before they have their name.
    pub fn is_encrypted(&self) -> bool {
        self.special.as_ref().is_some_and(|special| special.decryption.is_some())
    }

    /// Whether a file at the target may be replaced.
    pub fn overwrites(&self) -> bool {
        self.special.as_ref().is_some_and(|special| special.options.overwrite)
    }

    /// Whether its record holds a secret: in a URL, or a key.
    pub fn has_secrets(&self) -> bool {
        let in_special = |special: &Special| {
            let pieces_file = special.integrity.iter().map(|info| &info.url);
            let mut urls = special.options.mirrors.iter().chain(pieces_file);
            special.decryption.is_some() || urls.any(|url| may_hold_secrets(url.as_str()))
        };
        let mut names = self.remote_name.as_deref().into_iter().chain(self.id.as_deref());
        names.any(may_hold_secrets) || self.special.as_deref().is_some_and(in_special)
    }

    /// Whether `new` replaces one of these secrets.
    pub fn has_secrets_other_than(&self, new: &Self) -> bool {
        self.has_secrets() && (&self.id, &self.remote_name, &self.special) != (&new.id, &new.remote_name, &new.special)
    }

    /// Bytes that its caller's account has for it.
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

/// The URL as it is kept.
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
