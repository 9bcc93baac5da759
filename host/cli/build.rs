//! Leaves the symbol table out of the program, which it makes a fifth smaller. `strip` in the profile would do so for build scripts in
//! another way, and compile wasmtime twice.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-link-arg-bins=-Wl,--strip-all");
    }
}
