//! Each value that can be serialized is the same after a round trip.

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::*;
use crate::codes::INVALID_STATE;
use crate::error::{Failure, Fault, Rule};
use crate::limits::Limits;

/// The JSON of a value, which is also that of its copy.
#[track_caller]
fn same_json<T: Serialize + DeserializeOwned>(value: &T) -> String {
    let json = serde_json::to_string(value).expect("JSON");
    let copy: T = serde_json::from_str(&json).expect("a value");
    assert_eq!(serde_json::to_string(&copy).expect("JSON"), json);
    json
}

#[track_caller]
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    let json = same_json(&value);
    assert_eq!(serde_json::from_str::<T>(&json).expect("a value"), value, "{json}");
}

fn failure() -> Failure {
    Failure {
        code: INVALID_STATE.number,
        name: INVALID_STATE.name.into(),
        fault: Fault::Caller,
        description: "it runs".into(),
        advice: "pause it".into(),
        rule: Some(Rule::QuotaForNow),
    }
}

fn digest() -> ExpectedDigest {
    ExpectedDigest { algorithm: DigestAlgorithm::Blake3, value: vec![1, 2, 255] }
}

fn pieces() -> Pieces {
    Pieces { algorithm: DigestAlgorithm::Sha256, length: 1 << 20, digests: vec![vec![0; 2], vec![9]] }
}

fn progress() -> FileProgress {
    FileProgress { bytes_total: Some(u64::MAX), bytes_transferred: 7, completed: false }
}

#[test]
fn failures() {
    round_trip(failure());
    round_trip(Fault::Origin);
    round_trip(Rule::ClientCertificate);
}

#[test]
fn downloads() {
    for state in [DownloadState::Created, DownloadState::Transferred, DownloadState::Paused] {
        let (error, extended_error) = (Some(failure()), None);
        round_trip(DownloadStatus { bytes_total: 9, bytes_transferred: 8, state, error, extended_error });
    }
    let counts = Report { requests: 3, bytes_fetched: 2, present: true, ..Report::default() };
    round_trip(counts.clone());
    round_trip(FetchReport { bytes: 2, bytes_resumed: 0, counts });
    round_trip(StartMode::WholeFile);
    round_trip(StartMode::Resume);
    let bounded = RequestedRange::Bounded { offset: 1, length: 2 };
    round_trip(StartMode::Ranges(vec![
        bounded,
        RequestedRange::ToEnd { offset: 3 },
        RequestedRange::Suffix { length: 4 },
    ]));
    round_trip(Category::ContentId("id".into()));
    round_trip(Explanation { code: 1, name: "A".into(), meaning: "b".into(), advice: None });
}

