//! Properties of Delivery Optimization that the command line sets on every download.

use haul::{Download, Engine, Error, Property, SecurityContext, SecurityFlags};

use haul_command::headers;

use crate::arguments::Get;
use crate::documents;
use crate::exit::Refusal;

/// # Errors
///
/// [`Refusal::Misuse`] with the option whose value the engine refuses.
pub async fn properties(engine: &Engine, get: &Get) -> Result<Vec<Property>, Refusal> {
    let trial = engine.create_download().await.map_err(|error| Refusal::Failed(error.to_string()))?;
    check_headers(&trial, get).await?;
    let settings = from_values(get).into_iter().chain(from_files(engine, get).await?);
    let mut properties = Vec::new();
    for (option, property) in settings {
        trial.set_property(property.clone()).await.map_err(|error| refused(option, &error))?;
        properties.push(property);
    }
    trial.abort().await.map_err(|error| Refusal::Failed(error.to_string()))?;
    Ok(properties)
}

fn refused(option: &str, error: &Error) -> Refusal {
    match error {
        Error::Failed(_) => Refusal::Misuse(format!("{option}: {error}")),
        other => Refusal::Failed(other.to_string()),
    }
}

/// Checks headers one at a time, to name the wrong one.
async fn check_headers(trial: &Download, get: &Get) -> Result<(), Refusal> {
    let given = get.requests.header.iter().map(|header| ("--header", header));
    for (option, header) in given.chain(get.requests.auth_header.iter().map(|header| ("--auth-header", header))) {
        let set = trial.set_property(Property::HttpCustomHeaders(header.clone())).await;
        set.map_err(|error| match headers::name(header) {
            Some(name) => refused(&format!("{option} '{name}'"), &error),
            None => refused(option, &error),
        })?;
    }
    Ok(())
}

fn from_values(get: &Get) -> Vec<(&'static str, Property)> {
    let lines = |headers: &[String]| headers.iter().map(|header| format!("{header}\r\n")).collect();
    let mut settings = vec![("--background", Property::ForegroundPriority(!get.pace.background))];
    // Only given options become properties, because each property costs a call for every file.
    let mut said = |is_said: bool, option, property| settings.extend(is_said.then_some((option, property)));
    let Get { requests, cost, proof, .. } = get;
    said(!requests.header.is_empty(), "--header", Property::HttpCustomHeaders(lines(&requests.header)));
    let auth = Property::HttpCustomAuthHeaders(lines(&requests.auth_header));
    said(!requests.auth_header.is_empty(), "--auth-header", auth);
    let redirect = Property::HttpAllowSecureToNonSecureRedirect(true);
    said(requests.allow_insecure_redirect, "--allow-insecure-redirect", redirect);
    said(cost.no_cellular, "--no-cellular", Property::DisallowOnCellular(true));
    said(proof.require_integrity, "--require-integrity", Property::IntegrityCheckMandatory(true));
    let insecure = get.tls.insecure.iter().fold(SecurityFlags::default(), |all, one| all | *one);
    said(!get.tls.insecure.is_empty(), "--insecure", Property::SecurityFlags(insecure));
    let revocation = Property::SecurityFlags(SecurityFlags::ENABLE_REVOCATION);
    said(get.tls.check_revocation, "--check-revocation", revocation);
    settings.extend(get.cost.cost_policy.map(|policy| ("--cost-policy", Property::CostPolicy(policy))));
    let vector = get.requests.correlation_vector.clone();
    settings.extend(vector.map(|vector| ("--correlation-vector", Property::CorrelationVector(vector))));
    settings
}

async fn from_files(engine: &Engine, get: &Get) -> Result<Vec<(&'static str, Property)>, Refusal> {
    let mut settings = Vec::new();
    if let Some(path) = &get.proof.integrity_info {
        let info = engine.read_integrity_check_info(&documents::text(path)?).await;
        let info = info.map_err(|error| unreadable("--integrity-info", INTEGRITY_INFO, &error))?;
        settings.push(("--integrity-info", Property::IntegrityCheckInfo(info)));
    }
    if let Some(path) = &get.proof.decrypt {
        let info = engine.read_decryption_info(&documents::text(path)?).await;
        let info = info.map_err(|error| unreadable("--decrypt", DECRYPTION_INFO, &error))?;
        settings.push(("--decrypt", Property::DecryptionInfo(info)));
    }
    if let Some(path) = &get.tls.client_certificate {
        let text = documents::bytes(path)?;
        if text.is_empty() {
            // Empty text would clear the property.
            return Err(Refusal::Misuse("--client-certificate: the file is empty; give PEM text".into()));
        }
        settings.push(("--client-certificate", Property::SecurityContext(SecurityContext(text.into()))));
    }
    Ok(settings)
}

/// The expected contents of the files. The engine reports only that a file is wrong.
const INTEGRITY_INFO: &str = "write a JSON object with PiecesHashFileUrl, and with PiecesHashFileDigest, \
                              PiecesHashFileDigestAlgorithm and HashOfHashes where they are known, digests in base64";
const DECRYPTION_INFO: &str = "write a JSON object with KeyData in base64 (16 or 32 bytes), EncryptionBufferSize (16 to \
                               16777216), AlgorithmName \"AES\" and ChainingMode \"ChainingModeGCM\"";

fn unreadable(option: &str, instead: &str, error: &Error) -> Refusal {
    match error {
        Error::Failed(failure) => Refusal::Misuse(format!(
            "{option}: the file cannot be used ({} 0x{:08X}); {instead}",
            failure.name, failure.code
        )),
        other => Refusal::Failed(other.to_string()),
    }
}
