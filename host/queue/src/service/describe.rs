//! Descriptions of files.

use haul::Engine;

use super::lookup;
use crate::error::CommandError;
use crate::protocol::{FILES_PER_REPLY, Reply};
use crate::view::FileView;

pub async fn files(engine: &Engine, name: &str, from: u32) -> Result<Reply, CommandError> {
    let job = lookup::job(engine, name).await?;
    let files = job.describe_files(from, FILES_PER_REPLY).await?;
    Ok(Reply::Files { files: files.into_iter().map(|file| FileView::new(job.id(), file)).collect() })
}
