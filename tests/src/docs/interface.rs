//! The section of an interface.

use std::collections::BTreeMap;

use wit_parser::{Function, FunctionKind, Type, TypeDefKind, TypeId, TypeOwner};

use super::examples::Examples;
use super::markdown::paragraphs;
use super::signature;
use super::types;
use super::wit::Wit;

/// Documentation, an example, imported types, own types, resources with their methods, functions.
pub fn section(wit: &Wit, examples: &Examples, name: &str) -> String {
    let interface = wit.interface(name);
    let mut text = format!("### {name}\n\n{}", paragraphs(interface.docs.contents.as_deref()));
    text.extend(examples.of(name));
    text.push_str(&taken_over(wit, name));
    for id in interface.types.values() {
        text.push_str(&types::section(wit, &wit.resolve.types[*id]));
    }
    for (name, id) in &interface.types {
        let ty = &wit.resolve.types[*id];
        if matches!(ty.kind, TypeDefKind::Resource) {
            text.push_str(&format!("#### resource `{name}`\n\n{}", paragraphs(ty.docs.contents.as_deref())));
            let methods = interface.functions.values().filter(|function| resource_of(function) == Some(*id));
            text.extend(methods.map(|method| call(wit, &format!("{name}."), method)));
        }
    }
    let free = interface.functions.values().filter(|function| resource_of(function).is_none());
    text.extend(free.map(|function| call(wit, "", function)));
    text
}

/// A function under its own heading.
fn call(wit: &Wit, prefix: &str, function: &Function) -> String {
    let signature = signature::function(&wit.resolve, function);
    let docs = paragraphs(function.docs.contents.as_deref());
    format!("#### `{prefix}{}`\n\n```wit\n{signature}\n```\n\n{docs}", function.item_name())
}

fn resource_of(function: &Function) -> Option<TypeId> {
    match function.kind {
        FunctionKind::Method(id) | FunctionKind::Static(id) | FunctionKind::Constructor(id) => Some(id),
        _ => None,
    }
}

/// The types of other interfaces that this one uses.
fn taken_over(wit: &Wit, name: &str) -> String {
    let mut from: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (alias, id) in &wit.interface(name).types {
        if let TypeDefKind::Type(Type::Id(origin)) = wit.resolve.types[*id].kind
            && let TypeOwner::Interface(owner) = wit.resolve.types[origin].owner
        {
            from.entry(wit.name_of(owner)).or_default().push(format!("`{alias}`"));
        }
    }
    let from = from.iter().map(|(owner, names)| format!("{} of `{owner}`", names.join(", ")));
    let from: Vec<_> = from.collect();
    if from.is_empty() { String::new() } else { format!("Uses {}.\n\n", from.join("; ")) }
}
