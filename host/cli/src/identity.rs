//! Users, passwords and cookies from options, files and the terminal.

use std::env;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::SystemTime;

use console::Term;
use haul_command::cookies::Cookies;
use haul_command::document::of_document;
use haul_command::identity::Identity;
use haul_command::netrc::Netrc;

use crate::arguments::get::Credentials;
use crate::documents;
use crate::exit::Refusal;
use crate::list::Item;

/// Adds the headers of the identity to each file.
///
/// # Errors
///
/// [`Refusal::Misuse`] if a file cannot be read, or if there is no terminal to ask for a password.
pub fn add_headers(credentials: &Credentials, given: &[String], items: &mut [Item]) -> Result<(), Refusal> {
    let user = credentials.user.clone().map(with_password).transpose()?;
    let cookies = credentials.cookies.as_deref().map(documents::text).transpose()?.unwrap_or_default();
    let identity = Identity { user, netrc: netrc(credentials)?, cookies: Cookies::parse(&cookies) };
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs());
    for item in items {
        let all: Vec<_> = given.iter().chain(&item.headers).cloned().collect();
        item.headers.extend(identity.headers(&item.url, &all, now));
    }
    Ok(())
}

fn with_password((user, password): (String, Option<String>)) -> Result<(String, String), Refusal> {
    if let Some(password) = password {
        return Ok((user, password));
    }
    let terminal = Term::stderr();
    if !terminal.is_term() {
        return Err(Refusal::Misuse(
            "--user: there is no terminal to ask for the password; write USER:PASSWORD".into(),
        ));
    }
    let asked = terminal.write_str("Password: ").and_then(|()| terminal.read_secure_line());
    asked.map(|password| (user, password)).map_err(|error| Refusal::Failed(format!("--user: {error}")))
}

/// The given file, or that of the user if it is there.
fn netrc(credentials: &Credentials) -> Result<Netrc, Refusal> {
    if let Some(path) = &credentials.netrc_file {
        return Ok(Netrc::parse(&documents::text(path)?));
    }
    let Some(home) = env::var_os("HOME").filter(|_| !credentials.no_netrc) else { return Ok(Netrc::default()) };
    let path = PathBuf::from(home).join(".netrc");
    match fs::read(&path) {
        Ok(bytes) => Ok(Netrc::parse(&of_document(&bytes).unwrap_or_default())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Netrc::default()),
        Err(error) => Err(Refusal::Misuse(format!("{}: {error}; --no-netrc leaves it out", path.display()))),
    }
}
