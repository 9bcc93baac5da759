//! `docs/reference/cli.md` is made from the table. `HAUL_WRITE_DOCS=1` writes it.

use std::path::Path;
use std::{env, fs};

#[test]
fn the_reference_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/cli.md");
    let page = haul_command::page::text();
    if env::var_os("HAUL_WRITE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == page, "run `make docs`");
}
