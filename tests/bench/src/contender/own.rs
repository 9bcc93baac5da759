//! haul in its ways of running, and the minimal downloader `floor`.

use std::path::Path;

use haul_lab::process::built;
use haul_tests::component;

use crate::errand::Errand;
use crate::script::{Script, Words, words};

pub fn haul(errand: &Errand, sha256: Option<&str>) -> Script {
    Script::one([vec![built("haul").display().to_string()], get(errand, sha256)].concat())
}

/// Stock wasmtime trusts only its own roots, so it cannot use an origin with a self-signed certificate.
pub fn stock(errand: &Errand, options: &[&str]) -> Result<Script, &'static str> {
    if errand.certificate.is_some() {
        return Err("the stock runtime takes no other root certificates than its own");
    }
    let mut line = vec![built("wasmtime").display().to_string()];
    line.extend(words("run -S http"));
    line.extend(options.iter().map(|option| (*option).to_owned()));
    for folder in [&errand.folder, &errand.scratch] {
        line.extend(["--dir".into(), text(folder)]);
    }
    line.push(text(&component()));
    line.extend(get(errand, errand.sha256.as_deref()));
    Ok(Script::one(line))
}

pub fn floor(errand: &Errand) -> Result<Script, &'static str> {
    if errand.certificate.is_some() {
        return Err("it speaks plain HTTP only");
    }
    if errand.sha256.is_some() {
        return Err("it verifies nothing");
    }
    let mut line = vec![built("floor").display().to_string(), "--threads".into()];
    if errand.is_single() {
        line.push(errand.transfers.connections_of_peers.to_string());
        line.extend([errand.url(0), text(&errand.path(0))]);
    } else {
        line.extend([errand.transfers.files.to_string(), "--list".into(), list(errand), text(&errand.folder)]);
    }
    line.extend(errand.durable.then(|| "--sync".into()));
    Ok(Script::one(line))
}

fn get(errand: &Errand, sha256: Option<&str>) -> Words {
    let mut line = words("get -q");
    if errand.is_single() {
        line.extend([errand.url(0), "-o".into(), text(&errand.path(0))]);
    } else {
        line.extend(["-i".into(), list(errand), "--dir".into(), text(&errand.folder)]);
        line.extend(["--jobs".into(), errand.transfers.files.to_string()]);
    }
    line.extend(errand.transfers.connections.iter().flat_map(|count| ["-c".into(), count.to_string()]));
    line.extend((!errand.durable).then(|| "--no-sync".into()));
    line.extend(sha256.iter().flat_map(|digest| ["--checksum".into(), format!("sha256:{digest}")]));
    line
}

fn list(errand: &Errand) -> String {
    text(&errand.list("urls-and-names", |url, name| format!("{url}\t{name}\n")))
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
