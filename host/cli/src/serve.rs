//! `haul serve`

mod aria2;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::{env, fs};

use haul::Policy;
use haul_queue::{Location, Outcome};
use haul_serve::{Config, Secret, Settings};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::arguments::Serve;
use crate::exit::Refusal;
use crate::interrupts::Interrupts;
use crate::output::say;

/// aria2's port, because its clients try it first.
const PORT: u16 = 6800;

/// Runs the daemon until it is interrupted, or a client asks it to stop.
pub async fn run(serve: Serve) -> Outcome {
    log(serve.verbose);
    match try_run(serve).await {
        Ok(()) => Outcome::AllTransferred,
        Err(refusal) => refusal.tell(),
    }
}

async fn try_run(serve: Serve) -> Result<(), Refusal> {
    let mut interrupts = Interrupts::new().map_err(|error| Refusal::Failed(error.to_string()))?;
    let settings = settings(serve)?;
    let ready = |addresses: &[SocketAddr]| {
        for address in addresses {
            say(&format!("haul: listening at {address}"));
        }
    };
    haul_serve::run(settings, ready, interrupts.next()).await.map_err(Refusal::Failed)
}

fn log(verbose: bool) {
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(std::io::stderr).without_time();
    let level = if verbose { LevelFilter::DEBUG } else { LevelFilter::WARN };
    tracing_subscriber::registry().with(layer.with_filter(Targets::new().with_target("haul", level))).init();
}

fn settings(serve: Serve) -> Result<Settings, Refusal> {
    let policy = serve.allow_address.iter().fold(Policy::allow_public(), |policy, range| policy.allow_addresses(range));
    let given = match &serve.aria2_compatible {
        Some(arguments) => aria2::read(arguments)?,
        None => own(&serve)?,
    };
    let state_directory = match (serve.state_dir, &given.name) {
        (Some(directory), _) => directory,
        (None, name) => {
            let location = Location::of_user().map_err(|error| Refusal::Misuse(error.to_string()))?;
            name.as_ref().map_or_else(|| location.directory().into(), |name| location.directory().join(name))
        }
    };
    let secret = match given.secret {
        Some(secret) => secret,
        None => secret(serve.secret_file.as_deref(), serve.no_secret, &state_directory)?,
    };
    let session = match &given.input_file {
        Some(path) => Some(fs::read_to_string(path).map_err(|error| file_refused(path, &error))?),
        None => None,
    };
    let directories = given.directories.iter().map(|directory| absolute(directory)).collect::<Result<_, _>>()?;
    Ok(Settings {
        config: Config {
            state_directory: absolute(&state_directory)?,
            directories,
            policy,
            max_per_origin: serve.max_per_origin,
            options: given.options,
        },
        listen: given.listen,
        secret,
        hosts: serve.allow_host,
        origins: serve.allow_origin,
        any_origin: serve.allow_origin_all || given.any_origin,
        session,
    })
}

/// The part of the settings that both command lines have.
struct Given {
    directories: Vec<PathBuf>,
    listen: Vec<SocketAddr>,
    /// The secret, or that there is none; `None` if the command line says nothing of it.
    secret: Option<Option<String>>,
    any_origin: bool,
    options: BTreeMap<String, String>,
    input_file: Option<PathBuf>,
    /// The name of the queue's directory below the user's.
    name: Option<String>,
}

fn own(serve: &Serve) -> Result<Given, Refusal> {
    let directories = if serve.dir.is_empty() { vec![working_directory()?] } else { serve.dir.clone() };
    let mut options = BTreeMap::from([("max-concurrent-downloads".to_owned(), serve.jobs.to_string())]);
    if let Some(rate) = serve.limit_rate {
        options.insert("max-overall-download-limit".into(), rate.to_string());
    }
    Ok(Given {
        directories,
        listen: if serve.listen.is_empty() { loopback(PORT) } else { serve.listen.clone() },
        secret: None,
        any_origin: false,
        options,
        input_file: serve.input_file.clone(),
        name: None,
    })
}

fn loopback(port: u16) -> Vec<SocketAddr> {
    vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]
}

fn secret(file: Option<&Path>, none: bool, state_directory: &Path) -> Result<Option<String>, Refusal> {
    if none {
        return Ok(None);
    }
    if let Some(file) = file {
        return Secret::read(file).map(Some).map_err(Refusal::Misuse);
    }
    if let Some(secret) = env::var("HAUL_RPC_SECRET").ok().filter(|secret| !secret.is_empty()) {
        return Ok(Some(secret));
    }
    let credential = env::var_os("CREDENTIALS_DIRECTORY").map(|directory| Path::new(&directory).join("rpc-secret"));
    if let Some(credential) = credential.filter(|credential| credential.exists()) {
        return Secret::read(&credential).map(Some).map_err(Refusal::Misuse);
    }
    let path = state_directory.join("serve").join("rpc-secret");
    let (secret, is_new) = Secret::read_or_create(&path).map_err(Refusal::Failed)?;
    if is_new {
        say(&format!("haul: a new secret is in {}: {secret}", path.display()));
    }
    Ok(Some(secret))
}

fn working_directory() -> Result<PathBuf, Refusal> {
    env::current_dir().map_err(|error| Refusal::Failed(format!("the working directory: {error}")))
}

fn absolute(path: &Path) -> Result<PathBuf, Refusal> {
    std::path::absolute(path).map_err(|error| file_refused(path, &error))
}

fn file_refused(path: &Path, error: &std::io::Error) -> Refusal {
    Refusal::Misuse(format!("{}: {error}", path.display()))
}
