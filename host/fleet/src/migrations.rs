//! The tables of a fleet, and their way from one version to the next.

use crate::address::Address;
use crate::connection::Connection;
use crate::error::Error;
use crate::sql::field;
use crate::statements;

/// The version of the tables that this program needs.
pub const VERSION: i32 = 1;

/// The script of each version, the first for an empty database.
const SCRIPTS: [&str; 1] = [include_str!("../migrations/1.sql")];

/// Only one process migrates at a time. The number is "haul" in ASCII.
const BEGIN: &str = "BEGIN; SELECT pg_advisory_xact_lock(1751217516)";

/// Brings the tables to the present version, in one transaction. Returns the version before; 0 for an empty database.
///
/// # Errors
///
/// The tables are of a newer haul, or the role may not create schemas and roles.
pub async fn migrate(address: &Address) -> Result<i32, Error> {
    let connection = Connection::open(address).await?;
    connection.execute(BEGIN).await?;
    let found = if is_installed(&connection).await? { version(&connection).await? } else { 0 };
    if found > VERSION {
        return Err(Error::Version { found, needed: VERSION });
    }
    for script in SCRIPTS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        connection.execute(script).await?;
    }
    connection.execute("COMMIT").await?;
    Ok(found)
}

/// Checks that the tables are there, in the version of this program.
pub async fn check(connection: &Connection) -> Result<(), Error> {
    match version(connection).await? {
        VERSION => Ok(()),
        found => Err(Error::Version { found, needed: VERSION }),
    }
}

async fn is_installed(connection: &Connection) -> Result<bool, Error> {
    let rows = connection.query(statements::INSTALLED, &[]).await?;
    rows.first().map_or(Ok(false), |row| field(row, "installed"))
}

async fn version(connection: &Connection) -> Result<i32, Error> {
    let rows = connection.query(statements::VERSION, &[]).await?;
    rows.first().map_or(Ok(0), |row| field(row, "version"))
}
