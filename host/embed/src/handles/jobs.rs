//! Finding jobs again: EnumJobs and its enumerator.

use super::Job;
use super::object::Object;
use super::place::Place;
use crate::error::Error;
use crate::runtime::Instance;

/// Jobs that are fetched from the engine at once, so that it has time for others.
const BATCH: usize = 256;

/// The jobs that were there when it was made, in the order of their creation, and a place among them: IEnumBackgroundCopyJobs.
/// They are fetched from the engine when they are asked for; a clone has a place of its own.
#[derive(Clone, Debug)]
pub struct Jobs {
    place: Place,
}

impl Jobs {
    pub(crate) const fn new(place: Place) -> Self {
        Self { place }
    }

    /// At most `count` jobs, and goes on behind them; fewer where there are no more.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn next(&mut self, count: usize) -> Result<Vec<Job>, Error> {
        let (at, count) = self.place.advance(count);
        let link = self.place.enumerator().link().clone();
        let fetch = async move |instance: &mut Instance, enumerator| {
            let found = instance.next_jobs(enumerator, at, count).await?;
            Ok(found.into_iter().map(|(job, id)| Job::new(Object::new(link.clone(), job), id)).collect())
        };
        self.place.enumerator().call(fetch).await
    }

    /// All jobs that it has not passed yet.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn rest(mut self) -> Result<Vec<Job>, Error> {
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

    /// Passes over `count` jobs; `false` where there were not as many.
    pub fn skip(&mut self, count: usize) -> bool {
        self.place.skip(count)
    }

    /// Goes back to the first one.
    pub fn reset(&mut self) {
        self.place.reset();
    }

    /// All jobs of the enumeration, wherever it is.
    pub fn count(&self) -> usize {
        self.place.count()
    }
}
