//! The rules of a policy for requests.

use std::net::IpAddr;
use std::sync::Arc;

use http::header::HeaderName;
use http::{Method, Request};
use ipnet::IpNet;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use wasmtime_wasi::FsPerms;

use super::exchange_rules::ExchangeRules;
use super::free_space::FreeSpace;
use super::meter::Meter;
use super::origins::{Origins, SCHEMES};
use super::rate::Rate;
use super::refusal::Refusal;
use super::{Addresses, Policy, Quota};
use crate::error::{Error, Rule};
use crate::grants::Grants;

/// Fields that describe the wanted content, and tell nothing of the user.
const HARMLESS_FIELDS: [&str; 14] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "pragma",
    "range",
    "referer",
    "user-agent",
];

/// The rules for the requests of one engine.
#[derive(Debug)]
pub struct Guard {
    origins: Origins,
    addresses: Arc<Addresses>,
    /// `None` for all.
    methods: Option<Vec<Method>>,
    /// `None` for all.
    fields: Option<Vec<HeaderName>>,
    exchanges: ExchangeRules,
    connections: Option<Arc<Semaphore>>,
    meter: Arc<Meter>,
}

impl Guard {
    /// `grants`: the directories whose free space is checked.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a pattern, a range, a method or a field that cannot be read.
    pub fn new(policy: &Policy, grants: &Grants) -> Result<Self, Error> {
        let refuse = |reason: String| Error::Setting { setting: "policy", reason };
        let fields = policy
            .request_fields
            .iter()
            .map(|name| name.parse().map_err(|_| refuse(format!("{name:?} is no name of a header field"))));
        let fields: Vec<_> = fields.collect::<Result<_, _>>()?;
        let methods = policy
            .methods
            .iter()
            .map(|name| name.parse().map_err(|_| refuse(format!("{name:?} is no method of HTTP"))));
        let methods: Vec<_> = methods.collect::<Result<_, _>>()?;
        let writable = grants.directories().filter(|(_, permissions)| *permissions == FsPerms::ReadWrite);
        let directories: Vec<_> = writable.map(|(path, _)| path.to_owned()).collect();
        let free_space = |bytes| FreeSpace { bytes, directories };
        Ok(Self {
            origins: Origins::read(&policy.origins, SCHEMES).map_err(refuse)?,
            addresses: Arc::new(addresses(policy).map_err(refuse)?),
            methods: (!policy.any_method).then_some(methods),
            fields: (!policy.any_request_field).then_some(fields),
            exchanges: ExchangeRules::read(policy).map_err(refuse)?,
            connections: policy.max_connections.map(|most| Arc::new(Semaphore::new(most.max(1) as usize))),
            meter: Arc::new(Meter {
                max_file_size: policy.max_file_size,
                quotas: policy.quotas.clone(),
                rate: policy.max_rate.map(Rate::new),
                free_space: policy.min_free_space.map(free_space),
            }),
        })
    }

    pub fn addresses(&self) -> Arc<Addresses> {
        self.addresses.clone()
    }

    /// The rules for the settings that a caller brings for an exchange.
    pub const fn exchanges(&self) -> &ExchangeRules {
        &self.exchanges
    }

    pub const fn meter(&self) -> &Arc<Meter> {
        &self.meter
    }

    /// Whether the component may make this request.
    pub fn admit<B>(&self, request: &Request<B>) -> Result<(), Refusal> {
        self.origins.admit(request.uri())?;
        let method = request.method();
        let is_allowed =
            |allowed: &Vec<Method>| matches!(*method, Method::GET | Method::HEAD) || allowed.contains(method);
        if !self.methods.as_ref().is_none_or(is_allowed) {
            return Err(Rule::Method.into());
        }
        if let Some(allowed) = &self.fields {
            let is_allowed = |name: &HeaderName| HARMLESS_FIELDS.contains(&name.as_str()) || allowed.contains(name);
            if !request.headers().keys().all(is_allowed) {
                return Err(Rule::RequestField.into());
            }
        }
        self.meter.quotas.iter().try_for_each(Quota::check)?;
        self.meter.free_space.as_ref().map_or(Ok(()), |space| space.check(0))
    }

    /// Waits for a place among the exchanges; `None` without a limit.
    pub async fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.connections.clone()?.acquire_owned().await.ok()
    }
}

fn addresses(policy: &Policy) -> Result<Addresses, String> {
    if policy.any_address {
        return Ok(Addresses::any());
    }
    let mut addresses = Addresses::default();
    for text in &policy.addresses {
        let range = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        addresses.allow(range.ok_or_else(|| format!("{text:?} is no address and no range of addresses"))?);
    }
    Ok(addresses)
}

#[cfg(test)]
impl Guard {
    /// One that admits every request, to `addresses`.
    pub fn admitting(addresses: Addresses) -> Self {
        let guard = Self::new(&Policy::allow_all(), &Grants::default()).expect("a guard");
        Self { addresses: Arc::new(addresses), ..guard }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(policy: Policy, method: &str, fields: &[&str]) -> Result<(), Refusal> {
        let request = fields.iter().fold(Request::builder(), |request, name| request.header(*name, "1"));
        let request = request.method(method).uri("https://files.example/a").body(()).unwrap();
        Guard::new(&policy, &Grants::default()).unwrap().admit(&request)
    }

    fn files() -> Policy {
        Policy::deny_all().allow_origin("https://files.example")
    }

    #[test]
    fn methods_that_only_read_are_allowed_and_others_by_name() {
        for method in ["GET", "HEAD"] {
            assert_eq!(judged(files(), method, &[]), Ok(()));
        }
        for method in ["POST", "PUT", "DELETE", "get", "CONNECT", "REPORT"] {
            assert_eq!(judged(files(), method, &[]), Err(Rule::Method.into()), "{method}");
            assert_eq!(judged(files().allow_method(method), method, &[]), Ok(()));
            assert_eq!(judged(Policy::allow_all(), method, &[]), Ok(()));
        }
    }

    #[test]
    fn fields_that_say_who_asks_are_allowed_by_name_only() {
        assert_eq!(judged(files(), "GET", &["Range", "accept", "IF-RANGE", "user-agent"]), Ok(()));
        for field in ["authorization", "cookie", "proxy-authorization", "x-forwarded-for", "transfer-encoding"] {
            assert_eq!(judged(files(), "GET", &["range", field]), Err(Rule::RequestField.into()), "{field}");
            assert_eq!(judged(files().allow_request_field(field.to_uppercase()), "GET", &[field]), Ok(()));
            assert_eq!(judged(Policy::allow_all(), "GET", &[field]), Ok(()));
        }
    }
}
