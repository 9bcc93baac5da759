//! How often and how fast origins are asked: rates, back-off, and exchanges with one origin.

pub(crate) mod origins;
pub(crate) mod rate;
pub(crate) mod retry;
