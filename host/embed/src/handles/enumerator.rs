//! An enumerator of the component, and a cursor of its own for each clone.

use std::marker::PhantomData;

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

#[derive(Clone, Debug)]
pub(crate) struct Enumerator<T> {
    object: Object,
    cursor: Cursor,
    of: PhantomData<fn() -> T>,
}

impl<T: Enumerated> Enumerator<T> {
    /// `object`: the component's enumerator of `count` items.
    pub const fn new(object: Object, count: u32) -> Self {
        Self { object, cursor: Cursor::new(count as usize), of: PhantomData }
    }

    pub async fn next(&mut self, count: usize) -> Result<Vec<T>, Error> {
        let range = self.cursor.advance(count);
        // The component counts its items in 32 bits.
        let (from, count) = (range.start as u32, range.len() as u32);
        let link = self.object.link().clone();
        let fetch =
            async move |instance: &mut Instance, enumerator| T::fetch(instance, &link, enumerator, from, count).await;
        self.object.call(fetch).await
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
        self.cursor.skip(count)
    }

    pub const fn reset(&mut self) {
        self.cursor.reset();
    }

    pub const fn count(&self) -> usize {
        self.cursor.count()
    }
}
