//! The command line of each peer, with its best options.

use std::path::Path;

use crate::errand::Errand;
use crate::script::{Script, Words, words};
use crate::source::Part;

/// The fastest of 1, 2, 4, 16 and 32 MiB, and of one part per connection. wget2 holds chunks in memory, and the tested version
/// downloads them one after the other, however many connections it may use.
const CHUNKS: &str = "--chunk-size=2M";

/// curl uses one connection per file. If a row has several per file, this starts as many processes and does not join their parts.
pub fn curl(errand: &Errand) -> Script {
    let mut line = words("curl -sS -f");
    line.extend(errand.certificate.iter().flat_map(|path| ["--cacert".into(), text(path)]));
    if !errand.is_single() {
        let entry = |url: &str, name: &str| format!("url={url}\noutput={}\n", text(&errand.folder.join(name)));
        line.extend(words("--parallel --parallel-immediate --parallel-max"));
        line.extend([errand.transfers.files.to_string(), "-K".into(), text(&errand.list("curl-config", entry))]);
        return Script::one(line);
    }
    match errand.transfers.connections {
        Some(several) if several > 1 => curl_in_parts(errand, &line, u64::from(several)),
        _ => Script::one([line, vec!["-o".into(), text(&errand.path(0)), errand.url(0)]].concat()).completed(errand),
    }
}

fn curl_in_parts(errand: &Errand, line: &Words, count: u64) -> Script {
    let at = |part: u64| errand.length * part / count;
    let part = |part| Part { file: 0, range: at(part)..at(part + 1) };
    let path = |part| errand.folder.join(format!("part-{part}"));
    let fetch = |number| {
        let range = part(number).range;
        let options = ["-r".into(), format!("{}-{}", range.start, range.end - 1), "-o".into(), text(&path(number))];
        [line.as_slice(), &options, &[errand.url(0)]].concat()
    };
    let parts = (0..count).map(|number| (path(number), part(number))).collect();
    Script { at_once: (0..count).map(fetch).collect(), then: None, parts }
}

pub fn aria2c(errand: &Errand) -> Script {
    let mut line = words("aria2c -q --no-conf --file-allocation=none");
    let connections = errand.transfers.connections_of_peers;
    line.extend([
        format!("-x{connections}"),
        format!("-s{connections}"),
        "-k1M".into(),
        "-d".into(),
        text(&errand.folder),
    ]);
    line.extend(errand.certificate.iter().map(|path| format!("--ca-certificate={}", path.display())));
    line.extend(errand.sha256.iter().map(|digest| format!("--checksum=sha-256={digest}")));
    if errand.is_single() {
        line.push(errand.url(0));
    } else {
        line.extend([
            format!("-j{}", errand.transfers.files),
            "-i".into(),
            text(&errand.list("urls", |url, _| format!("{url}\n"))),
        ]);
    }
    let script = Script::one(line);
    // aria2c verifies by itself.
    if errand.sha256.is_some() { script } else { script.completed(errand) }
}

/// Over HTTP/2, wget2 is a third as fast as over HTTP/1.1, and it stalls over a slow link.
pub fn wget2(errand: &Errand) -> Script {
    let mut line = words("wget2 -q -P");
    line.push(text(&errand.folder));
    if let Some(path) = &errand.certificate {
        line.extend(["--no-http2".into(), format!("--ca-certificate={}", path.display())]);
    }
    if errand.transfers.connections_of_peers > 1 {
        line.extend([CHUNKS.to_owned(), format!("--max-threads={}", errand.transfers.connections_of_peers)]);
    }
    if errand.is_single() {
        line.push(errand.url(0));
    } else {
        line.extend([format!("--max-threads={}", errand.transfers.files), "-i".into()]);
        line.push(text(&errand.list("urls", |url, _| format!("{url}\n"))));
    }
    Script::one(line).completed(errand)
}

pub fn axel(errand: &Errand) -> Result<Script, &'static str> {
    if !errand.is_single() {
        return Err("it takes no list of files");
    }
    let mut line = words("axel -q -n");
    line.extend([errand.transfers.connections_of_peers.to_string(), "-o".into(), text(&errand.path(0)), errand.url(0)]);
    Ok(Script::one(line).completed(errand))
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
