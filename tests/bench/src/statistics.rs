//! Medians and quartiles.

use serde::{Deserialize, Serialize};

/// The distribution of values, to four decimals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub min: f64,
    pub lower_quartile: f64,
    pub median: f64,
    pub upper_quartile: f64,
    pub max: f64,
}

impl Spread {
    /// `None` for no values.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let at = |part| quantile(&values, part);
        (!values.is_empty()).then(|| Self {
            min: at(0.0),
            lower_quartile: at(0.25),
            median: at(0.5),
            upper_quartile: at(0.75),
            max: at(1.0),
        })
    }
}

/// A quantile of sorted values, interpolated between neighbours.
fn quantile(values: &[f64], part: f64) -> f64 {
    let place = part * (values.len() - 1) as f64;
    let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
    let between = below + (above - below) * place.fract();
    (between * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn quartiles_lie_between_neighbours() {
        let spread = Spread::of([4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!((spread.lower_quartile, spread.median, spread.upper_quartile), (1.75, 2.5, 3.25));
        assert_eq!((spread.min, spread.max), (1.0, 4.0));
    }

    #[test]
    fn one_value_is_all_of_its_spread() {
        let spread = Spread::of([7.0]).unwrap();
        assert_eq!((spread.lower_quartile, spread.median, spread.max), (7.0, 7.0, 7.0));
    }

    #[test]
    fn four_decimals_are_kept() {
        assert_eq!(Spread::of([0.123_449, 0.123_451]).unwrap().median, 0.1235);
    }

    #[test]
    fn nothing_has_no_median() {
        assert_eq!(Spread::of([]), None);
    }
}
