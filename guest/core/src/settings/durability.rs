//! What a caller wants kept bytes to survive.

use serde::{Deserialize, Serialize};

/// What *kept* survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Durability {
    /// Loss of power: data is synced before the journal vouches for it.
    #[default]
    Power,
    /// The death of the process only: the operating system writes the data when it likes.
    Process,
}
