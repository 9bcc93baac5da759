//! Generated pages: they are current, and the items that they name exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use haul_tests::docs::calls::{GROUPS, all};
use haul_tests::docs::{Wit, interfaces_in_order, pages, root};
use wit_parser::TypeDefKind;

#[test]
fn the_pages_are_current() {
    for page in pages(&root()) {
        page.assert_current(&root());
    }
}

#[test]
fn the_page_has_every_interface_once() {
    let wit = wit();
    let mut in_order: Vec<_> = interfaces_in_order().collect();
    in_order.sort_unstable();
    assert_eq!(in_order, wit.interfaces().collect::<Vec<_>>());
}

/// `types` has no functions, and `driver` is for hosts, whose example is the library.
#[test]
fn the_page_has_an_example_for_every_interface_that_a_client_uses() {
    let page = pages(&root()).into_iter().find(|page| page.path.ends_with("interfaces.md")).unwrap().text;
    for name in interfaces_in_order().filter(|name| !["driver", "types"].contains(name)) {
        let section = page.split(&format!("\n### {name}\n")).nth(1).unwrap().split("\n### ").next().unwrap();
        assert!(section.contains("```rust\nfn "), "{name}");
    }
}

fn wit() -> Wit {
    Wit::read(&root().join("wit"))
}

/// The names of an interface in the table.
fn named(interface: &str) -> BTreeSet<String> {
    all().filter(|call| call.interface == interface).map(|call| call.wit.to_owned()).collect()
}

/// The functions, with `RESOURCE.` before methods, and the cases of variants, with `VARIANT.` before them.
fn declared(wit: &Wit, interface: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let functions = wit.interface(interface).functions.keys().map(|name| name.replace("[method]", "")).collect();
    let types = wit.interface(interface).types.values().map(|id| wit.type_def(*id));
    let cases = types.filter_map(|ty| match &ty.kind {
        TypeDefKind::Variant(variant) => {
            Some(variant.cases.iter().map(|case| format!("{}.{}", ty.name.clone().unwrap(), case.name)))
        }
        _ => None,
    });
    (functions, cases.flatten().collect())
}

#[test]
fn every_function_of_both_families_is_in_the_table() {
    let wit = wit();
    let families = ["do-", "background-copy-", "enum-background-copy-", "delivery-optimization-"];
    for interface in wit.interfaces().filter(|name| families.iter().any(|family| name.starts_with(family))) {
        let (functions, _) = declared(&wit, interface);
        let missing: Vec<_> = functions.difference(&named(interface)).cloned().collect();
        assert_eq!(missing, [""; 0], "of {interface}");
    }
}

#[test]
fn every_property_is_in_the_table_by_its_number() {
    let wit = wit();
    for (interface, ids, prefix, count) in [
        ("do-download", "property-id", "property.", 30),
        ("do-download-internal", "property-id-ex", "property-ex.", 7),
        ("delivery-optimization-job", "do-job-property-id", "do-job-property.", 1),
        ("delivery-optimization-file", "do-file-property-id", "do-file-property.", 7),
    ] {
        let id = wit.interface(interface).types[ids];
        let TypeDefKind::Enum(ids) = &wit.type_def(id).kind else { panic!("{ids} is no enum") };
        assert_eq!(ids.cases.len(), count);
        for (number, case) in ids.cases.iter().enumerate() {
            let wanted = format!("{prefix}{}", case.name);
            let call = all().find(|call| call.interface == interface && call.wit == wanted);
            let call = call.unwrap_or_else(|| panic!("{wanted} is missing"));
            assert!(call.com.starts_with(&format!("{number} ")), "{} is number {number}", call.com);
        }
    }
}

#[test]
fn all_that_the_table_names_in_wit_is_declared() {
    let wit = wit();
    for call in all() {
        let (functions, cases) = declared(&wit, call.interface);
        assert!(functions.contains(call.wit) || cases.contains(call.wit), "{} of {}", call.wit, call.interface);
    }
    assert!(GROUPS.iter().all(|group| !group.calls.is_empty()));
}

/// The text of every Rust file below `folder`.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path: PathBuf = entry.path();
        if path.is_dir() {
            text.push_str(&sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
    text
}

/// The text from each line that begins with one of `openings` to the next closing brace at the left margin.
fn blocks<'a>(text: &'a str, openings: &[String]) -> Vec<&'a str> {
    let starts = openings.iter().flat_map(|opening| text.match_indices(opening.as_str()));
    starts.map(|(start, _)| text[start..].split("\n}").next().unwrap()).collect()
}

/// Whether the library declares `Type::item` as a function, a field or a case, or derives `Type::clone`.
fn is_declared(text: &str, item: &str) -> bool {
    let (ty, name) = item.split_once("::").unwrap();
    if name == "clone" {
        let declaration = text.split(&format!("\npub struct {ty} ")).next().unwrap();
        return declaration.lines().rev().take(3).any(|line| line.starts_with("#[derive(") && line.contains("Clone"));
    }
    let openings = ["impl ", "pub enum ", "pub struct ", "pub trait "].map(|opening| format!("\n{opening}{ty}"));
    let openings: Vec<_> = openings
        .into_iter()
        .flat_map(|opening| [format!("{opening} "), format!("{opening}:"), format!("{opening}<")])
        .collect();
    // Macros declare the values that mirror a type of the component.
    let listed =
        blocks(text, &["properties", "mirrored_variant", "mirrored_record"].map(|name| format!("\n{name}! {{\n")));
    let listed = listed.into_iter().filter(|block| block.contains(&format!("\n    {ty} = ")));
    blocks(text, &openings).into_iter().chain(listed).any(|block| {
        let lines = block.lines().map(str::trim_start);
        let mut words = lines.map(|line| line.trim_start_matches("pub ").trim_start_matches("async "));
        words.any(|line| {
            let line = line.strip_prefix("fn ").unwrap_or(line);
            line.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    })
}

#[test]
fn every_rust_item_of_the_table_is_in_the_library() {
    let text = sources(&root().join("host/embed/src"));
    let items: BTreeSet<_> = all().flat_map(|call| call.rust).copied().collect();
    let missing: Vec<_> = items.into_iter().filter(|item| !is_declared(&text, item)).collect();
    assert_eq!(missing, [""; 0]);
    assert!(!is_declared(&text, "Engine::no_such_item"));
}
