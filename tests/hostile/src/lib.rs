//! A component in the place of haul's own: it exports the whole engine, and does what it is told, which is never what it should.
//!
//! An order is three words: the deed, the export in which it is done, and what it is done with. The first order is the name of the state
//! directory; others come by `suggest-file-name`, which does them at once where the export is `now`.

#![no_std]
#![deny(unsafe_op_in_unsafe_fn)]

extern crate alloc;

mod deeds;
mod exports;
mod order;
#[path = "../../../guest/component/src/runtime.rs"]
mod runtime;

#[allow(clippy::all, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
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
