//! Errors of a fleet.

use std::fmt;

use haul_queue::CommandError;

use crate::wire::Failure;

/// The reason a call to the fleet failed.
#[derive(Debug)]
pub enum Error {
    /// The URL of the queue, a file that it needs, or a value for the queue cannot be used.
    Invalid(String),
    /// The server cannot be reached, or the connection to it ended. The call may have been executed.
    Unreachable {
        /// The server, without user and password.
        server: String,
        /// The reason.
        reason: String,
    },
    /// Client and server do not agree on a login.
    Login {
        /// The server, without user and password.
        server: String,
        /// The reason, with the server as its subject.
        reason: &'static str,
    },
    /// The server rejected the statement.
    Rejected {
        /// Its message.
        message: String,
    },
    /// The role of the connection lacks a privilege.
    Forbidden {
        /// The server's message.
        message: String,
    },
    /// The database has no tables of haul.
    NoFleet,
    /// The tables are of another version.
    Version {
        /// Their version.
        found: i32,
        /// The version that this program needs.
        needed: i32,
    },
    /// The database has no such queue.
    NoQueue(String),
    /// The local queue failed.
    Local(CommandError),
    /// A file or directory of the worker failed.
    Disk {
        /// The file or directory.
        path: String,
        /// The error of the system.
        reason: String,
    },
}

/// Classes of SQLSTATE that end by themselves: no connection, too many of them, rolled back, the server stops or is a standby.
const PASSING: [&str; 5] = ["08", "53", "40", "57", "25"];

impl Error {
    pub(crate) fn of(server: &str, failure: Failure) -> Self {
        match failure {
            Failure::Io(error) => Self::Unreachable { server: server.into(), reason: error.to_string() },
            Failure::Replica => Self::Unreachable { server: server.into(), reason: "it is a replica".into() },
            Failure::Login(reason) => Self::Login { server: server.into(), reason },
            Failure::Server { code, message } => match code.as_str() {
                code if PASSING.iter().any(|class| code.starts_with(class)) => {
                    Self::Unreachable { server: server.into(), reason: message }
                }
                // insufficient_privilege, invalid_authorization_specification, invalid_password
                "42501" | "28000" | "28P01" => Self::Forbidden { message },
                // undefined_table, invalid_schema_name
                "42P01" | "3F000" => Self::NoFleet,
                _ => Self::Rejected { message },
            },
        }
    }

    /// Whether the same call may succeed later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(reason) => f.write_str(reason),
            Self::Unreachable { server, reason } => write!(f, "the database at {server}: {reason}"),
            Self::Login { server, reason } => write!(f, "the database at {server} cannot be used: {reason}"),
            Self::Rejected { message } => write!(f, "the database rejected a statement: {message}"),
            Self::Forbidden { message } => write!(
                f,
                "the database refuses this role: {message}; grant it haul_add, haul_work or haul_look, and check its password"
            ),
            Self::NoFleet => f.write_str("the database has no tables of haul; make them with 'haul fleet init'"),
            Self::Version { found, needed } if found < needed => {
                write!(f, "the tables have version {found}, and this haul needs {needed}; run 'haul fleet migrate'")
            }
            Self::Version { found, needed } => {
                write!(f, "the tables have version {found}, and this haul knows {needed}; install a newer haul")
            }
            Self::NoQueue(name) => write!(f, "there is no queue '{name}'; make it with 'haul fleet init'"),
            Self::Local(error) => error.fmt(f),
            Self::Disk { path, reason } => write!(f, "{path}: {reason}"),
        }
    }
}

impl From<CommandError> for Error {
    fn from(error: CommandError) -> Self {
        Self::Local(error)
    }
}

impl From<Error> for CommandError {
    fn from(error: Error) -> Self {
        match error {
            Error::Local(error) => error,
            Error::Invalid(reason) => Self::misuse(reason),
            other => Self::failed(other.to_string()),
        }
    }
}
