//! One case, by curl and by haul.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use haul::{Durability, Engine, Error, StartMode, TransferOptions};
use tempfile::tempdir;

use super::{Case, Task};
use crate::origin::{Content, Fault, Origin, Representation, Resource, Site, When};

/// The URL that redirects.
pub const REDIRECTING: &str = "http://redirecting.example/dir/file?query";

/// Content of every file.
const CONTENT: &str = "the content";

/// Longest time for one case, in seconds.
const PATIENCE: u64 = 5;

/// The result of a program.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    /// The name and bytes of the file; `None` for a failure.
    file: Option<(String, String)>,
    /// The different request targets, in their order.
    targets: Vec<String>,
}

/// Runs every case, and describes those in which the programs differ without a reason, or agree in spite of one.
///
/// # Panics
///
/// If curl is not installed.
pub fn differences(cases: &[Case]) -> Vec<String> {
    cases.iter().filter_map(difference).collect()
}

fn difference(case: &Case) -> Option<String> {
    let (curl, haul) = (outcome(&case.task, by_curl), outcome(&case.task, by_haul));
    let shown = format!("{}\n  curl: {curl:?}\n  haul: {haul:?}", describe(&case.task));
    match (case.reason, curl == haul) {
        (None, false) => Some(format!("no reason for {shown}")),
        (Some(reason), true) => Some(format!("no difference in spite of the reason '{reason}' for {shown}")),
        _ => None,
    }
}

fn describe(task: &Task) -> String {
    match task {
        Task::Url(url) => format!("URL {url:?}"),
        Task::Location(bytes) => format!("Location {:?}", String::from_utf8_lossy(bytes)),
        Task::Answer(bytes) => format!("answer {:?}", String::from_utf8_lossy(bytes)),
        Task::Name(bytes) => format!("Content-Disposition {:?}", String::from_utf8_lossy(bytes)),
    }
}

/// The request of a case.
struct Request {
    url: String,
    proxy: Option<String>,
    /// Whether the origin names the file.
    named: bool,
}

type Program = fn(&Request, &Path) -> bool;

fn outcome(task: &Task, program: Program) -> Outcome {
    let origin = Origin::start(site(task));
    let proxy = Some(format!("http://{}", origin.address()));
    let request = match task {
        Task::Url(url) => Request { url: url.clone(), proxy, named: false },
        Task::Location(_) => Request { url: REDIRECTING.into(), proxy, named: false },
        Task::Answer(_) => Request { url: origin.url("/file"), proxy: None, named: false },
        Task::Name(_) => Request { url: origin.url("/dir/file.bin"), proxy: None, named: true },
    };
    let folder = tempdir().expect("a folder");
    let succeeded = program(&request, folder.path());
    let targets = origin.requests().into_iter().map(|request| comparable(&request.target));
    let mut targets: Vec<_> = targets.collect();
    targets.dedup();
    Outcome { file: succeeded.then(|| only_file(folder.path())), targets }
}

fn site(task: &Task) -> Site {
    let content = || Representation::new(Content::literal(CONTENT));
    let (answer, named) = match task {
        Task::Url(_) => (None, None),
        Task::Location(value) => {
            let answer = [b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ", &value[..], b"\r\n\r\n"].concat();
            (Some((REDIRECTING, answer)), None)
        }
        Task::Answer(answer) => (Some(("", answer.clone())), None),
        Task::Name(value) => {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nContent-Disposition: ", CONTENT.len());
            (None, Some([head.as_bytes(), value, b"\r\n\r\n", CONTENT.as_bytes()].concat()))
        }
    };
    Site::new().fallback(move |request| {
        let raw = match (&answer, &named) {
            (Some((target, answer)), _) if target.is_empty() || request.target == *target => Some(answer),
            (_, named) => named.as_ref(),
        };
        let resource = Resource::new(content());
        Some(match raw {
            Some(answer) => resource.fault(When::Every, Fault::raw(answer.clone())),
            None => resource,
        })
    })
}

/// `target` with one encoding for each character: programs may or may not encode characters that no request target may carry, and
/// unreserved ones.
fn comparable(target: &str) -> String {
    let mut comparable = String::new();
    let mut rest = target.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let escaped = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        let byte = escaped.unwrap_or(*first);
        rest = if escaped.is_some() { &after[2..] } else { after };
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_delimiter = escaped.is_none() && b":/?#[]@!$&'()*+,;=%".contains(&byte);
        match is_plain || is_delimiter {
            true => comparable.push(char::from(byte)),
            false => comparable.push_str(&format!("%{byte:02X}")),
        }
    }
    comparable
}

fn only_file(folder: &Path) -> (String, String) {
    let mut files = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let file = files.next().expect("a file");
    assert_eq!(files.next(), None, "one file");
    let name = file.file_name().expect("a name").to_string_lossy().into_owned();
    (name, String::from_utf8_lossy(&fs::read(file).expect("the file")).into_owned())
}

fn by_curl(request: &Request, folder: &Path) -> bool {
    let mut curl = Command::new("curl");
    curl.current_dir(folder).env("LC_ALL", "C.UTF-8").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for name in ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
        curl.env_remove(name);
    }
    curl.args(["-q", "--silent", "--fail", "--location", "--globoff", "--max-time", &PATIENCE.to_string()]);
    match request.named {
        true => curl.args(["--remote-name", "--remote-header-name"]),
        false => curl.args(["--output", "file"]),
    };
    if let Some(proxy) = &request.proxy {
        curl.args(["--proxy", proxy]);
    }
    let status = curl.args(["--url", &request.url]).status().expect("curl is installed");
    // Without a byte curl creates no file.
    status.success() && fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some() || touch(folder))
}

fn touch(folder: &Path) -> bool {
    fs::write(folder.join("file"), "").is_ok()
}

fn by_haul(request: &Request, folder: &Path) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut builder = Engine::builder().policy(haul::Policy::allow_all()).grant(folder);
        if let Some(proxy) = &request.proxy {
            builder = builder.proxy(proxy, "");
        }
        let engine = builder.open().await.expect("the engine opens");
        let fetched = fetch(&engine, request, folder).await;
        engine.close().await;
        fetched.is_ok()
    })
}

async fn fetch(engine: &Engine, request: &Request, folder: &Path) -> Result<(), Error> {
    let name = match request.named {
        true => engine.suggest_file_name(&request.url).await?,
        false => "file".into(),
    };
    let download = engine.create_download().await?;
    download.set_uri(&request.url).await?;
    download.set_local_path(&folder.join(name)).await?;
    let options = TransferOptions {
        connections: Some(1),
        retries: Some(0),
        no_progress_timeout: Some(Duration::from_secs(PATIENCE)),
        durability: Durability::Process,
        origin_names: request.named,
        ..TransferOptions::default()
    };
    download.set_options(options).await?;
    download.start(StartMode::WholeFile).await?;
    download.ended().await?;
    download.finalize().await
}
