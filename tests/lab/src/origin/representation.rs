//! Representations: content with its metadata.

use crate::origin::Content;
use httpdate::fmt_http_date;
use std::time::SystemTime;

/// An entity tag, written without its quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityTag {
    /// `"tag"`: byte for byte the same content.
    Strong(String),
    /// `W/"tag"`: only equivalent content, so `If-Range` cannot use it.
    Weak(String),
}

impl EntityTag {
    /// The value of the `ETag` field.
    pub fn field_value(&self) -> String {
        match self {
            Self::Strong(tag) => format!("\"{tag}\""),
            Self::Weak(tag) => format!("W/\"{tag}\""),
        }
    }
}

/// A representation as in RFC 9110, section 3.2: content with its metadata.
#[derive(Clone, Debug)]
pub struct Representation {
    pub(super) content: Content,
    pub(super) etag: Option<EntityTag>,
    pub(super) last_modified: Option<SystemTime>,
    pub(super) content_type: String,
    pub(super) extra: Vec<(String, String)>,
}

impl Representation {
    /// `content` as `application/octet-stream`, without validators.
    pub fn new(content: Content) -> Self {
        Self {
            content,
            etag: None,
            last_modified: None,
            content_type: "application/octet-stream".into(),
            extra: Vec::new(),
        }
    }

    /// Adds the strong entity tag `"tag"`.
    pub fn strong_etag(mut self, tag: impl Into<String>) -> Self {
        self.etag = Some(EntityTag::Strong(tag.into()));
        self
    }

    /// Adds the weak entity tag `W/"tag"`.
    pub fn weak_etag(mut self, tag: impl Into<String>) -> Self {
        self.etag = Some(EntityTag::Weak(tag.into()));
        self
    }

    /// Adds a modification date; the wire carries whole seconds.
    pub fn last_modified(mut self, time: SystemTime) -> Self {
        self.last_modified = Some(time);
        self
    }

    /// Sets another media type.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = media_type.into();
        self
    }

    /// Adds a field to every 200 and 206.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.extra.push((name.into(), value.into()));
        self
    }

    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The entity tag, if any.
    pub fn etag(&self) -> Option<&EntityTag> {
        self.etag.as_ref()
    }

    /// The `ETag` and `Last-Modified` fields.
    pub(super) fn validators(&self) -> Vec<(String, String)> {
        let etag = self.etag.as_ref().map(EntityTag::field_value);
        let date = self.last_modified.map(fmt_http_date);
        [("ETag", etag), ("Last-Modified", date)]
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_string(), value?)))
            .collect()
    }
}

impl From<Content> for Representation {
    fn from(content: Content) -> Self {
        Self::new(content)
    }
}

#[cfg(test)]
mod tests {
    use crate::origin::{Content, Representation};
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn validators_are_written_as_fields() {
        let plain = Representation::new(Content::new(1, 1));
        assert!(plain.validators().is_empty());
        let dated = plain.weak_etag("v1").last_modified(UNIX_EPOCH + Duration::from_millis(784_111_777_500));
        let expected = [("ETag", "W/\"v1\""), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")];
        assert_eq!(dated.validators(), expected.map(|(name, value)| (name.to_string(), value.to_string())));
        assert_eq!(dated.strong_etag("v2").etag().map(|tag| tag.field_value()), Some("\"v2\"".to_string()));
    }
}
