//! `do-manager`

use alloc::vec::Vec;

use super::cursor::Snapshot;
use super::do_download::Handle;
use super::{Component, convert, with_shell};
use crate::bindings::exports::haul::delivery_optimization::do_manager::{
    Category, Download, DownloadEnumerator, Guest, GuestDownloadEnumerator,
};

/// The caller's name if the host serves only one caller.
pub const ONLY_CALLER: &str = "";

impl Guest for Component {
    type DownloadEnumerator = Enumerator;

    fn create_download() -> Result<Download, convert::Failure> {
        create(ONLY_CALLER)
    }

    fn enum_downloads(category: Option<Category>) -> Result<DownloadEnumerator, convert::Failure> {
        enumerate(ONLY_CALLER, category)
    }
}

pub fn create(caller: &str) -> Result<Download, convert::Failure> {
    with_shell(|shell| Ok(Download::new(Handle(shell.create(caller.into())?))))
}

pub fn enumerate(caller: &str, category: Option<Category>) -> Result<DownloadEnumerator, convert::Failure> {
    let category = category.map(convert::category);
    let found = with_shell(|shell| shell.downloads_of(caller, category.as_ref()))?;
    let snapshot = Snapshot::new(found.into_iter().map(Handle).collect());
    Ok(DownloadEnumerator::new(Enumerator(snapshot)))
}

pub struct Enumerator(Snapshot<Handle>);

impl GuestDownloadEnumerator for Enumerator {
    fn next(&self, count: u32) -> Vec<Download> {
        self.0.next(count).map(Download::new).collect()
    }

    fn skip(&self, count: u32) -> bool {
        self.0.skip(count)
    }

    fn reset(&self) {
        self.0.reset();
    }

    fn clone(&self) -> DownloadEnumerator {
        DownloadEnumerator::new(Self(self.0.clone()))
    }
}
