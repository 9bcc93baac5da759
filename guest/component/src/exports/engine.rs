//! `engine`

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use haul_core::border::output::Subject;
use haul_core::border::time::Instant;
use haul_core::content::digest::{Checksum, ExpectedDigest};
use haul_core::content::pieces::Pieces;
use haul_core::engine::{FileSetting, Settings};
use haul_core::failure::{Cause, MetalinkCause, PieceHashFileCause, codes};
use haul_core::job::{FileProgress, FileState, Job, JobOptions, NewFile, Setting};
use haul_core::parse::decryption_info::DecryptionInfo;
use haul_core::parse::integrity_check_info::IntegrityCheckInfo;
use haul_core::parse::url::{Url, redact};
use haul_core::parse::{file_name, metalink, piece_hash_file};
use haul_core::settings::durability::Durability;
use haul_core::settings::transfer_options::TransferOptions;
use haul_core::text::guid;
use wasip2::clocks::monotonic_clock;
use wasip2::io::poll::Pollable;

use super::background_copy_file::FileHandle;
use super::background_copy_job::Handle as JobHandle;
use super::do_download::Handle;
use super::{Component, convert, convert_job, with_shell};
use crate::bindings::exports::haul::delivery_optimization::engine::{
    self as wit, DownloadBorrow, FileBorrow, Guest, JobBorrow,
};
use crate::instance;
use crate::shell::{Directories, Driver, Event, PauseReason, Shell};

/// Most URLs in one list, so that a hostile caller cannot fill the memory: as many as the engine keeps for a file.
const MOST_URLS: usize = 64;

impl Guest for Component {
    fn open(settings: wit::Settings) -> Result<(), convert::Failure> {
        let default = Settings::default();
        let max_running = settings.max_running.map_or(default.max_running, |most| most as usize);
        let (max_rate, max_per_origin) = (settings.max_rate, settings.max_per_origin);
        let core = Settings { max_running, max_rate, max_per_origin, ..default };
        let network = settings.network.map(convert::network).unwrap_or_default();
        let driver = convert_driver(settings.driver).map_err(convert::failure)?;
        let (state, records) = (settings.state_directory.as_deref(), settings.records_directory.as_deref());
        let directories = Directories { state, records };
        let open = |last_download| Shell::open(Settings { last_download, ..core }, driver, network, directories);
        instance::open(open).map_err(convert::failure)
    }

    fn drive(wake: Option<&Pollable>, limit: Option<u64>) -> Result<wit::Progress, convert::Failure> {
        let until = limit.map(|limit| Instant::from_nanos(monotonic_clock::now()) + Duration::from_nanos(limit));
        with_shell(|shell| {
            let progress = shell.drive(wake, until);
            let events = progress.events.into_iter().filter_map(|event| convert_event(shell, event)).collect();
            Ok(wit::Progress { events, reason: convert_reason(progress.reason) })
        })
    }

    fn close() {
        instance::close();
    }

    fn set_transfer_options(
        download: DownloadBorrow<'_>,
        options: wit::TransferOptions,
    ) -> Result<(), convert::Failure> {
        let id = download.get::<Handle>().0;
        with_shell(|shell| shell.set_options(id, convert_options(options)?))
    }

    fn suggest_file_name(url: String) -> String {
        file_name::from_text(&url)
    }

    fn get_report(download: DownloadBorrow<'_>) -> wit::Report {
        let id = download.get::<Handle>().0;
        let (report, connections) = instance::with(|shell| shell.report(id)).unwrap_or_default();
        wit::Report {
            requests: report.requests,
            bytes_fetched: report.fetched,
            bytes_resumed: report.resumed,
            restarts: report.restarts,
            connections: u32::try_from(connections).unwrap_or(u32::MAX),
            present: report.present,
            resumable: report.resumable,
        }
    }

    fn forget(download: DownloadBorrow<'_>) -> Result<(), convert::Failure> {
        let id = download.get::<Handle>().0;
        with_shell(|shell| shell.forget(id))
    }

    fn add_files(job: JobBorrow<'_>, files: Vec<wit::NewFile>) -> Result<(), convert::Failure> {
        let files = files.into_iter().map(new_file).collect::<Result<_, _>>().map_err(convert::failure)?;
        job.get::<JobHandle>().add(files)
    }

    fn set_job_options(job: JobBorrow<'_>, options: wit::JobOptions) -> Result<(), convert::Failure> {
        let wit::JobOptions { custom_headers, auth_headers, keep_going, max_rate } = options;
        let (custom_headers, auth_headers) = (custom_headers.into(), auth_headers.into());
        let options = JobOptions { custom_headers, auth_headers, keep_going, max_rate };
        let set = job.get::<JobHandle>().act(|shell, job| shell.set_job(job, Setting::Options(options)));
        set.map_err(convert::failure)
    }

    fn get_job_options(job: JobBorrow<'_>) -> Result<wit::JobOptions, convert::Failure> {
        let options = job.get::<JobHandle>().look(|job| job.options().clone());
        let JobOptions { custom_headers, auth_headers, keep_going, max_rate } = options.map_err(convert::failure)?;
        let (custom_headers, auth_headers) = (custom_headers.expose().clone(), auth_headers.expose().clone());
        Ok(wit::JobOptions { custom_headers, auth_headers, keep_going, max_rate })
    }

