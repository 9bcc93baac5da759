//! Where a queue is kept.

use std::env;
use std::path::{Path, PathBuf};

use super::problem::Problem;

/// The state directory of a queue.
#[derive(Clone, Debug)]
pub struct Place {
    directory: PathBuf,
}

impl Place {
    /// `given`, else the place that the environment names for what programs keep.
    ///
    /// # Errors
    ///
    /// Neither is there.
    pub fn new(given: Option<&Path>) -> Result<Self, Problem> {
        let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let usual = || absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")));
        let directory = given.map(Path::to_owned).or_else(|| Some(usual()?.join("haul")));
        let directory = directory.ok_or_else(|| Problem::misuse("there is no home directory; give --state-dir DIR"))?;
        Ok(Self { directory })
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Where the process that has the queue listens.
    pub fn socket(&self) -> PathBuf {
        self.directory.join("run.sock")
    }
}
