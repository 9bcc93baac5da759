//! Builds the client component that tests serve.

#[path = "../host/embed/build/guest.rs"]
mod guest;
#[path = "../host/embed/build/toolchain.rs"]
mod toolchain;

use std::path::Path;

fn main() -> wasmtime::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let sources = ["tests/client", "guest/component/src/runtime.rs", "wit", "host/embed/build"];
    let built = guest::build(&root, "tests/client", &sources, "client")?.join("haul_test_client.wasm");
    println!("cargo::rustc-env=HAUL_TEST_CLIENT={}", built.display());
    println!("cargo::rustc-env=HAUL_TEST_HOST={}", std::env::var("HOST")?);
    Ok(())
}
