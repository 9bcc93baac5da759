//! The interfaces of jobs: those of BITS in Delivery Optimization, its own additions, and statements of BITS if it is silent.

mod bare;
mod sources;
mod world;

mod callback;
mod codes;
mod do_file;
mod do_job;
mod enum_files;
mod enum_jobs;
mod error;
mod file;
mod file2;
mod file5;
mod flow;
mod job5;
mod job_calls;
mod job_manager;
mod job_settings;
mod lifetime;
mod not_offered;
mod numbers;
mod progress;
mod ranges;
mod states;

use crate::statement::Theme;

/// In the order of the page.
pub const THEMES: [Theme; 21] = [
    job_manager::THEME,
    enum_jobs::THEME,
    job_calls::THEME,
    job_settings::THEME,
    states::THEME,
    job5::THEME,
    do_job::THEME,
    ranges::THEME,
    enum_files::THEME,
    file::THEME,
    file2::THEME,
    file5::THEME,
    do_file::THEME,
    progress::THEME,
    error::THEME,
    callback::THEME,
    flow::THEME,
    lifetime::THEME,
    numbers::THEME,
    not_offered::THEME,
    codes::THEME,
];
