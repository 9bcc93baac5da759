//! Digests in response fields: Content-Digest and Repr-Digest, [RFC 9530 sections 2 and
//! 3](https://www.rfc-editor.org/rfc/rfc9530#section-2); Digest, [RFC 3230 section
//! 4.3.2](https://www.rfc-editor.org/rfc/rfc3230#section-4.3.2); and Content-MD5, [RFC 1864 section
//! 2](https://www.rfc-editor.org/rfc/rfc1864#section-2).

use alloc::vec::Vec;

use super::head::Head;
use super::parameters;
use crate::content::digest::{Algorithm, ExpectedDigest, decode_base64};

/// The strongest digest of the whole representation in the head of a 200 or 206. Fields that cover the message content count for 200 only;
/// other statuses describe another representation. The engine ignores malformed digests, and all digests of an algorithm if two of them
/// disagree.
pub fn of(head: &Head) -> Option<ExpectedDigest> {
    let stated: Vec<_> = head.fields.iter().flat_map(|(name, value)| read(head.status, name, value)).collect();
    Algorithm::STRONGEST_FIRST.into_iter().find_map(|algorithm| agreed(&stated, algorithm))
}

fn read(status: u16, name: &str, value: &str) -> Vec<ExpectedDigest> {
    let members = parameters::split(value, ',');
    match (name, status) {
        ("repr-digest", 200 | 206) | ("content-digest", 200) => members.filter_map(dictionary_member).collect(),
        ("digest", 200 | 206) => members.filter_map(instance_digest).collect(),
        ("content-md5", 200) => digest("md5", value).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// `sha-256=:BASE64:`, with parameters or without
fn dictionary_member(member: &str) -> Option<ExpectedDigest> {
    let (name, value) = member.split_once('=')?;
    let (item, _parameters) = parameters::cut(value, ';');
    digest(name, item.trim().strip_prefix(':')?.strip_suffix(':')?)
}

/// `SHA-256=BASE64`
fn instance_digest(member: &str) -> Option<ExpectedDigest> {
    let (name, value) = member.split_once('=')?;
    digest(name, value)
}

fn digest(name: &str, value: &str) -> Option<ExpectedDigest> {
    ExpectedDigest::new(Algorithm::registered(name.trim())?, decode_base64(value.trim())?)
}

fn agreed(stated: &[ExpectedDigest], algorithm: Algorithm) -> Option<ExpectedDigest> {
    let mut values = stated.iter().filter(|digest| digest.algorithm == algorithm);
    let first = values.next()?;
    values.all(|other| other == first).then(|| first.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec;
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use proptest::prelude::*;

    fn head(status: u16, fields: &[(&str, &str)]) -> Head {
        Head { status, fields: fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect() }
    }

    /// A digest in base64 whose bytes are all `byte`.
    fn encoded(algorithm: Algorithm, byte: u8) -> String {
        BASE64_STANDARD.encode(vec![byte; algorithm.length()])
    }

    fn check(status: u16, fields: &[(&str, &str)], expected: Option<(Algorithm, u8)>) {
        let found = of(&head(status, fields));
        let expected =
            expected.map(|(algorithm, byte)| ExpectedDigest { algorithm, value: vec![byte; algorithm.length()] });
        assert_eq!(found, expected, "{status} {fields:?}");
    }

    #[test]
    fn the_strongest_digest_counts() {
        let [sha512, sha256, sha1, md5] =
            [Algorithm::Sha512, Algorithm::Sha256, Algorithm::Sha1, Algorithm::Md5].map(|it| encoded(it, 1));
        let structured = format!("md5=:{md5}:, sha-512=:{sha512}:;a=\"b,c\", sha-256=:{sha256}:");
        check(200, &[("repr-digest", &structured)], Some((Algorithm::Sha512, 1)));
        let legacy = format!("MD5={md5},SHA={sha1} , SHA-256={sha256}");
        check(206, &[("digest", &legacy)], Some((Algorithm::Sha256, 1)));
        check(200, &[("digest", &format!("SHA={sha1}")), ("content-md5", &md5)], Some((Algorithm::Sha1, 1)));
        check(200, &[("content-md5", &md5)], Some((Algorithm::Md5, 1)));
    }

    #[test]
    fn a_digest_of_rfc_9530_is_read() {
        let field = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
        let found = of(&head(200, &[("repr-digest", field)])).unwrap();
        assert_eq!((found.algorithm, &found.value[..2]), (Algorithm::Sha256, &[0x44, 0xaf][..]));
    }

    #[test]
    fn what_covers_a_part_is_ignored() {
        let md5 = encoded(Algorithm::Md5, 1);
        let sha256 = format!("sha-256=:{}:", encoded(Algorithm::Sha256, 1));
        let fields = [("content-digest", sha256.as_str()), ("content-md5", md5.as_str())];
        check(200, &fields, Some((Algorithm::Sha256, 1)));
        check(206, &fields, None);
        check(206, &[("repr-digest", &sha256)], Some((Algorithm::Sha256, 1)));
    }

    #[test]
    fn other_statuses_speak_of_other_representations() {
        let sha256 = format!("sha-256=:{}:", encoded(Algorithm::Sha256, 1));
        for status in [0, 204, 302, 404, 416, 503] {
            check(status, &[("repr-digest", &sha256), ("content-digest", &sha256)], None);
        }
    }

    #[test]
    fn digests_that_contradict_each_other_do_not_count() {
        let [one, two] = [1, 2].map(|byte| format!("sha-256=:{}:", encoded(Algorithm::Sha256, byte)));
        let md5 = format!("md5={}", encoded(Algorithm::Md5, 3));
        let fields = [("repr-digest", one.as_str()), ("repr-digest", two.as_str()), ("digest", md5.as_str())];
        check(200, &fields, Some((Algorithm::Md5, 3)));
        check(200, &[("repr-digest", &one), ("content-digest", &two)], None);
        check(200, &[("repr-digest", &one), ("content-digest", &one)], Some((Algorithm::Sha256, 1)));
        check(206, &[("repr-digest", &one), ("content-digest", &two)], Some((Algorithm::Sha256, 1)));
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        let good = format!("sha-256=:{}:", encoded(Algorithm::Sha256, 1));
        let short = encoded(Algorithm::Md5, 1);
        let bare = encoded(Algorithm::Sha512, 1);
        for bad in [
            "",
            "sha-512",
            "sha-512=",
            "sha-512=:",
            "sha-512=::",
            "sha-512=:!:",
            "crc32c=:AAAAAA==:",
            &format!("sha-512=:{short}:"),
            &format!("sha-512={bare}"),
            &format!("sha-512=(:{bare}:)"),
        ] {
            check(200, &[("repr-digest", &format!("{bad}, {good}"))], Some((Algorithm::Sha256, 1)));
            check(200, &[("repr-digest", bad)], None);
        }
        check(200, &[("want-repr-digest", &good), ("want-digest", &good), ("content-md5", "d41d8cd9")], None);
    }

    proptest! {
        #[test]
        fn a_digest_always_has_its_length(
            fields in prop::collection::vec((
                prop::sample::select(vec!["repr-digest", "digest", "content-digest", "content-md5"]),
                prop_oneof![any::<String>(), "((sha-256|SHA|md5|sha-512)=:?[A-Za-z0-9+/]{20,90}=?=?:?[,; ]?){0,3}"],
            ), 0..5)
        ) {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            if let Some(found) = of(&head(200, &fields)) {
                prop_assert_eq!(found.value.len(), found.algorithm.length());
            }
        }
    }
}
