//! Properties of Delivery Optimization that the command line sets on every download.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use haul_command::arguments::Arguments;
use haul_command::headers;
use haul_core::border::identity::DownloadId;
use haul_core::failure::Cause;
use haul_core::parse::decryption_info::DecryptionInfo;
use haul_core::parse::integrity_check_info::IntegrityCheckInfo;
use haul_core::settings::property::{Property, SecurityFlags};

use super::{coded, documents};
use crate::shell::Shell;

/// # Errors
///
/// The option whose value the engine refuses.
pub fn properties(shell: &mut Shell, arguments: &Arguments) -> Result<Vec<Property>, String> {
    let trial = shell.create(String::new()).map_err(coded)?;
    check_headers(shell, trial, arguments)?;
    let mut properties = Vec::new();
    for (option, property) in from_values(arguments).into_iter().chain(from_files(arguments)?) {
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
fn check_headers(shell: &mut Shell, trial: DownloadId, arguments: &Arguments) -> Result<(), String> {
    let given = arguments.headers.iter().map(|header| ("--header", header));
    for (option, header) in given.chain(arguments.auth_headers.iter().map(|header| ("--auth-header", header))) {
        let set = shell.set_property(trial, Property::HttpCustomHeaders(header.clone()));
        set.map_err(|cause| match headers::name(header) {
            Some(name) => refused(&format!("{option} '{name}'"), cause),
            None => refused(option, cause),
        })?;
    }
    Ok(())
}

fn from_values(arguments: &Arguments) -> Vec<(&'static str, Property)> {
    let lines = |headers: &[String]| headers.iter().map(|header| format!("{header}\r\n")).collect();
    let mut settings = vec![
        ("--background", Property::ForegroundPriority(!arguments.background)),
        ("--header", Property::HttpCustomHeaders(lines(&arguments.headers))),
        ("--auth-header", Property::HttpCustomAuthHeaders(lines(&arguments.auth_headers))),
        ("--allow-insecure-redirect", Property::HttpAllowSecureToNonSecureRedirect(arguments.allow_insecure_redirect)),
        ("--no-cellular", Property::DisallowOnCellular(arguments.no_cellular)),
        ("--require-integrity", Property::IntegrityCheckMandatory(arguments.require_integrity)),
        match arguments.check_revocation {
            true => ("--check-revocation", Property::SecurityFlags(SecurityFlags::ENABLE_REVOCATION)),
            false => ("--insecure", Property::SecurityFlags(arguments.insecure)),
        },
    ];
    settings.extend(arguments.cost_policy.map(|policy| ("--cost-policy", Property::CostPolicy(policy))));
    let vector = arguments.correlation_vector.clone();
    settings.extend(vector.map(|vector| ("--correlation-vector", Property::CorrelationVector(vector))));
    settings
}

fn from_files(arguments: &Arguments) -> Result<Vec<(&'static str, Property)>, String> {
    let mut settings = Vec::new();
    if let Some(path) = &arguments.integrity_info {
        let info = IntegrityCheckInfo::from_json(&documents::text(path)?);
        let info = info.map_err(|cause| unreadable("--integrity-info", INTEGRITY_INFO, cause))?;
        settings.push(("--integrity-info", Property::IntegrityCheckInfo(info)));
    }
    if let Some(path) = &arguments.decrypt {
        let info = DecryptionInfo::from_json(&documents::text(path)?);
        let info = info.map_err(|cause| unreadable("--decrypt", DECRYPTION_INFO, cause))?;
        settings.push(("--decrypt", Property::DecryptionInfo(info)));
    }
    if let Some(path) = &arguments.client_certificate {
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