    fn set_file_options(file: FileBorrow<'_>, options: wit::TransferOptions) -> Result<(), convert::Failure> {
        let file = file.get::<FileHandle>();
        let set = file.job.act(|shell, job| {
            let options = FileSetting::Options(convert_options(options)?.into());
            shell.set_file(job, file.index, options)
        });
        set.map_err(convert::failure)
    }

    fn describe_job(job: JobBorrow<'_>) -> Result<wit::JobDescription, convert::Failure> {
        job.get::<JobHandle>().look(describe_job).map_err(convert::failure)
    }

    fn describe_files(
        job: JobBorrow<'_>,
        from: u32,
        count: u32,
    ) -> Result<Vec<wit::FileDescription>, convert::Failure> {
        let describe = |job: &Job| {
            let to = from.saturating_add(count).min(job.files_total());
            (from..to).map(|index| describe_job_file(job, index)).collect()
        };
        job.get::<JobHandle>().look(describe).map_err(convert::failure)
    }

    fn explain(code: u32) -> Option<wit::Explanation> {
        codes::explain(code).map(convert_explanation)
    }

    fn list_explanations() -> Vec<wit::Explanation> {
        codes::all().map(convert_explanation).collect()
    }

    fn read_integrity_check_info(text: String) -> Result<wit::IntegrityCheckInfo, convert::Failure> {
        let info = IntegrityCheckInfo::from_json(&text).map_err(convert::failure)?;
        Ok(convert::integrity_check_info_out(&info))
    }

    fn read_decryption_info(text: String) -> Result<wit::DecryptionInfo, convert::Failure> {
        let info = DecryptionInfo::from_json(&text).map_err(convert::failure)?;
        Ok(convert::decryption_info_out(&info))
    }

    fn read_metalink(document: Vec<u8>) -> Result<Vec<wit::DescribedFile>, convert::Failure> {
        let text = str::from_utf8(&document).map_err(|_| Cause::Metalink(MetalinkCause::NotXml));
        let files = text.and_then(|text| metalink::parse(text).map_err(Cause::Metalink));
        Ok(files.map_err(convert::failure)?.into_iter().map(describe).collect())
    }

    fn read_piece_hash_file(document: Vec<u8>) -> Result<wit::PieceHashFile, convert::Failure> {
        let text = str::from_utf8(&document).map_err(|_| Cause::PieceHashFile(PieceHashFileCause::NotJson));
        let read = text.and_then(|text| piece_hash_file::parse(text).map_err(Cause::PieceHashFile));
        let read = read.map_err(convert::failure)?;
        Ok(wit::PieceHashFile { length: read.length, pieces: pieces_out(&read.pieces) })
    }
}

fn convert_driver(driver: wit::Driver) -> Result<Driver, Cause> {
    let wit::Driver { computes_digests, locks_files, takes_exchange_fields, resolves_content, waits_for_callers } =
        driver;
    if (computes_digests || resolves_content) && !waits_for_callers {
        return Err(Cause::InvalidArgument);
    }
    Ok(Driver { computes_digests, locks_files, takes_exchange_fields, resolves_content, waits_for_callers })
}

fn convert_explanation(explanation: codes::Explanation) -> wit::Explanation {
    wit::Explanation {
        code: explanation.code,
        name: explanation.name.into(),
        meaning: explanation.meaning.into(),
        advice: codes::advice(explanation.code).map(Into::into),
    }
}

fn new_file(file: wit::NewFile) -> Result<NewFile, Cause> {
    Ok(NewFile {
        id: file.file_id,
        remote_name: Some(file.remote_url),
        local_name: Some(file.local_name),
        ranges: file.ranges.into_iter().map(convert_job::range_in).collect(),
        size: file.file_size,
        options: file.options.map(|options| convert_options(options).map(Into::into)).transpose()?,
    })
}

fn convert_options(options: wit::TransferOptions) -> Result<TransferOptions, Cause> {
    if options.connections == Some(0) {
        return Err(Cause::InvalidArgument);
    }
    Ok(TransferOptions {
        connections: options.connections,
        overwrite: options.overwrite,
        fresh: options.fresh,
        expected: options.expected.into_iter().map(convert_digest).collect::<Result<_, _>>()?,
        retries: options.retries,
        max_rate: options.max_rate,
        no_progress_timeout: options.no_progress_timeout.map(Duration::from_millis),
        durability: match options.durability {
            wit::Durability::Power => Durability::Power,
            wit::Durability::Process => Durability::Process,
        },
        mirrors: convert_urls(&options.mirrors)?,
        pieces: options.pieces.map(pieces_in).transpose()?,
        length: options.length,
        max_length: options.max_length,
        min_rate: options.min_rate,
        refreshed: options.refreshed,
        origin_names: options.origin_names,
    })
}

