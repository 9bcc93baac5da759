//! The jobs of a caller: EnumJobs and its enumerator.

use wasmtime::component::ResourceAny;

use super::Job;
use super::enumerator::{Enumerated, Enumerator};
use super::object::Object;
use crate::error::Error;
use crate::runtime::{Instance, Link};

/// The jobs at the time of [`Engine::jobs`](crate::Engine::jobs), in the order of their creation, and a cursor among them:
/// IEnumBackgroundCopyJobs. Each call fetches its jobs from the engine; a clone has a cursor of its own.
#[derive(Clone, Debug)]
pub struct Jobs {
    jobs: Enumerator<Job>,
}

impl Enumerated for Job {
    /// Jobs fetched at once, so that a queue of 20,000 jobs takes 80 calls across the border.
    const BATCH: usize = 256;

    async fn fetch(
        instance: &mut Instance,
        link: &Link,
        enumerator: ResourceAny,
        from: u32,
        count: u32,
    ) -> Result<Vec<Self>, Error> {
        let found = instance.next_jobs(enumerator, from, count).await?;
        Ok(found.into_iter().map(|(job, id)| Self::new(Object::new(link.clone(), job), id)).collect())
    }
}

impl Jobs {
    pub(crate) const fn new(jobs: Enumerator<Job>) -> Self {
        Self { jobs }
    }

    /// The next `count` jobs; fewer at the end.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn next(&mut self, count: usize) -> Result<Vec<Job>, Error> {
        self.jobs.next(count).await
    }

    /// All jobs behind the cursor.
    ///
    /// # Errors
    ///
    /// [`Error::Closed`] and [`Error::Trapped`] only.
    pub async fn rest(self) -> Result<Vec<Job>, Error> {
        self.jobs.rest().await
    }

    /// Passes over `count` jobs; `false` if fewer were left.
    pub fn skip(&mut self, count: usize) -> bool {
        self.jobs.skip(count)
    }

    /// Goes back to the first job.
    pub fn reset(&mut self) {
        self.jobs.reset();
    }

    /// All jobs of the enumeration, wherever the cursor is.
    pub fn count(&self) -> usize {
        self.jobs.count()
    }
}
