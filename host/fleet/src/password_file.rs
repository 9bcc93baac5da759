//! The password file of PostgreSQL's clients: `~/.pgpass`, or the file that `PGPASSFILE` names.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The connection that a password is for.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    pub host: &'a str,
    pub port: u16,
    pub database: &'a str,
    pub user: &'a str,
}

/// The password for this connection; `None` if there is no file, or no line of it fits.
///
/// # Errors
///
/// Other users can read the file.
pub fn password(key: Key<'_>) -> Result<Option<String>, Error> {
    let Some(path) = path() else { return Ok(None) };
    let Ok(text) = fs::read_to_string(&path) else { return Ok(None) };
    check_mode(&path)?;
    Ok(find(&text, key))
}

fn path() -> Option<PathBuf> {
    let named = env::var_os("PGPASSFILE").map(PathBuf::from);
    named.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".pgpass")))
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).map(|found| found.permissions().mode()).unwrap_or(0);
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(Error::Invalid(format!("other users may read the passwords in {path}; run 'chmod 600 {path}'")))
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<(), Error> {
    Ok(())
}

fn find(text: &str, key: Key<'_>) -> Option<String> {
    let port = key.port.to_string();
    let wanted = [key.host, &port, key.database, key.user];
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = fields(line);
        let [known @ .., password] = &fields[..] else { return None };
        let fits =
            known.len() == wanted.len() && known.iter().zip(wanted).all(|(known, own)| known == "*" || known == own);
        fits.then(|| password.clone())
    })
}

/// The fields between colons. A backslash takes the next character as it is.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        let taken = match character {
            ':' if fields.len() < 5 => {
                fields.push(String::new());
                None
            }
            '\\' => characters.next(),
            other => Some(other),
        };
        if let Some(field) = fields.last_mut() {
            field.extend(taken);
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        let text = "# comment\ndb:5432:fleet:other:no\n*:5432:fleet:haul:a\\:b:c\\\\d\n*:*:*:*:last\n";
        let key = Key { host: "db", port: 5432, database: "fleet", user: "haul" };
        assert_eq!(find(text, key).as_deref(), Some("a:b:c\\d"));
        assert_eq!(find(text, Key { port: 1, ..key }).as_deref(), Some("last"));
        assert_eq!(find("db:5432:fleet\n", key), None);
    }
}
