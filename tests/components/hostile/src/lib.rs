//! A component in the place of haul's own: it exports the whole engine and misbehaves as ordered.
//!
//! An order has three words: the deed, the export that triggers it, and an argument. The first order is the name of the state
//! directory; later ones arrive through `suggest-file-name`. If the export is `now`, the component carries them out at once.

#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]

extern crate alloc;
extern crate haul_runtime as _;

mod deeds;
mod exports;
mod order;

#[allow(clippy::all, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit",
        world: "engine-component",
        with: {
            "wasi:io/error@0.2.12": wasip2::io::error,
            "wasi:io/poll@0.2.12": wasip2::io::poll,
            "wasi:io/streams@0.2.12": wasip2::io::streams,
        },
    });
}

struct Hostile;

bindings::export!(Hostile with_types_in bindings);
