//! Generated from `wit/`; private to this crate.

#![allow(unsafe_code, reason = "generated")]

wasmtime::component::bindgen!({
    path: "wit",
    world: "engine-component",
    imports: { default: async | trappable },
    exports: { default: async },
    with: { "wasi:io": wasmtime_wasi::p2::bindings::io },
});

pub use exports::haul::delivery_optimization::{
    background_copy_file5, background_copy_job, background_copy_job5, delivery_optimization_file,
    delivery_optimization_job, do_download, do_download_internal, do_manager, driver, engine, types,
};
