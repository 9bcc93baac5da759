//! A row, measured in rounds.

use std::path::Path;

use crate::contender::Contender;
use crate::date::today;
use crate::disturbance::Disturbance;
use crate::errand::Errand;
use crate::record::{LeftOut, Measured, Record, ratios};
use crate::row::Row;
use crate::run::{Conditions, HANGS, Sample, run};
use crate::script::Script;
use crate::source::Source;
use crate::stage::Stage;

/// A program in a row.
struct Entrant {
    contender: Contender,
    script: Script,
    samples: Vec<Result<Sample, String>>,
}

/// Measures a row in this many rounds; `cache` has the component compiled for the stock runtime.
pub fn measure(row: &Row, source: &Source, rounds: usize, cache: &Path) -> Record {
    let (folder, scratch) = (row.place.folder(), row.place.folder());
    let stage = Stage::new(source, row.server);
    source.warm();
    let errand = row.errand(source, stage.base(), stage.certificate(), [folder.path(), scratch.path()]);
    let (mut entrants, left_out) = entrants(row, &errand);
    let conditions = Conditions { errand: &errand, source, cache };
    let mut disturbance = Disturbance::new(stage.processes());
    for round in 0..rounds {
        for index in order(round, entrants.len()) {
            let Entrant { script, samples, contender } = &mut entrants[index];
            if samples.iter().any(|sample| sample.as_ref().is_err_and(|error| error == HANGS)) {
                samples.push(Err("it was not tried again".to_owned()));
                continue;
            }
            let sample = disturbance.during(|| run(script, &conditions));
            if let Err(error) = &sample {
                eprintln!("{}: {} FAILED: {error}", row.name, contender.name());
            }
            samples.push(sample);
        }
    }
    let measured = |entrant: Entrant| {
        Measured::new(entrant.contender.name(), errand.typed(&entrant.script.typed()), entrant.samples)
    };
    let contenders: Vec<_> = entrants.into_iter().map(measured).collect();
    Record {
        row: row.name.clone(),
        date: today(),
        runs: rounds,
        disturbance: disturbance.cores(),
        ratios: ratios(&contenders),
        contenders,
        left_out,
    }
}

fn entrants(row: &Row, errand: &Errand) -> (Vec<Entrant>, Vec<LeftOut>) {
    let (mut entrants, mut left_out) = (Vec::new(), Vec::new());
    for contender in row.contenders.iter().copied() {
        match contender.script(errand) {
            Ok(script) => entrants.push(Entrant { contender, script, samples: Vec::new() }),
            Err(why) => left_out.push(LeftOut { name: contender.name().into(), why: why.into() }),
        }
    }
    (entrants, left_out)
}

/// The order of a round: each round starts with the next program, and every second one runs backwards.
fn order(round: usize, count: usize) -> Vec<usize> {
    let mut order: Vec<_> = (0..count).map(|turn| (turn + round) % count).collect();
    if round % 2 == 1 {
        order.reverse();
    }
    order
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn each_round_has_everybody_and_begins_elsewhere() {
        assert_eq!(order(0, 3), [0, 1, 2]);
        assert_eq!(order(1, 3), [0, 2, 1]);
        assert_eq!(order(2, 3), [2, 0, 1]);
    }
}
