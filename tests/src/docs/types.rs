//! The types that an interface declares.

use wit_parser::{Type, TypeDef, TypeDefKind};

use super::markdown::{code, head, paragraphs, row};
use super::signature::written;
use super::wit::Wit;

/// A type under a heading, with a table of its parts. Empty for an alias of another interface's type, and for resources, which
/// are described with their methods.
pub fn section(wit: &Wit, ty: &TypeDef) -> String {
    let parts = match &ty.kind {
        TypeDefKind::Type(_) | TypeDefKind::Resource => return String::new(),
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter();
            table("Field", fields.map(|field| (&field.name, written(&wit.resolve, &field.ty), &field.docs)))
        }
        TypeDefKind::Variant(variant) => {
            let payload = |ty: &Option<Type>| ty.map_or(String::new(), |ty| written(&wit.resolve, &ty));
            table("Case", variant.cases.iter().map(|case| (&case.name, payload(&case.ty), &case.docs)))
        }
        TypeDefKind::Enum(cases) => {
            table("Case", cases.cases.iter().map(|case| (&case.name, String::new(), &case.docs)))
        }
        TypeDefKind::Flags(flags) => {
            table("Flag", flags.flags.iter().map(|flag| (&flag.name, String::new(), &flag.docs)))
        }
        other => panic!("no interface here declares a {}", other.as_str()),
    };
    let name = ty.name.as_deref().unwrap_or_default();
    format!("#### {} `{name}`\n\n{}{parts}\n", ty.kind.as_str(), paragraphs(ty.docs.contents.as_deref()))
}

type Part<'a> = (&'a String, String, &'a wit_parser::Docs);

/// Name, type and meaning of each part; empty columns are left out.
fn table<'a>(what: &str, parts: impl Iterator<Item = Part<'a>>) -> String {
    let parts: Vec<_> = parts.collect();
    let typed = parts.iter().any(|(_, ty, _)| !ty.is_empty());
    let told = parts.iter().any(|(_, _, docs)| !docs.is_empty());
    let columns: Vec<&str> = [(true, what), (typed, "Type"), (told, "Meaning")]
        .into_iter()
        .filter_map(|(kept, name)| kept.then_some(name))
        .collect();
    if columns.len() == 1 {
        return parts.iter().map(|(name, ..)| format!("- `{name}`\n")).collect();
    }
    let line = |(name, ty, docs): &Part<'_>| {
        let meaning = docs.contents.as_deref().unwrap_or_default();
        let (name, ty) = (code(name), code(ty));
        row([(true, &*name), (typed, &*ty), (told, meaning)]
            .into_iter()
            .filter_map(|(kept, cell)| kept.then_some(cell)))
    };
    head(&columns) + &parts.iter().map(line).collect::<String>()
}
