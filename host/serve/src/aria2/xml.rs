//! XML-RPC, as aria2 speaks it.

mod reader;

use serde_json::Value;

pub use self::reader::{Call, read};
use super::Aria2;

/// The reply to a request.
#[derive(Debug)]
pub struct Reply {
    /// The document.
    pub body: String,
    /// Whether a call lacked the secret.
    pub unauthorized: bool,
}

/// Carries out a call. `None` if the text is no XML.
pub async fn answer(aria2: &Aria2, text: &[u8]) -> Option<Reply> {
    let Call { method, params } = read(text)?;
    let session = aria2.session();
    let result = session.call(&method, params).await;
    let result = session.end().await.and(result);
    let body = match result {
        Ok(mut result) => {
            if method == "system.multicall" {
                name_faults(&mut result);
            }
            format!("<params><param>{}</param></params>", value(&result))
        }
        Err(fault) => format!("<fault>{}</fault>", value(&fault_of(&Value::from(1), &fault.to_string().into()))),
    };
    let body = format!(r#"<?xml version="1.0"?><methodResponse>{body}</methodResponse>"#);
    Some(Reply { body, unauthorized: session.was_unauthorized() })
}

/// Failures inside of `system.multicall` have other names here.
fn name_faults(results: &mut Value) {
    for result in results.as_array_mut().into_iter().flatten() {
        if let (Some(code), Some(message)) = (result.get("code"), result.get("message")) {
            *result = fault_of(code, message);
        }
    }
}

fn fault_of(code: &Value, message: &Value) -> Value {
    serde_json::json!({"faultCode": code, "faultString": message})
}

fn value(of: &Value) -> String {
    let inner = match of {
        Value::String(text) => format!("<string>{}</string>", escaped(text)),
        Value::Number(number) => format!("<int>{number}</int>"),
        Value::Array(values) => format!("<array><data>{}</data></array>", values.iter().map(value).collect::<String>()),
        Value::Object(members) => {
            let member =
                |(name, of): (&String, &Value)| format!("<member><name>{}</name>{}</member>", escaped(name), value(of));
            format!("<struct>{}</struct>", members.iter().map(member).collect::<String>())
        }
        Value::Bool(truth) => format!("<string>{truth}</string>"),
        Value::Null => "<string></string>".into(),
    };
    format!("<value>{inner}</value>")
}

/// XML has no way to write most control characters, so they are replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\t' | '\n' | '\r' => escaped.push(c),
            c if c.is_control() => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_and_read_again() {
        let original = json!({"a": ["<&>", "é"], "b": 3, "c": {"d": ""}});
        let text = format!(
            "<methodCall><methodName>m</methodName><params><param>{}</param></params></methodCall>",
            value(&original)
        );
        let call = read(text.as_bytes()).unwrap();
        assert_eq!((call.method.as_str(), call.params), ("m", vec![original]));
    }

    #[test]
    fn control_characters_do_not_break_the_document() {
        assert_eq!(value(&json!("a\u{1}b")), "<value><string>a\u{fffd}b</string></value>");
    }
}
