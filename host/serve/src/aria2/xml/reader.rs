//! XML-RPC calls. Values of types that aria2 does not read vanish: a parameter is left out, and a member of a struct too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};
use serde_json::{Map, Value};

/// Levels of nesting of values, so that the recursion is bounded; the same as for JSON.
const DEEPEST: usize = 50;

/// A call.
#[derive(Debug, Default, PartialEq)]
pub struct Call {
    /// The method; empty for a document that is no call.
    pub method: String,
    /// The parameters.
    pub params: Vec<Value>,
}

/// Reads a call. `None` if the text is no XML, or declares a type of document: that could define entities.
pub fn read(text: &[u8]) -> Option<Call> {
    let document = Document::parse(std::str::from_utf8(text).ok()?).ok()?;
    let root = document.root_element();
    if !root.has_tag_name("methodCall") {
        return Some(Call::default());
    }
    let method = child(root, "methodName").map(|name| content(name).trim().to_owned()).unwrap_or_default();
    let params = child(root, "params").into_iter().flat_map(|params| named(params, "param"));
    let params = params.filter_map(|param| value(child(param, "value")?, DEEPEST));
    Some(Call { method, params: params.collect() })
}

/// The elements with this name in an element.
fn named<'a, 'input>(element: Node<'a, 'input>, name: &'static str) -> impl Iterator<Item = Node<'a, 'input>> {
    element.children().filter(move |child| child.has_tag_name(name))
}

fn child<'a, 'input>(element: Node<'a, 'input>, name: &'static str) -> Option<Node<'a, 'input>> {
    named(element, name).next()
}

/// The text of an element; comments may divide it.
fn content(element: Node<'_, '_>) -> String {
    element.children().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

/// The content of a `value` element; `None` for a type that is not read.
fn value(element: Node<'_, '_>, levels: usize) -> Option<Value> {
    let Some(typed) = element.first_element_child() else { return Some(content(element).into()) };
    let below = |element| value(element, levels.checked_sub(1)?);
    match typed.tag_name().name() {
        "i4" | "int" => content(typed).trim().parse::<i32>().ok().map(Into::into),
        "string" | "double" => Some(content(typed).into()),
        // Methods take binary parameters as base64, which JSON has no other form for.
        "base64" => {
            let text: String = content(typed).chars().filter(|c| !c.is_ascii_whitespace()).collect();
            Some(STANDARD.encode(STANDARD.decode(text).ok()?).into())
        }
        "array" => {
            Some(child(typed, "data").into_iter().flat_map(|data| named(data, "value")).filter_map(below).collect())
        }
        "struct" => {
            let member = |member| Some((content(child(member, "name")?), below(child(member, "value")?)?));
            Some(Value::Object(named(typed, "member").filter_map(member).collect::<Map<_, _>>()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn params(values: &str) -> Option<Vec<Value>> {
        let text = format!(
            "<?xml version='1.0'?>\n<methodCall><methodName>m</methodName><params>{values}</params></methodCall>\n"
        );
        read(text.as_bytes()).map(|call| call.params)
    }

    #[test]
    fn types_that_aria2_does_not_read_vanish() {
        let struct_ = concat!(
            "<param><value><struct><member><name>a</name><value><nil/></value></member>",
            "<member><name>b</name><value>x&amp;y&#33;</value></member></struct></value></param>",
        );
        assert_eq!(params(struct_), Some(vec![json!({"b": "x&y!"})]));
        let shifted = "<param><value><boolean>1</boolean></value></param><param><value><int> 7 </int></value></param>";
        assert_eq!(params(shifted), Some(vec![json!(7)]));
        let list = "<param><value><array><data><value><string><![CDATA[<a>]]></string></value><value/></data></array></value></param>";
        assert_eq!(params(list), Some(vec![json!(["<a>", ""])]));
        assert_eq!(params("<param><value><base64>YW\n Jj</base64></value></param>"), Some(vec![json!("YWJj")]));
    }

    #[test]
    fn other_documents_are_no_call_and_broken_ones_no_document() {
        assert_eq!(read(b"<a/>"), Some(Call::default()));
        for bad in ["", "x", "<a>", "<a></b>", "<a/><b/>", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", "<a>&e;</a>"] {
            assert_eq!(read(bad.as_bytes()), None, "{bad}");
        }
        let deep = "<value><array><data>".repeat(60) + &"</data></array></value>".repeat(60);
        assert!(params(&format!("<param>{deep}</param>")).is_some());
    }
}
