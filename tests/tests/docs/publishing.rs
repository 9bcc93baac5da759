//! The published packages: their content, and the component inside the library.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use haul_tests::page::repository;
use haul_tests::scene::names;
use tempfile::{TempDir, tempdir};

/// The published packages, unpacked.
fn packages() -> TempDir {
    let (root, folder) = (repository(), tempdir().unwrap());
    let component = root.join("host/embed/component/haul.wasm");
    fs::create_dir_all(component.parent().unwrap()).unwrap();
    fs::write(component, haul::WASM).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    let arguments = "package -p haul-core -p haul -p haul-queue -p haul-cli --allow-dirty --no-verify --offline";
    cargo.args(arguments.split(' '));
    run(cargo.arg("--target-dir").arg(folder.path()).current_dir(root));
    for package in ["haul", "haul-cli", "haul-core", "haul-queue"] {
        run(Command::new("tar").arg("-xf").arg(format!("package/{package}-0.1.0.crate")).current_dir(folder.path()));
    }
    folder
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn text(path: PathBuf) -> String {
    fs::read_to_string(path).unwrap()
}

fn assert_same_folder(one: &Path, two: &Path) {
    assert_eq!(names(one), names(two));
    for name in names(one) {
        let (one, two) = (one.join(&name), two.join(&name));
        if one.is_dir() {
            assert_same_folder(&one, &two)
        } else {
            assert!(fs::read(one).unwrap() == fs::read(two).unwrap())
        }
    }
}

#[test]
fn packages_have_what_they_need_and_the_library_has_the_component() {
    let folder = packages();
    for package in ["haul", "haul-cli", "haul-core", "haul-queue"] {
        let package = folder.path().join(format!("{package}-0.1.0"));
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            assert_eq!(text(package.join(licence)), text(repository().join(licence)));
        }
        let manifest = text(package.join("Cargo.toml"));
        for key in ["description", "documentation", "keywords", "categories", "license", "rust-version"] {
            assert!(manifest.contains(&format!("\n{key} = ")), "{key} in {}", package.display());
        }
        assert!(!manifest.contains("\npath = \"../"), "{manifest}");
    }
    let library = folder.path().join("haul-0.1.0");
    assert!(fs::read(library.join("component/haul.wasm")).unwrap() == haul::WASM);
    assert_same_folder(&library.join("wit"), &repository().join("wit"));
}
