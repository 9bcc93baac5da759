//! An enumerator of the component, and a cursor of its own for each clone.

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use wasmtime::component::ResourceAny;

use super::cursor::Cursor;
use super::object::Object;
use crate::error::Error;
use crate::runtime::{Instance, Link};

/// A handle on an item that the component enumerates.
pub(crate) trait Enumerated: Sized + Send + 'static {
    /// Items that one command fetches, so that other commands get their turn in between.
    const BATCH: usize;

    /// At most `count` items from index `from` on.
    async fn fetch(
        instance: &mut Instance,
        link: &Link,
        enumerator: ResourceAny,
        from: u32,
        count: u32,
    ) -> Result<Vec<Self>, Error>;
}

type Fetching<T> = Pin<Box<dyn Future<Output = Result<Vec<T>, Error>> + Send>>;

pub(crate) struct Enumerator<T> {
    object: Object,
    cursor: Cursor,
    /// Items behind the cursor that a stream has fetched and not given yet.
    ahead: VecDeque<T>,
    fetching: Option<Fetching<T>>,
}

/// With a cursor of its own.
impl<T> Clone for Enumerator<T> {
    fn clone(&self) -> Self {
        Self { object: self.object.clone(), cursor: self.cursor.clone(), ahead: VecDeque::new(), fetching: None }
    }
}

impl<T> fmt::Debug for Enumerator<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enumerator").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

impl<T: Enumerated> Enumerator<T> {
    /// `object`: the component's enumerator of `count` items.
    pub const fn new(object: Object, count: u32) -> Self {
        Self { object, cursor: Cursor::new(count as usize), ahead: VecDeque::new(), fetching: None }
    }

    pub async fn next(&mut self, count: usize) -> Result<Vec<T>, Error> {
        self.forget_ahead();
        let range = self.cursor.advance(count);
        fetch(self.object.clone(), range).await
    }

    /// The next item, of a batch that is fetched at once.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.ahead.pop_front() {
                self.cursor.advance(1);
                return Poll::Ready(Some(Ok(item)));
            }
            if let Some(fetching) = &mut self.fetching {
                let found = ready!(fetching.as_mut().poll(cx));
                self.fetching = None;
                match found {
                    Ok(found) if found.is_empty() => return Poll::Ready(None),
                    Ok(found) => self.ahead.extend(found),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                }
            } else if self.cursor.is_at_end() {
                return Poll::Ready(None);
            } else {
                let range = self.cursor.clone().advance(T::BATCH);
                self.fetching = Some(Box::pin(fetch(self.object.clone(), range)));
            }
        }
    }

    fn forget_ahead(&mut self) {
        self.ahead.clear();
        self.fetching = None;
    }

    pub async fn rest(mut self) -> Result<Vec<T>, Error> {
        let mut rest = Vec::new();
        while !self.cursor.is_at_end() {
            let found = self.next(T::BATCH).await?;
            if found.is_empty() {
                break;
            }
            rest.extend(found);
        }
        Ok(rest)
    }

    pub fn skip(&mut self, count: usize) -> bool {
        self.forget_ahead();
        self.cursor.skip(count)
    }

    pub fn reset(&mut self) {
        self.forget_ahead();
        self.cursor.reset();
    }

    pub const fn count(&self) -> usize {
        self.cursor.count()
    }
}

async fn fetch<T: Enumerated>(object: Object, range: Range<usize>) -> Result<Vec<T>, Error> {
    // The component counts its items in 32 bits.
    let (from, count) = (range.start as u32, range.len() as u32);
    let link = object.link().clone();
    let fetch =
        async move |instance: &mut Instance, enumerator| T::fetch(instance, &link, enumerator, from, count).await;
    object.call(fetch).await
}
