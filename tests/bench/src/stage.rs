//! The servers of a row: nginx, and a proxy or a chunking server in front of it.

use std::path::PathBuf;

use haul_lab::delay::Delay;
use haul_lab::nginx::{Nginx, Setup};
use rcgen::{CertificateParams, KeyPair, SanType};

use crate::chunks::Chunks;
use crate::source::Source;
use crate::workload::Server;

/// An address and not a name, because axel accepts no certificate for `localhost`.
const HOST: &str = "127.0.0.1";

pub struct Stage {
    nginx: Nginx,
    delay: Option<Delay>,
    chunks: Option<Chunks>,
    secure: bool,
}

impl Stage {
    pub fn new(source: &Source, server: Server) -> Self {
        let setup = Setup::new()
            .workers(2)
            .directive("tcp_nopush on")
            .directive("keepalive_requests 1000000")
            .directive("open_file_cache max=4096");
        let setup = if server.secure { with_certificate(setup) } else { setup };
        let setup = server.rate.iter().fold(setup, |setup, rate| setup.directive(&format!("limit_rate {rate}")));
        let nginx = Nginx::start(source.folder(), &setup);
        let delay = server.round_trip.map(|round_trip| Delay::before(nginx.address(), round_trip));
        let chunks = server.chunk.map(|length| Chunks::of(length, source.folder()));
        Self { nginx, delay, chunks, secure: server.secure }
    }

    /// Scheme and authority.
    pub fn base(&self) -> String {
        let in_front = self.delay.as_ref().map(Delay::address).or(self.chunks.as_ref().map(Chunks::address));
        let address = in_front.unwrap_or(self.nginx.address());
        format!("{}://{HOST}:{}", if self.secure { "https" } else { "http" }, address.port())
    }

    /// The certificate to trust.
    pub fn certificate(&self) -> Option<PathBuf> {
        self.secure.then(|| self.nginx.certificate())
    }

    /// The process ids of the servers.
    pub fn processes(&self) -> Vec<u32> {
        let delay = self.delay.as_ref().map(Delay::process_id);
        delay.into_iter().chain([self.nginx.process_id()]).collect()
    }
}

/// With a certificate for the address, and for the same text as a DNS name, since axel checks only names.
fn with_certificate(setup: Setup) -> Setup {
    let mut parameters = CertificateParams::new([HOST.to_owned()]).expect("an address");
    parameters.subject_alt_names.push(SanType::DnsName(HOST.try_into().expect("ASCII")));
    let key = KeyPair::generate().expect("a key");
    let certificate = parameters.self_signed(&key).expect("a certificate");
    setup.identity(&certificate.pem(), &key.serialize_pem())
}
