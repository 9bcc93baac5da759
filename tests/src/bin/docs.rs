//! Writes the generated pages in `docs/` of this repository, or of the one at the given root.

use std::path::PathBuf;

use haul_tests::docs::{pages, root};

fn main() {
    let root = std::env::args_os().nth(1).map_or_else(root, PathBuf::from);
    for page in pages(&root) {
        page.write(&root);
        println!("{}", page.path);
    }
}
