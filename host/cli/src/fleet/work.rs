//! `haul fleet work`

use std::fs;

use haul_fleet::worker::{self, Options};
use haul_fleet::{Address, Error, is_name};
use haul_queue::{CommandError, Location, Outcome};

use crate::arguments::fleet::Work;
use crate::interrupts::Interrupts;
use crate::{output, report};

pub async fn run(address: Address, work: Work, json: bool) -> Result<Outcome, Error> {
    let mut interrupts = Interrupts::new().map_err(|error| CommandError::failed(error.to_string()))?;
    let options = Options {
        state: match work.state_dir {
            Some(directory) => directory,
            None => Location::of_user()?.directory().join("fleet").join(address.queue()),
        },
        directory: work.dir,
        host: machine(work.machine)?,
        labels: work.label.into_iter().collect(),
        credentials: work.credentials,
        tasks: work.tasks,
        files: work.jobs,
        exits_when_idle: work.exit_when_idle,
        address,
    };
    let mut is_interrupted = false;
    let stop = async {
        interrupts.next().await;
        is_interrupted = true;
    };
    let notify = |notice: worker::Notice| match (json, work.quiet) {
        (true, _) => report::print(&notice),
        (false, false) => output::say(&format!("haul: {notice}")),
        (false, true) => {}
    };
    worker::run(options, notify, stop).await?;
    Ok(if is_interrupted { Outcome::Interrupted } else { Outcome::AllTransferred })
}

/// The name of this machine.
fn machine(given: Option<String>) -> Result<String, Error> {
    let known =
        || fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| fs::read_to_string("/etc/hostname")).ok();
    let name = given.or_else(|| Some(known()?.trim().to_owned())).unwrap_or_default();
    if is_name(&name) {
        return Ok(name);
    }
    Err(Error::Invalid("give --machine NAME, of letters, digits, '.', '_' and '-'".into()))
}
