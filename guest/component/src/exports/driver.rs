//! `driver`

use alloc::string::String;
use alloc::vec::Vec;

use haul_core::border::input::Content;
use haul_core::failure::Cause;
use haul_core::text::guid;

use super::background_copy_job::Handle;
use super::do_manager::{create, enumerate};
use super::{Component, background_copy_manager, convert, engine};
use crate::bindings::exports::haul::delivery_optimization::driver::{
    Category, Download, DownloadEnumerator, Guest, Job, JobBorrow, JobEnumerator, JobType, Network, ResolvedContent,
};
use crate::instance;
use crate::shell::Shell;

impl Guest for Component {
    fn create_download(caller: String) -> Result<Download, convert::Failure> {
        create(&caller)
    }

    fn enum_downloads(caller: String, category: Option<Category>) -> Result<DownloadEnumerator, convert::Failure> {
        enumerate(&caller, category)
    }

    fn create_job(caller: String, display_name: String, kind: JobType) -> Result<Job, convert::Failure> {
        background_copy_manager::create(&caller, display_name, kind)
    }

    fn draft_job(caller: String, display_name: String) -> Result<Job, convert::Failure> {
        background_copy_manager::draft(&caller, display_name)
    }

    fn keep_job(job: JobBorrow<'_>) -> Result<(), convert::Failure> {
        job.get::<Handle>().act(Shell::keep_job).map_err(convert::failure)
    }

    fn get_job(caller: String, id: String) -> Result<Job, convert::Failure> {
        background_copy_manager::find(&caller, &id)
    }

    fn enum_jobs(caller: String, all_users: bool) -> Result<JobEnumerator, convert::Failure> {
        background_copy_manager::enumerate(&caller, all_users)
    }

    fn job_notified(job: String, accepted: bool) {
        if let Some(id) = guid::parse(&job) {
            instance::with(|shell| shell.job_notified(id, accepted));
        }
    }

    fn set_max_rate(rate: Option<u64>) -> Result<(), convert::Failure> {
        super::with_shell(|shell| {
            shell.set_max_rate(rate);
            Ok(())
        })
    }

    fn set_network(network: Network) -> Result<(), convert::Failure> {
        let network = convert::network(network);
        super::with_shell(|shell| {
            shell.set_network(network);
            Ok(())
        })
    }

    fn digest_computed(number: u64, value: Option<Vec<u8>>) {
        instance::with(|shell| shell.digest_computed(number, value));
    }

    fn content_resolved(number: u64, content: Option<ResolvedContent>) {
        // Content that cannot be converted counts as no answer.
        let content = content.and_then(|content| convert_content(content).ok());
        instance::with(|shell| shell.content_resolved(number, content));
    }
}

fn convert_content(content: ResolvedContent) -> Result<Content, Cause> {
    Ok(Content {
        urls: engine::convert_urls(&content.urls)?,
        digests: content.digests.into_iter().map(engine::convert_digest).collect::<Result<_, _>>()?,
        pieces: content.pieces.map(engine::pieces_in).transpose()?,
        length: content.length,
    })
}
