//! Rate limits, back-off, and limits on exchanges with one origin.

pub(crate) mod origins;
pub(crate) mod rate;
pub(crate) mod retry;
