//! `haul fleet add`

use std::path::{Path, PathBuf};

use haul::Engine;
use haul_fleet::{Error, Kind, Spec, Store};
use haul_queue::{CommandError, Limit, NewFile, Settings};

use super::render::Renderer;
use crate::arguments::fleet::Add;
use crate::jobs::add::collection::{Wanted, collect};

pub async fn add(store: &Store, add: Add, renderer: &Renderer) -> Result<(), Error> {
    let kind = store.queue().await?.kind;
    let files = files(&add).await?;
    let settings = Settings { limit_rate: add.limit_rate.map(|rate| Limit(Some(rate))), ..Settings::default() };
    let jobs = match kind {
        Kind::Once => files.into_iter().map(|file| vec![file]).collect(),
        Kind::Each => vec![files],
    };
    let job = |files: Vec<NewFile>| {
        let first = files.first().and_then(|file| file.path.file_name());
        let name = add.display_name.clone().or_else(|| Some(first?.to_string_lossy().into_owned()));
        let (settings, credential) = (settings.clone(), add.credential.clone());
        (name.unwrap_or_default(), Spec { files, settings, credential })
    };
    let jobs: Vec<_> = jobs.into_iter().map(job).collect();
    let selector = add.select.iter().cloned().collect();
    renderer.added(&store.add(&jobs, add.priority, &selector).await?);
    Ok(())
}

/// The files with paths that are relative to the directory of each machine.
async fn files(add: &Add) -> Result<Vec<NewFile>, Error> {
    // This engine only parses documents and names files.
    let reader = Engine::builder().open().await.map_err(CommandError::from)?;
    let wanted = collect(&reader, &add.urls, &add.files).await;
    reader.close().await;
    wanted?.into_iter().map(relative).collect()
}

fn relative(Wanted { headers, file }: Wanted) -> Result<NewFile, Error> {
    if !headers.is_empty() {
        return Err(Error::Invalid(
            "the database stores no request headers; use --credential in the place of header=".into(),
        ));
    }
    let path = match std::path::absolute(Path::new(".")) {
        Ok(here) => file.path.strip_prefix(here).map(PathBuf::from).unwrap_or_else(|_| file.path.clone()),
        Err(_) => file.path.clone(),
    };
    Ok(NewFile { path, ..file })
}
