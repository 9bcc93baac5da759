//! The rules of the structure as tests: imports of the component, dependencies between crates, documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use haul_tests::component;
use haul_tests::process::built;
use serde_json::Value;
use wit_component::DecodedWasm;
use wit_parser::{Resolve, WorldId, WorldItem, WorldKey};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn names<'a>(resolve: &Resolve, items: impl Iterator<Item = (&'a WorldKey, &'a WorldItem)>) -> BTreeSet<String> {
    items.map(|(key, _)| resolve.name_world_key(key)).collect()
}

fn decoded() -> (Resolve, WorldId) {
    match wit_component::decode(haul::WASM).unwrap() {
        DecodedWasm::Component(resolve, world) => (resolve, world),
        DecodedWasm::WitPackage(..) => panic!("not a component"),
    }
}

#[test]
fn the_component_imports_wasi_and_nothing_else() {
    let (resolve, world) = decoded();
    let imports = names(&resolve, resolve.worlds[world].imports.iter());
    let expected = [
        "wasi:cli/environment@0.2.12",
        "wasi:cli/stderr@0.2.12",
        "wasi:cli/stdin@0.2.12",
        "wasi:cli/stdout@0.2.12",
        "wasi:clocks/monotonic-clock@0.2.12",
        "wasi:clocks/wall-clock@0.2.12",
        "wasi:filesystem/preopens@0.2.12",
        "wasi:filesystem/types@0.2.12",
        "wasi:http/outgoing-handler@0.2.12",
        "wasi:http/types@0.2.12",
        "wasi:io/error@0.2.12",
        "wasi:io/poll@0.2.12",
        "wasi:io/streams@0.2.12",
        "wasi:random/random@0.2.12",
    ];
    assert_eq!(imports.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn the_component_exports_the_interfaces_and_a_command() {
    let (resolve, world) = decoded();
    let exports = names(&resolve, resolve.worlds[world].exports.iter());
    let own = [
        "background-copy-error",
        "background-copy-file",
        "background-copy-file2",
        "background-copy-file5",
        "background-copy-job",
        "background-copy-job5",
        "background-copy-manager",
        "delivery-optimization-file",
        "delivery-optimization-job",
        "do-download",
        "do-download-internal",
        "do-manager",
        "driver",
        "engine",
        "enum-background-copy-files",
        "types",
    ];
    let own = own.map(|interface| format!("haul:delivery-optimization/{interface}@0.1.0"));
    assert_eq!(exports, own.into_iter().chain(["wasi:cli/run@0.2.12".into()]).collect());
}

#[test]
fn whatever_a_client_may_import_the_component_exports() {
    let (component, world) = decoded();
    let exports = names(&component, component.worlds[world].exports.iter());
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root().join("wit")).unwrap();
    for name in ["imports", "client"] {
        let world = resolve.packages[package].worlds[name];
        let imports = names(&resolve, resolve.worlds[world].imports.iter());
        let ours: Vec<_> = imports.iter().filter(|import| !import.starts_with("wasi:")).collect();
        assert_eq!(ours.len(), 15, "{imports:?}");
        assert!(!ours.iter().any(|import| import.contains("/driver@")), "{imports:?}");
        assert!(ours.iter().all(|import| exports.contains(*import)), "{name}: {imports:?} {exports:?}");
    }
}

#[test]
fn everything_in_the_interfaces_is_documented() {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root().join("wit")).unwrap();
    let mut silent = Vec::new();
    for (name, interface) in &resolve.packages[package].interfaces {
        let interface = &resolve.interfaces[*interface];
        silent.extend(interface.docs.contents.is_none().then(|| name.clone()));
        for (function, item) in &interface.functions {
            silent.extend((item.docs.contents.is_none()).then(|| format!("{name}#{function}")));
        }
    }
    for (name, world) in &resolve.packages[package].worlds {
        silent.extend(resolve.worlds[*world].docs.contents.is_none().then(|| name.clone()));
    }
    assert_eq!(silent, [""; 0]);
}

/// Each interface has a file of its name.
#[test]
fn one_interface_a_file() {
    for entry in fs::read_dir(root().join("wit")).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        let text = fs::read_to_string(entry.path()).unwrap();
        let name = entry.path().file_stem().unwrap().to_string_lossy().into_owned();
        let declared: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("interface ")).collect();
        let expected = if name == "worlds" { vec![] } else { vec![format!("{name} {{")] };
        assert_eq!(declared, expected, "{name}");
    }
}

fn direct_dependencies(manifest: &str, kinds: &[Option<&str>]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path"])
        .arg(root().join(manifest))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let wanted = root().join(manifest);
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["manifest_path"] == *wanted.to_string_lossy()).unwrap();
    let dependencies = package["dependencies"].as_array().unwrap().iter();
    let of_kind = dependencies.filter(|dependency| kinds.contains(&dependency["kind"].as_str()));
    of_kind.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_core_depends_on_no_io_and_no_runtime() {
    let found = direct_dependencies("guest/core/Cargo.toml", &[None, Some("build")]);
    let expected = [
        "base64",
        "crc32fast",
        "fastrand",
        "fluent-uri",
        "hmac",
        "postcard",
        "roxmltree",
        "serde",
        "serde_json",
        "sha2",
        "zeroize",
    ];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let library = fs::read_to_string(root().join("guest/core/src/lib.rs")).unwrap();
    assert!(library.contains("#![no_std]"));
}

