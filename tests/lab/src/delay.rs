//! A slow link to a server: a proxy that delays every byte by half a round trip.
//!
//! The proxy is its own process, the program `delay`, and needs no kernel feature that a container may lack.

mod relay;

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use crate::process::built;
use relay::relay;

/// A proxy that runs until this is dropped.
#[derive(Debug)]
pub struct Delay {
    process: Child,
    address: SocketAddr,
}

impl Delay {
    /// # Panics
    ///
    /// If the program `delay` is not built.
    pub fn before(server: SocketAddr, round_trip: Duration) -> Self {
        let mut process = Command::new(built("delay"))
            .arg(server.to_string())
            .arg(round_trip.as_millis().to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the proxy runs");
        let mut line = String::new();
        let output = process.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut line).expect("the proxy says where it listens");
        Self { process, address: line.trim().parse().expect("an address") }
    }

    /// The proxy's address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn process_id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Delay {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Listens on a free port, prints the address to standard output, and serves for ever.
pub async fn run(server: SocketAddr, round_trip: Duration) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?);
    io::stdout().flush()?;
    serve(listener, server, round_trip).await
}

async fn serve(listener: TcpListener, server: SocketAddr, round_trip: Duration) -> io::Result<()> {
    loop {
        let (client, _) = listener.accept().await?;
        tokio::spawn(connect(client, server, round_trip));
    }
}

/// Relays bytes both ways. The kernel accepts a connection at once, so this waits for the round trip of the handshake.
async fn connect(client: TcpStream, server: SocketAddr, round_trip: Duration) -> io::Result<()> {
    tokio::time::sleep(round_trip).await;
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let delay = round_trip / 2;
    tokio::join!(relay(from_client, to_server, delay), relay(from_server, to_client, delay));
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::origin::Content;

    const ROUND_TRIP: Duration = Duration::from_millis(30);

    /// The address of a proxy in front of an echo server, which replies once it has received everything.
    async fn echo() -> SocketAddr {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let proxy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (address, behind) = (proxy.local_addr().unwrap(), server.local_addr().unwrap());
        tokio::spawn(serve(proxy, behind, ROUND_TRIP));
        tokio::spawn(async move {
            let (mut stream, _) = server.accept().await.unwrap();
            let mut all = Vec::new();
            stream.read_to_end(&mut all).await.unwrap();
            stream.write_all(&all).await.unwrap();
        });
        address
    }

    async fn sent_and_back(bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(echo().await).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut back = Vec::new();
        stream.read_to_end(&mut back).await.unwrap();
        back
    }

    #[tokio::test]
    async fn a_connection_and_an_answer_take_two_round_trips() {
        let began = Instant::now();
        assert_eq!(sent_and_back(b"x").await, b"x");
        assert!(began.elapsed() >= 2 * ROUND_TRIP, "{:?}", began.elapsed());
    }

    #[tokio::test]
    async fn bytes_stay_as_they_are_and_in_order() {
        let sent = Content::new(1, 9 << 20).bytes(0..9 << 20);
        assert!(sent_and_back(&sent).await == sent);
    }
}
