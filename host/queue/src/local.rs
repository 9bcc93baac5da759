//! The queue of a user on this machine: its place, and the socket through which other processes use it.

mod location;
mod server;
mod socket;

pub use self::location::Location;
pub use self::server::Server;
pub use self::socket::Connection;