#[test]
fn only_the_component_names_wasi_and_only_the_embedding_library_names_wasmtime() {
    let all = ["guest/core", "guest/component", "host/embed", "host/queue", "host/cli"];
    let who = |wanted: fn(&str) -> bool| -> Vec<&str> {
        let names = |package: &&str| {
            let found = direct_dependencies(&format!("{package}/Cargo.toml"), &[None, Some("build"), Some("dev")]);
            found.iter().any(|name| wanted(name))
        };
        all.into_iter().filter(names).collect()
    };
    assert_eq!(who(|name| name.starts_with("wasip")), ["guest/component"]);
    assert_eq!(who(|name| name.starts_with("wasmtime")), ["host/embed"]);
}

/// The text of every Rust file below `folder`.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![root().join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), fs::read_to_string(path).unwrap()));
            }
        }
    }
    found
}

/// The top-level modules of a crate, each with its imports by `crate::x` or `crate::{x, y::z}`.
fn imports(package: &str) -> BTreeMap<String, BTreeSet<String>> {
    let first_word =
        |path: &str| path.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().into();
    let source = root().join(package).join("src");
    let mut imports = BTreeMap::<String, BTreeSet<String>>::new();
    for (path, text) in sources(&format!("{package}/src")) {
        let file = path.strip_prefix(&source).unwrap().iter().next().unwrap().to_string_lossy();
        let module = file.trim_end_matches(".rs");
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let named = imports.entry(module.to_owned()).or_default();
        for rest in code.split("crate::").skip(1) {
            let (list, most) = match rest.strip_prefix('{') {
                Some(list) => (list.split('}').next().unwrap(), usize::MAX),
                None => (rest, 1),
            };
            named.extend(list.split(',').take(most).map(first_word));
        }
        named.remove(module);
    }
    imports.retain(|module, _| !["lib", "main"].contains(&module.as_str()));
    let modules: BTreeSet<_> = imports.keys().cloned().collect();
    imports.values_mut().for_each(|named| named.retain(|name| modules.contains(name)));
    imports
}

#[test]
fn the_modules_of_a_crate_import_each_other_in_one_direction() {
    for package in ["host/queue", "host/cli"] {
        let mut left = imports(package);
        while let Some(bottom) = left.iter().find(|(_, imports)| imports.is_empty()).map(|(name, _)| name.clone()) {
            left.remove(&bottom);
            left.values_mut().for_each(|imports| imports.retain(|name| *name != bottom));
        }
        assert!(left.is_empty(), "a ring of {package}: {left:?}");
    }
}

#[test]
fn the_embedding_library_prints_nothing_and_reads_no_environment() {
    for (path, text) in sources("host/embed/src") {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in code {
            let forbidden =
                ["println!", "print!(", "dbg!", "env::var", "env::args"].iter().any(|word| line.contains(word));
            assert!(!forbidden, "{}: {line}", path.display());
        }
    }
}

#[test]
fn the_queue_prints_nothing_and_knows_no_command_line_and_no_exit_code() {
    let dependencies = direct_dependencies("host/queue/Cargo.toml", &[None, Some("build"), Some("dev")]);
    assert!(!dependencies.contains("clap") && !dependencies.contains("haul-cli"));
    for (path, text) in sources("host/queue/src") {
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let forbidden = ["println!", "print!(", "dbg!", "env::args", "ExitCode", "process::exit"];
            assert!(!forbidden.iter().any(|word| line.contains(word)), "{}: {line}", path.display());
        }
    }
}

#[test]
fn generated_bindings_stay_in_their_crate() {
    for library in ["guest/component/src/lib.rs", "host/embed/src/lib.rs"] {
        let text = fs::read_to_string(root().join(library)).unwrap();
        assert!(text.contains("\nmod bindings;") && !text.contains("pub use bindings"), "{library}");
    }
}

/// The program has a runtime, a compiler and a compiled component inside: 29.6 MiB in November 2026.
#[test]
fn the_program_is_at_most_30_mebibytes() {
    let length = fs::metadata(built("haul")).unwrap().len();
    assert!(length <= 30 << 20, "{length} bytes");
}

#[test]
fn nothing_is_left_for_later() {
    for folder in ["guest", "host", "tests/bench", "tests/lab", "tests/src"] {
        for (path, text) in sources(folder) {
            for word in ["todo!", "unimplemented!", "#[ignore"] {
                assert!(!text.contains(word), "{}: {word}", path.display());
            }
        }
    }
}

/// The compiler ignores a file that no module declares, tests included.
#[test]
fn every_file_of_the_tests_is_part_of_a_program() {
    for folder in ["tests/tests", "guest/core/tests"] {
        let programs = root().join(folder);
        for (path, _) in sources(folder) {
            let (name, directory) = (path.file_stem().unwrap().to_str().unwrap(), path.parent().unwrap());
            if name == "main" || directory == programs {
                continue;
            }
            let parents = [directory.join("main.rs"), directory.with_extension("rs")];
            let parent = parents.iter().find_map(|parent| fs::read_to_string(parent).ok()).unwrap_or_default();
            let declarations = [format!("mod {name};"), format!("pub mod {name};")];
            let declared = parent.lines().any(|line| declarations.iter().any(|declaration| declaration == line));
            assert!(declared, "{} is in no program", path.display());
        }
    }
}

fn long_options(mut command: Command) -> BTreeSet<String> {
    let output = command.args(["get", "--help"]).output().unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let words = lines.flat_map(|line| line.split([' ', ',']).take(3).map(String::from).collect::<Vec<_>>());
    let options = words.filter(|word| word.starts_with("--"));
    options.map(|option| option.trim_end_matches("...").to_owned()).collect()
}

#[test]
fn both_command_lines_have_the_same_options() {
    let mut stock = Command::new(built("wasmtime"));
    stock.args(["run", "-S", "http"]).arg(component());
    assert_eq!(long_options(stock), long_options(Command::new(built("haul"))));
}
