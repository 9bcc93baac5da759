//! The files of a job, one after the other: EnumFiles and its enumerator.

use super::JobFile;
use super::object::Object;
use super::place::Place;
use crate::error::Error;
use crate::runtime::Instance;

/// Files that are fetched from the engine at once, so that it has time for others.
const BATCH: usize = 1024;

/// The files that a job had when it was asked, in the order in which they were added, and a place among them: IEnumBackgroundCopyFiles.
/// They are fetched from the engine when they are asked for; a clone has a place of its own.
#[derive(Clone, Debug)]
pub struct JobFiles {
    place: Place,
}

impl JobFiles {
    pub(crate) const fn new(place: Place) -> Self {
        Self { place }
    }

    /// At most `count` files, and goes on behind them; fewer where there are no more.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn next(&mut self, count: usize) -> Result<Vec<JobFile>, Error> {
        let (at, count) = self.place.advance(count);
        let link = self.place.enumerator().link().clone();
        let fetch = async move |instance: &mut Instance, enumerator| {
            let found = instance.next_files(enumerator, at, count).await?;
            Ok(found.into_iter().map(|file| JobFile::new(Object::new(link.clone(), file))).collect())
        };
        self.place.enumerator().call(fetch).await
    }

    /// All files that it has not passed yet.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn rest(mut self) -> Result<Vec<JobFile>, Error> {
        let mut rest = Vec::new();
        while !self.place.is_at_end() {
            let found = self.next(BATCH).await?;
            if found.is_empty() {
                break;
            }
            rest.extend(found);
        }
        Ok(rest)
    }

    /// Passes over `count` files; `false` where there were not as many.
    pub fn skip(&mut self, count: usize) -> bool {
        self.place.skip(count)
    }

    /// Goes back to the first one.
    pub fn reset(&mut self) {
        self.place.reset();
    }

    /// All files of the enumeration, wherever it is.
    pub fn count(&self) -> usize {
        self.place.count()
    }
}
