//! Metalink documents, by upload and by URL.

use std::collections::BTreeMap;

use haul::DescribedFile;

use super::{New, Refusal, Service};
use crate::book::{Entry, Metadata};
use crate::gid::Gid;
use crate::options::Options;

/// Bytes of a document, because the engine reads no longer one.
const MOST: u64 = 4 << 20;

/// Media types of Metalink 4 and 3.
const MEDIA_TYPES: [&str; 2] = ["application/metalink4+xml", "application/metalink+xml"];

impl Service {
    /// Adds a download for each file of a document.
    ///
    /// # Errors
    ///
    /// `None` if the document cannot be read, else the reason that a file is refused.
    pub async fn add_metalink(
        &self,
        document: &[u8],
        options: Options,
        position: Option<usize>,
    ) -> Result<Vec<Gid>, Option<Refusal>> {
        let files = self.queue.engine().read_metalink(document).await.map_err(|_| None)?;
        let at = |number: usize| position.map(|position| position.saturating_add(number));
        let new =
            files.into_iter().enumerate().map(|(number, file)| New { position: at(number), ..new(file, &options) });
        self.add_all(new.collect()).await.map_err(Some)
    }

    /// Adds the files of a document that was downloaded, in front of all waiting downloads.
    pub(super) async fn follow_document(&self, entry: &mut Entry, response: &str) {
        let follows = entry.options.get("follow-metalink").is_none_or(|value| value != "false");
        let Some(path) = entry.path.as_deref().filter(|path| follows && (has_extension(path) || has_type(response)))
        else {
            return;
        };
        let Some(document) = self.folders.read(path, MOST) else { return };
        let Ok(files) = self.queue.engine().read_metalink(&document).await else { return };
        let passed = |name: &&String| !["out", "checksum"].contains(&name.as_str());
        let options: Options =
            entry.options.iter().filter(|(name, _)| passed(name)).map(|(a, b)| (a.clone(), b.clone())).collect();
        for (number, file) in files.into_iter().enumerate() {
            let new = New { position: Some(number), following: Some(entry.gid), ..new(file, &options) };
            match self.insert(new) {
                Ok(gid) => entry.followed_by.push(gid),
                Err(refusal) => tracing::warn!(gid = %entry.gid, ?refusal, "a file of the document is not downloaded"),
            }
        }
    }
}

fn new(file: DescribedFile, options: &Options) -> New {
    let metadata = Metadata {
        name: file.name,
        length: file.length,
        digests: file.digests.into_iter().map(Into::into).collect(),
        pieces: file.pieces.map(Into::into),
    };
    // A document with several files gives each its own name, so `out` does not apply.
    let mut options: BTreeMap<_, _> = options.clone();
    options.remove("out");
    New { uris: file.urls, options, metadata: Some(metadata), ..New::default() }
}

fn has_extension(path: &std::path::Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    extension.eq_ignore_ascii_case("meta4") || extension.eq_ignore_ascii_case("metalink")
}

fn has_type(response: &str) -> bool {
    let fields = response.lines().filter_map(|line| line.split_once(':'));
    let types = fields.filter(|(name, _)| name.trim().eq_ignore_ascii_case("content-type"));
    let mut essences = types.map(|(_, value)| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    essences.any(|essence| MEDIA_TYPES.contains(&essence.as_str()))
}
