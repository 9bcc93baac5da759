//! The parsed interfaces of this repository.

use std::fs;
use std::path::Path;

use wit_parser::{Interface, InterfaceId, PackageId, Resolve, TypeDef, TypeId, World};

/// The package in `wit/`, with what it depends on.
pub struct Wit {
    pub(super) resolve: Resolve,
    package: PackageId,
    /// Names of the interfaces in the order of the files.
    interfaces: Vec<String>,
}

impl Wit {
    /// # Panics
    ///
    /// When the folder does not hold a package.
    pub fn read(folder: &Path) -> Self {
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_dir(folder).expect("a package of WIT");
        let entries = fs::read_dir(folder).expect("the folder of the package");
        let stems = entries.filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_str()?.to_owned()));
        let declared = &resolve.packages[package].interfaces;
        let mut interfaces: Vec<String> = stems.filter(|stem| declared.contains_key(stem)).collect();
        interfaces.sort();
        assert_eq!(interfaces.len(), declared.len(), "each interface has the file of its name");
        Self { resolve, package, interfaces }
    }

    pub fn package_name(&self) -> String {
        self.resolve.packages[self.package].name.to_string()
    }

    /// What is said above the package line.
    pub fn docs(&self) -> Option<&str> {
        self.resolve.packages[self.package].docs.contents.as_deref()
    }

    pub fn interfaces(&self) -> impl Iterator<Item = &str> {
        self.interfaces.iter().map(String::as_str)
    }

    /// # Panics
    ///
    /// When there is none of that name.
    pub fn interface(&self, name: &str) -> &Interface {
        let id = self.resolve.packages[self.package].interfaces.get(name);
        &self.resolve.interfaces[*id.unwrap_or_else(|| panic!("no interface {name}"))]
    }

    /// The short name of an interface of this package, the whole one of another.
    pub(super) fn name_of(&self, id: InterfaceId) -> String {
        let interface = &self.resolve.interfaces[id];
        match &interface.name {
            Some(name) if interface.package == Some(self.package) => name.clone(),
            _ => self.resolve.id_of(id).unwrap_or_default(),
        }
    }

    pub fn type_def(&self, id: TypeId) -> &TypeDef {
        &self.resolve.types[id]
    }

    pub fn worlds(&self) -> impl Iterator<Item = &str> {
        self.resolve.packages[self.package].worlds.keys().map(String::as_str)
    }

    /// # Panics
    ///
    /// When there is none of that name.
    pub fn world(&self, name: &str) -> &World {
        let id = self.resolve.packages[self.package].worlds.get(name);
        &self.resolve.worlds[*id.unwrap_or_else(|| panic!("no world {name}"))]
    }
}
