//! The loop that waits for events.

use alloc::vec::Vec;

use haul_core::border::identity::{AttemptId, DownloadId};
use haul_core::border::input::{End, Input};
use haul_core::border::time::Instant;
use haul_core::download::State;
use haul_core::failure::Cause;
use haul_core::transfer::Step;
use wasip2::io::poll::{Pollable, poll};

use super::clock::{Timer, now};
use super::exchange::{Exchange, Moved, failed};
use super::ledger::LedgerFile;
use super::{Event, Shell};

/// Bytes of one body that are moved before other exchanges get their turn, so that one fast origin does not hold up the others.
const TURN: u64 = 1 << 20;

/// Bytes of room that are reserved ahead of received bytes, so that an origin that declares a false length takes no more of the disk. One
/// call for 16 MiB has no measurable cost.
const ROOM: u64 = 16 << 20;

/// The reason [`Shell::drive`] returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseReason {
    Events,
    Woken,
    Elapsed,
    Idle,
}

#[derive(Debug)]
pub struct Progress {
    pub events: Vec<Event>,
    pub reason: PauseReason,
}

/// The owner of a ready pollable.
#[derive(Clone, Copy)]
enum Waiter {
    Exchange(AttemptId),
    Wake,
    Timer,
    /// A stream that has room again.
    Sink,
}

impl Shell {
    /// Moves bytes until there is an event, `wake` is ready, `until` is reached, or nothing is transferring and there is no `wake`.
    pub fn drive(&mut self, wake: Option<&Pollable>, until: Option<Instant>) -> Progress {
        let mut woken = false;
        self.now();
        // Timers that are due fire even if nothing is transferring.
        self.see_to_time();
        loop {
            self.drain();
            let reason = if !self.events.is_empty() {
                Some(PauseReason::Events)
            } else if woken {
                Some(PauseReason::Woken)
            } else if until.is_some_and(|until| now() >= until) {
                Some(PauseReason::Elapsed)
            } else if wake.is_none() && !self.core.is_busy() {
                Some(PauseReason::Idle)
            } else {
                None
            };
            if let Some(reason) = reason {
                return Progress { events: self.events.drain(..).collect(), reason };
            }
            woken = self.wait(wake, until);
        }
    }

    /// Drives until `download` has stopped: transferred, or with an error.
    pub(super) fn wait_for(&mut self, download: DownloadId) -> Result<(), Cause> {
        loop {
            self.drain();
            let status = self.status(download).ok_or(Cause::InvalidState)?;
            match (status.state, status.error, status.extended_error) {
                (State::Transferring, _, _) => {}
                (_, _, Some(cause)) if !self.core.is_busy() => return Err(cause),
                (_, _, Some(_)) => {}
                (_, error, None) => return error.map_or(Ok(()), Err),
            }
            self.wait(None, None);
        }
    }

    /// Waits for at least one pollable and handles the ready ones; returns whether `wake` was ready.
    fn wait(&mut self, wake: Option<&Pollable>, until: Option<Instant>) -> bool {
        let ready = self.poll(wake, until);
        let mut woken = ready.iter().any(|waiter| matches!(waiter, Waiter::Wake));
        let mut has_moved = false;
        for waiter in self.in_turn(ready) {
            match waiter {
                // After a wake-up at most one exchange gets a turn, so that a command waits for one turn at most.
                Waiter::Exchange(_) if woken && has_moved => {}
                Waiter::Exchange(attempt) => {
                    self.advance(attempt);
                    (self.last_turn, has_moved) = (Some(attempt), true);
                    woken = woken || wake.is_some_and(Pollable::ready);
                }
                Waiter::Wake => {}
                Waiter::Timer => self.timer = None,
                // The next round moves the bytes that waited for room.
                Waiter::Sink => {}
            }
        }
        self.see_to_time();
        let computed = self.digests.compute().into_iter().chain(self.decrypting.advance());
        for input in computed.collect::<Vec<_>>() {
            self.core.handle(now(), input);
        }
        self.advance_streams();
        if let Some(heartbeat) = self.ledger.as_mut().and_then(LedgerFile::heartbeat)
            && heartbeat.next() <= now()
        {
            heartbeat.beat();
        }
        woken
    }

    /// Puts the exchanges that got no turn in the last round first.
    fn in_turn(&self, mut ready: Vec<Waiter>) -> Vec<Waiter> {
        let is_next = |waiter: &Waiter| matches!(waiter, Waiter::Exchange(attempt) if Some(*attempt) > self.last_turn);
        let next = ready.iter().position(is_next).unwrap_or(0);
        ready.rotate_left(next);
        ready
    }

    fn see_to_time(&mut self) {
        if self.core.deadline(now()).is_some_and(|deadline| deadline <= now()) {
            self.core.handle(now(), Input::Time);
        }
    }

