//! Metalink documents: the described files, their sources and their digests.
//!
//! Metalink 4 is [RFC 5854](https://www.rfc-editor.org/rfc/rfc5854). Its predecessor Metalink 3, with the namespace
//! `http://www.metalinker.org/`, has the same elements in groups, and `preference` instead of `priority`.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use roxmltree::{Document, Error, Node, ParsingOptions};

use super::file_name;
use super::url::Url;
use crate::content::digest::{Algorithm, ExpectedDigest, decode_hex};
use crate::content::pieces::Pieces;
use crate::failure::MetalinkCause;
use crate::text::digits;

const NAMESPACES: [&str; 2] = ["urn:ietf:params:xml:ns:metalink", "http://www.metalinker.org/"];

/// Limit on a document, in bytes, so that it cannot fill the memory; a file of 100 GB with piece hashes takes less.
const MAX_LENGTH: usize = 4 << 20;

/// Limit on the files of one document, so that a hostile one cannot fill the queue.
const MOST_FILES: usize = 10_000;

/// Limit on the URLs kept for one file, because a transfer keeps no more sources.
const MOST_URLS: usize = 64;

/// Limit on a file name, in bytes, so that it fits in a path of Linux beside the target directory.
const MAX_NAME_LENGTH: usize = 1024;

/// Limit on the nodes of one document, and on its tags and equals signs, because the XML parser allocates memory for them before it reads
/// them.
const MOST_NODES: u32 = 1 << 19;

/// Limit on the attributes of one element and on namespace declarations, because the XML parser compares each with every other one.
const MOST_ATTRIBUTES: usize = 64;

/// A file in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// A relative path with `/` between its components, each of which is a safe file name.
    pub name: String,
    /// Length of the file in bytes.
    pub size: Option<u64>,
    /// Digests of the whole file, the strongest first, one for each known algorithm in the document.
    pub digests: Vec<ExpectedDigest>,
    /// The pieces with the strongest known algorithm. They fit the size if the document gives one.
    pub pieces: Option<Pieces>,
    /// Distinct http and https URLs, the best first: at least one, at most 64.
    pub urls: Vec<String>,
}

/// The files of a document, in document order.
///
/// # Errors
///
/// See [`MetalinkCause`]. One unusable file makes the whole document unusable.
pub fn parse(text: &str) -> Result<Vec<File>, MetalinkCause> {
    if !is_modest(text) {
        return Err(MetalinkCause::TooLarge);
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, entity_resolver: None };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        Error::NodesLimitReached => MetalinkCause::TooLarge,
        _ => MetalinkCause::NotXml,
    })?;
    files(document.root_element())
}

/// Whether the XML parser needs only bounded time and memory for `text`.
fn is_modest(text: &str) -> bool {
    let at_most = |pattern: &str, most: usize| text.matches(pattern).nth(most).is_none();
    text.len() <= MAX_LENGTH
        && at_most("<", MOST_NODES as usize)
        && at_most("=", MOST_NODES as usize)
        && at_most("xmlns", MOST_ATTRIBUTES)
        && text.split('<').all(|tag| attributes(tag) <= MOST_ATTRIBUTES)
}

/// Upper bound for the attributes of `tag`. Text after a tag seldom adds to it.
fn attributes(tag: &str) -> usize {
    tag.split('=').skip(1).filter(|value| value.trim_start().starts_with(['"', '\''])).count()
}

fn files(root: Node<'_, '_>) -> Result<Vec<File>, MetalinkCause> {
    let known = NAMESPACES.iter().any(|namespace| root.has_tag_name((*namespace, "metalink")));
    let nodes: Vec<_> = members(root, "files", "file").filter(|_| known).take(MOST_FILES + 1).collect();
    match nodes.len() {
        0 => return Err(MetalinkCause::NotMetalink),
        1..=MOST_FILES => {}
        _ => return Err(MetalinkCause::TooLarge),
    }
    let files = nodes.into_iter().map(file).collect::<Result<Vec<_>, _>>()?;
    let names: BTreeSet<_> = files.iter().map(|file| &file.name).collect();
    if names.len() == files.len() { Ok(files) } else { Err(MetalinkCause::DuplicateName) }
}

