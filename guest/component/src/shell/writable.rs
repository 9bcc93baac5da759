//! The check that files can be created in a directory, done once for each.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};

use haul_core::failure::DiskCause;
use wasip2::filesystem::types::{DescriptorFlags, ErrorCode, OpenFlags};

use super::disk::{cause, open_name};
use super::paths::{Grants, Place};

/// Most directories that are remembered, so that the memory is bounded.
const MOST: usize = 10_000;

/// Names of the probe file. There are few, so that few files stay in a directory that allows creation but not removal. There is more than
/// one, so that a file that another user left does not block the check.
const PROBES: [&str; 4] = [".haul-probe", ".haul-probe-2", ".haul-probe-3", ".haul-probe-4"];

#[derive(Default)]
pub struct Writable {
    known: BTreeSet<String>,
}

impl Writable {
    /// # Errors
    ///
    /// Those of [`Grants::place`], and the cause if no file can be created in the directory of `path` or, if it is missing, in its first
    /// existing parent.
    pub fn require(&mut self, grants: &Grants, path: &str) -> Result<(), DiskCause> {
        let place = grants.place(path)?;
        let directory = place.host_path(place.parent().unwrap_or_default());
        if self.known.contains(&directory) {
            return Ok(());
        }
        let mut parent = place.parent();
        loop {
            match probe(&place, parent) {
                Ok(()) => break,
                // The transfer will create this directory, so its parent is checked.
                Err(DiskCause::NotFound) if parent.is_some() => {
                    parent = parent.and_then(|parent| Some(parent.rsplit_once('/')?.0));
                }
                Err(DiskCause::NotAFile) => return Err(DiskCause::InvalidName),
                Err(cause) => return Err(cause),
            }
        }
        if self.known.len() >= MOST {
            self.known.clear();
        }
        self.known.insert(directory);
        Ok(())
    }
}

/// Creates a file in a directory and removes it. A file of an earlier check is removed too.
fn probe(place: &Place, directory: Option<&str>) -> Result<(), DiskCause> {
    for probe in PROBES {
        let name = directory.map_or_else(|| probe.to_string(), |directory| format!("{directory}/{probe}"));
        let remove = || match place.directory.unlink_file_at(&name) {
            // Another process that checks the directory may have removed it.
            Ok(()) | Err(ErrorCode::NoEntry) => Ok(()),
            Err(other) => Err(cause(other)),
        };
        match open_name(place, &name, OpenFlags::CREATE | OpenFlags::EXCLUSIVE, DescriptorFlags::WRITE) {
            Ok(_) => return remove(),
            Err(DiskCause::TargetExists) if remove().is_ok() => return Ok(()),
            Err(DiskCause::TargetExists) => {}
            Err(cause) => return Err(cause),
        }
    }
    Err(DiskCause::Denied)
}
