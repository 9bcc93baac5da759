//! Properties of Delivery Optimization that the command line sets on every download.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use haul_core::border::identity::DownloadId;
use haul_core::failure::Cause;
use haul_core::http::parameters::is_token;
use haul_core::parse::decryption_info::DecryptionInfo;
use haul_core::parse::integrity_check_info::IntegrityCheckInfo;
use haul_core::settings::property::{Property, SecurityFlags};

use super::arguments::Get;
use super::{coded, documents};
use crate::shell::Shell;

/// # Errors
///
/// The option whose value the engine refuses.
pub fn properties(shell: &mut Shell, get: &Get) -> Result<Vec<Property>, String> {
    let trial = shell.create(String::new()).map_err(coded)?;
    check_headers(shell, trial, get)?;
    let mut properties = Vec::new();
    for (option, property) in from_values(get).into_iter().chain(from_files(get)?) {
        shell.set_property(trial, property.clone()).map_err(|cause| refused(option, cause))?;
        properties.push(property);
    }
    shell.forget(trial).map_err(coded)?;
    Ok(properties)
}

fn refused(option: &str, cause: Cause) -> String {
    match cause {
        Cause::NotSupported => {
            let code = cause.hresult();
            format!("{option}: {} ({} 0x{:08X}); the native haul can", cause.description(), code.name, code.code)
        }
        cause => format!("{option}: {}", coded(cause)),
    }
}

/// Checks headers one at a time, to name the wrong one without its value, which may be a secret.
fn check_headers(shell: &mut Shell, trial: DownloadId, get: &Get) -> Result<(), String> {
    let given = get.headers.iter().map(|header| ("--header", header));
    for (option, header) in given.chain(get.auth_headers.iter().map(|header| ("--auth-header", header))) {
        let set = shell.set_property(trial, Property::HttpCustomHeaders(header.clone()));
        set.map_err(|cause| match name(header) {
            Some(name) => refused(&format!("{option} '{name}'"), cause),
            None => refused(option, cause),
        })?;
    }
    Ok(())
}

/// The name of a header; `None` if no valid name stands before a colon, because then all of the text may be a secret.
fn name(header: &str) -> Option<&str> {
    header.split_once(':').map(|(name, _)| name).filter(|name| is_token(name))
}

fn from_values(get: &Get) -> Vec<(&'static str, Property)> {
    let lines = |headers: &[String]| headers.iter().map(|header| format!("{header}\r\n")).collect();
    let mut settings = vec![
        ("--background", Property::ForegroundPriority(!get.background)),
        ("--header", Property::HttpCustomHeaders(lines(&get.headers))),
        ("--auth-header", Property::HttpCustomAuthHeaders(lines(&get.auth_headers))),
        ("--allow-insecure-redirect", Property::HttpAllowSecureToNonSecureRedirect(get.allow_insecure_redirect)),
        ("--no-cellular", Property::DisallowOnCellular(get.no_cellular)),
        ("--require-integrity", Property::IntegrityCheckMandatory(get.require_integrity)),
        match get.check_revocation {
            true => ("--check-revocation", Property::SecurityFlags(SecurityFlags::ENABLE_REVOCATION)),
            false => ("--insecure", Property::SecurityFlags(get.insecure)),
        },
    ];
    settings.extend(get.cost_policy.map(|policy| ("--cost-policy", Property::CostPolicy(policy))));
    let vector = get.correlation_vector.clone();
    settings.extend(vector.map(|vector| ("--correlation-vector", Property::CorrelationVector(vector))));
    settings
}

fn from_files(get: &Get) -> Result<Vec<(&'static str, Property)>, String> {
    let mut settings = Vec::new();
    if let Some(path) = &get.integrity_info {
        let info = IntegrityCheckInfo::from_json(&documents::text(path)?);
        let info = info.map_err(|cause| unreadable("--integrity-info", INTEGRITY_INFO, cause))?;
        settings.push(("--integrity-info", Property::IntegrityCheckInfo(info)));
    }
    if let Some(path) = &get.decrypt {
        let info = DecryptionInfo::from_json(&documents::text(path)?);
        let info = info.map_err(|cause| unreadable("--decrypt", DECRYPTION_INFO, cause))?;
        settings.push(("--decrypt", Property::DecryptionInfo(info)));
    }
    if let Some(path) = &get.client_certificate {
        let text = documents::bytes(path)?;
        if text.is_empty() {
            // Empty text would clear the property.
            return Err("--client-certificate: the file is empty; give PEM text".into());
        }
        settings.push(("--client-certificate", Property::SecurityContext(text)));
    }
    Ok(settings)
}

/// The expected contents of the files. The cause says only that a file is wrong.
const INTEGRITY_INFO: &str = "write a JSON object with PiecesHashFileUrl, and with PiecesHashFileDigest, \
                              PiecesHashFileDigestAlgorithm and HashOfHashes where they are known, digests in base64";
const DECRYPTION_INFO: &str = "write a JSON object with KeyData in base64 (16 or 32 bytes), EncryptionBufferSize (16 to \
                               16777216), AlgorithmName \"AES\" and ChainingMode \"ChainingModeGCM\"";

fn unreadable(option: &str, instead: &str, cause: Cause) -> String {
    let code = cause.hresult();
    format!("{option}: the file cannot be used ({} 0x{:08X}); {instead}", code.name, code.code)
}
