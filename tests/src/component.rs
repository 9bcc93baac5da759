//! The component as a file, for programs that read it from one.

use std::path::PathBuf;
use std::sync::OnceLock;

/// The component, written to a file that lives as long as this process.
///
/// # Panics
///
/// If the temporary folder cannot be written.
pub fn component() -> PathBuf {
    static FILE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = FILE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("haul.wasm");
        std::fs::write(&path, haul::WASM).expect("the component is written");
        (folder, path)
    });
    path.clone()
}
