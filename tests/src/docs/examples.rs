//! The examples of the interfaces: functions of a test component, which a test runs.

use std::fs;
use std::path::Path;

/// The functions of `tests/components/client/src/examples.rs`.
pub struct Examples(String);

impl Examples {
    /// # Panics
    ///
    /// If the file is missing.
    pub fn read(root: &Path) -> Self {
        Self(
            fs::read_to_string(root.join("tests/components/client/src/examples.rs")).expect("the file of the examples"),
        )
    }

    /// The example of an interface as a block of code: the function of the same name.
    pub fn of(&self, interface: &str) -> Option<String> {
        let name = interface.replace('-', "_");
        let start =
            [format!("\nfn {name}("), format!("\npub fn {name}(")].iter().find_map(|head| self.0.find(head))? + 1;
        let (code, _) = self.0[start..].split_once("\n}\n")?;
        Some(format!("```rust\n{}\n}}\n```\n\n", code.trim_start_matches("pub ")))
    }
}
