//! The proxy of `haul_tests::delay` as a process.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;

/// Passes bytes on to a server and back, each half a round trip after it came.
#[derive(Parser)]
struct Arguments {
    /// Address and port
    server: SocketAddr,
    /// In milliseconds
    round_trip: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let Arguments { server, round_trip } = Arguments::parse();
    haul_tests::delay::run(server, Duration::from_millis(round_trip)).await
}
