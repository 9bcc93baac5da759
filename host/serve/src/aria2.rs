//! aria2's remote interface: the methods, independent of how a call arrives.

mod add;
mod change;
mod fault;
pub mod json;
mod parameters;
mod session;
mod status;
mod system;
mod tell;
pub mod xml;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use serde_json::Value;

pub use self::fault::Fault;
use self::parameters::Parameters;
pub use self::session::{load, save};
use crate::secret::Secret;
use crate::service::{Notice, Service};

/// Time between the reply to a shutdown and its begin, so that the reply arrives. aria2's is the same.
const SHUTDOWN_DELAY: Duration = Duration::from_secs(3);

/// The methods, in the order in which they are listed.
const METHODS: [&str; 35] = [
    "aria2.addUri",
    "aria2.getPeers",
    "aria2.addMetalink",
    "aria2.remove",
    "aria2.pause",
    "aria2.forcePause",
    "aria2.pauseAll",
    "aria2.forcePauseAll",
    "aria2.unpause",
    "aria2.unpauseAll",
    "aria2.forceRemove",
    "aria2.changePosition",
    "aria2.tellStatus",
    "aria2.getUris",
    "aria2.getFiles",
    "aria2.getServers",
    "aria2.tellActive",
    "aria2.tellWaiting",
    "aria2.tellStopped",
    "aria2.getOption",
    "aria2.changeUri",
    "aria2.changeOption",
    "aria2.getGlobalOption",
    "aria2.changeGlobalOption",
    "aria2.purgeDownloadResult",
    "aria2.removeDownloadResult",
    "aria2.getVersion",
    "aria2.getSessionInfo",
    "aria2.shutdown",
    "aria2.forceShutdown",
    "aria2.getGlobalStat",
    "aria2.saveSession",
    "system.multicall",
    "system.listMethods",
    "system.listNotifications",
];

/// The notifications, in the order in which they are listed. BitTorrent's is not among them.
const NOTIFICATIONS: [&str; 5] = [
    "aria2.onDownloadStart",
    "aria2.onDownloadPause",
    "aria2.onDownloadStop",
    "aria2.onDownloadComplete",
    "aria2.onDownloadError",
];

/// The interface to a service.
#[derive(Clone)]
pub struct Aria2 {
    service: Rc<Service>,
    secret: Option<Rc<Secret>>,
}

/// The calls of one request.
pub struct Session<'a> {
    aria2: &'a Aria2,
    /// Whether a call of the request lacked the secret.
    unauthorized: Cell<bool>,
}

impl Aria2 {
    /// The interface to a service; without a secret, every caller is trusted.
    pub const fn new(service: Rc<Service>, secret: Option<Rc<Secret>>) -> Self {
        Self { service, secret }
    }

    /// The service.
    pub fn service(&self) -> &Rc<Service> {
        &self.service
    }

    /// Whether calls need a secret.
    pub const fn has_secret(&self) -> bool {
        self.secret.is_some()
    }

    /// Whether this is the secret, if there is one.
    pub fn admits(&self, token: Option<&str>) -> bool {
        self.secret.as_ref().is_none_or(|secret| token.is_some_and(|token| secret.matches(token)))
    }

    /// The calls of one request.
    pub const fn session(&self) -> Session<'_> {
        Session { aria2: self, unauthorized: Cell::new(false) }
    }

    /// The text of a notification.
    pub fn notification(notice: Notice, gid: crate::gid::Gid) -> String {
        let method = NOTIFICATIONS[match notice {
            Notice::Start => 0,
            Notice::Pause => 1,
            Notice::Stop => 2,
            Notice::Complete => 3,
            Notice::Error => 4,
        }];
        format!(r#"{{"jsonrpc":"2.0","method":"{method}","params":[{{"gid":"{gid}"}}]}}"#)
    }
}

impl Session<'_> {
    /// Makes all changes of the request durable. Called before its reply is sent.
    ///
    /// # Errors
    ///
    /// The list cannot be saved; the reply must not acknowledge the changes.
    pub async fn end(&self) -> Result<(), Fault> {
        self.service().flush().await.map_err(Fault::sentence)
    }

    /// Whether a call of the request lacked the secret.
    pub const fn was_unauthorized(&self) -> bool {
        self.unauthorized.get()
    }

    fn service(&self) -> &Service {
        &self.aria2.service
    }

    /// Calls a method.
    ///
    /// # Errors
    ///
    /// The fault that the caller is told.
    pub async fn call(&self, method: &str, params: Vec<Value>) -> Result<Value, Fault> {
        match method {
            "system.multicall" => self.multicall(&params).await,
            _ => self.call_one(method, params).await,
        }
    }

    /// Calls a method that is not `system.multicall`.
    async fn call_one(&self, method: &str, params: Vec<Value>) -> Result<Value, Fault> {
        match method {
            "system.listMethods" => return Ok(METHODS.into()),
            "system.listNotifications" => return Ok(NOTIFICATIONS.into()),
            _ => {}
        }
        let params = &self.authorized(params)?;
        match method {
            "aria2.addUri" => self.add_uri(params).await,
            "aria2.addTorrent" => add::add_torrent(params),
            "aria2.addMetalink" => self.add_metalink(params).await,
            "aria2.remove" | "aria2.forceRemove" => self.remove(params).await,
            "aria2.pause" | "aria2.forcePause" => self.pause(params).await,
            "aria2.pauseAll" | "aria2.forcePauseAll" => self.pause_all().await,
            "aria2.unpause" => self.unpause(params).await,
            "aria2.unpauseAll" => self.unpause_all().await,
            "aria2.tellStatus" => self.tell_status(params),
            "aria2.tellActive" => self.tell_active(params),
            "aria2.tellWaiting" => self.tell_waiting(params),
            "aria2.tellStopped" => self.tell_stopped(params),
            "aria2.getUris" => self.get_uris(params),
            "aria2.getFiles" => self.get_files(params),
            "aria2.getPeers" => self.get_peers(params),
            "aria2.getServers" => self.get_servers(params),
            "aria2.changePosition" => self.change_position(params).await,
            "aria2.changeUri" => self.change_uri(params).await,
            "aria2.getOption" => self.get_option(params),
            "aria2.changeOption" => self.change_option(params).await,
            "aria2.getGlobalOption" => Ok(self.get_global_option()),
            "aria2.changeGlobalOption" => self.change_global_option(params).await,
            "aria2.getGlobalStat" => Ok(self.get_global_stat()),
            "aria2.purgeDownloadResult" => self.purge().await,
            "aria2.removeDownloadResult" => self.remove_result(params).await,
            "aria2.getVersion" => Ok(system::version()),
            "aria2.getSessionInfo" => Ok(self.session_info()),
            "aria2.shutdown" | "aria2.forceShutdown" => Ok(self.shutdown()),
            "aria2.saveSession" => self.save_session().await,
            "haul.delete" => self.delete(params).await,
            _ => Err(Fault::sentence(format!("No such method: {method}"))),
        }
    }

    /// The parameters without the token, which is removed before the others are counted.
    fn authorized(&self, params: Vec<Value>) -> Result<Parameters, Fault> {
        let token = params.first().and_then(Value::as_str).and_then(|first| first.strip_prefix("token:"));
        if !self.aria2.admits(token) {
            self.unauthorized.set(true);
            return Err(Fault::sentence("Unauthorized"));
        }
        let skipped = usize::from(token.is_some());
        Ok(Parameters::new(params.into_iter().skip(skipped).collect()))
    }
}
