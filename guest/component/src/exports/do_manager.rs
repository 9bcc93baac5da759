//! `do-manager`

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::Cell;

use haul_core::identity::DownloadId;

use super::do_download::Handle;
use super::{Component, convert, with_shell};
use crate::bindings::exports::haul::delivery_optimization::do_manager::{
    Category, Download, DownloadEnumerator, Guest, GuestDownloadEnumerator,
};
use crate::instance;

/// Who calls where the host serves one caller only.
const ONLY_CALLER: &str = "";

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
    let snapshot = found.into_iter().map(Handle).collect();
    Ok(DownloadEnumerator::new(Enumerator { snapshot: Rc::new(snapshot), at: Cell::new(0) }))
}

/// A snapshot, which holds its downloads, and a place in it.
pub struct Enumerator {
    snapshot: Rc<Vec<Handle>>,
    at: Cell<usize>,
}

impl Enumerator {
    /// Goes on by at most `count`; returns what is passed over.
    fn advance(&self, count: u32) -> &[Handle] {
        let from = self.at.get();
        let to = from.saturating_add(count as usize).min(self.snapshot.len());
        self.at.set(to);
        &self.snapshot[from..to]
    }
}

fn held_once_more(handle: &Handle) -> Download {
    let id: DownloadId = handle.0;
    instance::with(|shell| shell.hold(id));
    Download::new(Handle(id))
}

impl GuestDownloadEnumerator for Enumerator {
    fn next(&self, count: u32) -> Vec<Download> {
        self.advance(count).iter().map(held_once_more).collect()
    }

    fn skip(&self, count: u32) -> bool {
        self.advance(count).len() == count as usize
    }

    fn reset(&self) {
        self.at.set(0);
    }

    fn clone(&self) -> DownloadEnumerator {
        DownloadEnumerator::new(Self { snapshot: self.snapshot.clone(), at: self.at.clone() })
    }
}
