//! The durability of kept bytes.

use serde::{Deserialize, Serialize};

/// The event that kept bytes survive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Durability {
    /// Loss of power: the engine syncs data before the journal records it as kept.
    #[default]
    Power,
    /// Death of the process only: the operating system decides when to write the data.
    Process,
}
