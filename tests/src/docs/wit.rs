//! The parsed interfaces of this repository.

use std::fs;
use std::path::Path;

use wit_parser::{Interface, InterfaceId, PackageId, Resolve, Type, TypeDef, TypeDefKind, TypeId, World};

use super::markdown::one_line;
use super::signature;

/// The package in `wit/` with its dependencies.
pub struct Wit {
    pub(super) resolve: Resolve,
    package: PackageId,
    /// Names of the interfaces in the order of the files.
    interfaces: Vec<String>,
}

impl Wit {
    /// # Panics
    ///
    /// If the folder does not contain a package.
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

    /// The documentation above the package line.
    pub fn docs(&self) -> Option<&str> {
        self.resolve.packages[self.package].docs.contents.as_deref()
    }

    pub fn interfaces(&self) -> impl Iterator<Item = &str> {
        self.interfaces.iter().map(String::as_str)
    }

    /// # Panics
    ///
    /// If there is no interface of that name.
    pub fn interface(&self, name: &str) -> &Interface {
        let id = self.resolve.packages[self.package].interfaces.get(name);
        &self.resolve.interfaces[*id.unwrap_or_else(|| panic!("no interface {name}"))]
    }

    /// The short name of an interface of this package, the full name of any other.
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

    /// The names of the cases, fields or flags of a type, in order, each with its type in WIT syntax, or an empty text if it has
    /// none.
    ///
    /// # Panics
    ///
    /// If the interface declares no type of that name, or the type has no parts.
    pub fn parts(&self, interface: &str, name: &str) -> Vec<(&str, String)> {
        let id = self.interface(interface).types.get(name).unwrap_or_else(|| panic!("no type {name}"));
        let written = |ty: &Type| signature::written(&self.resolve, ty);
        let nothing = String::new;
        match &self.resolve.types[*id].kind {
            TypeDefKind::Record(record) => {
                record.fields.iter().map(|field| (field.name.as_str(), written(&field.ty))).collect()
            }
            TypeDefKind::Variant(variant) => {
                let ty = |ty: &Option<Type>| ty.as_ref().map_or_else(nothing, written);
                variant.cases.iter().map(|case| (case.name.as_str(), ty(&case.ty))).collect()
            }
            TypeDefKind::Enum(cases) => cases.cases.iter().map(|case| (case.name.as_str(), nothing())).collect(),
            TypeDefKind::Flags(flags) => flags.flags.iter().map(|flag| (flag.name.as_str(), nothing())).collect(),
            other => panic!("{name} is a {}", other.as_str()),
        }
    }

    /// The names in [`Self::parts`].
    pub fn names(&self, interface: &str, name: &str) -> Vec<&str> {
        self.parts(interface, name).into_iter().map(|(name, _)| name).collect()
    }

    /// The documentation of a case of a variant, on one line.
    ///
    /// # Panics
    ///
    /// If there is no such case.
    pub fn case_docs(&self, interface: &str, variant: &str, case: &str) -> String {
        let id = self.interface(interface).types.get(variant).unwrap_or_else(|| panic!("no type {variant}"));
        let TypeDefKind::Variant(declared) = &self.resolve.types[*id].kind else { panic!("{variant} is no variant") };
        let found = declared.cases.iter().find(|declared| declared.name == case);
        let docs = &found.unwrap_or_else(|| panic!("no case {case}")).docs;
        one_line(docs.contents.as_deref().unwrap_or_default())
    }

    /// A function in WIT syntax; methods are named `RESOURCE.METHOD`.
    ///
    /// # Panics
    ///
    /// If the interface declares no such function.
    pub fn signature(&self, interface: &str, name: &str) -> String {
        let functions = &self.interface(interface).functions;
        let found = functions.get(name).or_else(|| functions.get(&format!("[method]{name}")));
        signature::function(&self.resolve, found.unwrap_or_else(|| panic!("no function {name}")))
    }

    pub fn worlds(&self) -> impl Iterator<Item = &str> {
        self.resolve.packages[self.package].worlds.keys().map(String::as_str)
    }

    /// # Panics
    ///
    /// If there is no world of that name.
    pub fn world(&self, name: &str) -> &World {
        let id = self.resolve.packages[self.package].worlds.get(name);
        &self.resolve.worlds[*id.unwrap_or_else(|| panic!("no world {name}"))]
    }
}
