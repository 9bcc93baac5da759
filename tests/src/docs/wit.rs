//! The parsed interfaces of this repository.

use std::fs;
use std::path::Path;

use wit_parser::{Interface, InterfaceId, PackageId, Resolve, Type, TypeDef, TypeDefKind, TypeId, World};

use super::markdown::one_line;
use super::signature;

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

    /// Names of the cases, fields or flags of a type, in their order, each with its type as it is written or nothing.
    ///
    /// # Panics
    ///
    /// When the interface declares no type of that name, or one without parts.
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

    /// [`Self::parts`] without their types.
    pub fn names(&self, interface: &str, name: &str) -> Vec<&str> {
        self.parts(interface, name).into_iter().map(|(name, _)| name).collect()
    }

    /// What is said of a case of a variant, on one line.
    ///
    /// # Panics
    ///
    /// When there is no such case.
    pub fn case_docs(&self, interface: &str, variant: &str, case: &str) -> String {
        let id = self.interface(interface).types.get(variant).unwrap_or_else(|| panic!("no type {variant}"));
        let TypeDefKind::Variant(declared) = &self.resolve.types[*id].kind else { panic!("{variant} is no variant") };
        let found = declared.cases.iter().find(|declared| declared.name == case);
        let docs = &found.unwrap_or_else(|| panic!("no case {case}")).docs;
        one_line(docs.contents.as_deref().unwrap_or_default())
    }

    /// A function as it is written; methods are named `RESOURCE.METHOD`.
    ///
    /// # Panics
    ///
    /// When the interface declares no such function.
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
    /// When there is none of that name.
    pub fn world(&self, name: &str) -> &World {
        let id = self.resolve.packages[self.package].worlds.get(name);
        &self.resolve.worlds[*id.unwrap_or_else(|| panic!("no world {name}"))]
    }
}
