//! Questions of the component: digests and content ids. They are answered beside the transfers.

use std::path::Path;
use std::sync::{Arc, Weak};

use tokio::sync::{Semaphore, mpsc};

use super::instance::Instance;
use super::wake::Wake;
use crate::bindings::engine::{ContentRequest, DigestRequest};
use crate::builder::Builder;
use crate::content_resolver::ContentResolver;
use crate::digest::{DigestHint, StreamingDigests};
use crate::error::Error;
use crate::grants::Grants;
use crate::values::Content;

/// Digests that are computed at the same time, so that they leave processors for the transfers.
const HASHING_THREADS: usize = 4;

/// Content ids that are resolved at the same time, because a resolver may wait for its own network.
const RESOLVING_THREADS: usize = 16;

/// An answer, with the number of its question.
enum Answer {
    Digest(u64, Option<Vec<u8>>),
    Content(u64, Option<Content>),
}

pub struct Questions {
    grants: Arc<Grants>,
    digests: Arc<StreamingDigests>,
    resolver: Option<ContentResolver>,
    hashing: Arc<Semaphore>,
    resolving: Arc<Semaphore>,
    answer: mpsc::UnboundedSender<Answer>,
    answers: mpsc::UnboundedReceiver<Answer>,
    /// Wakes the engine's thread for an answer.
    wake: Arc<Wake>,
    open: usize,
    most: usize,
    /// Dropped with the engine, which stops the work for its questions.
    asked_for: Arc<()>,
}

impl Questions {
    pub fn new(builder: &Builder, grants: Arc<Grants>, digests: Arc<StreamingDigests>, wake: Arc<Wake>) -> Self {
        let (answer, answers) = mpsc::unbounded_channel();
        Self {
            grants,
            digests,
            resolver: builder.resolver.clone(),
            hashing: Arc::new(Semaphore::new(HASHING_THREADS)),
            resolving: Arc::new(Semaphore::new(RESOLVING_THREADS)),
            answer,
            answers,
            wake,
            open: 0,
            most: builder.limits.questions,
            asked_for: Arc::new(()),
        }
    }

    /// Gives the component the answers that are there, and returns their number.
    pub async fn deliver(&mut self, instance: &mut Instance) -> Result<usize, Error> {
        let mut delivered = 0;
        while let Ok(answer) = self.answers.try_recv() {
            self.open -= 1;
            delivered += 1;
            match answer {
                Answer::Digest(number, value) => instance.digest_computed(number, value).await?,
                Answer::Content(number, content) => instance.content_resolved(number, content).await?,
            }
        }
        Ok(delivered)
    }

    /// Counts another question, and stops a component that has too many.
    fn count(&mut self, instance: &mut Instance) -> Result<(), Error> {
        self.open += 1;
        match self.open > self.most {
            true => Err(instance.stop(format!("it waits for more than {} digests", self.most))),
            false => Ok(()),
        }
    }

    /// Resolves a content id.
    pub fn resolve(&mut self, instance: &mut Instance, request: ContentRequest) -> Result<(), Error> {
        self.count(instance)?;
        let (resolver, resolving) = (self.resolver.clone(), self.resolving.clone());
        let (answer, wake) = (self.answer.clone(), self.wake.clone());
        tokio::spawn(async move {
            let _place = resolving.acquire().await;
            let ContentRequest { number, content_id } = request;
            let resolve = move || resolver.and_then(|resolver| resolver.resolve(&content_id));
            let content = tokio::task::spawn_blocking(resolve).await.unwrap_or(None);
            let _ = answer.send(Answer::Content(number, content));
            wake.wake();
        });
        Ok(())
    }

    /// Computes a digest.
    pub fn compute(&mut self, instance: &mut Instance, request: DigestRequest) -> Result<(), Error> {
        self.count(instance)?;
        let (grants, digests, hashing) = (self.grants.clone(), self.digests.clone(), self.hashing.clone());
        let (answer, wake) = (self.answer.clone(), self.wake.clone());
        let asked_for = Arc::downgrade(&self.asked_for);
        tokio::spawn(async move {
            let _place = hashing.acquire().await;
            let number = request.number;
            let compute = move || digest_of(&grants, &digests, &request, &asked_for);
            let value = tokio::task::spawn_blocking(compute).await.unwrap_or(None);
            let _ = answer.send(Answer::Digest(number, value));
            wake.wake();
        });
        Ok(())
    }

    /// Begins a digest, or continues it, while the file is written. A hint needs no answer.
    pub fn stream_digest(&self, hint: DigestHint) {
        let path = hint.path.clone();
        if !self.digests.hint(hint) {
            return;
        }
        let (grants, digests, hashing) = (self.grants.clone(), self.digests.clone(), self.hashing.clone());
        let asked_for = Arc::downgrade(&self.asked_for);
        tokio::spawn(async move {
            let _place = hashing.acquire().await;
            let work = move || digests.work_on(&path, || grants.open(Path::new(&path)), &asked_for);
            let _ = tokio::task::spawn_blocking(work).await;
        });
    }
}

fn digest_of(
    grants: &Grants,
    digests: &StreamingDigests,
    request: &DigestRequest,
    asked_for: &Weak<()>,
) -> Option<Vec<u8>> {
    let file = grants.open(Path::new(&request.path));
    let value = file.and_then(|file| digests.compute(request, &file, asked_for));
    value.inspect_err(|error| tracing::warn!(path = request.path, %error, "a file could not be digested")).ok()
}
