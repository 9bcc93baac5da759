//! A download of a call that its caller may cancel.

use std::ops::Deref;

use super::Download;
use crate::error::Error;
use crate::runtime::{Dropped, Instance, Link};

/// Forgotten when it is dropped, unless it is kept.
#[derive(Debug)]
pub(crate) struct Provisional {
    download: Download,
    link: Link,
    is_kept: bool,
}

impl Provisional {
    pub async fn create(link: &Link) -> Result<Self, Error> {
        let own = link.clone();
        let create = async move |instance: &mut Instance| {
            let (resource, id) = instance.create_download(own.caller()).await?;
            Ok(Self { download: Download::new(own.clone(), resource, id), link: own, is_kept: false })
        };
        link.call(create).await
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
