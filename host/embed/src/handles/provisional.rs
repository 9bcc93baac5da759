//! A download of a call that its caller may cancel.

use std::ops::Deref;

use super::Download;
use crate::runtime::{Dropped, Link};

/// Forgotten when it is dropped, unless it is kept.
#[derive(Debug)]
pub(crate) struct Provisional {
    download: Download,
    link: Link,
    is_kept: bool,
}

impl Provisional {
    pub fn new(link: Link, download: Download) -> Self {
        Self { download, link, is_kept: false }
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

/// The engine forgets the download; received bytes stay for the next one.
impl Drop for Provisional {
    fn drop(&mut self) {
        if !self.is_kept {
            self.link.release(Dropped::Abandoned(self.download.id().into()));
        }
    }
}
