//! Callbacks of the client, whose behaviour the test chooses.

mod jobs;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;

use crate::bindings::exports::haul::delivery_optimization::do_download_status_callback::{
    Download, DownloadStatus, Guest,
};
use crate::bindings::haul::delivery_optimization::do_download::{Property, PropertyId};
use crate::{Client, examples};

struct Memory(RefCell<(String, Vec<String>)>);

// SAFETY: a component instance of WASI 0.2 has one thread.
unsafe impl Sync for Memory {}

/// The chosen behaviour, and the calls so far.
static MEMORY: Memory = Memory(RefCell::new((String::new(), Vec::new())));

pub fn behave(manner: &str) {
    MEMORY.0.borrow_mut().0 = manner.into();
}

/// The calls so far, one per line: the subject and the event.
pub fn told() -> String {
    MEMORY.0.borrow().1.join("\n")
}

fn manner() -> String {
    MEMORY.0.borrow().0.to_string()
}

fn note(call: String) {
    MEMORY.0.borrow_mut().1.push(call);
}

fn misbehave(manner: &str) {
    match manner {
        "trap" => panic!("told to"),
        "hang" => loop {
            core::hint::spin_loop();
        },
        _ => {}
    }
}

impl Guest for Client {
    fn on_status_change(download: &Download, status: DownloadStatus) {
        let id = match download.get_property(PropertyId::Id) {
            Ok(Property::Id(id)) => id,
            _ => String::new(),
        };
        note(format!("{id} {:?} {}", status.state, status.bytes_transferred));
        misbehave(&manner());
        examples::do_download_status_callback(download, &status).expect("a transferred download is finalized");
    }
}