fn file(node: Node<'_, '_>) -> Result<File, MetalinkCause> {
    let name = attribute(node, "name").and_then(safe_path).ok_or(MetalinkCause::UnsafeName)?;
    let size = size(node)?;
    let digests = digests(node)?;
    let pieces = strongest_pieces(node)?;
    if size.zip(pieces.as_ref()).is_some_and(|(size, pieces)| !pieces.fit(size)) {
        return Err(MetalinkCause::BadPieces);
    }
    let urls = urls(node);
    if urls.is_empty() { Err(MetalinkCause::NoUrl) } else { Ok(File { name, size, digests, pieces, urls }) }
}

/// The child elements with this name in the document's own namespace.
fn children<'a>(parent: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    let namespace = parent.tag_name().namespace();
    parent.children().filter(move |child| child.has_tag_name(name) && child.tag_name().namespace() == namespace)
}

/// The child elements with this name: direct children as in Metalink 4, and children of `group` as in Metalink 3.
fn members<'a>(parent: Node<'a, 'a>, group: &'static str, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    children(parent, name).chain(children(parent, group).flat_map(move |group| children(group, name)))
}

fn attribute<'a>(node: Node<'a, 'a>, name: &str) -> Option<&'a str> {
    let mut attributes = node.attributes().filter(|attribute| attribute.namespace().is_none());
    attributes.find(|attribute| attribute.name() == name).map(|attribute| attribute.value())
}

/// The text of an element that contains only text; empty for any other element.
fn content<'a>(node: Node<'a, 'a>) -> &'a str {
    let mut children = node.children();
    let text = children.next().filter(Node::is_text).and_then(|child| child.text());
    text.filter(|_| children.next().is_none()).unwrap_or_default().trim()
}

/// [RFC 5854 section 4.1.2.1](https://www.rfc-editor.org/rfc/rfc5854#section-4.1.2.1)
fn safe_path(name: &str) -> Option<String> {
    (name.len() <= MAX_NAME_LENGTH).then_some(())?;
    Some(name.split('/').map(safe_component).collect::<Option<Vec<_>>>()?.join("/"))
}

