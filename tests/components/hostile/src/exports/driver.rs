//! The driver interface: objects for the host, and a record of the host's answers.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;

use super::{download, enumerators, failure, jobs, trapping};
use crate::Hostile;
use crate::bindings::exports::haul::delivery_optimization::driver::{
    Category, Download, DownloadEnumerator, Failure, Guest, Job, JobBorrow, JobEnumerator, JobType, Network,
    ResolvedContent,
};
use crate::order;

struct Answers(RefCell<Vec<(u64, Option<Vec<u8>>)>>);

// SAFETY: a component instance of WASI 0.2 has one thread.
unsafe impl Sync for Answers {}

static ANSWERS: Answers = Answers(RefCell::new(Vec::new()));

/// The host's answers to digest requests: the number of each, and whether it carried a digest.
pub fn answers() -> String {
    lines(|number, value| format!("{number} {}", value.is_some()))
}

/// The digests in the host's answers, in hexadecimal.
pub fn digests() -> String {
    lines(|_, value| value.iter().flatten().map(|byte| format!("{byte:02x}")).collect())
}

fn lines(line: impl Fn(u64, &Option<Vec<u8>>) -> String) -> String {
    ANSWERS.0.borrow().iter().map(|(number, value)| line(*number, value)).collect::<Vec<_>>().join("\n")
}

impl Guest for Hostile {
    fn create_download(_caller: String) -> Result<Download, Failure> {
        order::reached("create_download");
        if order::is("huge-failure") { Err(failure(10_000_000)) } else { Ok(Download::new(download::One::another())) }
    }

    fn enum_downloads(_caller: String, _category: Option<Category>) -> Result<DownloadEnumerator, Failure> {
        order::reached("enum_downloads");
        Ok(DownloadEnumerator::new(enumerators::Downloads))
    }

    fn create_job(_caller: String, _display_name: String, _kind: JobType) -> Result<Job, Failure> {
        order::reached("create_job");
        Ok(Job::new(jobs::One))
    }

    fn enum_jobs(_caller: String, _all_users: bool) -> Result<JobEnumerator, Failure> {
        order::reached("enum_jobs");
        Ok(JobEnumerator::new(enumerators::Jobs))
    }

    fn digest_computed(number: u64, value: Option<Vec<u8>>) {
        ANSWERS.0.borrow_mut().push((number, value));
    }

    fn content_resolved(_number: u64, _content: Option<ResolvedContent>) {}

    trapping! {
        fn get_job(caller: String, id: String) -> Result<Job, Failure>;
        fn draft_job(caller: String, display_name: String) -> Result<Job, Failure>;
        fn keep_job(job: JobBorrow<'_>) -> Result<(), Failure>;
        fn job_notified(job: String, accepted: bool);
        fn set_max_rate(rate: Option<u64>) -> Result<(), Failure>;
        fn set_network(network: Network) -> Result<(), Failure>;
    }
}
