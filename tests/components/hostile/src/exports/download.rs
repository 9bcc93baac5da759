//! Downloads whose answers the order decides.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::Cell;

use super::{failure, trapping};
use crate::Hostile;
use crate::bindings::exports::haul::delivery_optimization::do_download::{
    Download, DownloadBorrow, DownloadStatus, Failure, Guest, GuestDownload, OutputStream, Property, PropertyId,
    StartMode,
};
use crate::bindings::exports::haul::delivery_optimization::do_download_internal::{
    Guest as Internal, PropertyEx, PropertyIdEx,
};
use crate::bindings::exports::haul::delivery_optimization::types::DownloadState;
use crate::order;

pub struct One {
    id: String,
}

/// The number of downloads made so far.
struct Made(Cell<u64>);

// SAFETY: a component instance of WASI 0.2 has one thread.
unsafe impl Sync for Made {}

static MADE: Made = Made(Cell::new(0));

impl One {
    const fn new(id: String) -> Self {
        Self { id }
    }

    /// A download with a new id; with the same id as all others if the order is `same-id`.
    pub fn another() -> Self {
        MADE.0.set(MADE.0.get() + 1);
        Self::new(if order::is("same-id") { "id".into() } else { MADE.0.get().to_string() })
    }
}

/// Makes downloads until the host stops it.
pub fn make_without_end() -> ! {
    let mut all = Vec::new();
    loop {
        all.push(Download::new(One::new(String::new())));
    }
}

impl Guest for Hostile {
    type Download = One;
}

impl GuestDownload for One {
    fn get_status(&self) -> DownloadStatus {
        order::reached("get_status");
        let error = order::is("huge-status").then(|| failure(10_000_000));
        let most = if order::is("huge-numbers") { u64::MAX } else { 1 };
        DownloadStatus {
            bytes_total: most,
            bytes_transferred: most,
            state: DownloadState::Created,
            error,
            extended_error: None,
        }
    }

    fn get_property(&self, id: PropertyId) -> Result<Property, Failure> {
        order::reached("get_property");
        match id {
            PropertyId::Id if order::is("long-id") => Ok(Property::Id("i".repeat(1000))),
            PropertyId::Id if !order::is("no-id") => Ok(Property::Id(self.id.clone())),
            // The wrong property, whichever was asked for.
            _ => Ok(Property::BlockingMode(false)),
        }
    }

    trapping! {
        fn start(&self, mode: StartMode) -> Result<(), Failure>;
        fn pause(&self) -> Result<(), Failure>;
        fn abort(&self) -> Result<(), Failure>;
        fn finalize(&self) -> Result<(), Failure>;
        fn set_property(&self, value: Property) -> Result<(), Failure>;
        fn set_stream_interface(&self, sink: OutputStream) -> Result<(), Failure>;
    }
}

impl Internal for Hostile {
    trapping! {
        fn get_property_ex(download: DownloadBorrow<'_>, id: PropertyIdEx) -> Result<PropertyEx, Failure>;
        fn set_property_ex(download: DownloadBorrow<'_>, value: PropertyEx) -> Result<(), Failure>;
    }
}
