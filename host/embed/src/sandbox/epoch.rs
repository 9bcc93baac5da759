//! The wasmtime engine of this process, and its epoch: it advances once a second while the code of a component may be running.

use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use wasmtime::{Engine, Result, format_err};

use crate::runtime_config;

/// How often runaway code is looked for, so that the check costs nothing measurable and a runaway ends within seconds.
pub const TICK: Duration = Duration::from_secs(1);

/// Threads of engines that do not wait for anything.
static BUSY: Mutex<usize> = Mutex::new(0);

/// There is such a thread again.
static AGAIN: Condvar = Condvar::new();

pub fn runtime() -> Result<&'static Engine> {
    static RUNTIME: OnceLock<Engine> = OnceLock::new();
    if let Some(engine) = RUNTIME.get() {
        return Ok(engine);
    }
    let engine = Engine::new(&runtime_config::running())?;
    if RUNTIME.set(engine.clone()).is_ok() {
        let ticker = move || {
            loop {
                drop(AGAIN.wait_while(busy(), |busy| *busy == 0));
                thread::sleep(TICK);
                engine.increment_epoch();
            }
        };
        thread::Builder::new().name("haul-epoch".into()).spawn(ticker)?;
    }
    RUNTIME.get().ok_or_else(|| format_err!("no runtime"))
}

/// The thread of an engine goes on.
pub fn resumes() {
    let mut busy = busy();
    *busy += 1;
    if *busy == 1 {
        AGAIN.notify_one();
    }
}

/// The thread of an engine waits.
pub fn rests() {
    let mut busy = busy();
    *busy = busy.saturating_sub(1);
}

fn busy() -> MutexGuard<'static, usize> {
    BUSY.lock().unwrap_or_else(PoisonError::into_inner)
}
