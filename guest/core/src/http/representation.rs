//! The version of the content that a response describes, and the comparison of two versions.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use super::digest_fields;
use super::head::Head;
use super::validator::{EntityTag, LastModified};
use crate::content::digest::ExpectedDigest;
use crate::layout::Wanted;

/// The metadata that a response gives about the selected representation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Representation {
    pub entity_tag: Option<EntityTag>,
    pub last_modified: Option<LastModified>,
    /// Length of the whole representation in bytes; `None` until a response states it.
    pub complete: Option<u64>,
    /// The media type without parameters, in lower case.
    pub media_type: Option<String>,
    /// The content coding, in lower case. Coded bytes differ from plain ones.
    pub coding: Option<String>,
    /// The digest of the whole representation that the origin states.
    pub digest: Option<ExpectedDigest>,
}

/// Result of comparing the versions of two responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Proven by a strong validator, or by a digest in both responses.
    Same,
    /// Only the validators differ: either another version, or the same version from another server of the origin.
    OtherValidator,
    /// Proven by the length, the coding or a digest.
    Different,
    /// Nothing contradicts and nothing proves equality. Equal length alone is no proof.
    Unproven,
}

impl Representation {
    /// `complete` is the length of the whole representation according to the status and fields.
    pub fn of(head: &Head, complete: Option<u64>) -> Self {
        Self {
            entity_tag: head.field("etag").and_then(EntityTag::parse),
            last_modified: head.field("last-modified").and_then(|field| LastModified::parse(field, head.date())),
            complete,
            media_type: head.media_type(),
            coding: head.content_coding(),
            digest: digest_fields::of(head),
        }
    }

    /// Whether the origin states a digest that is strong enough to verify the bytes on its own.
    pub fn has_telling_digest(&self) -> bool {
        self.digest.as_ref().is_some_and(|digest| digest.algorithm.is_collision_resistant())
    }

    /// The value for If-Range: a strong entity tag, or a strong Last-Modified if there is no entity tag; otherwise `None`, [RFC 9110
    /// section 13.1.5](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5).
    pub fn if_range(&self) -> Option<&str> {
        match (&self.entity_tag, &self.last_modified) {
            (Some(tag), _) if !tag.weak => Some(&tag.opaque),
            (None, Some(modified)) if modified.strong => Some(&modified.field),
            _ => None,
        }
    }

    pub fn is_strong(&self) -> bool {
        self.if_range().is_some()
    }

    /// The modification time for the local file, in seconds since 1970-01-01 UTC: the origin's, if it is a strong validator and the file is
    /// the whole representation. It only serves users and their tools. It proves nothing, because the origin chooses it.
    pub fn strong_date_of(&self, wanted: &Wanted) -> Option<u64> {
        let modified = self.last_modified.as_ref().filter(|modified| modified.strong && *wanted == Wanted::Whole);
        modified.map(|modified| modified.seconds)
    }

    pub fn agreement(&self, other: &Self) -> Agreement {
        if let (Some(a), Some(b)) = (self.complete, other.complete)
            && a != b
        {
            return Agreement::Different;
        }
        if self.coding != other.coding {
            return Agreement::Different;
        }
        self.digests_agree(other).unwrap_or_else(|| self.validators_agree(other))
    }

    /// Whether `served`, from the same URL, is still this version. As in cache validation, a weak entity tag is enough ([RFC 9110 section
    /// 13.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2)), because the engine does not append bytes of `served` to the file.
    pub fn is_still(&self, served: &Self) -> bool {
        match self.agreement(served) {
            Agreement::Same => true,
            Agreement::Unproven => self.entity_tag.is_some() && self.entity_tag == served.entity_tag,
            Agreement::OtherValidator | Agreement::Different => false,
        }
    }

    /// The result according to the digests; `None` if they are not comparable.
    fn digests_agree(&self, other: &Self) -> Option<Agreement> {
        let (a, b) = (self.digest.as_ref()?, other.digest.as_ref()?);
        let telling = a.algorithm == b.algorithm && a.algorithm.is_collision_resistant();
        telling.then_some(if a.value == b.value { Agreement::Same } else { Agreement::Different })
    }

    fn validators_agree(&self, other: &Self) -> Agreement {
        match (&self.entity_tag, &other.entity_tag) {
            (Some(a), Some(b)) if a != b => Agreement::OtherValidator,
            (Some(a), Some(_)) if !a.weak => Agreement::Same,
            (Some(_), Some(_)) => Agreement::Unproven,
            (None, None) => dates_agree(self.last_modified.as_ref(), other.last_modified.as_ref()),
            _ => Agreement::Unproven,
        }
    }

    /// Compares with a response of another server. Ignores its validators, because they prove nothing across servers.
    pub fn agreement_elsewhere(&self, other: &Self) -> Agreement {
        let bare = Self { entity_tag: None, last_modified: None, ..other.clone() };
        self.agreement(&bare)
    }

