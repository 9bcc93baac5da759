//! The delay of replies to callers without the secret, over all transports.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// The delay of a first failure: the same as aria2's, because clients wait for it.
const DELAY: Duration = Duration::from_secs(1);

/// The delay after [`FREE`] failures, so that a secret cannot be guessed: there are 360 attempts an hour.
const LONG_DELAY: Duration = Duration::from_secs(10);

/// Failures with the short delay, because a page that polls each second repeats the wrong secret of its user.
const FREE: u32 = 20;

/// Time after which failures are forgotten, so that a corrected page is fast again.
const MEMORY: Duration = Duration::from_secs(600);

/// Addresses that are remembered, so that the memory is bounded. An attacker with more addresses has the short delay.
const ADDRESSES: usize = 1024;

/// The failures of each address.
#[derive(Default)]
pub struct Brake(RefCell<HashMap<IpAddr, (u32, Instant)>>);

impl Brake {
    /// Counts a failure, and returns the delay of its reply.
    pub fn fail(&self, peer: IpAddr, now: Instant) -> Duration {
        let mut all = self.0.borrow_mut();
        if all.len() >= ADDRESSES {
            all.retain(|_, (_, last)| now.duration_since(*last) < MEMORY);
        }
        if all.len() >= ADDRESSES && !all.contains_key(&peer) {
            return DELAY;
        }
        let (count, last) = all.entry(peer).or_insert((0, now));
        if now.duration_since(*last) >= MEMORY {
            *count = 0;
        }
        *count = count.saturating_add(1);
        *last = now;
        if *count > FREE { LONG_DELAY } else { DELAY }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_failures_of_one_address_delay_its_replies_longer() {
        let brake = Brake::default();
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let begun = Instant::now();
        for _ in 0..FREE {
            assert_eq!(brake.fail(one, begun), DELAY);
        }
        assert_eq!((brake.fail(one, begun), brake.fail(other, begun)), (LONG_DELAY, DELAY));
        assert_eq!(brake.fail(one, begun + MEMORY), DELAY);
    }

    #[test]
    fn the_memory_is_bounded() {
        let brake = Brake::default();
        let begun = Instant::now();
        for number in 0..5000_u32 {
            brake.fail(IpAddr::from(number.to_be_bytes()), begun);
        }
        assert_eq!(brake.0.borrow().len(), ADDRESSES);
    }
}
