//! `do-manager`

use alloc::rc::Rc;
use alloc::vec::Vec;

use haul_core::identity::DownloadId;

use super::cursor::Cursor;
use super::do_download::Handle;
use super::{Component, convert, with_shell};
use crate::bindings::exports::haul::delivery_optimization::do_manager::{
    Category, Download, DownloadEnumerator, Guest, GuestDownloadEnumerator,
};
use crate::instance;

/// Who calls where the host serves one caller only.
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
    let snapshot: Vec<_> = found.into_iter().map(Handle).collect();
    let cursor = Cursor::new(u32::try_from(snapshot.len()).unwrap_or(u32::MAX));
    Ok(DownloadEnumerator::new(Enumerator { snapshot: Rc::new(snapshot), cursor }))
}

/// A snapshot, which holds its downloads, and a place in it.
pub struct Enumerator {
    snapshot: Rc<Vec<Handle>>,
    cursor: Cursor,
}

fn held_once_more(handle: &Handle) -> Download {
    let id: DownloadId = handle.0;
    instance::with(|shell| shell.hold(id));
    Download::new(Handle(id))
}

impl GuestDownloadEnumerator for Enumerator {
    fn next(&self, count: u32) -> Vec<Download> {
        let passed = self.cursor.advance(count);
        self.snapshot[passed.start as usize..passed.end as usize].iter().map(held_once_more).collect()
    }

    fn skip(&self, count: u32) -> bool {
        self.cursor.skip(count)
    }

    fn reset(&self) {
        self.cursor.reset();
    }

    fn clone(&self) -> DownloadEnumerator {
        DownloadEnumerator::new(Self { snapshot: self.snapshot.clone(), cursor: self.cursor.clone() })
    }
}
