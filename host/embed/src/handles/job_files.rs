//! The files of a job: EnumFiles and its enumerator.

use wasmtime::component::ResourceAny;

use super::JobFile;
use super::enumerator::{Enumerated, Enumerator};
use super::object::Object;
use crate::error::Error;
use crate::runtime::{Instance, Link};

/// The files of a job at the time of [`Job::files`](crate::Job::files), in the order in which they were added, and a cursor among them:
/// IEnumBackgroundCopyFiles. Each call fetches its files from the engine; a clone has a cursor of its own.
#[derive(Clone, Debug)]
pub struct JobFiles {
    files: Enumerator<JobFile>,
}

impl Enumerated for JobFile {
    /// Files fetched at once, so that a job of 200,000 files takes 200 calls across the border.
    const BATCH: usize = 1024;

    async fn fetch(
        instance: &mut Instance,
        link: &Link,
        enumerator: ResourceAny,
        from: u32,
        count: u32,
    ) -> Result<Vec<Self>, Error> {
        let found = instance.next_files(enumerator, from, count).await?;
        Ok(found.into_iter().map(|file| Self::new(Object::new(link.clone(), file))).collect())
    }
}

impl JobFiles {
    pub(crate) const fn new(files: Enumerator<JobFile>) -> Self {
        Self { files }
    }

    /// The next `count` files; fewer at the end.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn next(&mut self, count: usize) -> Result<Vec<JobFile>, Error> {
        self.files.next(count).await
    }

    /// All files behind the cursor.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn rest(self) -> Result<Vec<JobFile>, Error> {
        self.files.rest().await
    }

    /// Passes over `count` files; `false` if fewer were left.
    pub fn skip(&mut self, count: usize) -> bool {
        self.files.skip(count)
    }

    /// Goes back to the first file.
    pub fn reset(&mut self) {
        self.files.reset();
    }

    /// All files of the enumeration, wherever the cursor is.
    pub fn count(&self) -> usize {
        self.files.count()
    }
}
