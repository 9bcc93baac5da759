//! What needs a real wire, a real disk and a real runtime: a scripted origin, the ways of running haul, and the peers.

pub mod origin;
