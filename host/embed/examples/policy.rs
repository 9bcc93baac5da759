//! Downloads a URL under a policy: only from the named origins, only from public addresses and the named ones, and at most 1 GiB.
//!
//! `cargo run --example policy -- URL FILE ORIGIN... [ADDRESS...]`, such as `policy http://localhost:8000/a a
//! 'http://localhost:*' 127.0.0.0/8`

use haul::{Engine, Error, Policy, Quota};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [url, path, allowed @ ..] = &arguments[..] else { panic!("usage: policy URL FILE ORIGIN... [ADDRESS...]") };
    let policy = Policy::deny_all().max_file_size(1 << 30).quota(Quota::total(1 << 30)).max_connections(4);
    let policy = allowed.iter().fold(policy, |policy, rule| match rule.contains("://") {
        true => policy.allow_origin(rule),
        false => policy.allow_addresses(rule),
    });
    let engine = Engine::builder().policy(policy).grant(".").open().await?;
    match engine.fetch(url, path).await {
        Ok(report) => println!("{path}: {} bytes", report.bytes),
        Err(Error::Failed(failure)) if failure.rule.is_some() => println!("refused: {failure}"),
        Err(other) => return Err(other),
    }
    engine.close().await;
    Ok(())
}
