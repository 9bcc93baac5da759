//! Downloads a URL to a file in the current directory.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), haul::Error> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(path)) = (arguments.next(), arguments.next()) else { panic!("usage: fetch URL FILE") };
    let engine = haul::Engine::builder().policy(haul::Policy::allow_all()).grant(".").open().await?;
    let report = engine.fetch(&url, &path).await?;
    println!("{path}: {} bytes, {} kept from an earlier run", report.bytes, report.bytes_resumed);
    engine.close().await;
    Ok(())
}
