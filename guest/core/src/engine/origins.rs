//! Exchanges that are open with each origin, over all downloads.

use alloc::collections::BTreeMap;
use alloc::string::String;

use crate::identity::AttemptId;

/// Exchanges with one origin that the engine opens by its own choice, where no limit was set.
const BY_OWN_CHOICE: u32 = 16;

#[derive(Debug, Default)]
pub(crate) struct Origins {
    open: BTreeMap<AttemptId, String>,
    limit: Option<u32>,
}

impl Origins {
    /// `limit`: most exchanges with one origin. Each download may have one beyond it, so that none waits for ever.
    pub fn new(limit: Option<u32>) -> Self {
        Self { limit, open: BTreeMap::new() }
    }

    pub fn opened(&mut self, attempt: AttemptId, authority: &str) {
        self.open.insert(attempt, authority.into());
    }

    pub fn closed(&mut self, attempt: AttemptId) {
        self.open.remove(&attempt);
    }

    /// Whether another exchange with `authority` may be opened; `chosen` by the engine, or asked for by the caller.
    pub fn has_room(&self, authority: &str, chosen: bool) -> bool {
        let limit = self.limit.or(chosen.then_some(BY_OWN_CHOICE));
        let open = || self.open.values().filter(|known| *known == authority).count();
        limit.is_none_or(|limit| open() < limit as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(limit: Option<u32>, count: u64) -> Origins {
        let mut origins = Origins::new(limit);
        (0..count).for_each(|id| origins.opened(AttemptId(id), "h"));
        origins
    }

    #[test]
    fn a_limit_holds_for_each_origin() {
        let mut origins = filled(Some(2), 2);
        assert!(!origins.has_room("h", false) && origins.has_room("other", false));
        origins.closed(AttemptId(0));
        assert!(origins.has_room("h", false));
    }

    #[test]
    fn what_the_caller_asks_for_is_not_limited_unasked() {
        assert!(filled(None, 50).has_room("h", false) && !filled(None, 50).has_room("h", true));
    }
}
