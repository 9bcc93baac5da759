//! The structure of the crates: modules without rings, arrows that point down, and one table of HRESULTs.

use haul_rules::constants;
use haul_rules::crates::{self, Crate};
use haul_rules::imports;
use haul_rules::modules::{self, Module};
use haul_rules::tokens::shipped;

#[test]
fn modules_form_no_ring() {
    let mut rings = String::new();
    for known in crates::all() {
        let ring = known.root().and_then(|root| imports::folded(&modules::of(&root)).ring());
        rings.extend(ring.map(|ring| format!("{}:\n{ring}", known.name)));
    }
    assert!(rings.is_empty(), "\n{rings}");
}

/// The floors, the lowest first. A crate may depend on those of lower floors.
const FLOORS: [&[&str]; 6] = [
    &["guest/core", "guest/command", "guest/runtime"],
    &["guest/component"],
    &["host/embed"],
    &["host/queue"],
    &["host/cli", "host/serve", "host/fleet"],
    &["tests", "examples"],
];

/// The floor of a crate: that of the entry which is its folder, or a folder above it.
fn floor(name: &str) -> Option<usize> {
    let is_in = |entry: &&str| name.strip_prefix(*entry).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let entries =
        FLOORS.iter().enumerate().flat_map(|(floor, entries)| entries.iter().map(move |entry| (floor, entry)));
    entries.filter(|(_, entry)| is_in(entry)).max_by_key(|(_, entry)| entry.len()).map(|(floor, _)| floor)
}

#[test]
fn crates_depend_on_lower_floors_only() {
    for Crate { name, dependencies, .. } in crates::all() {
        let own = floor(&name).unwrap_or_else(|| panic!("{name} has no floor"));
        for dependency in dependencies {
            let below = floor(&dependency).unwrap_or_else(|| panic!("{dependency} has no floor"));
            let is_test = own == FLOORS.len() - 1 && below == own;
            assert!(below < own || is_test, "{name} -> {dependency} runs up");
        }
    }
}

/// `wit/` is the contract between guest and host. The grammar of the command lines is the one crate that both have.
#[test]
fn guest_and_host_share_the_grammar_only() {
    for Crate { name, dependencies, .. } in crates::all().iter().filter(|known| known.name.starts_with("host/")) {
        for dependency in dependencies.iter().filter(|dependency| dependency.starts_with("guest/")) {
            assert_eq!(dependency, "guest/command", "{name} -> {dependency}");
        }
    }
}

/// The tables of HRESULTs: the codes of causes and the names of codes in the core, and the few that the library returns by itself.
const HRESULT_TABLES: [&str; 3] =
    ["guest/core/src/failure/codes", "guest/core/src/failure/hresult", "host/embed/src/codes"];

/// Whether `word` is an HRESULT of a failure as a number. Below 0x8000_4000 are BITS's cost flags.
fn is_hresult(word: &str) -> bool {
    let digits = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")).unwrap_or_default().replace('_', "");
    let digits = digits.trim_end_matches("u32").trim_end_matches("i32");
    u32::from_str_radix(digits, 16).is_ok_and(|number| (0x8000_4000..0x8100_0000).contains(&number))
}

/// The modules of the crates of guest and host.
fn shipped_modules() -> Vec<Module> {
    let crates = crates::all();
    let shipped = crates.iter().filter(|known| known.name.starts_with("guest/") || known.name.starts_with("host/"));
    shipped.filter_map(Crate::root).flat_map(|root| modules::of(&root)).collect()
}

#[test]
fn hresults_are_numbers_in_their_table_only() {
    let mut strays = String::new();
    for module in shipped_modules() {
        let file = module.file.to_string_lossy().replace('\\', "/");
        let is_table = HRESULT_TABLES.iter().any(|table| file.starts_with(table));
        let numbers = shipped(&module.source).into_iter().filter(|token| is_hresult(token.text));
        for number in numbers.filter(|_| !is_table) {
            strays += &format!("  {} ({file}:{})\n", number.text, number.line);
        }
    }
    assert!(strays.is_empty(), "\n{strays}");
}

#[test]
fn tuned_constants_have_their_reason_beside_them() {
    let mut bare = String::new();
    for module in shipped_modules() {
        for (line, constant) in constants::without_reason(&module.source) {
            bare += &format!("  {constant} ({}:{line})\n", module.file.display());
        }
    }
    assert!(bare.is_empty(), "\n{bare}");
}
