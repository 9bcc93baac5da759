//! What was typed after `get`.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use getargs::{Arg, Options};
use haul_core::digest::ExpectedDigest;
use haul_core::durability::Durability;
use haul_core::layout::RequestedRange;

pub const HELP: &str = "\
Usage: haul.wasm get [OPTIONS] <URL>...

  -o, --output FILE        where the file goes, in the directory of --dir; one URL only
  -d, --dir DIR            directory for the files [default: .]
      --range FIRST-LAST   bytes to fetch; repeatable; FIRST- and -SUFFIX too
  -c, --connections N      segments in flight per file [default: chosen by the engine]
  -j, --jobs N             files in flight [default: 5]
  -i, --input FILE         list of URLs, - for standard input; a name may follow after a tab
      --checksum ALGO:HEX  sha256, sha512, sha1, md5 or blake3; one URL only
      --mirror URL         another URL for the same content; repeatable; one URL only
      --metalink FILE      download what a Metalink document describes
      --pieces FILE        piece-hash file of the content; one URL only
      --refresh            the URL is a new one for what an earlier run kept
      --content-disposition  let the origin name the file
  -H, --header 'Name: value'
      --limit-rate BYTES   per second, all files together, with K, M or G
      --limit-rate-per-file BYTES
      --min-rate BYTES     per second; less counts as nothing
      --max-per-origin N   connections to one origin, all files together
      --retries N          failures in a row before giving up [default: 10]
      --timeout SECONDS    give up after this long without a byte [default: 60]
      --overwrite          replace an existing file
      --fresh              ignore what an earlier run kept
      --allow-insecure-redirect  follow a redirect from https to http
      --no-sync            survive the death of the process only, not a loss of power
      --json               one JSON object per line on standard output
  -q, --quiet              no progress
  -v, --verbose            more about what happens
  -h, --help

A directory that files go to must be granted: wasmtime run -S http --dir DIR haul.wasm get ...
";

#[derive(Debug)]
pub enum Request {
    Get(Box<Get>),
    Help,
}

#[derive(Debug)]
pub struct Get {
    pub urls: Vec<String>,
    pub input: Option<String>,
    pub output: Option<String>,
    pub directory: String,
    pub ranges: Vec<RequestedRange>,
    pub connections: Option<u32>,
    pub jobs: Option<u32>,
    pub checksums: Vec<ExpectedDigest>,
    pub mirrors: Vec<String>,
    pub metalink: Option<String>,
    pub pieces: Option<String>,
    pub refresh: bool,
    pub origin_names: bool,
    /// `Name: value` lines.
    pub headers: String,
    pub limit_rate: Option<u64>,
    pub limit_rate_per_file: Option<u64>,
    pub min_rate: Option<u64>,
    pub max_per_origin: Option<u32>,
    pub retries: u32,
    pub timeout: Duration,
    pub overwrite: bool,
    pub fresh: bool,
    pub allow_insecure_redirect: bool,
    pub durability: Durability,
    pub json: bool,
    pub quiet: bool,
    pub verbose: bool,
}

impl Default for Get {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            input: None,
            output: None,
            directory: ".".into(),
            ranges: Vec::new(),
            connections: None,
            jobs: None,
            checksums: Vec::new(),
            mirrors: Vec::new(),
            metalink: None,
            pieces: None,
            refresh: false,
            origin_names: false,
            headers: String::new(),
            limit_rate: None,
            limit_rate_per_file: None,
            min_rate: None,
            max_per_origin: None,
            retries: 10,
            timeout: Duration::from_secs(60),
            overwrite: false,
            fresh: false,
            allow_insecure_redirect: false,
            durability: Durability::Power,
            json: false,
            quiet: false,
            verbose: false,
        }
    }
}

