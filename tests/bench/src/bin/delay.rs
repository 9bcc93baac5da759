//! The proxy of `haul_lab::delay` as a program.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;

/// Relays bytes to a server and back, each delayed by half a round trip.
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
    haul_lab::delay::run(server, Duration::from_millis(round_trip)).await
}
