//! The command line and the configuration file of aria2c, so that a link of that name can stand in for it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use super::{Given, PORT, file_refused, loopback, working_directory};
use crate::exit::Refusal;
use haul_command::values::digits;

/// Short forms of options.
const SHORT: [(char, &str); 8] = [
    ('d', "dir"),
    ('j', "max-concurrent-downloads"),
    ('x', "max-connection-per-server"),
    ('s', "split"),
    ('i', "input-file"),
    ('c', "continue"),
    ('q', "quiet"),
    ('D', "daemon"),
];

/// Short forms of options that take no value.
const SWITCHES: [char; 3] = ['c', 'q', 'D'];

/// Reads aria2's arguments. As in aria2, they count more than the configuration file.
pub fn read(arguments: &[OsString]) -> Result<Given, Refusal> {
    let command_line = parse(arguments)?;
    let mut options = BTreeMap::new();
    if let Some(path) = command_line.get("conf-path").filter(|_| !is_true(&command_line, "no-conf")) {
        let path = Path::new(path);
        options = configuration(&fs::read_to_string(path).map_err(|error| file_refused(path, &error))?);
    }
    options.extend(command_line);
    if is_true(&options, "daemon") {
        return Err(Refusal::Misuse("--daemon: haul stays in the foreground; let a service manager start it".into()));
    }
    let port = match options.get("rpc-listen-port") {
        Some(text) => digits(text).ok_or_else(|| Refusal::Misuse("--rpc-listen-port: write a number".into()))?,
        None => PORT,
    };
    let listen: Vec<SocketAddr> = match is_true(&options, "rpc-listen-all") {
        true => vec![(Ipv4Addr::UNSPECIFIED, port).into(), (Ipv6Addr::UNSPECIFIED, port).into()],
        false => loopback(port),
    };
    let directory = match options.remove("dir").filter(|directory| !directory.is_empty()) {
        Some(directory) => PathBuf::from(directory),
        None => working_directory()?,
    };
    Ok(Given {
        directories: vec![directory],
        listen,
        secret: Some(options.remove("rpc-secret").filter(|secret| !secret.is_empty())),
        any_origin: is_true(&options, "rpc-allow-origin-all"),
        input_file: options.remove("input-file").filter(|path| !path.is_empty()).map(Into::into),
        name: Some(format!("aria2-{port}")),
        options: global(&options)?,
    })
}

fn is_true(options: &BTreeMap<String, String>, name: &str) -> bool {
    options.get(name).is_some_and(|value| value == "true")
}

/// The options that a daemon of haul has, in the form in which they are reported. Others of aria2 have no effect.
fn global(options: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Refusal> {
    let mut known = BTreeMap::new();
    for (name, value) in options {
        if let Some(value) = haul_serve::read_option(name, value).map_err(Refusal::Misuse)? {
            known.insert(name.clone(), value);
        }
    }
    Ok(known)
}

fn parse(arguments: &[OsString]) -> Result<BTreeMap<String, String>, Refusal> {
    let mut options = BTreeMap::new();
    let mut rest = arguments.iter().map(|argument| argument.to_string_lossy()).peekable();
    while let Some(argument) = rest.next() {
        let (name, value, is_switch) = if let Some(long) = argument.strip_prefix("--") {
            let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            (name.to_owned(), value.map(Into::into), false)
        } else {
            let unknown = || Refusal::Misuse(format!("{argument} is no option; add downloads by RPC or --input-file"));
            let mut letters = argument.strip_prefix('-').ok_or_else(unknown)?.chars();
            let letter = letters.next().ok_or_else(unknown)?;
            let (_, name) = SHORT.iter().find(|(short, _)| *short == letter).ok_or_else(unknown)?;
            let value = Some(letters.as_str().to_owned()).filter(|value| !value.is_empty());
            ((*name).to_owned(), value, SWITCHES.contains(&letter))
        };
        // A value may stand in the next argument.
        let next = || rest.next_if(|next| !is_switch && !next.starts_with('-')).map(Into::into);
        let value: String = value.or_else(next).unwrap_or_else(|| "true".into());
        options.insert(name, value);
    }
    Ok(options)
}

fn configuration(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(text: &str) -> Vec<OsString> {
        text.split(' ').map(Into::into).collect()
    }

    #[test]
    fn the_arguments_of_a_common_unit_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let configuration = folder.path().join("aria2.conf");
        fs::write(&configuration, "# a comment\nmax-download-limit = 10K\nsplit=2\nrpc-secret=from-file\n").unwrap();
        let line = format!(
            "--dir=/srv --file-allocation=none --quiet --enable-rpc=true --rpc-listen-port 7001 --conf-path={} -j3 -x 4 -s7",
            configuration.display()
        );
        let given = read(&arguments(&line)).unwrap();
        assert_eq!(given.directories, [Path::new("/srv")]);
        assert_eq!(given.listen, loopback(7001));
        assert_eq!(given.secret, Some(Some("from-file".into())));
        let expected = [
            ("file-allocation", "none"),
            ("max-concurrent-downloads", "3"),
            ("max-connection-per-server", "4"),
            ("max-download-limit", "10240"),
            ("split", "7"),
        ];
        let expected: BTreeMap<_, _> = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(given.options, expected);
    }

    #[test]
    fn a_wrong_argument_is_refused() {
        for line in ["-D", "http://h/a", "--rpc-listen-port=x", "--split=0", "--conf-path=/nonexistent/file"] {
            assert!(read(&arguments(line)).is_err(), "{line}");
        }
    }
}
