//! Credentials: files of the machine that jobs name.

use std::fs;
use std::path::Path;

use haul_queue::values::header;

use crate::error::Error;
use crate::spec::is_name;

/// The request headers in the file of this name, one on each line.
///
/// # Errors
///
/// The machine has no such file, or it cannot be used. The error shows no line of it.
pub fn headers(directory: Option<&Path>, name: &str) -> Result<Vec<String>, Error> {
    let missing = |reason: &str| Error::Invalid(format!("the credential {name}: {reason}"));
    let directory = directory.ok_or_else(|| missing("this worker has no --credentials DIR"))?;
    if !is_name(name) {
        return Err(missing("no name of a file"));
    }
    let text = fs::read_to_string(directory.join(name)).map_err(|error| missing(&error.to_string()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| header(line).map_err(|form| missing(&form))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_is_a_file_below_the_directory_and_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mirror"), "Authorization: Bearer s3cret\n\n").unwrap();
        fs::write(folder.path().join("broken"), "s3cret\n").unwrap();
        assert_eq!(headers(Some(folder.path()), "mirror").unwrap(), ["Authorization: Bearer s3cret"]);
        for (directory, name) in [(None, "mirror"), (Some(folder.path()), "broken"), (Some(folder.path()), "../mirror")]
        {
            let error = headers(directory, name).unwrap_err().to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
