//! Downloads a URL to a file with progress, retries and a digest, and says clearly why it failed.
//!
//! `cargo run --example progress -- URL FILE sha256:DIGEST`

use haul::{Engine, Error, FailureKind, Policy};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [url, path, digest] = &arguments[..] else { panic!("usage: progress URL FILE sha256:DIGEST") };
    let engine = Engine::builder().policy(Policy::allow_all()).grant(".").open().await?;
    let fetch = engine.fetch(url, path).digest(digest.parse()?).retries(5);
    match fetch.on_progress(|now| eprintln!("{} of {} bytes", now.bytes_transferred, now.bytes_total)).await {
        Ok(report) => println!("{path}: {} bytes", report.bytes),
        Err(error) if error.kind() == FailureKind::NotFound => println!("{url} does not exist"),
        Err(error) if error.kind() == FailureKind::Verification => println!("{url} is not the announced file"),
        Err(error) => println!("{error}"),
    }
    Ok(())
}
