//! The rules of a policy for the bytes of answers.

use http::header::{CONTENT_LENGTH, CONTENT_RANGE};
use http::{HeaderMap, Response};

use super::Quota;
use super::free_space::FreeSpace;
use super::rate::Rate;
use super::refusal::Refusal;
use crate::digits;
use crate::error::Rule;

#[derive(Debug)]
pub struct Meter {
    pub max_file_size: Option<u64>,
    pub quotas: Vec<Quota>,
    pub rate: Option<Rate>,
    pub free_space: Option<FreeSpace>,
}

impl Meter {
    /// Whether any byte has to be counted.
    pub fn counts(&self) -> bool {
        self.max_file_size.is_some() || !self.quotas.is_empty() || self.rate.is_some() || self.free_space.is_some()
    }

    /// How many of `wanted` bytes may come that belong at `at` in their file, and why not all.
    pub fn take(&self, at: u64, wanted: u64) -> (u64, Option<Refusal>) {
        let (mut most, mut refusal) = (wanted, None);
        if let Some(size) = self.max_file_size
            && size.saturating_sub(at) < most
        {
            (most, refusal) = (size.saturating_sub(at), Some(Rule::FileSize.into()));
        }
        let mut taken = Vec::with_capacity(self.quotas.len());
        for quota in &self.quotas {
            let (granted, left) = quota.take(most);
            (most, refusal) = (granted, left.or(refusal));
            taken.push(granted);
        }
        self.quotas.iter().zip(taken).for_each(|(quota, taken)| quota.give_back(taken - most));
        (most, refusal)
    }

    /// Whether the body of this answer may come, as far as its head tells.
    pub fn admit<B>(&self, response: &Response<B>) -> Result<(), Refusal> {
        let coming = length(response.headers());
        if let (Some(most), Some(size)) = (self.max_file_size, file_size(response.headers()).or(coming))
            && size > most
        {
            return Err(Rule::FileSize.into());
        }
        let writes = response.status().is_success();
        match (&self.free_space, coming) {
            (Some(space), Some(coming)) if writes => space.check(coming),
            _ => Ok(()),
        }
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    digits::parse(headers.get(CONTENT_LENGTH)?.to_str().ok()?)
}

/// The complete length in Content-Range.
fn file_size(headers: &HeaderMap) -> Option<u64> {
    digits::parse(headers.get(CONTENT_RANGE)?.to_str().ok()?.rsplit_once('/')?.1.trim())
}

/// Offset in the file of the first byte that comes.
pub fn first_byte(headers: &HeaderMap) -> u64 {
    let range = headers.get(CONTENT_RANGE).and_then(|value| value.to_str().ok());
    let first = range.and_then(|range| digits::parse(range.trim().strip_prefix("bytes")?.trim().split_once('-')?.0));
    first.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn meter(max_file_size: Option<u64>, quotas: Vec<Quota>) -> Meter {
        Meter { max_file_size, quotas, rate: None, free_space: None }
    }

    fn answer(fields: &[(&str, &str)]) -> Response<()> {
        fields
            .iter()
            .fold(Response::builder(), |builder, (name, value)| builder.header(*name, *value))
            .body(())
            .unwrap()
    }

    #[test]
    fn a_file_that_is_too_large_is_refused_by_its_head() {
        let meter = meter(Some(1000), Vec::new());
        assert_eq!(meter.admit(&answer(&[("content-length", "1000")])), Ok(()));
        assert_eq!(meter.admit(&answer(&[("content-length", "1001")])), Err(Rule::FileSize.into()));
        let part = [("content-length", "10"), ("content-range", "bytes 0-9/5000")];
        assert_eq!(meter.admit(&answer(&part)), Err(Rule::FileSize.into()));
        assert_eq!(meter.admit(&answer(&[("content-range", "bytes 0-9/*")])), Ok(()));
        assert_eq!(length(answer(&[("content-length", "+5")]).headers()), None);
        assert_eq!(first_byte(answer(&[("content-range", "bytes +5-9/10")]).headers()), 0);
    }

    #[test]
    fn a_file_of_unknown_size_is_cut_where_it_gets_too_large() {
        let meter = meter(Some(1000), Vec::new());
        assert_eq!(meter.take(990, 10), (10, None));
        assert_eq!(meter.take(990, 11), (10, Some(Rule::FileSize.into())));
        assert_eq!(meter.take(u64::MAX, 11), (0, Some(Rule::FileSize.into())));
    }

    #[test]
    fn of_several_quotas_the_smallest_counts_and_no_other_is_spent_for_nothing() {
        let quotas = [Quota::per(50, Duration::from_secs(60)), Quota::total(30)];
        let meter = meter(None, quotas.to_vec());
        assert_eq!(meter.take(0, 40), (30, Some(Rule::Quota.into())));
        assert_eq!((quotas[0].used(), quotas[1].used()), (30, 30));
    }

    #[test]
    fn the_first_byte_is_that_of_the_range() {
        let of = |value| first_byte(answer(&[("content-range", value)]).headers());
        assert_eq!((of("bytes 70-79/100"), of("bytes */100"), of("nonsense")), (70, 0, 0));
    }
}
