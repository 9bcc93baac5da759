//! The protocol of `sd_notify(3)`: one datagram for each message.

use std::env;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

/// The service manager that started the daemon, if one did.
pub struct Manager {
    socket: Option<(UnixDatagram, std::ffi::OsString)>,
}

impl Manager {
    /// The manager that the environment names.
    pub fn of_environment() -> Self {
        let name = env::var_os("NOTIFY_SOCKET").filter(|name| !name.is_empty());
        let socket = name.and_then(|name| Some((UnixDatagram::unbound().ok()?, name)));
        Self { socket }
    }

    /// Sends a message, such as `READY=1`.
    pub fn notify(&self, message: &str) {
        let Some((socket, name)) = &self.socket else { return };
        if let Err(error) = send(socket, name, message) {
            tracing::warn!("the service manager cannot be notified: {error}");
        }
    }

    /// Half of the time in which the manager expects a sign of life from this process.
    pub fn watchdog() -> Option<Duration> {
        let number = |name: &str| env::var(name).ok()?.parse::<u64>().ok();
        let is_own = number("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(std::process::id()));
        let time = number("WATCHDOG_USEC").filter(|time| is_own && *time > 1)?;
        Some(Duration::from_micros(time / 2))
    }
}

fn send(socket: &UnixDatagram, name: &std::ffi::OsStr, message: &str) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use std::os::linux::net::SocketAddrExt as _;
        use std::os::unix::ffi::OsStrExt as _;
        use std::os::unix::net::SocketAddr;

        if let Some(name) = name.as_bytes().strip_prefix(b"@") {
            let address = SocketAddr::from_abstract_name(name)?;
            return socket.send_to_addr(message.as_bytes(), &address).map(drop);
        }
    }
    socket.send_to(message.as_bytes(), name).map(drop)
}