    fn poll(&mut self, wake: Option<&Pollable>, until: Option<Instant>) -> Vec<Waiter> {
        let time = now();
        let mut waiters = Vec::with_capacity(self.exchanges.len() + 2);
        let mut pollables = Vec::with_capacity(self.exchanges.len() + 2);
        for (attempt, exchange) in &self.exchanges {
            let step = match exchange {
                Exchange::Body(_) => self.core.step(time, *attempt),
                Exchange::AwaitingHead { .. } => Step::Drain,
            };
            let owner = self.core.owner(*attempt).filter(|_| matches!(step, Step::Write { .. }));
            let stream = owner.and_then(|download| self.streams.get(&download));
            match (step, stream) {
                (Step::Wait, _) => {}
                (_, Some(stream)) if !stream.has_room() => {
                    self.core.wait_for_sink(time, *attempt);
                    waiters.push(Waiter::Sink);
                    pollables.push(stream.pollable());
                }
                _ => {
                    waiters.push(Waiter::Exchange(*attempt));
                    pollables.push(exchange.pollable());
                }
            }
        }
        for stream in self.streams.values().filter(|stream| stream.is_waiting()) {
            waiters.push(Waiter::Sink);
            pollables.push(stream.pollable());
        }
        if let Some(wake) = wake {
            waiters.push(Waiter::Wake);
            pollables.push(wake);
        }
        let computing = (self.digests.is_computing() || self.decrypting.is_working()).then_some(time);
        let beat = self.ledger.as_mut().and_then(LedgerFile::heartbeat).map(|heartbeat| heartbeat.next());
        let deadline = [self.core.deadline(time), until, computing, beat].into_iter().flatten().min();
        self.timer = deadline.map(|at| Timer::at_most(self.timer.take(), at));
        if let Some(timer) = &self.timer {
            waiters.push(Waiter::Timer);
            pollables.push(&timer.pollable);
        }
        if pollables.is_empty() {
            return Vec::new();
        }
        poll(&pollables).into_iter().filter_map(|index| waiters.get(index as usize).copied()).collect()
    }

    /// Handles the head, the bytes or the end that arrived for `attempt`.
    fn advance(&mut self, attempt: AttemptId) {
        match self.exchanges.remove(&attempt) {
            Some(awaiting @ Exchange::AwaitingHead { .. }) => match awaiting.head(self.driver.takes_exchange_fields) {
                Ok((head, body)) => {
                    self.exchanges.insert(attempt, body);
                    self.core.handle(now(), Input::Head { attempt, head });
                }
                Err(cause) => self.core.handle(now(), failed(attempt, cause)),
            },
            Some(body @ Exchange::Body(_)) => {
                self.exchanges.insert(attempt, body);
                self.move_what_is_at_hand(attempt);
            }
            None => {}
        }
        self.drain();
    }

    /// Completes the operations of streams that have flushed.
    fn advance_streams(&mut self) {
        let streams = self.streams.iter_mut();
        let done: Vec<_> = streams.filter_map(|(download, stream)| Some((*download, stream.advance()?))).collect();
        for (download, (id, done)) in done {
            self.core.handle(now(), Input::Disk { download, id, done });
        }
    }

    /// Moves bytes while the body has some. Hosts move as little as 64 KiB at a time, and waiting in between costs more than moving. If
    /// bytes are rationed, an exchange takes its share once, so that others get theirs.
    fn move_what_is_at_hand(&mut self, attempt: AttemptId) {
        let mut left = TURN;
        loop {
            let moved = self.move_bytes(attempt);
            left = left.saturating_sub(moved);
            if moved == 0 || left == 0 || self.core.is_rationed() {
                return;
            }
            self.drain();
            if !self.exchanges.get(&attempt).is_some_and(|exchange| exchange.pollable().ready()) {
                return;
            }
        }
    }

    /// Moves bytes once and returns their number.
    fn move_bytes(&mut self, attempt: AttemptId) -> u64 {
        let step = self.core.step(now(), attempt);
        let Some(Exchange::Body(body)) = self.exchanges.get_mut(&attempt) else { return 0 };
        let moved = match step {
            Step::Wait => return 0,
            Step::Drain => body.drain(),
            Step::Collect { limit } => match body.collect(limit) {
                Ok(bytes) => {
                    self.core.handle(now(), Input::Collected { attempt, bytes });
                    return 0;
                }
                Err(end) => Moved::Ended(end),
            },
            Step::Skip { limit } => body.skip(limit),
            Step::Write { offset, limit } => {
                let owner = self.core.owner(attempt);
                let stream = owner.and_then(|download| self.streams.get_mut(&download));
                let files = owner.and_then(|download| self.files.get_mut(&download));
                match (stream, files) {
                    (Some(stream), _) => stream.take(body.stream(), offset, limit),
                    (None, Some(files)) => match files.require_own(now().as_nanos()) {
                        Ok(()) => {
                            let moved = body.write(offset, limit, |offset| files.write_at(offset));
                            if let Some((offset, length)) = body.take_dirty() {
                                files.write_back(offset, length);
                            }
                            if let Some(from) = body.take_room(ROOM) {
                                files.reserve(from, ROOM);
                            }
                            moved
                        }
                        Err(cause) => Moved::Ended(End::Failed(Cause::Disk(cause))),
                    },
                    (None, None) => Moved::Ended(End::Failed(Cause::Engine)),
                }
            }
        };
        match moved {
            Moved::Bytes(bytes) => {
                self.core.handle(now(), Input::Moved { attempt, bytes });
                bytes
            }
            Moved::Ended(end) => {
                self.exchanges.remove(&attempt);
                self.core.handle(now(), Input::Ended { attempt, end });
                0
            }
        }
    }
}
