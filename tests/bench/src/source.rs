//! The files to download.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::Path;

use haul_lab::origin::Content;
use tempfile::TempDir;

use crate::place::Place;
use crate::workload::Files;

/// Bytes of one write or comparison. It is small, because the peak memory of a child starts at the memory of its parent.
const BLOCK: u64 = 256 << 10;

/// Files on the disk, one part of the content after the other.
pub struct Source {
    pub files: Files,
    folder: TempDir,
    content: Content,
}

/// The content of sources of up to `length` bytes.
pub fn content(length: u64) -> Content {
    Content::new(5, length)
}

/// A range of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub file: usize,
    pub range: Range<u64>,
}

impl Source {
    /// Writes the files, from the beginning of `content`.
    ///
    /// # Panics
    ///
    /// If the disk has no room for them.
    pub fn new(files: Files, content: &Content) -> Self {
        let source = Self { files, folder: Place::Disk.folder(), content: content.clone() };
        (0..files.count).for_each(|file| source.write(file).expect("room for the files"));
        source
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The name of a file.
    pub fn name(file: usize) -> String {
        format!("file-{file:04}")
    }

    pub fn whole(&self, file: usize) -> Part {
        Part { file, range: 0..self.files.length }
    }

    /// The SHA-256 of the first file.
    pub fn sha256(&self) -> String {
        content(self.files.length).sha256()
    }

    /// Reads the files once, so that they are in the page cache.
    pub fn warm(&self) {
        for file in 0..self.files.count {
            let mut file = File::open(self.folder().join(Self::name(file))).expect("a file of the source");
            io::copy(&mut file, &mut io::sink()).expect("a file that can be read");
        }
    }

    /// Whether the file at `path` equals this part.
    pub fn is_at(&self, path: &Path, part: &Part) -> io::Result<bool> {
        let mut file = File::open(path)?;
        let mut found = vec![0; BLOCK as usize];
        for block in self.blocks(part) {
            let expected = self.content.bytes(block);
            file.read_exact(&mut found[..expected.len()])?;
            if found[..expected.len()] != expected {
                return Ok(false);
            }
        }
        Ok(file.read(&mut found)? == 0)
    }

    fn write(&self, file: usize) -> io::Result<()> {
        let mut output = File::create(self.folder().join(Self::name(file)))?;
        self.blocks(&self.whole(file)).try_for_each(|block| output.write_all(&self.content.bytes(block)))?;
        output.sync_data()
    }

    /// The ranges of the content in this part, block by block.
    fn blocks(&self, part: &Part) -> impl Iterator<Item = Range<u64>> + use<> {
        let begin = part.file as u64 * self.files.length;
        let (start, end) = (begin + part.range.start, begin + part.range.end);
        (start..end).step_by(BLOCK as usize).map(move |at| at..end.min(at + BLOCK))
    }
}

/// Removes all files in a folder.
pub fn empty(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        fs::remove_file(entry?.path())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: Files = Files { count: 2, length: 300_000 };

    #[test]
    fn a_file_is_right_when_each_of_its_bytes_is() {
        let source = Source::new(FILES, &content(600_000));
        let path = source.folder().join(Source::name(1));
        let whole = source.whole(1);
        assert!(source.is_at(&path, &whole).unwrap());
        assert!(!source.is_at(&path, &source.whole(0)).unwrap(), "another file");
        assert!(!source.is_at(&path, &Part { range: 0..299_999, ..whole.clone() }).unwrap(), "too long");
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(!source.is_at(&path, &whole).unwrap(), "a damaged byte");
        fs::write(&path, &bytes[..299_999]).unwrap();
        assert!(source.is_at(&path, &whole).is_err(), "too short");
    }

    #[test]
    fn the_digest_is_that_of_the_file() {
        let source = Source::new(FILES, &content(600_000));
        let bytes = fs::read(source.folder().join(Source::name(0))).unwrap();
        assert_eq!(source.sha256(), Content::literal(bytes).sha256());
    }
}
