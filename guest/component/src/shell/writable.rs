//! Whether files can be made in a directory: tried once for each.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};

use haul_core::failure::DiskCause;
use wasip2::filesystem::types::{DescriptorFlags, OpenFlags};
use wasip2::random::random::get_random_u64;

use super::disk::{cause, open_name};
use super::paths::Grants;

/// Directories that are remembered at most.
const MOST: usize = 10_000;

#[derive(Default)]
pub struct Writable {
    known: BTreeSet<String>,
}

impl Writable {
    /// # Errors
    ///
    /// Those of [`Grants::place`], and why no file can be made in the directory of `path`, or in the first one above it that is there.
    pub fn require(&mut self, grants: &Grants, path: &str) -> Result<(), DiskCause> {
        let place = grants.place(path)?;
        let directory = place.host_path(place.parent().unwrap_or_default());
        if self.known.contains(&directory) {
            return Ok(());
        }
        let mut parent = place.parent().map(ToString::to_string);
        let number = get_random_u64();
        loop {
            let name = parent.as_ref().map_or_else(String::new, |parent| format!("{parent}/"))
                + &format!(".haul-{number:016x}");
            let flags = OpenFlags::CREATE | OpenFlags::EXCLUSIVE;
            match open_name(&place, &name, flags, DescriptorFlags::WRITE) {
                Ok(_) => {
                    place.directory.unlink_file_at(&name).map_err(cause)?;
                    break;
                }
                // It is made when the transfer begins.
                Err(DiskCause::NotFound) if parent.is_some() => {
                    parent = parent.and_then(|parent| Some(parent.rsplit_once('/')?.0.into()));
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
