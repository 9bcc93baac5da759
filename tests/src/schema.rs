//! A strict check of values against a JSON schema, for the keywords that docs/reference/json-schema.json uses. Fields that the schema does
//! not name are errors here: a user's validator allows them, because a later version may add some.

use std::fs;

use serde_json::{Map, Value};

use crate::page::repository;

/// Keywords without a meaning for a value.
const NOTES: [&str; 4] = ["$schema", "$defs", "title", "description"];

pub struct Schema(Value);

impl Schema {
    /// The schema of the lines of JSON.
    ///
    /// # Panics
    ///
    /// If the file is not JSON.
    pub fn of_lines() -> Self {
        let text = fs::read_to_string(repository().join("docs/reference/json-schema.json")).expect("the schema");
        Self(serde_json::from_str(&text).expect("JSON"))
    }

    /// The names of the definitions that match the line; exactly one does.
    ///
    /// # Panics
    ///
    /// If none does, or several do.
    #[track_caller]
    pub fn name_of(&self, line: &Value) -> String {
        let named = self.0["oneOf"].as_array().expect("the kinds of lines");
        let results: Vec<_> =
            named.iter().map(|kind| (kind["$ref"].as_str().unwrap(), self.errors(kind, line))).collect();
        let matching: Vec<_> = results.iter().filter(|(_, errors)| errors.is_empty()).map(|(name, _)| *name).collect();
        let [name] = matching[..] else { panic!("{line:#} matches {matching:?}; {results:#?}") };
        name.trim_start_matches("#/$defs/").into()
    }

    fn errors(&self, schema: &Value, value: &Value) -> Vec<String> {
        let keywords = schema.as_object().expect("a schema is an object");
        keywords.iter().flat_map(|(keyword, rule)| self.broken(keywords, keyword, rule, value)).collect()
    }

    /// The errors of one keyword.
    fn broken(&self, schema: &Map<String, Value>, keyword: &str, rule: &Value, value: &Value) -> Vec<String> {
        let unless = |holds: bool| if holds { Vec::new() } else { vec![format!("{value} breaks {keyword} {rule}")] };
        match keyword {
            _ if NOTES.contains(&keyword) => Vec::new(),
            "$ref" => {
                let path = rule.as_str().expect("a reference").trim_start_matches('#');
                self.errors(self.0.pointer(path).expect("a definition"), value)
            }
            "type" => match rule {
                Value::Array(types) => unless(types.iter().any(|one| is_of(value, one))),
                one => unless(is_of(value, one)),
            },
            "const" => unless(value == rule),
            "enum" => unless(rule.as_array().expect("values").contains(value)),
            "oneOf" => {
                let schemas = rule.as_array().expect("schemas").iter();
                unless(schemas.filter(|one| self.errors(one, value).is_empty()).count() == 1)
            }
            "required" => {
                let names = rule.as_array().expect("names").iter();
                unless(names.clone().all(|name| value.get(name.as_str().expect("a name")).is_some()))
            }
            "items" => value.as_array().into_iter().flatten().flat_map(|item| self.errors(rule, item)).collect(),
            "properties" => {
                assert_eq!(schema["type"], "object", "properties are those of an object");
                let field = |(name, value): (&String, &Value)| match rule.get(name) {
                    Some(schema) => self.errors(schema, value),
                    None => vec![format!("the field {name} is not described")],
                };
                value.as_object().into_iter().flatten().flat_map(field).collect()
            }
            other => panic!("the check has no keyword {other}"),
        }
    }
}

fn is_of(value: &Value, name: &Value) -> bool {
    match name.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the check has no type {other}"),
    }
}
