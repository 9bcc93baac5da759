//! Methods about the daemon itself, and calls of several methods at once.

use serde_json::{Value, json};

use super::parameters::wrong_type;
use super::{Fault, SHUTDOWN_DELAY, Session};

/// The version of aria2 whose interface this is. Clients compare it.
const VERSION: &str = "1.37.0";

/// The features of aria2 that haul has. Clients offer torrents if `BitTorrent` is among them.
const FEATURES: [&str; 4] = ["HTTPS", "Message Digest", "Metalink", "XML-RPC"];

/// Calls in one `system.multicall` or batch, so that one request cannot hold the others up. Pages of users send five.
pub const MOST_CALLS: usize = 1000;

pub fn version() -> Value {
    json!({"version": VERSION, "enabledFeatures": FEATURES, "haul": env!("CARGO_PKG_VERSION")})
}

impl Session<'_> {
    pub(super) fn session_info(&self) -> Value {
        json!({"sessionId": self.service().session()})
    }

    pub(super) fn shutdown(&self) -> Value {
        let service = self.aria2.service.clone();
        tokio::task::spawn_local(async move {
            tokio::time::sleep(SHUTDOWN_DELAY).await;
            service.stop();
        });
        "OK".into()
    }

    /// Failures of the calls are members of the result. Each call carries its own token.
    pub(super) async fn multicall(&self, params: &[Value]) -> Result<Value, Fault> {
        let missing = || Fault::sentence("The parameter at 0 is required but missing.");
        let calls = params.first().ok_or_else(missing)?.as_array().ok_or_else(|| wrong_type(0))?;
        if calls.len() > MOST_CALLS {
            return Err(Fault::sentence(format!("a request has {MOST_CALLS} calls at most")));
        }
        let mut results = Vec::with_capacity(calls.len());
        for call in calls {
            results.push(match self.member(call).await {
                Ok(result) => json!([result]),
                Err(fault) => json!({"code": 1, "message": fault.to_string()}),
            });
        }
        Ok(results.into())
    }

    async fn member(&self, call: &Value) -> Result<Value, Fault> {
        let call = call.as_object().ok_or_else(|| Fault::sentence("system.multicall expected struct."))?;
        let method = call.get("methodName").and_then(Value::as_str);
        let method = method.ok_or_else(|| Fault::sentence("Missing methodName."))?;
        if method == "system.multicall" {
            return Err(Fault::sentence("Recursive system.multicall forbidden."));
        }
        let params = call.get("params").and_then(Value::as_array).cloned().unwrap_or_default();
        self.call_one(method, params).await
    }
}
