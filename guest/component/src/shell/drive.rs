//! The one place that waits.

use alloc::vec::Vec;

use haul_core::failure::Cause;
use haul_core::identity::{AttemptId, DownloadId};
use haul_core::input::{End, Input};
use haul_core::time::Instant;
use haul_core::transfer::Step;
use wasip2::io::poll::{Pollable, poll};

use super::clock::{Timer, now};
use super::exchange::{Exchange, Moved, failed};
use super::{Event, Shell};

/// Why [`Shell::drive`] returned.
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

/// What a ready pollable belongs to.
#[derive(Clone, Copy)]
enum Waiter {
    Exchange(AttemptId),
    Wake,
    Timer,
}

impl Shell {
    /// Moves bytes until there is an event, `wake` is ready, `until` has come, or nothing is transferring and nothing wakes.
    pub fn drive(&mut self, wake: Option<&Pollable>, until: Option<Instant>) -> Progress {
        let mut woken = false;
        loop {
            self.drain();
            self.forget_ended();
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

    /// Waits for one or more things and sees to them; whether `wake` was among them.
    fn wait(&mut self, wake: Option<&Pollable>, until: Option<Instant>) -> bool {
        let ready = self.poll(wake, until);
        let mut woken = false;
        for waiter in ready {
            match waiter {
                Waiter::Exchange(attempt) => self.advance(attempt),
                Waiter::Wake => woken = true,
                Waiter::Timer => self.timer = None,
            }
        }
        if self.core.deadline(now()).is_some_and(|deadline| deadline <= now()) {
            self.core.handle(now(), Input::Time);
        }
        for input in self.digests.compute() {
            self.core.handle(now(), input);
        }
        woken
    }

    fn poll(&mut self, wake: Option<&Pollable>, until: Option<Instant>) -> Vec<Waiter> {
        let time = now();
        let mut waiters = Vec::with_capacity(self.exchanges.len() + 2);
        let mut pollables = Vec::with_capacity(self.exchanges.len() + 2);
        for (attempt, exchange) in &self.exchanges {
            let held = matches!(exchange, Exchange::Body(_)) && self.core.step(time, *attempt) == Step::Wait;
            if !held {
                waiters.push(Waiter::Exchange(*attempt));
                pollables.push(exchange.pollable());
            }
        }
        if let Some(wake) = wake {
            waiters.push(Waiter::Wake);
            pollables.push(wake);
        }
        let computing = self.digests.is_computing().then_some(time);
        let deadline = [self.core.deadline(time), until, computing].into_iter().flatten().min();
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

    /// Something has come for `attempt`: its head, bytes, or its end.
    fn advance(&mut self, attempt: AttemptId) {
        match self.exchanges.remove(&attempt) {
            Some(awaiting @ Exchange::AwaitingHead { .. }) => match awaiting.head() {
                Ok((head, body)) => {
                    self.exchanges.insert(attempt, body);
                    self.core.handle(now(), Input::Head { attempt, head });
                }
                Err(cause) => self.core.handle(now(), failed(attempt, cause)),
            },
            Some(body @ Exchange::Body(_)) => {
                self.exchanges.insert(attempt, body);
                self.move_bytes(attempt);
            }
            None => {}
        }
        self.drain();
    }

    fn move_bytes(&mut self, attempt: AttemptId) {
        let step = self.core.step(now(), attempt);
        let Some(Exchange::Body(body)) = self.exchanges.get_mut(&attempt) else { return };
        let moved = match step {
            Step::Wait => return,
            Step::Drain => body.drain(),
            Step::Skip { limit } => body.skip(limit),
            Step::Write { offset, limit } => {
                let files = self.core.owner(attempt).and_then(|download: DownloadId| self.files.get_mut(&download));
                match files {
                    Some(files) => match files.require_own(now().as_nanos()) {
                        Ok(()) => body.write(offset, limit, |offset| files.write_at(offset)),
                        Err(cause) => Moved::Ended(End::Failed(Cause::Disk(cause))),
                    },
                    None => Moved::Ended(End::Failed(Cause::Engine)),
                }
            }
        };
        match moved {
            Moved::Bytes(bytes) => self.core.handle(now(), Input::Moved { attempt, bytes }),
            Moved::Ended(end) => {
                self.exchanges.remove(&attempt);
                self.core.handle(now(), Input::Ended { attempt, end });
            }
        }
    }
}
