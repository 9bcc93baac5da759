//! Missing directories above a target. They are created with the first file of a download, and removed with its last one if it is aborted.

use alloc::collections::BTreeSet;
use alloc::string::String;
use core::cell::RefCell;

use haul_core::failure::DiskCause;
use haul_core::settings::durability::Durability;
use wasip2::filesystem::types::ErrorCode;

use super::disk::{cause, sync_directory};
use super::paths::Place;

/// Most created directories that are remembered, so that memory is bounded. If there are more, all are forgotten, and stay.
const MOST: usize = 10_000;

/// The directories that this engine created and that no finished file has been put into.
#[derive(Default)]
pub struct Parents {
    created: RefCell<BTreeSet<String>>,
}

impl Parents {
    pub fn create(&self, place: &Place, durability: Durability) -> Result<(), DiskCause> {
        create_parents(place, durability, |directory| {
            let mut created = self.created.borrow_mut();
            if created.len() >= MOST {
                created.clear();
            }
            created.insert(place.host_path(directory));
        })
    }

    /// Removes the created directories above a file that was removed, the innermost first, up to one that has other files.
    pub fn remove(&self, place: &Place) {
        let mut created = self.created.borrow_mut();
        let mut parent = place.parent();
        while let Some(directory) = parent {
            let path = place.host_path(directory);
            if !created.contains(&path) || place.directory.remove_directory_at(directory).is_err() {
                return;
            }
            created.remove(&path);
            parent = directory.rsplit_once('/').map(|(above, _)| above);
        }
    }

    /// Leaves the directories above a finished file to the caller.
    pub fn keep(&self, place: &Place) {
        let mut created = self.created.borrow_mut();
        place.parents().for_each(|directory| {
            created.remove(&place.host_path(directory));
        });
    }
}

/// Creates the missing parent directories of a place and reports each. Each is synced into its parent at once, because syncing a file does
/// not sync the names of the directories above it.
pub fn create_parents(place: &Place, durability: Durability, mut created: impl FnMut(&str)) -> Result<(), DiskCause> {
    for directory in place.parents() {
        match place.directory.create_directory_at(directory) {
            Ok(()) => {
                created(directory);
                if durability == Durability::Power {
                    sync_directory(place, directory.rsplit_once('/').map(|(above, _)| above))?;
                }
            }
            Err(ErrorCode::Exist) => {}
            Err(other) => return Err(cause(other)),
        }
    }
    Ok(())
}