pub(super) fn convert_urls(urls: &[String]) -> Result<Vec<Url>, Cause> {
    if urls.len() > MOST_URLS {
        return Err(Cause::InvalidArgument);
    }
    urls.iter().map(|url| Url::parse(url).ok_or(Cause::InvalidUrl)).collect()
}

pub(super) fn pieces_in(pieces: wit::Pieces) -> Result<Pieces, Cause> {
    let algorithm = convert::algorithm_in(pieces.algorithm);
    Pieces::new(algorithm, pieces.length, pieces.digests).ok_or(Cause::InvalidArgument)
}

fn pieces_out(pieces: &Pieces) -> wit::Pieces {
    let algorithm = convert::algorithm_out(pieces.algorithm());
    wit::Pieces { algorithm, length: pieces.length(), digests: pieces.digests().to_vec() }
}

fn describe(file: metalink::File) -> wit::DescribedFile {
    let digest = |expected: ExpectedDigest| {
        let algorithm = convert::algorithm_out(expected.algorithm);
        wit::Digest { algorithm, value: expected.value }
    };
    wit::DescribedFile {
        name: file.name,
        length: file.size,
        digests: file.digests.into_iter().map(digest).collect(),
        pieces: file.pieces.as_ref().map(pieces_out),
        urls: file.urls,
    }
}

pub(super) fn convert_digest(digest: wit::Digest) -> Result<ExpectedDigest, Cause> {
    let algorithm = convert::algorithm_in(digest.algorithm);
    let sound = digest.value.len() == algorithm.length();
    sound.then_some(ExpectedDigest { algorithm, value: digest.value }).ok_or(Cause::InvalidArgument)
}

fn describe_job(job: &Job) -> wit::JobDescription {
    let failure = job.failure().map(|failure| wit::JobFailure {
        context: convert_job::context(failure.context()),
        cause: convert::failure(failure.cause),
        file: failure.file,
    });
    wit::JobDescription {
        id: guid::format(job.id()),
        display_name: job.display_name().into(),
        description: job.description().into(),
        owner: job.owner().into(),
        state: convert_job::state(job.state()),
        priority: convert_job::priority_out(job.priority()),
        progress: convert_job::progress(job.progress()),
        times: convert_job::times(job.times()),
        notify_flags: convert_job::notify_flags_out(job.notify_flags()),
        minimum_retry_delay: job.minimum_retry_delay(),
        no_progress_timeout: job.no_progress_timeout(),
        error_count: job.error_count(),
        error: failure,
    }
}

fn describe_job_file(job: &Job, index: u32) -> wit::FileDescription {
    let gone = FileProgress { bytes_total: None, bytes_transferred: 0, completed: false };
    let (state, cause) = job.file_state(index).unwrap_or((FileState::Over, None));
    wit::FileDescription {
        file_id: job.file_id(index).into(),
        remote_name: job.remote_name(index).map(redact),
        local_name: job.local_name(index).map(Into::into),
        state: convert_job::file_state(state),
        progress: convert_job::file_progress(job.file_progress(index).unwrap_or(gone)),
        error: cause.map(convert::failure),
    }
}

/// `None` if the event is about a job that was removed before the event could be reported.
fn convert_event(shell: &Shell, event: Event) -> Option<wit::Event> {
    let (subject, what) = match event {
        Event::Happened { subject, what } => {
            let source = |index| shell.source(subject, index);
            (subject, convert::happening(what, source))
        }
        Event::DigestWanted { subject, request } => {
            let checksum = match request.checksum {
                Checksum::Digest(algorithm) => wit::Checksum::Digest(convert::algorithm_out(algorithm)),
                Checksum::Crc32 => wit::Checksum::Crc32,
            };
            let range = request.range.map(|range| (range.start, range.len()));
            let request = wit::DigestRequest { number: request.number, path: request.path, checksum, range };
            (subject, wit::Happening::DigestWanted(request))
        }
        Event::DigestAhead { subject, path, algorithms, length } => {
            let algorithms = algorithms.into_iter().map(convert::algorithm_out).collect();
            (subject, wit::Happening::DigestAhead(wit::DigestAhead { path, algorithms, length }))
        }
        Event::ContentWanted { subject, number, content_id } => {
            (subject, wit::Happening::ContentWanted(wit::ContentRequest { number, content_id }))
        }
    };
    Some(wit::Event { subject: convert_subject(shell, subject)?, what })
}

fn convert_subject(shell: &Shell, subject: Subject) -> Option<wit::Subject> {
    let id = |job| shell.job(job).map(|job| guid::format(job.id()));
    Some(match subject {
        Subject::Download(download) => wit::Subject::Download(shell.id(download)),
        Subject::Job(job) => wit::Subject::Job(id(job)?),
        Subject::File(job, file) => wit::Subject::File((id(job)?, file)),
    })
}

fn convert_reason(reason: PauseReason) -> wit::PauseReason {
    match reason {
        PauseReason::Events => wit::PauseReason::Events,
        PauseReason::Woken => wit::PauseReason::Woken,
        PauseReason::Elapsed => wit::PauseReason::Elapsed,
        PauseReason::Idle => wit::PauseReason::Idle,
    }
}