/// `None` also for an empty component, `.` and `..`, because they leave no usable name.
fn safe_component(component: &str) -> Option<String> {
    let drive = matches!(component.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    let sound = !drive && !component.contains(|c: char| c == '\\' || c.is_control());
    if sound { file_name::safe_or_none(component) } else { None }
}

fn size(file: Node<'_, '_>) -> Result<Option<u64>, MetalinkCause> {
    let mut sizes = children(file, "size").map(|size| digits::parse(content(size).trim()));
    match (sizes.next(), sizes.next()) {
        (None, _) => Ok(None),
        (Some(Some(size)), None) => Ok(Some(size)),
        _ => Err(MetalinkCause::BadSize),
    }
}

fn algorithm(node: Node<'_, '_>) -> Option<Algorithm> {
    Algorithm::registered(attribute(node, "type")?)
}

fn digests(file: Node<'_, '_>) -> Result<Vec<ExpectedDigest>, MetalinkCause> {
    let known = members(file, "verification", "hash").filter_map(|node| Some((algorithm(node)?, node)));
    let read = |(algorithm, node)| ExpectedDigest::new(algorithm, decode_hex(content(node))?);
    let mut digests = known.map(read).collect::<Option<Vec<_>>>().ok_or(MetalinkCause::BadDigest)?;
    digests.sort_by_key(|digest| rank(digest.algorithm));
    digests.dedup();
    let consistent = digests.is_sorted_by(|one, next| one.algorithm != next.algorithm);
    if consistent { Ok(digests) } else { Err(MetalinkCause::BadDigest) }
}

/// 0 for the strongest algorithm.
fn rank(algorithm: Algorithm) -> usize {
    Algorithm::STRONGEST_FIRST.iter().take_while(|stronger| **stronger != algorithm).count()
}

fn strongest_pieces(file: Node<'_, '_>) -> Result<Option<Pieces>, MetalinkCause> {
    let known = members(file, "verification", "pieces").filter_map(|node| Some((algorithm(node)?, node)));
    let strongest = known.min_by_key(|(algorithm, _)| rank(*algorithm));
    strongest.map(|(algorithm, node)| pieces(algorithm, node).ok_or(MetalinkCause::BadPieces)).transpose()
}

/// The pieces in the order of their numbers, or in document order if they have none.
fn pieces(algorithm: Algorithm, node: Node<'_, '_>) -> Option<Pieces> {
    let length = digits::parse(attribute(node, "length")?.trim())?;
    let numbered = (0..).zip(children(node, "hash")).map(|(place, hash)| {
        let number = attribute(hash, "piece").map_or(Some(place), |text| digits::parse(text.trim()))?;
        Some((number, decode_hex(content(hash))?))
    });
    let mut numbered = numbered.collect::<Option<Vec<_>>>()?;
    numbered.sort_by_key(|(number, _)| *number);
    let complete = (0..).zip(&numbered).all(|(place, (number, _))| place == *number);
    let digests = numbered.into_iter().map(|(_, digest)| digest).collect();
    Pieces::new(algorithm, length, digests).filter(|_| complete)
}

fn urls(file: Node<'_, '_>) -> Vec<String> {
    let mut nodes: Vec<_> = members(file, "resources", "url").collect();
    nodes.sort_by_cached_key(|node| distance_from_best(*node));
    let mut known = BTreeSet::new();
    let different = nodes.into_iter().filter_map(url).filter(|url| known.insert(url.clone()));
    different.take(MOST_URLS).collect()
}

/// Metalink 3 also lists resources of other types at http URLs, such as torrents, and marks them with `type`.
fn url(node: Node<'_, '_>) -> Option<String> {
    let plain = attribute(node, "type").is_none_or(|kind| matches!(kind, "http" | "https"));
    Url::parse(content(node)).filter(|_| plain).map(|url| url.as_str().into())
}

/// The sort key of a URL, from `priority` (1 is best) or `preference` (100 is best). A URL with neither comes last.
fn distance_from_best(url: Node<'_, '_>) -> u64 {
    let number = |name| attribute(url, name).and_then(|text| digits::parse(text.trim()));
    let by_preference = || number("preference").map(|preference| 100_u64.saturating_sub(preference));
    number("priority").or_else(by_preference).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;
    use alloc::vec;
    use proptest::prelude::*;

    const V4: &str = "<metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">";
    const URL: &str = "<url>http://h/f</url>";

    /// A document with one file that has these elements.
    fn document(elements: &str) -> String {
        format!("{V4}<file name=\"f\">{elements}</file></metalink>")
    }

    fn one(elements: &str) -> File {
        parse(&document(elements)).unwrap().remove(0)
    }

    fn check_error(text: &str, expected: MetalinkCause) {
        assert_eq!(parse(text), Err(expected), "{:.200}", text);
    }

    fn hex(algorithm: Algorithm, byte: u8) -> String {
        format!("{byte:02x}").repeat(algorithm.length())
    }

    fn hash(kind: &str, algorithm: Algorithm, byte: u8) -> String {
        format!("<hash type=\"{kind}\"> {} </hash>", hex(algorithm, byte))
    }

    #[test]
    fn a_document_of_rfc_5854_is_read() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
            <metalink xmlns="urn:ietf:params:xml:ns:metalink">
              <published>2009-05-15T12:23:23Z</published>
              <file name="example.ext">
                <size>14471447</size>
                <identity>Example</identity>
                <language>en</language>
                <hash type="sha-256">f0ad929cd259957e160ea442eb80986b5f8df70bae85f1b8c3ad1a17b01a9df3</hash>
                <url location="de" priority="1">ftp://ftp.example.com/example.ext</url>
                <url location="fr" priority="2">http://example.com/example.ext</url>
                <metaurl mediatype="torrent" priority="2">http://example.com/example.ext.torrent</metaurl>
              </file>
              <file name="dir/example2.ext"><url>https://example.com/2</url></file>
            </metalink>"#;
        let files = parse(text).unwrap();
        assert_eq!(files.len(), 2);
        assert_eq!((files[0].name.as_str(), files[0].size), ("example.ext", Some(14_471_447)));
        assert_eq!(files[0].urls, ["http://example.com/example.ext"]);
        assert_eq!(files[0].digests.len(), 1);
        assert_eq!(files[0].digests[0].value[..2], [0xf0, 0xad]);
        let second = File {
            name: "dir/example2.ext".into(),
            size: None,
            digests: vec![],
            pieces: None,
            urls: vec!["https://example.com/2".into()],
        };
        assert_eq!(files[1], second);
    }

    #[test]
    fn a_document_of_metalink_3_is_read() {
        let [first, second] = [1, 2].map(|byte| hex(Algorithm::Sha1, byte));
        let text = format!(
            r#"<metalink version="3.0" xmlns="http://www.metalinker.org/"><files><file name="a.iso">
              <size>15</size>
              <verification>
                <hash type="md5">{}</hash><hash type="sha1">{first}</hash>
                <pieces length="10" type="sha1"><hash piece="1">{second}</hash><hash piece="0">{first}</hash></pieces>
              </verification>
              <resources>
                <url type="http" preference="10">http://b/a.iso</url>
                <url type="bittorrent" preference="100">http://t/a.torrent</url>
                <url type="http" preference="100">http://a/a.iso</url>
              </resources>
            </file></files></metalink>"#,
            hex(Algorithm::Md5, 3)
        );
        let files = parse(&text).unwrap();
        assert_eq!(files[0].urls, ["http://a/a.iso", "http://b/a.iso"]);
        assert_eq!(files[0].digests.iter().map(|digest| digest.value[0]).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(files[0].pieces.as_ref().unwrap().digests(), [[1; 20], [2; 20]]);
    }

    #[test]
    fn urls_are_the_best_first_and_each_once() {
        let urls = one(r#"<url>http://e/</url><url priority="9">http://c/</url><url priority="x">http://f/</url>
            <url priority="1">HTTP://A</url><url priority="9">http://d/</url><url priority="3">http://a</url>
            <url priority="1">http://b/<!-- no -->x</url><url priority="1">/relative</url><url>http://g/<b/></url>"#)
        .urls;
        assert_eq!(urls, ["http://a", "http://c/", "http://d/", "http://e/", "http://f/"]);
        let many: String = (0..200).map(|number| format!("<url>http://h/{number}</url>")).collect();
        assert_eq!(one(&many).urls.len(), MOST_URLS);
    }

    #[test]
    fn a_file_without_usable_url_is_refused() {
        for elements in ["", "<url>ftp://h/f</url>", "<url/>", "<metaurl mediatype=\"torrent\">http://h/f</metaurl>"] {
            check_error(&document(elements), MetalinkCause::NoUrl);
        }
        check_error(&document("<url xmlns=\"x\">http://h/f</url>"), MetalinkCause::NoUrl);
    }

    #[test]
    fn names_stay_inside_their_directory() {
        let name = |name: &str| parse(&format!("{V4}<file name=\"{name}\">{URL}</file></metalink>"));
        for bad in [
            "",
            ".",
            "..",
            "/a",
            "a/",
            "a//b",
            "a/../b",
            "./a",
            "a/...",
            "a\\b",
            "C:",
            "c:a",
            "a/D:/b",
            "a&#9;b",
            "a&#10;b",
            "a/&#x85;",
            " / ",
            &"a/".repeat(600),
        ] {
            assert_eq!(name(bad), Err(MetalinkCause::UnsafeName), "{bad}");
        }
        for (given, expected) in [
            ("a", "a"),
            ("a/b/c.txt", "a/b/c.txt"),
            ("nul.txt/.hidden", "_nul.txt/hidden"),
            ("aa: b?", "aa_ b_"),
            ("&#xe9;&amp;", "é&"),
            ("x.part", "x.part_"),
        ] {
            assert_eq!(name(given).unwrap()[0].name, expected, "{given}");
        }
        check_error(&format!("{V4}<file>{URL}</file></metalink>"), MetalinkCause::UnsafeName);
        check_error(
            &format!("{V4}<file xmlns:x=\"x\" x:name=\"a\">{URL}</file></metalink>"),
            MetalinkCause::UnsafeName,
        );
    }

    #[test]
    fn two_files_never_share_a_name() {
        let two = |one: &str, other: &str| {
            parse(&format!("{V4}<file name=\"{one}\">{URL}</file><file name=\"{other}\">{URL}</file></metalink>"))
        };
        assert_eq!(two("a", "a"), Err(MetalinkCause::DuplicateName));
        assert_eq!(two("a/b?", "a/b*"), Err(MetalinkCause::DuplicateName));
        assert_eq!(two("a", "b").unwrap().len(), 2);
    }

    #[test]
    fn digests_are_the_strongest_first_and_each_once() {
        let hashes = [
            hash("MD5", Algorithm::Md5, 1),
            hash("sha-256", Algorithm::Sha256, 2),
            hash("sha-512", Algorithm::Sha512, 3),
            hash("sha-256", Algorithm::Sha256, 2),
            "<hash type=\"sha-384\">xyz</hash><hash>xyz</hash>".to_string(),
        ];
        let digests = one(&(hashes.concat() + URL)).digests;
        assert_eq!(digests.iter().map(|digest| digest.value[0]).collect::<Vec<_>>(), [3, 2, 1]);
    }

    #[test]
    fn digests_that_are_malformed_or_contradictory_are_refused() {
        let contradictory = hash("sha-1", Algorithm::Sha1, 1) + &hash("sha1", Algorithm::Sha1, 2);
        let long = hash("md5", Algorithm::Sha1, 1);
        for bad in [contradictory.as_str(), &long, "<hash type=\"md5\"/>", "<hash type=\"md5\">xy</hash>"] {
            check_error(&document(&(bad.to_string() + URL)), MetalinkCause::BadDigest);
        }
    }

    fn pieces_of(kind: &str, length: &str, hashes: &str) -> String {
        format!("<pieces type=\"{kind}\" length=\"{length}\">{hashes}</pieces>")
    }

    fn piece(algorithm: Algorithm, byte: u8) -> String {
        format!("<hash>{}</hash>", hex(algorithm, byte))
    }

    #[test]
    fn the_strongest_known_pieces_count() {
        let elements = [
            pieces_of("md5", "5", &piece(Algorithm::Md5, 1)),
            pieces_of("sha-256", "5", &[piece(Algorithm::Sha256, 1), piece(Algorithm::Sha256, 2)].concat()),
            pieces_of("sha-384", "0", ""),
        ];
        let pieces = one(&(elements.concat() + "<size>9</size>" + URL)).pieces.unwrap();
        assert_eq!((pieces.algorithm(), pieces.length()), (Algorithm::Sha256, 5));
        assert_eq!(pieces.digests(), [[1; 32], [2; 32]]);
    }

    #[test]
    fn pieces_that_make_no_file_are_refused() {
        let sound = piece(Algorithm::Sha1, 1);
        let gap = format!("{sound}<hash piece=\"2\">{}</hash>", hex(Algorithm::Sha1, 1));
        for bad in [
            pieces_of("sha-1", "5", ""),
            pieces_of("sha-1", "0", &sound),
            pieces_of("sha-1", "x", &sound),
            pieces_of("sha-1", "5", &piece(Algorithm::Md5, 1)),
            pieces_of("sha-1", "5", &gap),
            pieces_of("sha-1", "5", &sound) + "<size>6</size>",
            format!("<pieces type=\"sha-1\">{sound}</pieces>"),
        ] {
            check_error(&document(&(bad + URL)), MetalinkCause::BadPieces);
        }
    }

    #[test]
    fn a_size_is_one_number() {
        assert_eq!(one(&format!("<size> 18446744073709551615 </size>{URL}")).size, Some(u64::MAX));
        for bad in ["<size/>", "<size>-1</size>", "<size>18446744073709551616</size>", "<size>1</size><size>1</size>"] {
            check_error(&document(&(bad.to_string() + URL)), MetalinkCause::BadSize);
        }
    }

    #[test]
    fn what_is_no_metalink_document_is_refused() {
        for bad in
            ["", "metalink", "<metalink", "<a></b>", "<!DOCTYPE metalink><metalink/>", "<a>&b;</a>", "<a x:b=''/>"]
        {
            check_error(bad, MetalinkCause::NotXml);
        }
        for bad in [
            "<metalink/>",
            "<a xmlns=\"urn:ietf:params:xml:ns:metalink\"/>",
            "<metalink xmlns=\"x\"><file/></metalink>",
        ] {
            check_error(bad, MetalinkCause::NotMetalink);
        }
        check_error(&format!("{V4}</metalink>"), MetalinkCause::NotMetalink);
        check_error(&format!("{V4}<x><file name=\"f\">{URL}</file></x></metalink>"), MetalinkCause::NotMetalink);
    }

    #[test]
    fn what_would_take_long_is_refused_before_it_does() {
        let attributes: String = (0..MOST_ATTRIBUTES).map(|number| format!(" a{number} =\n'x=y'")).collect();
        assert_eq!(parse(&format!("<a{attributes}/>")), Err(MetalinkCause::NotMetalink));
        check_error(&format!("<a{attributes} b=''/>"), MetalinkCause::TooLarge);
        check_error(&" xmlns".repeat(MOST_ATTRIBUTES + 1), MetalinkCause::TooLarge);
        check_error(&"<".repeat(MOST_NODES as usize + 1), MetalinkCause::TooLarge);
        check_error(&"=".repeat(MOST_NODES as usize + 1), MetalinkCause::TooLarge);
        check_error(&format!("<a>{}</a>", "<b/>a".repeat(MOST_NODES as usize / 2)), MetalinkCause::TooLarge);
        check_error(&" ".repeat(MAX_LENGTH + 1), MetalinkCause::TooLarge);
        let file = |number| format!("<file name=\"{number}\">{URL}</file>");
        let files: String = (0..MOST_FILES).map(file).collect();
        assert_eq!(parse(&format!("{V4}{files}</metalink>")).map(|files| files.len()), Ok(MOST_FILES));
        check_error(&format!("{V4}{files}{}</metalink>", file(MOST_FILES)), MetalinkCause::TooLarge);
    }

    #[test]
    fn nesting_takes_no_stack() {
        let depth = MOST_NODES as usize / 2 - 10;
        let text = document(&format!("{}{}{URL}", "<a>".repeat(depth), "</a>".repeat(depth)));
        assert_eq!(parse(&text).map(|files| files.len()), Ok(1));
    }

    fn assert_sound(text: &str) {
        for file in parse(text).unwrap_or_default() {
            assert!(file.name.split('/').all(|component| file_name::safe(component) == component), "{text}");
            assert!((1..=MOST_URLS).contains(&file.urls.len()), "{text}");
            assert!(file.urls.iter().all(|url| Url::parse(url).is_some()), "{text}");
            assert!(file.digests.len() <= 4, "{text}");
        }
    }

    fn escaped(text: &str) -> String {
        text.chars().map(|c| format!("&#{};", u32::from(c))).collect()
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_sound(
            anything in any::<String>(), markup in "[<>/a=\"'&;#! \\[\\]-]{0,60}", name in any::<String>(),
            url in "(https?://[a-z]|[a-z:/ %]){0,12}", digits in "[0-9a-f]{0,45}"
        ) {
            assert_sound(&anything);
            assert_sound(&format!("{V4}{markup}"));
            assert_sound(&document(&format!("{markup}{URL}")));
            let pieces = pieces_of("sha-1", &digits, &format!("<hash>{digits}</hash>"));
            let hash = format!("<hash type=\"sha-1\">{digits}</hash>");
            let urls = format!("<url priority=\"{digits}\">{}</url>{URL}", escaped(&url));
            for elements in [pieces, hash, format!("<size>{digits}</size>")] {
                let name = escaped(&name);
                assert_sound(&format!("{V4}<file name=\"{name}\">{elements}{urls}</file></metalink>"));
            }
        }
    }
}