    /// Whether this is an HTML page. In response to a request for a file, it is usually a sign-in or an error page.
    pub fn is_page(&self) -> bool {
        matches!(self.media_type.as_deref(), Some("text/html" | "application/xhtml+xml"))
    }
}

fn dates_agree(a: Option<&LastModified>, b: Option<&LastModified>) -> Agreement {
    match (a, b) {
        (Some(a), Some(b)) if a.seconds != b.seconds => Agreement::OtherValidator,
        (Some(a), Some(b)) if a.strong && b.strong => Agreement::Same,
        _ => Agreement::Unproven,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::digest::Algorithm;
    use alloc::vec;
    use alloc::vec::Vec;

    fn of(fields: &[(&str, &str)], complete: Option<u64>) -> Representation {
        let fields = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Representation::of(&Head { status: 200, fields }, complete)
    }

    const OLD: (&str, &str) = ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    const DATE: (&str, &str) = ("date", "Mon, 07 Nov 1994 08:49:37 GMT");

    #[test]
    fn a_strong_tag_proves_sameness_and_a_weak_one_does_not() {
        let (strong, weak) = (of(&[("etag", "\"a\"")], Some(5)), of(&[("etag", "W/\"a\"")], Some(5)));
        assert_eq!(strong.agreement(&strong), Agreement::Same);
        assert_eq!(weak.agreement(&weak), Agreement::Unproven);
        assert_eq!(strong.agreement(&weak), Agreement::OtherValidator);
        assert_eq!(weak.if_range(), None);
    }

    #[test]
    fn equal_length_alone_proves_nothing_and_unequal_length_disproves() {
        let (five, six) = (of(&[], Some(5)), of(&[], Some(6)));
        assert_eq!(five.agreement(&five), Agreement::Unproven);
        assert_eq!(five.agreement(&six), Agreement::Different);
        assert_eq!(
            of(&[("etag", "\"a\"")], Some(5)).agreement(&of(&[("etag", "\"a\"")], Some(6))),
            Agreement::Different
        );
    }

    #[test]
    fn an_old_date_is_a_strong_validator_where_there_is_no_tag() {
        let dated = of(&[OLD, DATE], Some(5));
        assert_eq!(dated.if_range(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
        assert_eq!(dated.agreement(&dated), Agreement::Same);
        assert_eq!(of(&[OLD], Some(5)).if_range(), None);
        assert_eq!(of(&[OLD, DATE, ("etag", "W/\"a\"")], Some(5)).if_range(), None);
    }

    #[test]
    fn a_stated_digest_outweighs_the_validators() {
        let stated = |tag: &str, value: u8| Representation {
            digest: Some(ExpectedDigest { algorithm: Algorithm::Sha256, value: vec![value; 32] }),
            ..of(&[("etag", tag)], Some(5))
        };
        assert_eq!(stated("\"a\"", 1).agreement(&stated("\"b\"", 1)), Agreement::Same);
        assert_eq!(stated("\"a\"", 1).agreement(&stated("\"a\"", 2)), Agreement::Different);
    }

    #[test]
    fn coded_bytes_are_not_plain_ones() {
        let coded = of(&[("etag", "\"a\""), ("content-encoding", "gzip")], Some(5));
        assert_eq!(of(&[("etag", "\"a\"")], Some(5)).agreement(&coded), Agreement::Different);
    }

    #[test]
    fn html_is_a_page_for_people() {
        assert!(of(&[("content-type", "Text/HTML; charset=utf-8")], Some(5)).is_page());
        assert!(!of(&[], Some(5)).is_page() && !of(&[("content-type", "text/plain")], Some(5)).is_page());
    }

    #[test]
    fn validators_of_another_server_prove_nothing() {
        let strong = of(&[("etag", "\"a\"")], Some(5));
        assert_eq!(strong.agreement_elsewhere(&strong), Agreement::Unproven);
        assert_eq!(strong.agreement_elsewhere(&of(&[("etag", "\"a\"")], Some(6))), Agreement::Different);
    }

    #[test]
    fn a_file_that_is_here_is_still_the_version_that_its_tag_or_old_date_names() {
        let recent = ("last-modified", "Mon, 07 Nov 1994 08:49:37 GMT");
        let versions = [
            of(&[("etag", "\"a\"")], Some(5)),
            of(&[("etag", "W/\"a\"")], Some(5)),
            of(&[OLD, DATE], Some(5)),
            of(&[recent, DATE], Some(5)),
            of(&[], Some(5)),
        ];
        let still: Vec<Vec<bool>> =
            versions.iter().map(|known| versions.iter().map(|served| known.is_still(served)).collect()).collect();
        let only = |at: usize| (0..5).map(|index| index == at).collect::<Vec<_>>();
        assert_eq!(still, [only(0), only(1), only(2), only(5), only(5)]);
    }

    #[test]
    fn a_tag_that_disappears_proves_nothing() {
        assert_eq!(of(&[("etag", "\"a\"")], Some(5)).agreement(&of(&[], Some(5))), Agreement::Unproven);
    }
}
