//! `engine`

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use haul_core::decryption_info::DecryptionInfo;
use haul_core::digest::{Checksum, ExpectedDigest};
use haul_core::download::TransferOptions;
use haul_core::durability::Durability;
use haul_core::engine::Settings;
use haul_core::failure::Cause;
use haul_core::integrity_check_info::IntegrityCheckInfo;
use haul_core::pieces::Pieces;
use haul_core::time::Instant;
use haul_core::url::Url;
use haul_core::{codes, file_name, metalink, piece_hash_file};
use wasip2::clocks::monotonic_clock;
use wasip2::io::poll::Pollable;

use super::do_download::Handle;
use super::{Component, convert, with_shell};
use crate::bindings::exports::haul::delivery_optimization::engine::{self as wit, DownloadBorrow, Guest};
use crate::instance;
use crate::shell::{Driver, Event, PauseReason, Shell};

/// Most URLs in one list.
const MOST_URLS: usize = 64;

impl Guest for Component {
    fn open(settings: wit::Settings) -> Result<(), convert::Failure> {
        let default = Settings::default();
        let max_running = settings.max_running.map_or(default.max_running, |most| most.max(1) as usize);
        let (max_rate, max_per_origin) = (settings.max_rate, settings.max_per_origin);
        let core = Settings { max_running, max_rate, max_per_origin, ..default };
        let network = settings.network.map(convert::network).unwrap_or_default();
        let driver = convert_driver(settings.driver).map_err(convert::failure)?;
        let state = settings.state_directory;
        let open = |last_download| Shell::open(Settings { last_download, ..core }, driver, network, state.as_deref());
        instance::open(open).map_err(convert::failure)
    }

    fn drive(wake: Option<&Pollable>, limit: Option<u64>) -> Result<wit::Progress, convert::Failure> {
        let until = limit.map(|limit| Instant::from_nanos(monotonic_clock::now()) + Duration::from_nanos(limit));
        with_shell(|shell| {
            let progress = shell.drive(wake, until);
            let events = progress.events.into_iter().map(|event| convert_event(shell, event)).collect();
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
        let text = str::from_utf8(&document).map_err(|_| Cause::Metalink(metalink::Unusable::NotXml));
        let files = text.and_then(|text| metalink::parse(text).map_err(Cause::Metalink));
        Ok(files.map_err(convert::failure)?.into_iter().map(describe).collect())
    }

    fn read_piece_hash_file(document: Vec<u8>) -> Result<wit::PieceHashFile, convert::Failure> {
        let text = str::from_utf8(&document).map_err(|_| Cause::PieceHashFile(piece_hash_file::Unusable::NotJson));
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

fn convert_event(shell: &Shell, event: Event) -> wit::Event {
    let (download, what) = match event {
        Event::Happened { download, what } => {
            let source = |index| shell.source(download, index);
            (download, convert::happening(what, source))
        }
        Event::DigestWanted { download, request } => {
            let checksum = match request.checksum {
                Checksum::Digest(algorithm) => wit::Checksum::Digest(convert::algorithm_out(algorithm)),
                Checksum::Crc32 => wit::Checksum::Crc32,
            };
            let range = request.range.map(|range| (range.start, range.len()));
            let request = wit::DigestRequest { number: request.number, path: request.path, checksum, range };
            (download, wit::Happening::DigestWanted(request))
        }
        Event::ContentWanted { download, number, content_id } => {
            (download, wit::Happening::ContentWanted(wit::ContentRequest { number, content_id }))
        }
    };
    wit::Event { download: shell.id(download), what }
}

fn convert_reason(reason: PauseReason) -> wit::PauseReason {
    match reason {
        PauseReason::Events => wit::PauseReason::Events,
        PauseReason::Woken => wit::PauseReason::Woken,
        PauseReason::Elapsed => wit::PauseReason::Elapsed,
        PauseReason::Idle => wit::PauseReason::Idle,
    }
}
