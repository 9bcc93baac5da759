//! `haul serve` as a process: its start, its end, and its death at any moment.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Bytes of a file of the origin: several segments of the checkpoint's record, and fast to send.
const LENGTH: usize = 100_000;

struct Serve {
    child: Child,
    address: SocketAddr,
    /// The lines before the address.
    said: Vec<String>,
}

impl Serve {
    fn start(folder: &Path, options: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_haul"))
            .args(["serve", "--allow-address", "127.0.0.1", "--state-dir"])
            .arg(folder.join("state"))
            .args(options)
            .env_remove("HAUL_RPC_SECRET")
            .current_dir(folder)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = Vec::new();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        for line in &mut lines {
            let line = line.unwrap();
            if let Some(address) = line.strip_prefix("haul: listening at ") {
                let address = address.parse().unwrap();
                // The pipe has to be read, so that the process can write to it.
                thread::spawn(move || lines.for_each(drop));
                return Self { child, address, said };
            }
            said.push(line);
        }
        panic!("{said:?}");
    }

    /// The reply to a call; `None` if the process died before it was whole.
    fn call(&self, method: &str, params: &Value) -> Option<Value> {
        let body = json!({"id": 1, "method": method, "params": params}).to_string();
        let mut stream = TcpStream::connect(self.address).ok()?;
        let head = format!(
            "POST /jsonrpc HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}",
            self.address,
            body.len()
        );
        write!(stream, "{head}\r\n\r\n{body}").ok()?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply).ok()?;
        let (_, body) = reply.split_once("\r\n\r\n")?;
        serde_json::from_str(body).ok()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// An origin whose files have all the same content. It runs as long as the test.
fn origin() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || drop(converse(stream)));
        }
    });
    address
}

fn converse(stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut from = 0;
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let lower = line.to_ascii_lowercase();
            let range =
                lower.strip_prefix("range: bytes=").and_then(|range| range.trim().split_once('-')?.0.parse().ok());
            from = range.unwrap_or(from);
        }
        let status = match from {
            0 => "200 OK".to_owned(),
            from => format!("206 Partial Content\r\nContent-Range: bytes {from}-{}/{LENGTH}", LENGTH - 1),
        };
        write!(
            writer,
            "HTTP/1.1 {status}\r\nETag: \"1\"\r\nAccept-Ranges: bytes\r\nContent-Length: {}\r\n\r\n",
            LENGTH - from
        )?;
        for part in content()[from..].chunks(8192) {
            writer.write_all(part)?;
        }
    }
}

fn content() -> Vec<u8> {
    (0..LENGTH).map(|at| (at % 251) as u8).collect()
}

/// Numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[test]
fn a_secret_is_created_and_said_once() {
    let folder = TempDir::new().unwrap();
    let serve = Serve::start(folder.path(), &["--listen", "127.0.0.1:0"]);
    let said = serve.said.join("\n");
    let secret = said.rsplit(' ').next().unwrap().to_owned();
    assert!(said.starts_with("haul: a new secret is in ") && secret.len() == 40, "{said}");
    assert_eq!(serve.call("aria2.getVersion", &json!([])).unwrap()["error"]["message"], "Unauthorized");
    assert!(serve.call("aria2.getVersion", &json!([format!("token:{secret}")])).unwrap()["result"].is_object());
    serve.kill();
    let serve = Serve::start(folder.path(), &["--listen", "127.0.0.1:0"]);
    assert_eq!(serve.said, [""; 0]);
    serve.kill();
}

