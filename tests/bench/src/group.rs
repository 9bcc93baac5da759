//! Groups of rows: those of one group have the same targets and stand together on the page.

/// A group of rows on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Large,
    Durable,
    Verified,
    Secure,
    Small,
    Capped,
    Delayed,
    Chunked,
}

impl Group {
    /// In the order of the page.
    pub const ALL: [Self; 8] = [
        Self::Large,
        Self::Durable,
        Self::Verified,
        Self::Secure,
        Self::Small,
        Self::Capped,
        Self::Delayed,
        Self::Chunked,
    ];
}
