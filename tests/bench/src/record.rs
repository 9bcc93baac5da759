//! The results of a row, in the stored form.

use serde::{Deserialize, Serialize};

use crate::contender::Contender;
use crate::run::Sample;
use crate::statistics::Spread;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    pub row: String,
    pub date: String,
    pub runs: usize,
    /// The average number of cores that were busy with other work while a program ran; steal included.
    pub disturbance: f64,
    /// In the order of the row.
    pub contenders: Vec<Measured>,
    pub ratios: Vec<Ratio>,
    pub left_out: Vec<LeftOut>,
}

/// The results of a program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
    pub name: String,
    /// The command as a user would type it.
    pub command: String,
    /// `None` if every run failed.
    pub times: Option<Times>,
    pub failures: Vec<String>,
    /// One sample per round, or the error of the run. Accepted results do not include them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<Result<Sample, String>>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Times {
    /// In seconds.
    pub wall: Spread,
    /// In seconds.
    pub cpu: Spread,
    /// The peak, in MiB.
    pub memory: Spread,
}

/// The usage of one program divided by that of another in the same round.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ratio {
    pub of: String,
    pub to: String,
    pub wall: Spread,
    pub cpu: Spread,
}

/// A program that cannot do the task of the row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LeftOut {
    pub name: String,
    pub why: String,
}

impl Measured {
    pub fn new(name: &str, command: String, samples: Vec<Result<Sample, String>>) -> Self {
        let good = || samples.iter().flatten();
        let spread = |value: fn(&Sample) -> f64| Spread::of(good().map(value));
        let times = spread(|sample| sample.wall).zip(spread(|sample| sample.cpu)).zip(spread(|sample| sample.memory));
        Self {
            name: name.to_owned(),
            command,
            times: times.map(|((wall, cpu), memory)| Times { wall, cpu, memory }),
            failures: samples.iter().filter_map(|sample| sample.as_ref().err().cloned()).collect(),
            samples,
        }
    }

    fn is_peer(&self) -> bool {
        Contender::PEERS.iter().any(|peer| peer.name() == self.name)
    }
}

impl Ratio {
    /// Over the rounds in which both succeeded; `None` if there are none.
    fn between(of: &Measured, to: &Measured) -> Option<Self> {
        let both = || of.samples.iter().zip(&to.samples).filter_map(|(of, to)| of.as_ref().ok().zip(to.as_ref().ok()));
        let wall = Spread::of(both().map(|(of, to)| of.wall / to.wall))?;
        let cpu = Spread::of(both().map(|(of, to)| of.cpu / to.cpu))?;
        Some(Self { of: of.name.clone(), to: to.name.clone(), wall, cpu })
    }
}

/// The ratios of haul to all others, and of haul under stock wasmtime to curl.
pub fn ratios(contenders: &[Measured]) -> Vec<Ratio> {
    let (haul, stock, curl) = (Contender::Haul.name(), Contender::Stock.name(), Contender::Curl.name());
    let pairs = contenders.iter().flat_map(|of| contenders.iter().map(move |to| (of, to)));
    let kept = |of: &str, to: &str| of != to && (of == haul || (of, to) == (stock, curl));
    pairs.filter(|(of, to)| kept(&of.name, &to.name)).filter_map(|(of, to)| Ratio::between(of, to)).collect()
}

impl Record {
    pub fn contender(&self, name: &str) -> Option<&Measured> {
        self.contenders.iter().find(|contender| contender.name == name)
    }

    pub fn ratio(&self, of: &str, to: &str) -> Option<&Ratio> {
        self.ratios.iter().find(|ratio| (ratio.of.as_str(), ratio.to.as_str()) == (of, to))
    }

    /// The peer with the lowest median.
    pub fn best_peer(&self) -> Option<&Measured> {
        let peers = self.contenders.iter().filter(|contender| contender.is_peer());
        let timed = peers.filter_map(|peer| peer.times.map(|times| (peer, times.wall.median)));
        timed.min_by(|left, right| left.1.total_cmp(&right.1)).map(|(peer, _)| peer)
    }

    /// The record without single samples.
    pub fn condensed(mut self) -> Self {
        self.contenders.iter_mut().for_each(|contender| contender.samples.clear());
        self
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    fn measured(name: &str, walls: &[f64]) -> Measured {
        let sample = |wall: &f64| Ok(Sample { wall: *wall, cpu: *wall, memory: 1.0 });
        Measured::new(name, name.to_owned(), walls.iter().map(sample).collect())
    }

    /// A record of one round in which each program took this many seconds.
    pub fn record(walls: &[(&str, f64)]) -> Record {
        let contenders: Vec<_> = walls.iter().map(|(name, wall)| measured(name, &[*wall])).collect();
        let ratios = ratios(&contenders);
        let (row, date) = ("row".to_owned(), "1 Jan 2026".to_owned());
        Record { row, date, runs: 1, disturbance: 0.0, contenders, ratios, left_out: Vec::new() }
    }

    #[test]
    fn ratios_are_of_values_of_the_same_round() {
        let ratio = Ratio::between(&measured("haul", &[1.0, 4.0, 3.0]), &measured("curl", &[2.0, 2.0, 3.0])).unwrap();
        assert_eq!((ratio.wall.min, ratio.wall.median, ratio.wall.max), (0.5, 1.0, 2.0));
    }

    #[test]
    fn a_round_in_which_one_failed_counts_for_neither() {
        let mut curl = measured("curl", &[2.0, 2.0]);
        curl.samples[0] = Err("wrong".into());
        let ratio = Ratio::between(&measured("haul", &[1.0, 4.0]), &curl).unwrap();
        assert_eq!((ratio.wall.min, ratio.wall.max), (2.0, 2.0));
    }

    #[test]
    fn a_program_that_always_fails_has_no_times() {
        let measured = Measured::new("curl", "curl".into(), vec![Err("wrong".into())]);
        assert!(measured.times.is_none() && measured.failures == ["wrong"]);
    }
}