#[test]
fn a_shutdown_by_a_client_ends_the_process() {
    let folder = TempDir::new().unwrap();
    let configuration = folder.path().join("aria2.conf");
    fs::write(&configuration, "max-concurrent-downloads=3\n").unwrap();
    let list = folder.path().join("list");
    fs::write(&list, "http://127.0.0.1:1/a\n gid=00000000000000ab\n pause=true\n").unwrap();
    let arguments = [
        "--aria2-compatible".into(),
        "--enable-rpc=true".into(),
        "--rpc-listen-port=0".into(),
        "--quiet".into(),
        format!("--dir={}", folder.path().display()),
        format!("--conf-path={}", configuration.display()),
        format!("--input-file={}", list.display()),
    ];
    let mut serve = Serve::start(folder.path(), &arguments.each_ref().map(String::as_str));
    let options = serve.call("aria2.getGlobalOption", &json!([])).unwrap();
    assert_eq!(options["result"]["max-concurrent-downloads"], "3");
    let status = serve.call("aria2.tellStatus", &json!(["ab", ["status"]])).unwrap();
    assert_eq!(status["error"]["message"], "GID ab is not found");
    let status = serve.call("aria2.tellStatus", &json!(["00000000000000ab", ["status"]])).unwrap();
    assert_eq!(status["result"], json!({"status": "paused"}));
    assert_eq!(serve.call("aria2.shutdown", &json!([])).unwrap()["result"], "OK");
    // It answers until then.
    assert!(serve.call("aria2.getVersion", &json!([])).is_some());
    assert!(serve.child.wait().unwrap().success());
}

/// A hundred kills under traffic lose no download that was acknowledged, and complete none twice.
#[test]
fn a_kill_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    let origin = origin();
    let options = ["--no-secret", "--listen", "127.0.0.1:0", "--dir", "files", "--jobs", "3"];
    let mut numbers = Numbers(1);
    let mut acknowledged: BTreeMap<String, String> = BTreeMap::new();
    let mut sent = 0_u64;
    for round in 0..100 {
        let serve = Serve::start(folder.path(), &options);
        if round == 0 {
            // All results stay.
            serve.call("aria2.changeGlobalOption", &json!([{"max-download-result": "1000000"}])).unwrap();
        }
        let (pid, delay) = (serve.child.id(), Duration::from_millis(numbers.below(120)));
        let killer = thread::spawn(move || {
            thread::sleep(delay);
            assert!(Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap().success());
        });
        loop {
            let known = acknowledged.len() as u64;
            let any = acknowledged.keys().nth(usize::try_from(numbers.below(known.max(1))).unwrap()).cloned();
            let reply = match (numbers.below(6), any) {
                (0, Some(gid)) => serve.call("aria2.pause", &json!([gid])),
                (1, Some(gid)) => serve.call("aria2.unpause", &json!([gid])),
                (2, Some(gid)) => serve.call("aria2.changePosition", &json!([gid, 0, "POS_SET"])),
                _ => {
                    let name = format!("f{sent}");
                    sent += 1;
                    let reply =
                        serve.call("aria2.addUri", &json!([[format!("http://{origin}/{name}")], {"out": name}]));
                    if let Some(gid) = reply.as_ref().and_then(|reply| reply["result"].as_str()) {
                        acknowledged.insert(gid.into(), name);
                    }
                    reply
                }
            };
            if reply.is_none() {
                break;
            }
        }
        killer.join().unwrap();
        serve.kill();
    }
    let serve = Serve::start(folder.path(), &options);
    serve.call("aria2.unpauseAll", &json!([])).unwrap();
    let begun = Instant::now();
    while !acknowledged
        .keys()
        .all(|gid| serve.call("aria2.tellStatus", &json!([gid])).unwrap()["result"]["status"] == "complete")
    {
        let stopped =
            serve.call("aria2.tellStopped", &json!([0, 10000, ["status", "errorMessage"]])).unwrap().to_string();
        assert!(!stopped.contains("error\""), "{stopped}");
        assert!(begun.elapsed() < Duration::from_secs(120), "downloads do not complete");
    }
    for name in acknowledged.values() {
        assert!(fs::read(files.join(name)).unwrap() == content(), "{name}");
    }
    // A second completion would have another name, `f0.1`.
    let names = fs::read_dir(&files).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let second: Vec<_> = names.filter(|name| name.ends_with(".1")).collect();
    assert!(second.is_empty(), "{second:?}");
    assert!(acknowledged.len() > 50, "{}", acknowledged.len());
    serve.kill();
}
