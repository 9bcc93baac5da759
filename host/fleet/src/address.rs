//! The URL of a queue: `postgres://USER@HOST:PORT/DATABASE/QUEUE`.

use std::env;
use std::path::PathBuf;
use std::str::FromStr;

use crate::error::Error;
use crate::password_file::{self, Key};
use crate::spec::is_name;
use crate::wire::{Endpoint, Login, Security};

/// A queue in a database.
#[derive(Clone)]
pub struct Address {
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) security: Security,
    pub(crate) login: Login,
    /// Whether only a server that accepts writes will do.
    pub(crate) wants_primary: bool,
    /// Host and database, for messages.
    pub(crate) server: String,
    pub(crate) queue: String,
}

/// The directory of the server's socket in Debian's packages.
const SOCKET: &str = "/var/run/postgresql";

/// The default, because PostgreSQL's clients have the same.
const PORT: u16 = 5432;

const FORM: &str = "write postgres://USER@HOST/DATABASE/QUEUE";

impl FromStr for Address {
    type Err = Error;

    /// The password comes from `PGPASSWORD` or from PostgreSQL's password file: other users can see arguments.
    fn from_str(text: &str) -> Result<Self, Error> {
        let Parts { user, hosts, database, queue, options } = Parts::of(text)?;
        let default_port = options.port.unwrap_or(PORT);
        let named = if hosts.is_empty() { options.host.clone().unwrap_or_else(|| SOCKET.into()) } else { hosts };
        let endpoints = named.split(',').map(|host| endpoint(host, default_port)).collect::<Result<Vec<_>, _>>()?;
        let user = user.or(options.user).or_else(|| env::var("PGUSER").or_else(|_| env::var("USER")).ok());
        let user = user.ok_or_else(|| invalid("it names no user"))?;
        let (host, port) = match endpoints.first() {
            Some(Endpoint::Tcp { host, port }) => (host.clone(), *port),
            _ => ("localhost".into(), default_port),
        };
        let password = match env::var("PGPASSWORD") {
            Ok(password) => Some(password),
            Err(_) => password_file::password(Key { host: &host, port, database: &database, user: &user })?,
        };
        let security = if options.is_plain { Security::None } else { Security::Tls(options.roots) };
        let server = format!("{host}/{database}");
        let login = Login { user, database, password };
        Ok(Self { endpoints, security, login, wants_primary: options.wants_primary, server, queue })
    }
}

impl Address {
    /// The name of the queue.
    pub fn queue(&self) -> &str {
        &self.queue
    }
}

/// The parts of a URL.
struct Parts {
    user: Option<String>,
    hosts: String,
    database: String,
    queue: String,
    options: Options,
}

/// The options after the question mark, with the names of PostgreSQL's clients.
#[derive(Default)]
struct Options {
    host: Option<String>,
    port: Option<u16>,
    user: Option<String>,
    is_plain: bool,
    roots: Option<PathBuf>,
    wants_primary: bool,
}

impl Parts {
    fn of(text: &str) -> Result<Self, Error> {
        let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"));
        let rest = rest.ok_or_else(|| Error::Invalid(FORM.into()))?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').ok_or_else(|| Error::Invalid(FORM.into()))?;
        let (user, hosts) = authority.rsplit_once('@').map_or((None, authority), |(user, hosts)| (Some(user), hosts));
        if user.is_some_and(|user| user.contains(':')) {
            return Err(with_password());
        }
        let Some((database, queue)) = path.split_once('/') else {
            return Err(Error::Invalid(format!("the URL names no queue; {FORM}")));
        };
        if ![database, queue].into_iter().all(is_name) {
            return Err(Error::Invalid(format!("names have letters, digits, '.', '_' and '-'; {FORM}")));
        }
        let user = user.filter(|user| !user.is_empty()).map(decoded).transpose()?;
        let (database, queue) = (database.into(), queue.into());
        Ok(Self { user, hosts: hosts.into(), database, queue, options: Options::of(query)? })
    }
}

