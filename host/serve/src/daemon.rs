//! The whole daemon: the service, its servers, and their end.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;

use haul_queue::Location;
use tokio::net::TcpListener;
use tokio::task::LocalSet;

use crate::aria2::{self, Aria2};
use crate::http::{Rules, Server};
use crate::secret::Secret;
use crate::service::{Config, Service};
use crate::systemd::Manager;

/// The settings of a daemon.
pub struct Settings {
    /// The service.
    pub config: Config,
    /// The addresses to listen at.
    pub listen: Vec<SocketAddr>,
    /// The secret of the interfaces; without one, every local caller is trusted.
    pub secret: Option<String>,
    /// Names in Host fields that are accepted, beside addresses and `localhost`.
    pub hosts: Vec<String>,
    /// Origins of other pages that are accepted.
    pub origins: Vec<String>,
    /// Whether pages of all origins are accepted. They need the secret.
    pub any_origin: bool,
    /// A list of downloads in aria2's form, to add at the start.
    pub session: Option<String>,
}

/// Runs a daemon until `end`, or until a client asks it to stop. `ready` is called once it listens, with its addresses.
///
/// # Errors
///
/// In words: the reason why it cannot start, or why its list could not be saved at the end.
pub async fn run(
    settings: Settings,
    ready: impl FnOnce(&[SocketAddr]),
    end: impl Future<Output = ()>,
) -> Result<(), String> {
    LocalSet::new().run_until(serve(settings, ready, end)).await
}

async fn serve(
    settings: Settings,
    ready: impl FnOnce(&[SocketAddr]),
    end: impl Future<Output = ()>,
) -> Result<(), String> {
    if settings.secret.is_none() && settings.listen.iter().any(|address| !address.ip().is_loopback()) {
        return Err("an address that other machines can reach needs a secret".into());
    }
    let listeners = listen(&settings.listen).await?;
    let location = Location::new(&settings.config.state_directory);
    let service = Service::open(settings.config).await?;
    let events = service.queue().subscribe();
    let socket = location.socket();
    let local = haul_queue::Server::open(service.queue().clone(), &location);
    let local = local.map_err(|error| format!("{} cannot be listened at: {error}", socket.display()))?;
    if let Some(session) = &settings.session {
        aria2::load(&service, session).await.map_err(|error| format!("the list of downloads, {error}"))?;
    }
    // Before the first request, as in aria2.
    service.give_places();
    let secret = settings.secret.as_deref().map(|secret| Rc::new(Secret::new(secret)));
    let rules = Rules {
        hosts: settings.hosts,
        origins: settings.origins,
        any_origin: settings.any_origin,
        secret: secret.is_some(),
    };
    let server = Server::new(Aria2::new(service.clone(), secret), rules);
    let mut addresses = Vec::with_capacity(listeners.len());
    for listener in listeners {
        addresses.extend(listener.local_addr());
        tokio::task::spawn_local(server.clone().serve(listener));
    }
    let follower = tokio::task::spawn_local({
        let service = service.clone();
        async move { service.run(events).await }
    });
    let manager = Manager::of_environment();
    manager.notify("READY=1");
    ready(&addresses);
    tokio::select! {
        () = end => {}
        () = service.stopped() => {}
        () = watch(&manager, &service) => {}
        _ = follower => tracing::error!("the engine ended"),
    }
    manager.notify("STOPPING=1");
    server.close().await;
    local.close().await;
    let saved = service.flush().await;
    let session = service.global("save-session");
    if !session.is_empty()
        && let Err(error) = aria2::save(&service, &session)
    {
        tracing::error!("the session file: {error}");
    }
    service.queue().clone().close().await;
    saved
}

/// Tells the manager that the daemon lives, as long as its engine answers.
async fn watch(manager: &Manager, service: &Service) {
    let Some(time) = Manager::watchdog() else { return std::future::pending().await };
    let mut ticks = tokio::time::interval(time);
    loop {
        ticks.tick().await;
        if service.is_healthy().await {
            manager.notify("WATCHDOG=1");
        }
    }
}

async fn listen(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, String> {
    let mut listeners = Vec::with_capacity(addresses.len());
    for address in addresses {
        match TcpListener::bind(address).await {
            Ok(listener) => listeners.push(listener),
            // A machine without IPv6 has no ::1; the other addresses are enough.
            Err(error)
                if error.kind() == io::ErrorKind::AddrNotAvailable && address.is_ipv6() && addresses.len() > 1 =>
            {
                tracing::info!("{address} cannot be listened at: {error}");
            }
            Err(error) => return Err(format!("{address} cannot be listened at: {error}; choose another --listen")),
        }
    }
    Ok(listeners)
}
