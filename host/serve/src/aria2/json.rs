//! JSON-RPC, as aria2 speaks it: the member `jsonrpc` of a request is not looked at, and every request has an id.

use serde_json::{Value, json};

use super::system::MOST_CALLS;
use super::{Aria2, Session};

/// Levels of nesting in a request: the limit of aria2.
const DEEPEST: usize = 50;

/// The kind of a reply, which decides the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A result, or a batch.
    Success,
    /// A failed call, or a request that is none.
    Refused,
    /// Not JSON, or parameters that are no list.
    Unreadable,
}

/// The reply to a request.
#[derive(Debug)]
pub struct Reply {
    /// The kind.
    pub kind: Kind,
    /// The document.
    pub body: String,
    /// Whether a call lacked the secret.
    pub unauthorized: bool,
}

/// Carries out a request or a batch.
pub async fn answer(aria2: &Aria2, text: &[u8]) -> Reply {
    match read(text) {
        Some(request) => answer_value(aria2, request).await,
        None => {
            Reply { kind: Kind::Unreadable, body: error(&Value::Null, -32700, "Parse error."), unauthorized: false }
        }
    }
}

/// The first document of a text; anything behind it is ignored, as in aria2.
fn read(text: &[u8]) -> Option<Value> {
    let document = serde_json::Deserializer::from_slice(text).into_iter::<Value>().next()?.ok()?;
    (!document.is_number() && !document.is_boolean() && is_flat(&document, DEEPEST)).then_some(document)
}

fn is_flat(value: &Value, levels: usize) -> bool {
    let below = |value: &Value| levels > 0 && is_flat(value, levels - 1);
    match value {
        Value::Array(values) => values.iter().all(below),
        Value::Object(members) => members.values().all(below),
        _ => true,
    }
}

/// Carries out a request or a batch that is a document already.
pub async fn answer_value(aria2: &Aria2, request: Value) -> Reply {
    let session = aria2.session();
    let (kind, body) = match request {
        Value::Array(requests) => {
            let calls = requests.into_iter().filter(Value::is_object).take(MOST_CALLS);
            let mut answers = Vec::new();
            for call in calls {
                answers.push(one(&session, call).await.1);
            }
            (Kind::Success, format!("[{}]", answers.join(",")))
        }
        request => one(&session, request).await,
    };
    // A change that cannot be saved is not acknowledged.
    let (kind, body) = match session.end().await {
        Ok(()) => (kind, body),
        Err(fault) => (Kind::Refused, error(&Value::Null, 1, &fault.to_string())),
    };
    Reply { kind, body, unauthorized: session.was_unauthorized() }
}

async fn one(session: &Session<'_>, request: Value) -> (Kind, String) {
    let invalid = |id: &Value| (Kind::Refused, error(id, -32600, "Invalid Request."));
    let Value::Object(mut members) = request else { return invalid(&Value::Null) };
    let Some(id) = members.remove("id").map(cut) else { return invalid(&Value::Null) };
    let Some(Value::String(method)) = members.remove("method") else { return invalid(&id) };
    let params = match members.remove("params") {
        None => Vec::new(),
        Some(Value::Array(params)) => params,
        Some(_) => return (Kind::Unreadable, error(&id, -32602, "Invalid params.")),
    };
    match session.call(&method, params).await {
        Ok(result) => (Kind::Success, format!(r#"{{"id":{id},"jsonrpc":"2.0","result":{result}}}"#)),
        Err(fault) => (Kind::Refused, error(&id, 1, &fault.to_string())),
    }
}

/// aria2 cuts the fraction of an id off.
fn cut(id: Value) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "out of range it saturates")]
    let whole = |number: f64| number as i64;
    match &id {
        Value::Number(number) if number.is_f64() => number.as_f64().map_or(id, |number| whole(number).into()),
        _ => id,
    }
}

fn error(id: &Value, code: i32, message: &str) -> String {
    format!(r#"{{"id":{id},"jsonrpc":"2.0","error":{{"code":{code},"message":{}}}}}"#, json!(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_aria2_reads_it() {
        let nested = |levels: usize| format!(r#"{{"x":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
        for (text, is_read) in [
            (r#"{"id":1} x"#.to_owned(), true),
            ("null".to_owned(), true),
            (r#""x""#.to_owned(), true),
            ("1".to_owned(), false),
            (r#"{"id":1"#.to_owned(), false),
            ("\u{feff}{}".to_owned(), false),
            (String::new(), false),
            (nested(40), true),
            (nested(60), false),
        ] {
            assert_eq!(read(text.as_bytes()).is_some(), is_read, "{text}");
        }
        assert_eq!((cut(json!(1.5)), cut(json!({"a": 1.5}))), (json!(1), json!({"a": 1.5})));
    }
}
