//! An origin with latency and capacity, as an event queue. Files are whole and have no content.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Duration;

/// The properties of the origin and the line to it.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    /// Round trip.
    pub latency: Duration,
    /// Requests that are served at the same time; the others queue.
    pub servers: usize,
    /// Time to serve one request.
    pub service: Duration,
    /// Bytes per second of all responses together.
    pub bandwidth: u64,
    /// Requests beyond this number that are rejected with 429.
    pub most: usize,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            latency: Duration::from_millis(40),
            servers: usize::MAX,
            service: Duration::ZERO,
            bandwidth: 1 << 30,
            most: usize::MAX,
        }
    }
}

/// Something that the client receives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Received {
    Rejection,
    Head,
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrival,
    Served,
    Received(Received),
}

type Nanos = u64;

#[derive(Debug)]
pub struct Origin {
    model: Model,
    events: BinaryHeap<Reverse<(Nanos, u64, Event)>>,
    lengths: BTreeMap<u64, u64>,
    /// The times at which busy servers are free.
    servers: BinaryHeap<Reverse<Nanos>>,
    line_free_at: Nanos,
    open: usize,
    idle_connections: usize,
    pub requests: Vec<Nanos>,
    pub rejections: Vec<Nanos>,
}

fn nanos(time: Duration) -> Nanos {
    u64::try_from(time.as_nanos()).expect("a short time")
}

impl Origin {
    pub fn new(model: Model) -> Self {
        Self {
            model,
            events: BinaryHeap::new(),
            lengths: BTreeMap::new(),
            servers: BinaryHeap::new(),
            line_free_at: 0,
            open: 0,
            idle_connections: 0,
            requests: Vec::new(),
            rejections: Vec::new(),
        }
    }

    /// Sends the request `id` for a file of `length` bytes. A new connection takes a round trip.
    pub fn request(&mut self, now: Nanos, id: u64, length: u64) {
        let latency = nanos(self.model.latency);
        let connect = if self.idle_connections == 0 { latency } else { 0 };
        self.idle_connections = self.idle_connections.saturating_sub(1);
        self.lengths.insert(id, length);
        self.requests.push(now);
        self.push(now + connect + latency / 2, id, Event::Arrival);
    }

    fn push(&mut self, at: Nanos, id: u64, event: Event) {
        self.events.push(Reverse((at, id, event)));
    }

    /// Time of the next event.
    pub fn next(&self) -> Option<Nanos> {
        self.events.peek().map(|Reverse((at, ..))| *at)
    }

    /// Handles the next event; returns the request and what the client receives, if that is the event.
    pub fn step(&mut self) -> Option<(u64, Received)> {
        let Reverse((now, id, event)) = self.events.pop()?;
        let latency = nanos(self.model.latency);
        match event {
            Event::Arrival if self.open >= self.model.most => {
                self.rejections.push(now);
                self.push(now + latency / 2, id, Event::Received(Received::Rejection));
                None
            }
            Event::Arrival => {
                self.open += 1;
                let free_at = if self.servers.len() < self.model.servers { None } else { self.servers.pop() };
                let served = free_at.map_or(now, |Reverse(at)| at.max(now)) + nanos(self.model.service);
                if self.model.servers < usize::MAX {
                    self.servers.push(Reverse(served));
                }
                let length = u128::from(self.lengths[&id]);
                let time = length * 1_000_000_000 / u128::from(self.model.bandwidth);
                let begun = served.max(self.line_free_at);
                self.line_free_at = begun + u64::try_from(time).expect("a short time");
                self.push(begun + latency / 2, id, Event::Received(Received::Head));
                self.push(self.line_free_at, id, Event::Served);
                None
            }
            Event::Served => {
                self.open -= 1;
                self.push(now + latency / 2, id, Event::Received(Received::End));
                None
            }
            Event::Received(received) => {
                if received != Received::Head {
                    self.idle_connections += 1;
                }
                Some((id, received))
            }
        }
    }
}

/// Seconds in which `at_once` clients fetch these files, each one after the other.
pub fn fixed(model: Model, files: &[u64], at_once: usize) -> f64 {
    let mut origin = Origin::new(model);
    let mut files = files.iter().copied().zip(0..);
    let mut now = 0;
    files.by_ref().take(at_once).for_each(|(length, id)| origin.request(0, id, length));
    while let Some(next) = origin.next() {
        now = next;
        if let Some((_, Received::End)) = origin.step()
            && let Some((length, id)) = files.next()
        {
            origin.request(now, id, length);
        }
    }
    now as f64 / 1e9
}
