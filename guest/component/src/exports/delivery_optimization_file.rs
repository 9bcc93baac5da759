//! `delivery-optimization-file`

use haul_core::engine::FileSetting;
use haul_core::failure::Cause;
use haul_core::job::{self, Job};
use haul_core::parse::url::redact;

use super::background_copy_file::FileHandle;
use super::{Component, convert};
use crate::bindings::exports::haul::delivery_optimization::delivery_optimization_file::FileBorrow;
use crate::bindings::exports::haul::delivery_optimization::delivery_optimization_file::{
    DoFileProperty, DoFilePropertyId, Guest,
};
use crate::bindings::exports::haul::delivery_optimization::types::{DownloadMode, SwarmStats, SwarmStatus};
use crate::shell::Shell;

impl Guest for Component {
    fn get_stats(file: FileBorrow<'_>) -> SwarmStats {
        let file = file.get::<FileHandle>();
        let connections = |shell: &mut Shell, job| Ok::<_, Cause>(shell.connections_of_file(job, file.index));
        let connections = file.job.act(connections).unwrap_or(0);
        let names = |job: &Job| {
            let url = job.remote_name(file.index).map(redact).unwrap_or_default();
            (job.file_id(file.index).into(), url)
        };
        let (file_id, source_url) = file.job.look(names).unwrap_or_default();
        let stats = file.job.look(|job| job.file_stats(file.index)).ok().flatten();
        let received = stats.map_or(0, |stats| stats.received);
        SwarmStats {
            file_id,
            source_url,
            file_size: stats.map_or(0, |stats| stats.size),
            total_bytes_downloaded: received,
            bytes_from_lan_peers: 0,
            bytes_from_group_peers: 0,
            bytes_from_internet_peers: 0,
            bytes_from_http: received,
            bytes_from_doinc: 0,
            bytes_to_lan_peers: 0,
            bytes_to_group_peers: 0,
            bytes_to_internet_peers: 0,
            http_connection_count: u32::try_from(connections).unwrap_or(u32::MAX),
            doinc_connection_count: 0,
            lan_connection_count: 0,
            group_connection_count: 0,
            internet_connection_count: 0,
            download_duration: stats.map_or(0, |stats| stats.active),
            download_mode: DownloadMode::Simple,
            status: match stats.map(|stats| stats.status) {
                Some(job::SwarmStatus::Downloading) => SwarmStatus::Downloading,
                Some(job::SwarmStatus::Complete) => SwarmStatus::Complete,
                Some(job::SwarmStatus::Paused) | None => SwarmStatus::Paused,
            },
            is_background: stats.is_none_or(|stats| stats.is_background),
        }
    }

    fn get_property(file: FileBorrow<'_>, id: DoFilePropertyId) -> Result<DoFileProperty, convert::Failure> {
        let file = file.get::<FileHandle>();
        let value = match id {
            DoFilePropertyId::DecryptionInfo | DoFilePropertyId::IntegrityCheckInfo => Err(Cause::WriteOnlyProperty),
            DoFilePropertyId::IntegrityCheckMandatory => {
                file.job.look(|job| DoFileProperty::IntegrityCheckMandatory(job.integrity_is_mandatory(file.index)))
            }
            DoFilePropertyId::DownloadSinkFilePath => {
                let path = file.job.look(|job| job.local_name(file.index).map(Into::into));
                path.and_then(|path| path.ok_or(Cause::NotSet)).map(DoFileProperty::DownloadSinkFilePath)
            }
            DoFilePropertyId::TotalSizeBytes => {
                let size = file.job.look(|job| job.file_size(file.index));
                size.and_then(|size| size.ok_or(Cause::NotSet)).map(DoFileProperty::TotalSizeBytes)
            }
            DoFilePropertyId::DownloadSinkInterface | DoFilePropertyId::DownloadSinkMemoryStream => {
                Err(Cause::UnknownProperty)
            }
        };
        value.map_err(convert::failure)
    }

    fn set_property(file: FileBorrow<'_>, value: DoFileProperty) -> Result<(), convert::Failure> {
        let file = file.get::<FileHandle>();
        let set = file.job.act(|shell, job| {
            let setting = match value {
                DoFileProperty::DecryptionInfo(info) => FileSetting::DecryptionInfo(convert::decryption_info_in(info)?),
                DoFileProperty::IntegrityCheckInfo(info) => {
                    FileSetting::IntegrityCheckInfo(convert::integrity_check_info_in(info)?)
                }
                DoFileProperty::IntegrityCheckMandatory(mandatory) => FileSetting::IntegrityCheckMandatory(mandatory),
                DoFileProperty::DownloadSinkFilePath(path) => FileSetting::LocalName(path),
                DoFileProperty::TotalSizeBytes(size) => FileSetting::Size(size),
                DoFileProperty::DownloadSinkInterface => return Err(Cause::NotSupported),
                DoFileProperty::DownloadSinkMemoryStream => return Err(Cause::MemoryStream),
            };
            shell.set_file(job, file.index, setting)
        });
        set.map_err(convert::failure)
    }
}
