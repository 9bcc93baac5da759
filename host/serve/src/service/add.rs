//! New downloads.

use super::{MOST_DOWNLOADS, Refusal, Service};
use crate::book::{Entry, Metadata, State};
use crate::gid::Gid;
use crate::options::{self, Options};

/// Bytes of a URL, because the engine takes no more.
const LONGEST_URL: usize = 2200;

/// A download to add.
#[derive(Clone, Debug, Default)]
pub struct New {
    /// Absolute URLs of the same content, at least one.
    pub uris: Vec<String>,
    /// Its options; `gid` and `pause` are taken from them.
    pub options: Options,
    /// Its place in the queue; the end without one.
    pub position: Option<usize>,
    /// Facts from a document that describes the file.
    pub metadata: Option<Metadata>,
    /// The download of that document.
    pub following: Option<Gid>,
}

impl Service {
    /// Adds a download. It starts once it has a place.
    ///
    /// # Errors
    ///
    /// An option is refused, the name is taken, or the list is full.
    pub async fn add(&self, new: New) -> Result<Gid, Refusal> {
        let _changes = self.lock().await;
        let gid = self.insert(new)?;
        self.work.notify_one();
        Ok(gid)
    }

    /// Adds downloads, all of them or none.
    ///
    /// # Errors
    ///
    /// Those of [`Self::add`].
    pub async fn add_all(&self, new: Vec<New>) -> Result<Vec<Gid>, Refusal> {
        let _changes = self.lock().await;
        let mut added = Vec::with_capacity(new.len());
        for new in new {
            match self.insert(new) {
                Ok(gid) => added.push(gid),
                Err(refusal) => {
                    added.into_iter().for_each(|gid| self.change(crate::book::Change::Forget(gid)));
                    return Err(refusal);
                }
            }
        }
        self.work.notify_one();
        Ok(added)
    }

    pub(super) fn insert(&self, mut new: New) -> Result<Gid, Refusal> {
        if self.book().len() >= MOST_DOWNLOADS {
            let message = format!("the list has {MOST_DOWNLOADS} downloads, which is the most; remove some first");
            return Err(Refusal::Sentence(message));
        }
        if let Some(unsupported) = new.uris.iter().find(|uri| !is_http(uri)) {
            let scheme: String = unsupported.split(':').next().unwrap_or_default().chars().take(20).collect();
            let message = format!("haul downloads http and https URLs only; {scheme}: is not supported");
            return Err(Refusal::Sentence(message));
        }
        if new.uris.iter().any(|uri| uri.len() > LONGEST_URL) {
            return Err(Refusal::Sentence(format!("a URL has more than {LONGEST_URL} bytes")));
        }
        self.check_paths(&new.options)?;
        let gid = match new.options.remove("gid") {
            Some(text) => Gid::parse(&text).filter(|gid| self.book().entry(*gid).is_none()).ok_or(Refusal::GidTaken)?,
            None => self.unused_gid()?,
        };
        let pause = new.options.remove("pause").or_else(|| self.command_line.get("pause").cloned());
        let pause = pause.is_some_and(|pause| pause == "true");
        let mut options = options::inherited(&self.global_options());
        options.extend(new.options);
        let mut entry = Entry::new(gid, new.uris, options);
        (entry.metadata, entry.following) = (new.metadata, new.following);
        entry.total = entry.metadata.as_ref().and_then(|metadata| metadata.length);
        if pause {
            entry.state = State::Paused;
        }
        self.put_at(entry, new.position);
        Ok(gid)
    }

    /// A random name that no download has.
    pub(super) fn unused_gid(&self) -> Result<Gid, Refusal> {
        loop {
            let gid = Gid::random().map_err(|error| Refusal::Sentence(format!("no random numbers: {error}")))?;
            if self.book().entry(gid).is_none() {
                return Ok(gid);
            }
        }
    }
}

fn is_http(uri: &str) -> bool {
    let scheme = uri.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)))
}
