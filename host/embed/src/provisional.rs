//! A download that goes unless somebody keeps it: of a call that may be given up.

use std::ops::Deref;

use crate::download::Download;
use crate::engine::{Engine, Gone};

#[derive(Debug)]
pub struct Provisional {
    download: Download,
    engine: Engine,
    is_kept: bool,
}

impl Provisional {
    pub fn new(engine: Engine, download: Download) -> Self {
        Self { download, engine, is_kept: false }
    }

    pub fn keep(mut self) -> Download {
        self.is_kept = true;
        self.download.clone()
    }
}

impl Deref for Provisional {
    type Target = Download;

    fn deref(&self) -> &Download {
        &self.download
    }
}

/// The engine forgets the download; what it has brought stays for the next one.
impl Drop for Provisional {
    fn drop(&mut self) {
        if !self.is_kept {
            self.engine.let_go(Gone::Unwanted(self.download.id().into()));
        }
    }
}