/// # Errors
///
/// What is wrong with the words, and what to write instead.
pub fn parse(words: &[&str]) -> Result<Request, String> {
    let mut get = Get::default();
    let mut options = Options::new(words.iter().copied());
    while let Some(option) = options.next_arg().map_err(|error| error.to_string())? {
        let mut value = || options.value().map_err(|error| error.to_string());
        match option {
            Arg::Short('h') | Arg::Long("help") => return Ok(Request::Help),
            Arg::Short('o') | Arg::Long("output") => get.output = Some(value()?.into()),
            Arg::Short('i') | Arg::Long("input") => get.input = Some(value()?.into()),
            Arg::Short('d') | Arg::Long("dir") => get.directory = value()?.into(),
            Arg::Long("range") => get.ranges.push(range(value()?)?),
            Arg::Short('c') | Arg::Long("connections") => get.connections = Some(count("--connections", value()?)?),
            Arg::Short('j') | Arg::Long("jobs") => get.jobs = Some(count("--jobs", value()?)?),
            Arg::Long("checksum") => get.checksums.push(checksum(value()?)?),
            Arg::Short('H') | Arg::Long("header") => {
                get.headers.push_str(value()?);
                get.headers.push_str("\r\n");
            }
            Arg::Long("mirror") => get.mirrors.push(value()?.into()),
            Arg::Long("metalink") => get.metalink = Some(value()?.into()),
            Arg::Long("pieces") => get.pieces = Some(value()?.into()),
            Arg::Long("refresh") => get.refresh = true,
            Arg::Long("content-disposition") => get.origin_names = true,
            Arg::Long("limit-rate") => get.limit_rate = Some(rate(value()?)?),
            Arg::Long("limit-rate-per-file") => get.limit_rate_per_file = Some(rate(value()?)?),
            Arg::Long("min-rate") => get.min_rate = Some(rate(value()?)?),
            Arg::Long("max-per-origin") => get.max_per_origin = Some(count("--max-per-origin", value()?)?),
            Arg::Long("retries") => get.retries = number("--retries", value()?)?,
            Arg::Long("timeout") => get.timeout = timeout(value()?)?,
            Arg::Long("overwrite") => get.overwrite = true,
            Arg::Long("fresh") => get.fresh = true,
            Arg::Long("allow-insecure-redirect") => get.allow_insecure_redirect = true,
            Arg::Long("no-sync") => get.durability = Durability::Process,
            Arg::Long("json") => get.json = true,
            Arg::Short('q') | Arg::Long("quiet") => get.quiet = true,
            Arg::Short('v') | Arg::Long("verbose") => get.verbose = true,
            Arg::Positional(url) => get.urls.push(url.into()),
            other => return Err(format!("unknown option '{other}'")),
        }
    }
    check(&get)?;
    Ok(Request::Get(Box::new(get)))
}

fn check(get: &Get) -> Result<(), String> {
    let listed = get.input.is_some() || get.metalink.is_some();
    if get.urls.is_empty() && !listed {
        Err("no URL given".into())
    } else if get.pieces.is_some() && !get.ranges.is_empty() {
        Err("--pieces are those of the whole file, without --range".into())
    } else if get.refresh && get.fresh {
        Err("--refresh keeps what --fresh ignores".into())
    } else if get.output.is_some() && get.origin_names {
        Err("--output and --content-disposition both name the file".into())
    } else if get.input.is_some() && get.output.is_some() {
        Err("--output takes one URL; use --dir with a list".into())
    } else {
        Ok(())
    }
}

fn number<N: core::str::FromStr>(option: &str, text: &str) -> Result<N, String> {
    text.parse().map_err(|_| format!("'{text}' is no number for {option}"))
}

fn count(option: &str, text: &str) -> Result<u32, String> {
    match number(option, text)? {
        0 => Err(format!("{option} takes 1 or more")),
        count => Ok(count),
    }
}

fn timeout(text: &str) -> Result<Duration, String> {
    let seconds: f64 = number("--timeout", text)?;
    let sound = seconds.is_finite() && (0.001..=1e9).contains(&seconds);
    sound.then(|| Duration::from_secs_f64(seconds)).ok_or_else(|| "--timeout takes seconds, more than 0".into())
}

fn checksum(text: &str) -> Result<ExpectedDigest, String> {
    ExpectedDigest::parse(text)
        .ok_or_else(|| format!("'{text}' is no checksum; write ALGO:HEX with sha256, sha512, sha1, md5 or blake3"))
}

/// `FIRST-LAST`, `FIRST-` or `-SUFFIX`, positions counted from 0 and inclusive.
fn range(text: &str) -> Result<RequestedRange, String> {
    let wrong = || format!("'{text}' is no range; write FIRST-LAST, FIRST- or -SUFFIX");
    let (first, last) = text.split_once('-').ok_or_else(wrong)?;
    let parse = |digits: &str| digits.parse::<u64>().map_err(|_| wrong());
    match (first, last) {
        ("", suffix) => Ok(RequestedRange::Suffix { length: parse(suffix)? }),
        (first, "") => Ok(RequestedRange::From { offset: parse(first)? }),
        (first, last) => {
            let (offset, last) = (parse(first)?, parse(last)?);
            let length = last.checked_sub(offset).and_then(|length| length.checked_add(1)).ok_or_else(wrong)?;
            Ok(RequestedRange::Bounded { offset, length })
        }
    }
}

/// Bytes per second, with a suffix K, M or G for powers of 1024.
fn rate(text: &str) -> Result<u64, String> {
    let wrong = || format!("'{text}' is no rate; write bytes per second, with K, M or G");
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'K' | 'k')) => (&text[..at], 10),
        Some((at, 'M' | 'm')) => (&text[..at], 20),
        Some((at, 'G' | 'g')) => (&text[..at], 30),
        _ => (text, 0),
    };
    let rate: u64 = digits.parse().map_err(|_| wrong())?;
    rate.checked_mul(1 << shift).filter(|rate| *rate > 0).ok_or_else(wrong)
}
