//! Generated from `wit/`; private to this crate.

wit_bindgen::generate!({
    path: "../../wit",
    world: "engine-component",
    with: {
        "wasi:io/error@0.2.12": wasip2::io::error,
        "wasi:io/poll@0.2.12": wasip2::io::poll,
        "wasi:io/streams@0.2.12": wasip2::io::streams,
    },
    pub_export_macro: true,
});