#[test]
fn options() {
    let options = TransferOptions {
        connections: Some(4),
        expected: vec![digest()],
        no_progress_timeout: Some(Duration::from_millis(1500)),
        durability: Durability::Process,
        mirrors: vec!["https://b.example/".into()],
        pieces: Some(pieces()),
        ..TransferOptions::default()
    };
    assert!(same_json(&options).contains(r#""durability":"process""#));
    let defaults: TransferOptions = serde_json::from_str("{}").expect("the defaults");
    assert_eq!(same_json(&defaults), same_json(&TransferOptions::default()));
    let limits: Limits = serde_json::from_str(r#"{"memory":5}"#).expect("the other limits by default");
    assert_eq!(same_json(&limits), same_json(&Limits::default().memory(5)));
}

#[test]
fn contents() {
    round_trip(digest());
    round_trip(pieces());
    round_trip(Content { urls: vec!["https://a.example/".into()], digests: vec![digest()], ..Content::default() });
    let urls = vec!["https://a.example/".into()];
    round_trip(DescribedFile { name: "a/b".into(), length: None, digests: vec![digest()], pieces: None, urls });
    round_trip(PieceHashFile { length: 3, pieces: pieces() });
    round_trip(IntegrityCheckInfo {
        url: "https://a.example/".into(),
        digest: Some(digest()),
        hash_of_hashes: Some(vec![5]),
    });
}

#[test]
fn events() {
    let subjects =
        [Subject::Download("a".into()), Subject::Job("b".into()), Subject::File { job: "b".into(), index: 1 }];
    let error = Some(failure());
    let status = DownloadStatus {
        bytes_total: 0,
        bytes_transferred: 0,
        state: DownloadState::Aborted,
        error,
        extended_error: None,
    };
    let happenings = [
        Happening::StatusChanged(status),
        Happening::Changed,
        Happening::JobTransferred,
        Happening::JobError,
        Happening::JobModification,
        Happening::OwnerChanged,
        Happening::Restarted(RestartReason::PartialDamaged),
        Happening::Retrying { cause: failure(), after: Duration::from_millis(1) },
        Happening::RangeDropped { offset: 1, length: 2 },
        Happening::SourceDropped { url: "https://a.example/".into(), cause: failure() },
        Happening::Unchecked(failure()),
    ];
    for (subject, what) in subjects.into_iter().cycle().zip(happenings) {
        round_trip(Event { subject, what });
    }
}

#[test]
fn jobs() {
    let times = JobTimes {
        creation: SystemTime::UNIX_EPOCH + Duration::new(1_600_000_000, 100),
        modification: SystemTime::UNIX_EPOCH,
        transfer_completion: None,
    };
    let progress = JobProgress { bytes_total: None, bytes_transferred: 1, files_total: 2, files_transferred: 3 };
    round_trip(JobDescription {
        id: "id".into(),
        display_name: "name".into(),
        description: String::new(),
        owner: String::new(),
        state: JobState::TransientError,
        priority: JobPriority::Foreground,
        progress,
        times,
        notify_flags: NotifyFlags::JOB_ERROR | NotifyFlags::JOB_MODIFICATION,
        minimum_retry_delay: Duration::from_secs(5),
        no_progress_timeout: Duration::from_secs(6),
        error_count: 1,
        error: Some(JobFailure { context: ErrorContext::RemoteFile, cause: failure(), file: Some(0) }),
    });
    round_trip(JobKind::UploadReply);
    round_trip(Completion::PartialComplete);
    round_trip(Cancellation::UnableToDeleteFiles);
    round_trip(ProxyUsage::Autodetect);
    round_trip(JobPropertyId::MinimumNotificationIntervalMs);
}

#[test]
fn files_of_jobs() {
    round_trip(FileInfo::new("https://a.example/", "/srv/a"));
    let range = FileRange { initial_offset: 1, length: None };
    let options = Some(TransferOptions::default());
    same_json(&NewFile { ranges: vec![range], options, ..NewFile::new("https://a.example/", "/srv/a") });
    round_trip(FileDescription {
        file_id: "id".into(),
        remote_name: None,
        local_name: Some("/srv/a".into()),
        state: FileState::Retrying,
        progress: progress(),
        error: Some(failure()),
    });
    round_trip(SwarmStats {
        file_id: "id".into(),
        source_url: "https://a.example/".into(),
        file_size: 1,
        total_bytes_downloaded: 2,
        bytes_from_lan_peers: 0,
        bytes_from_group_peers: 0,
        bytes_from_internet_peers: 0,
        bytes_from_http: 2,
        bytes_from_doinc: 0,
        bytes_to_lan_peers: 0,
        bytes_to_group_peers: 0,
        bytes_to_internet_peers: 0,
        http_connection_count: 1,
        doinc_connection_count: 0,
        lan_connection_count: 0,
        group_connection_count: 0,
        internet_connection_count: 0,
        download_duration: Duration::from_millis(3),
        download_mode: DownloadMode::CdnOnly,
        status: SwarmStatus::Complete,
        is_background: true,
    });
    round_trip(FilePropertyId::DownloadSinkFilePath);
}

#[test]
fn networks_and_flags() {
    round_trip(Network { cost: NetworkCost::OverCapThrottled, roaming: true, ..Network::default() });
    round_trip(CostPolicy::NoSurcharge);
    round_trip(CostFlags::UNRESTRICTED | CostFlags::IGNORE_CONGESTION);
    round_trip(SecurityFlags::default());
    round_trip(PropertyId::HttpServerIpAddress);
    round_trip(PropertyIdEx::TempLocalFileUsage);
    assert_eq!(same_json(&(NotifyFlags::DISABLE | NotifyFlags::JOB_ERROR)), r#"["JOB_ERROR","DISABLE"]"#);
    assert!(serde_json::from_str::<NotifyFlags>(r#"["JOB_ENDED"]"#).is_err());
}
