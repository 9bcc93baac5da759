//! Targets of a row.

use std::fmt;

use crate::contender::Contender;
use crate::group::Group;
use crate::record::Record;

/// A measure of one program, and its upper limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    pub of: Contender,
    pub limit: Limit,
}

/// At most this part of another program's usage, or this many MiB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    Wall(f64, Contender),
    WallOfBestPeer(f64),
    Cpu(f64, Contender),
    Memory(f64),
}

/// The targets of a row.
pub fn of(group: Group) -> Vec<Target> {
    use Contender::{Aria2c, Curl, Floor, Haul, Stock, Unverified};
    use Limit::{Cpu, Memory, Wall, WallOfBestPeer};
    let haul = |limit| Target { of: Haul, limit };
    let memory = haul(Memory(40.0));
    let large = [haul(Wall(0.75, Curl)), haul(WallOfBestPeer(0.9)), haul(Cpu(0.7, Curl))];
    let plain = [haul(Wall(1.2, Floor)), Target { of: Stock, limit: Wall(1.0, Curl) }];
    match group {
        Group::Large | Group::Durable => [large.as_slice(), &plain, &[memory]].concat(),
        Group::Secure => [large.as_slice(), &[memory]].concat(),
        Group::Verified => vec![haul(Wall(1.1, Unverified)), memory],
        Group::Small => vec![haul(WallOfBestPeer(1.0)), memory],
        Group::Capped => vec![haul(Wall(1.2, Aria2c)), memory],
        Group::Delayed => vec![memory],
        Group::Chunked => vec![haul(Cpu(3.0, Curl)), memory],
    }
}

impl Target {
    /// The measured value; `None` if one of the programs did not take part or failed.
    pub fn figure(&self, record: &Record) -> Option<f64> {
        let ratio = |to: &str| record.ratio(self.of.name(), to);
        match self.limit {
            Limit::Wall(_, to) => ratio(to.name()).map(|ratio| ratio.wall.median),
            Limit::WallOfBestPeer(_) => ratio(&record.best_peer()?.name).map(|ratio| ratio.wall.median),
            Limit::Cpu(_, to) => ratio(to.name()).map(|ratio| ratio.cpu.median),
            Limit::Memory(_) => Some(record.contender(self.of.name())?.times.as_ref()?.memory.max),
        }
    }

    pub fn is_met_by(&self, figure: f64) -> bool {
        figure <= self.limit.at_most()
    }
}

impl Limit {
    fn at_most(self) -> f64 {
        let (Self::Wall(most, _) | Self::WallOfBestPeer(most) | Self::Cpu(most, _) | Self::Memory(most)) = self;
        most
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.of.name())?;
        match self.limit {
            Limit::Wall(most, to) => write!(f, "wall ≤ {most} of {}", to.name()),
            Limit::WallOfBestPeer(most) => write!(f, "wall ≤ {most} of the best peer"),
            Limit::Cpu(most, to) => write!(f, "CPU ≤ {most} of {}", to.name()),
            Limit::Memory(most) => write!(f, "memory ≤ {most} MiB"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::record;

    fn wall(limit: Limit) -> Option<f64> {
        Target { of: Contender::Haul, limit }.figure(&record(&[
            ("haul", 2.0),
            ("curl", 4.0),
            ("wget2", 2.5),
            ("floor", 1.0),
        ]))
    }

    #[test]
    fn a_ratio_is_to_the_program_that_is_named() {
        assert_eq!(wall(Limit::Wall(0.75, Contender::Curl)), Some(0.5));
    }

    #[test]
    fn the_best_peer_is_the_fastest_that_is_neither_haul_nor_the_floor() {
        assert_eq!(wall(Limit::WallOfBestPeer(0.9)), Some(0.8));
    }

    #[test]
    fn who_did_not_take_part_is_no_measure() {
        assert_eq!(wall(Limit::Wall(1.0, Contender::Axel)), None);
    }

    #[test]
    fn a_limit_itself_is_within_it() {
        let target = Target { of: Contender::Haul, limit: Limit::Memory(40.0) };
        assert!(target.is_met_by(40.0) && !target.is_met_by(40.1));
    }
}
