//! Metrics in the text format of OpenMetrics. No label is a URL, a path or a GID.

use std::sync::atomic::AtomicU64;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::book::{List, State};
use crate::service::Service;

/// Upper bounds of the times of requests, in seconds: the goal is 5 ms, and an unauthorized one takes a second.
const SECONDS: [f64; 8] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0];

/// The way of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EncodeLabelValue)]
pub enum Transport {
    Http,
    WebSocket,
    Xml,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    transport: Transport,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfState {
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfResult {
    result: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRule {
    rule: &'static str,
}

/// The metrics of the daemon.
pub struct Metrics {
    registry: Registry,
    jobs: Family<OfState, Gauge>,
    finished: Family<OfResult, Counter>,
    remaining: Gauge,
    exchanges: Gauge,
    rate_limit: Gauge,
    requests: Family<Request, Counter>,
    seconds: Histogram,
    refused: Family<OfRule, Counter>,
    started: Gauge<f64, AtomicU64>,
    processor: Counter<f64, AtomicU64>,
    memory: Gauge,
    descriptors: Gauge,
}

impl Metrics {
    /// Metrics that begin at zero.
    pub fn new() -> Self {
        let metrics = Self {
            registry: Registry::default(),
            jobs: Family::default(),
            finished: Family::default(),
            remaining: Gauge::default(),
            exchanges: Gauge::default(),
            rate_limit: Gauge::default(),
            requests: Family::default(),
            seconds: Histogram::new(SECONDS),
            refused: Family::default(),
            started: Gauge::default(),
            processor: Counter::default(),
            memory: Gauge::default(),
            descriptors: Gauge::default(),
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        metrics.started.set(now.as_secs_f64());
        metrics.registered()
    }

    fn registered(mut self) -> Self {
        let all = &mut self.registry;
        all.register("haul_build", "Version of haul", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
        all.register("haul_jobs", "Downloads by state", self.jobs.clone());
        all.register("haul_jobs_finished", "Downloads that ended since the start", self.finished.clone());
        all.register("haul_remaining_bytes", "Bytes that downloads of known length lack", self.remaining.clone());
        all.register("haul_exchanges", "HTTP exchanges in flight", self.exchanges.clone());
        let help = "Rate of all downloads together; 0 is unlimited";
        all.register("haul_rate_limit_bytes_per_second", help, self.rate_limit.clone());
        all.register("haul_rpc_requests", "Requests that were answered", self.requests.clone());
        all.register("haul_rpc_request_duration_seconds", "Time to answer a request", self.seconds.clone());
        all.register("haul_rpc_refused", "Requests that a rule refused", self.refused.clone());
        all.register("process_start_time_seconds", "Start of the process since the epoch", self.started.clone());
        all.register("process_cpu_seconds", "Processor time", self.processor.clone());
        all.register("process_resident_memory_bytes", "Resident memory", self.memory.clone());
        all.register("process_open_fds", "Open file descriptors", self.descriptors.clone());
        self
    }

    /// Counts an answered request.
    pub fn answered(&self, transport: Transport, succeeded: bool, time: Duration) {
        let outcome = if succeeded { "success" } else { "failure" };
        self.requests.get_or_create(&Request { transport, outcome }).inc();
        self.seconds.observe(time.as_secs_f64());
    }

    /// Counts a refused request.
    pub fn refused(&self, rule: &'static str) {
        self.refused.get_or_create(&OfRule { rule }).inc();
    }

    /// The text of all metrics.
    pub fn render(&self, service: &Service) -> String {
        self.look_at(service);
        self.look_at_process();
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }

    fn look_at(&self, service: &Service) {
        let book = service.book();
        let mut states = [("active", 0), ("waiting", 0), ("paused", 0), ("error", 0)];
        let (mut remaining, mut exchanges) = (0_u64, 0_u64);
        for entry in book.entries() {
            let state = match &entry.state {
                State::Active => 0,
                State::Waiting => 1,
                State::Paused => 2,
                State::Stopped(crate::book::Stop::Error { .. }) => 3,
                State::Stopped(_) => continue,
            };
            states[state].1 += 1;
            let present = service.present(entry);
            exchanges += u64::from(present.connections);
            if !entry.is_stopped() {
                remaining = remaining.saturating_add(present.total.unwrap_or(0).saturating_sub(present.bytes));
            }
        }
        debug_assert_eq!(states[0].1, book.lists().of(List::Active).len());
        for (state, count) in states {
            self.jobs.get_or_create(&OfState { state }).set(signed(count as u64));
        }
        let ended = service.ended();
        for (result, count) in [("complete", ended.complete), ("error", ended.error), ("removed", ended.removed)] {
            let counter = self.finished.get_or_create(&OfResult { result });
            counter.inc_by(count.saturating_sub(counter.get()));
        }
        self.remaining.set(signed(remaining));
        self.exchanges.set(signed(exchanges));
        self.rate_limit.set(service.global("max-overall-download-limit").parse().unwrap_or(0));
    }

    /// Linux has these values in `/proc`; elsewhere they stay zero.
    fn look_at_process(&self) {
        use rustix::param::{clock_ticks_per_second, page_size};

        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        // The second field, the name of the command, may hold blanks.
        let fields: Vec<&str> =
            stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default();
        let field = |number: usize| fields.get(number).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        // proc(5): utime is field 14, stime 15, rss 24, counted from 1; the third is the first of these.
        let ticks = field(11) + field(12);
        #[expect(clippy::cast_precision_loss, reason = "processor time needs no more digits")]
        let seconds = ticks as f64 / clock_ticks_per_second().max(1) as f64;
        self.processor.inc_by((seconds - self.processor.get()).max(0.0));
        self.memory.set(signed(field(21).saturating_mul(page_size() as u64)));
        let descriptors = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
        self.descriptors.set(signed(descriptors as u64));
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
