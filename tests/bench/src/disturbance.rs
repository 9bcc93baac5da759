//! The load of the machine by other processes.

use std::fs;
use std::process;
use std::time::Instant;

use crate::run::Sample;

/// Kernel ticks per second of processor time.
const TICKS: f64 = 100.0;

/// Processor time used neither by the program nor by its servers while it ran. It includes the kernel's own work, such as writes
/// to the disk.
pub struct Disturbance {
    servers: Vec<u32>,
    foreign: f64,
    wall: f64,
}

impl Disturbance {
    /// `servers` are the processes of the servers; their children count too.
    pub fn new(servers: Vec<u32>) -> Self {
        Self { servers, foreign: 0.0, wall: 0.0 }
    }

    /// Measures during `run`.
    pub fn during(&mut self, run: impl FnOnce() -> Result<Sample, String>) -> Result<Sample, String> {
        let (began, before) = (Instant::now(), self.others());
        let sample = run();
        if let Ok(sample) = &sample {
            self.foreign += (self.others() - before) / TICKS - sample.cpu;
            self.wall += began.elapsed().as_secs_f64();
        }
        sample
    }

    /// The average number of busy cores.
    pub fn cores(&self) -> f64 {
        if self.wall > 0.0 { (self.foreign / self.wall).max(0.0) } else { 0.0 }
    }

    /// Ticks of other processes.
    fn others(&self) -> f64 {
        let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
        let of = |process: u32| fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let servers = self.servers.iter().flat_map(|server| [vec![*server], children(*server)].concat());
        let ours: u64 = servers.chain([process::id()]).map(|process| of_process(&of(process))).sum();
        busy(&stat) as f64 - ours as f64
    }
}

fn children(process: u32) -> Vec<u32> {
    let list = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    list.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// Busy ticks of all processors, steal included.
fn busy(stat: &str) -> u64 {
    let line = stat.lines().next().unwrap_or_default();
    let numbers: Vec<u64> = line.split_whitespace().skip(1).map(|word| word.parse().unwrap_or(0)).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal
    [0, 1, 2, 5, 6, 7].iter().filter_map(|index| numbers.get(*index)).sum()
}

/// Ticks of a process, in user and kernel mode.
fn of_process(stat: &str) -> u64 {
    let behind_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    behind_name.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<u64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_time_is_not_busy() {
        assert_eq!(busy("cpu  1 2 3 400 500 6 7 8 0 0\ncpu0 9 9 9 9"), 1 + 2 + 3 + 6 + 7 + 8);
        assert_eq!(busy(""), 0);
    }

    #[test]
    fn the_name_of_a_process_may_hold_anything() {
        assert_eq!(of_process("7 (a ) b) S 1 7 7 0 -1 4194560 100 0 0 0 30 12 0 0 20 0 1 0"), 42);
        assert_eq!(of_process(""), 0);
    }
}
