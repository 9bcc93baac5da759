//! The id of a worker, which its state directory keeps: after a restart it renews the leases that it held.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::error::Error;
use crate::store::Store;
use crate::store::leases::Leases;

const NAME: &str = "worker";

/// The id of the worker with this state directory; a new one at first.
pub async fn of(state: &Path, store: &Store) -> Result<String, Error> {
    let path = state.join(NAME);
    let failed = |error: std::io::Error| Error::Disk { path: path.display().to_string(), reason: error.to_string() };
    match fs::read_to_string(&path) {
        Ok(id) if is_id(id.trim()) => Ok(id.trim().into()),
        Ok(_) => Err(failed(std::io::Error::other("the file has no id of a worker; remove it"))),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let id = Leases::new_worker(store).await?;
            let mut file = File::create_new(&path).map_err(failed)?;
            file.write_all(id.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
            Ok(id)
        }
        Err(error) => Err(failed(error)),
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
