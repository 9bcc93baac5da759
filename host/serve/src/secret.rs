//! The secret of the interfaces.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use constant_time_eq::constant_time_eq_32;
use sha2::{Digest as _, Sha256};

/// Random bytes of a generated secret: 160 bits, so that it cannot be guessed.
const BYTES: usize = 20;

/// A secret. It has no Debug output.
pub struct Secret {
    digest: [u8; 32],
}

impl Secret {
    /// A secret with this text.
    pub fn new(text: &str) -> Self {
        Self { digest: Sha256::digest(text).into() }
    }

    /// Whether this is the secret. The time does not depend on the text's likeness to it.
    pub fn matches(&self, text: &str) -> bool {
        constant_time_eq_32(&self.digest, &Sha256::digest(text).into())
    }

    /// Reads the secret of a file.
    ///
    /// # Errors
    ///
    /// In words: it cannot be read, or it is empty.
    pub fn read(path: &Path) -> Result<String, String> {
        let refused = |reason: &str| format!("the secret in {}: {reason}", path.display());
        let text = fs::read_to_string(path).map_err(|error| refused(&error.to_string()))?;
        let text = text.trim();
        if text.is_empty() { Err(refused("the file is empty")) } else { Ok(text.into()) }
    }

    /// Reads the secret of a file, or creates one, with its directory, that only the user can read. Returns it, and whether it is new.
    ///
    /// # Errors
    ///
    /// In words.
    pub fn read_or_create(path: &Path) -> Result<(String, bool), String> {
        let refused = |error: std::io::Error| format!("the secret in {}: {error}", path.display());
        if let Some(directory) = path.parent() {
            DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(refused)?;
        }
        let mut file = match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok((Self::read(path)?, false)),
            Err(error) => return Err(refused(error)),
        };
        let mut bytes = [0_u8; BYTES];
        getrandom::fill(&mut bytes).map_err(|error| refused(std::io::Error::other(error.to_string())))?;
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let written = writeln!(file, "{text}").and_then(|()| file.sync_all());
        if let Err(error) = written {
            // An empty file would be refused by each later start.
            let _ = fs::remove_file(path);
            return Err(refused(error));
        }
        Ok((text, true))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_secret_is_created_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let (text, is_new) = Secret::read_or_create(&path).unwrap();
        assert!(is_new && text.len() == 40);
        assert_eq!(Secret::read_or_create(&path), Ok((text.clone(), false)));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let secret = Secret::new(&text);
        assert!(secret.matches(&text) && !secret.matches("") && !secret.matches(&text[1..]));
        fs::write(&path, " \n").unwrap();
        assert!(Secret::read_or_create(&path).unwrap_err().contains("is empty"));
    }
}