impl Options {
    fn of(query: &str) -> Result<Self, Error> {
        let mut options = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decoded(value)?;
            match (name, value.as_str()) {
                ("password", _) => return Err(with_password()),
                ("host", _) => options.host = Some(value),
                ("user", _) => options.user = Some(value),
                ("port", port) => options.port = Some(port.parse().map_err(|_| invalid("port is a number"))?),
                ("sslmode", "require" | "verify-ca" | "verify-full") => options.is_plain = false,
                ("sslmode", "disable") => options.is_plain = true,
                // libpq's `prefer` and `allow` go on without TLS if an attacker asks for it.
                ("sslmode", _) => return Err(invalid("sslmode is verify-full or disable")),
                ("sslrootcert", _) => options.roots = Some(value.into()),
                ("target_session_attrs", "any") => options.wants_primary = false,
                ("target_session_attrs", "read-write" | "primary") => options.wants_primary = true,
                ("target_session_attrs", _) => return Err(invalid("target_session_attrs is any or read-write")),
                _ => {
                    let known = "host, port, user, sslmode, sslrootcert and target_session_attrs";
                    return Err(invalid(&format!("'{name}' is no option; there are {known}")));
                }
            }
        }
        Ok(options)
    }
}

/// `HOST`, `HOST:PORT`, `[ADDRESS]:PORT`, or the directory of a socket.
fn endpoint(text: &str, default_port: u16) -> Result<Endpoint, Error> {
    if text.starts_with('/') {
        return Ok(Endpoint::Unix { directory: text.into(), port: default_port });
    }
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map_or(Ok(default_port), str::parse).map_err(|_| invalid("the port is a number"))?;
    if host.is_empty() {
        return Err(invalid("a host is empty"));
    }
    Ok(Endpoint::Tcp { host: host.into(), port })
}

/// The text with its percent-encoded bytes.
fn decoded(text: &str) -> Result<String, Error> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after.split_first_chunk::<2>()) {
            (b'%', Some((digits, after))) => {
                let byte = std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok());
                bytes.push(byte.ok_or_else(|| invalid("a % has no two hexadecimal digits"))?);
                rest = after;
            }
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| invalid("it is no UTF-8"))
}

fn invalid(reason: &str) -> Error {
    Error::Invalid(format!("the URL of the queue: {reason}; {FORM}"))
}

fn with_password() -> Error {
    let instead =
        "remove it, and write it into ~/.pgpass (mode 600) as HOST:PORT:DATABASE:USER:PASSWORD, or set PGPASSWORD";
    Error::Invalid(format!("the URL has a password, which other users could see; {instead}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_database_and_a_queue() {
        let address: Address = "postgres://haul@db.example:5433/fleet/maps".parse().unwrap();
        assert_eq!((address.queue(), address.server.as_str()), ("maps", "db.example/fleet"));
        assert_eq!((address.login.database.as_str(), address.login.user.as_str()), ("fleet", "haul"));
        assert_eq!(address.endpoints, [Endpoint::Tcp { host: "db.example".into(), port: 5433 }]);
        assert_eq!(address.security, Security::Tls(None));
        let local: Address = "postgres://haul@/fleet/maps?host=%2Ftmp/cluster&port=5555".parse().unwrap();
        assert_eq!(local.endpoints, [Endpoint::Unix { directory: "/tmp/cluster".into(), port: 5555 }]);
        let rooted: Address = "postgres://u@h/d/q?sslmode=verify-full&sslrootcert=/etc/ca.pem".parse().unwrap();
        assert_eq!(rooted.security, Security::Tls(Some("/etc/ca.pem".into())));
        let several: Address =
            "postgres://u@h1,[::1]:7/d/q?sslmode=disable&target_session_attrs=read-write".parse().unwrap();
        let second = Endpoint::Tcp { host: "::1".into(), port: 7 };
        assert_eq!((several.security, &several.endpoints[1]), (Security::None, &second));
        assert!(several.wants_primary);
    }

    #[test]
    fn a_url_that_cannot_be_used_says_the_form_to_write() {
        for (text, hint) in [
            ("mysql://h/d/q", "postgres://USER@HOST/DATABASE/QUEUE"),
            ("postgres://h/d", "names no queue"),
            ("postgres://h", "postgres://USER@HOST/DATABASE/QUEUE"),
            ("postgres://h/d/q/x", "names have letters"),
            ("postgres://u@h:x/d/q", "the port is a number"),
            ("postgres://u@h,/d/q", "a host is empty"),
            ("postgres://u@h/d/q?sslmode=prefer", "verify-full or disable"),
            ("postgres://u@h/d/q?options=x", "no option"),
            ("postgres://u@h/d/q?host=%zz", "hexadecimal"),
            ("postgres://u:secret@h/d/q", ".pgpass"),
            ("postgres://u@h/d/q?password=secret", ".pgpass"),
        ] {
            let error = text.parse::<Address>().err().unwrap().to_string();
            assert!(error.contains(hint) && !error.contains("secret"), "{text}: {error}");
        }
    }
}
