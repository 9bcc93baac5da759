//! The command line of each program, with its options to retry, to resume and to give up on a dead connection.

use crate::errand::{Errand, FILE};

/// curl does not resume if the origin names the file.
pub fn curl(errand: &Errand) -> Vec<String> {
    let name = named(errand, "-C - -o", "-O -J");
    let options = "-sS -L -f --retry 5 --retry-delay 1 --retry-all-errors --connect-timeout 5 -y 5 -Y 1000";
    line(&[options, &name], "-H", errand)
}

pub fn aria2c(errand: &Errand) -> Vec<String> {
    let retries = "--max-tries=5 --retry-wait=1 --timeout=5 --connect-timeout=5 --lowest-speed-limit=1K";
    let files = "--allow-overwrite=true --auto-file-renaming=false --auto-save-interval=1 --file-allocation=none";
    let connections = format!("-k 1M -x {0} -s {0}", errand.connections.unwrap_or(1));
    let name = named(errand, "-o", "");
    line(&["-q -c --always-resume=false", retries, files, &connections, &name], "--header", errand)
}

pub fn wget(errand: &Errand) -> Vec<String> {
    let options = "-nv -c -t 5 -T 5 --waitretry=1 --retry-connrefused --retry-on-http-error=429,503";
    line(&[options, &named(errand, "-O", "--content-disposition")], "--header", errand)
}

/// With `-O`, wget2 starts over instead of resuming, which spares it some mistakes. With chunks, `-c` would make it request the
/// second chunk for ever, even from a healthy origin.
pub fn wget2(errand: &Errand) -> Vec<String> {
    let connections = match errand.connections {
        None | Some(1) => "-c".to_string(),
        Some(several) => format!("--chunk-size=2M --max-threads={several}"),
    };
    let options = "-nv -t 5 -T 5 --waitretry=1 --retry-connrefused";
    line(&[options, &connections, &named(errand, "-O", "--content-disposition")], "--header", errand)
}

pub fn axel(errand: &Errand) -> Vec<String> {
    let connections = format!("-n {}", errand.connections.unwrap_or(1));
    line(&["-q -T 5", &connections, &named(errand, "-o", "")], "-H", errand)
}

pub fn haul(errand: &Errand) -> Vec<String> {
    let connections = errand.connections.map_or(String::new(), |connections| format!("-c {connections}"));
    line(&["get --timeout 10 --retries 5", &connections, &named(errand, "-o", "")], "-H", errand)
}

/// The option with the file name, or the options that let the origin name the file.
fn named(errand: &Errand, by_us: &str, by_the_origin: &str) -> String {
    match errand.named_by_origin {
        true => by_the_origin.to_string(),
        false => format!("{by_us} {FILE}"),
    }
}

/// The words of `options`, each field after its option, and the URL.
fn line(options: &[&str], field: &str, errand: &Errand) -> Vec<String> {
    let words = options.iter().flat_map(|options| options.split_whitespace());
    let fields = errand.fields.iter().flat_map(|value| [field, value]);
    words.chain(fields).chain([errand.url]).map(str::to_string).collect()
}
