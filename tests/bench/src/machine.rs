//! A description of the machine.

use std::fs;
use std::thread::available_parallelism;

use haul_tests::docs::root;

use crate::place::Place;

/// Such as `2 cores of AMD EPYC, 24 GiB of memory, Linux 6.18; the disk is ext4, `/dev/shm` is tmpfs`.
pub fn description() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cores = available_parallelism().map_or(1, usize::from);
    let (processors, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let model = value(&processors, "model name").unwrap_or("an unknown processor");
    let kibibytes: f64 =
        value(&memory, "MemTotal").and_then(|total| total.split(' ').next()?.parse().ok()).unwrap_or(0.0);
    format!(
        "{cores} cores of {model}, {:.0} GiB of memory, Linux {}; the disk is {}, `/dev/shm` is {}",
        kibibytes / f64::from(1 << 20),
        read("/proc/sys/kernel/osrelease").trim(),
        Place::Disk.file_system(),
        Place::Memory.file_system(),
    )
}

/// The version of wasmtime in the stock runtime.
pub fn wasmtime() -> String {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap_or_default();
    let package = lock.split("[[package]]").find(|package| package.contains("name = \"wasmtime-cli\"\n"));
    let version = package.and_then(|package| package.split("version = \"").nth(1)?.split('"').next());
    format!("wasmtime {}", version.unwrap_or("unknown"))
}

/// The text after `name` and a colon.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines.filter(|(found, _)| found.trim() == name).map(|(_, value)| value.trim()).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_names() {
        assert_eq!(value("a: 1\nmodel name\t: X 5\n", "model name"), Some("X 5"));
        assert_eq!(value("a: 1", "b"), None);
    }

    #[test]
    fn the_stock_runtime_has_a_version() {
        assert!(wasmtime().starts_with("wasmtime 4"), "{}", wasmtime());
    }
}
