//! Shared parts of the fuzz targets.

pub mod crc;
pub mod frames;
pub mod jobs;
pub mod records;
pub mod single;
pub mod text;
pub mod world;

#[path = "../../../guest/core/tests/simulator/file.rs"]
pub mod file;

/// The queue and scene of the job tests.
#[path = "../../../guest/core/tests/jobs"]
mod tests {
    pub mod queue {
        pub mod acts;
        pub mod world;
    }
    pub mod scene;
}

pub use tests::{queue, scene};
