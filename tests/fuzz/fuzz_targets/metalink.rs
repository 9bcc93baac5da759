//! Parsed files can be used without further checks: names stay inside the directory, URLs are valid, digests have the right length. Written
//! as a new document, they read back the same.

#![no_main]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use haul_core::content::digest::Algorithm;
use haul_core::content::pieces::Pieces;
use haul_core::parse::file_name;
use haul_core::parse::metalink::{File, parse};
use haul_core::parse::url::Url;
use haul_core_fuzz::text::hex;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(files) = parse(text) else { return };
    assert!(!files.is_empty());
    let names: BTreeSet<_> = files.iter().map(|file| &file.name).collect();
    assert_eq!(names.len(), files.len());
    files.iter().for_each(check);
    assert_eq!(parse(&document(&files)), Ok(files));
});

fn check(file: &File) {
    assert!(file.name.split('/').all(|component| file_name::safe(component) == component), "{:?}", file.name);
    assert!((1..=64).contains(&file.urls.len()));
    assert!(file.urls.iter().all(|url| Url::parse(url).is_some_and(|parsed| parsed.as_str() == url)));
    assert_eq!(file.urls.iter().collect::<BTreeSet<_>>().len(), file.urls.len());
    assert!(file.digests.iter().all(|digest| digest.value.len() == digest.algorithm.length()));
    let algorithms: BTreeSet<_> = file.digests.iter().map(|digest| digest.algorithm).collect();
    assert_eq!(algorithms.len(), file.digests.len());
    if let (Some(pieces), Some(size)) = (&file.pieces, file.size) {
        assert!(pieces.fit(size));
    }
}

fn document(files: &[File]) -> String {
    let mut text = String::from("<metalink xmlns=\"urn:ietf:params:xml:ns:metalink\">");
    files.iter().for_each(|file| element(&mut text, file));
    text + "</metalink>"
}

fn element(text: &mut String, file: &File) {
    let _ = write!(text, "<file name=\"{}\">", escaped(&file.name));
    if let Some(size) = file.size {
        let _ = write!(text, "<size>{size}</size>");
    }
    for digest in &file.digests {
        let _ = write!(text, "<hash type=\"{}\">{}</hash>", name(digest.algorithm), hex(&digest.value));
    }
    if let Some(pieces) = &file.pieces {
        pieces_element(text, pieces);
    }
    file.urls.iter().for_each(|url| {
        let _ = write!(text, "<url>{}</url>", escaped(url));
    });
    text.push_str("</file>");
}

fn pieces_element(text: &mut String, pieces: &Pieces) {
    let _ = write!(text, "<pieces type=\"{}\" length=\"{}\">", name(pieces.algorithm()), pieces.length());
    pieces.digests().iter().for_each(|digest| {
        let _ = write!(text, "<hash>{}</hash>", hex(digest));
    });
    text.push_str("</pieces>");
}

fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Sha512 => "sha-512",
        Algorithm::Sha256 => "sha-256",
        Algorithm::Sha1 => "sha-1",
        Algorithm::Md5 => "md5",
        Algorithm::Blake3 => "blake3",
    }
}

fn escaped(text: &str) -> String {
    text.chars().map(|c| format!("&#{};", u32::from(c))).collect()
}
