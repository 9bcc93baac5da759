//! Builds the test components: a well-behaved client and a hostile engine.

#[path = "../host/embed/build/guest.rs"]
mod guest;
#[path = "../host/embed/build/toolchain.rs"]
mod toolchain;

use std::path::Path;

fn main() -> wasmtime::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    for (name, variable) in [("client", "HAUL_TEST_CLIENT"), ("hostile", "HAUL_TEST_HOSTILE")] {
        let folder = format!("tests/components/{name}");
        let sources = [&folder, "guest/runtime", "wit", "host/embed/build"];
        let built = guest::build(&root, &folder, &sources, name)?.join(format!("haul_test_{name}.wasm"));
        println!("cargo::rustc-env={variable}={}", built.display());
    }
    println!("cargo::rustc-env=HAUL_TEST_HOST={}", std::env::var("HOST")?);
    Ok(())
}
