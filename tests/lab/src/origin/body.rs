//! The body of a response, as a list of ranges of contents.

use crate::origin::Content;
use std::ops::Range;

/// Ranges of contents, one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    pieces: Vec<(Content, Range<u64>)>,
    length: u64,
}

impl Body {
    /// All of `content`.
    pub(super) fn whole(content: Content) -> Self {
        let range = 0..content.length();
        Self::default().then(content, range)
    }

    /// Appends the bytes of `content` in `range`, which may lie beyond its end.
    pub(super) fn then(mut self, content: Content, range: Range<u64>) -> Self {
        self.length += range.end - range.start;
        self.pieces.push((content, range));
        self
    }

    /// Appends these bytes.
    pub(super) fn then_text(self, text: String) -> Self {
        let content = Content::literal(text);
        let range = 0..content.length();
        self.then(content, range)
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// The contiguous bytes in memory from `position` on; empty only at the end.
    pub(super) fn slice_at(&self, mut position: u64) -> &[u8] {
        for (content, range) in &self.pieces {
            let length = range.end - range.start;
            if position < length {
                let slice = content.slice_at(range.start + position);
                let take = (length - position).min(slice.len() as u64);
                return &slice[..take as usize];
            }
            position -= length;
        }
        &[]
    }
}

#[cfg(test)]
mod tests {
    use super::Body;
    use crate::origin::Content;

    #[test]
    fn pieces_are_read_one_after_the_other() {
        let body = Body::default()
            .then_text("<".into())
            .then(Content::literal("abcdef"), 2..5)
            .then_text(String::new())
            .then_text(">".into());
        let mut bytes = Vec::new();
        while bytes.len() < body.length() as usize {
            bytes.extend_from_slice(body.slice_at(bytes.len() as u64));
        }
        assert_eq!(bytes, b"<cde>");
        assert!(body.slice_at(5).is_empty());
    }
}
