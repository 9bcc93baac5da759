//! Resolution of local paths to a granted directory and a name inside it.

use alloc::format;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use haul_core::failure::DiskCause;
use wasip2::filesystem::preopens::get_directories;
use wasip2::filesystem::types::{Descriptor, DescriptorFlags, OpenFlags, PathFlags};

use super::disk::read_all;

/// The directories that the host granted, under the host's names for them.
pub struct Grants {
    directories: Vec<(Vec<String>, String, Rc<Descriptor>)>,
    /// The engine's own directories: no download may touch them.
    reserved: Vec<Vec<String>>,
}

/// A path inside a granted directory.
pub struct Place {
    pub directory: Rc<Descriptor>,
    /// The host's name of the directory.
    grant: String,
    /// Components joined by `/`; relative to the directory, not empty.
    pub name: String,
}

impl Place {
    /// The path of `name` in the directory, under the host's name for the directory.
    pub fn host_path(&self, name: &str) -> String {
        let mut path = self.grant.trim_end_matches('/').to_string();
        path.push('/');
        path.push_str(name);
        path
    }

    /// The name of another file in the same place.
    pub fn sibling(&self, name: &str) -> String {
        self.parent().map_or_else(|| name.into(), |parent| format!("{parent}/{name}"))
    }

    /// The part of the name before the last `/`; `None` for a name in the directory itself.
    pub fn parent(&self) -> Option<&str> {
        self.name.rsplit_once('/').map(|(parent, _)| parent)
    }
}

impl Grants {
    pub fn of_this_instance() -> Self {
        let directories = get_directories()
            .into_iter()
            .filter_map(|(directory, name)| Some((components(&name)?, name, Rc::new(directory))));
        Self { directories: directories.collect(), reserved: Vec::new() }
    }

    /// Keeps downloads out of `directory`.
    pub fn reserve(&mut self, directory: &str) {
        self.reserved.extend(components(directory));
    }

    /// The granted directory that holds `path`; the innermost if several do.
    ///
    /// # Errors
    ///
    /// [`DiskCause::InvalidName`] for a path without a file name or with `..`, [`DiskCause::Denied`] for one outside every
    /// granted directory, or in a reserved one.
    pub fn place(&self, path: &str) -> Result<Place, DiskCause> {
        if path.is_empty() || path.ends_with('/') {
            return Err(DiskCause::InvalidName);
        }
        let wanted = components(path).ok_or(DiskCause::InvalidName)?;
        if self.reserved.iter().any(|reserved| wanted.starts_with(reserved)) {
            return Err(DiskCause::Denied);
        }
        let holds = |grant: &[String]| wanted.len() > grant.len() && wanted.starts_with(grant);
        let (grant, host_name, directory) = self
            .directories
            .iter()
            .filter(|(grant, _, _)| holds(grant))
            .max_by_key(|(grant, _, _)| grant.len())
            .ok_or(DiskCause::Denied)?;
        let name = wanted[grant.len()..].join("/");
        Ok(Place { directory: directory.clone(), grant: host_name.clone(), name })
    }
}

/// The components of a path, with the root as an empty first one; `None` if the path contains `..`.
fn components(path: &str) -> Option<Vec<String>> {
    let mut components = Vec::new();
    if path.starts_with('/') {
        components.push(String::new());
    }
    for component in path.split('/').filter(|component| !matches!(*component, "" | ".")) {
        if component == ".." {
            return None;
        }
        components.push(component.into());
    }
    Some(components)
}

/// Reads all of a file in a granted directory; `None` if it cannot be read or is longer than `most` bytes.
pub fn read_file(path: &str, most: usize) -> Option<Vec<u8>> {
    let place = Grants::of_this_instance().place(path).ok()?;
    let opened =
        place.directory.open_at(PathFlags::SYMLINK_FOLLOW, &place.name, OpenFlags::empty(), DescriptorFlags::READ);
    let file = opened.ok()?;
    // One byte more shows that a file is too long.
    read_all(&file, most as u64 + 1).ok().filter(|bytes| bytes.len() <= most)
}
