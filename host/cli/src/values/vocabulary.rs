//! The words of the queue as values of options.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use haul_queue::vocabulary::{ProxyUsage, Word};

/// One of the words of `W`.
pub fn word<W: Word + Send + Sync>() -> impl TypedValueParser<Value = W> {
    word_or(&[])
}

/// The source of the proxy.
pub fn proxy_usage() -> impl TypedValueParser<Value = ProxyUsage> {
    word_or(&[("system-default", ProxyUsage::Preconfig)])
}

/// One of the words of `W`, or an alias of one.
fn word_or<W: Word + Send + Sync>(aliases: &'static [(&'static str, W)]) -> impl TypedValueParser<Value = W> {
    let spellings = |word: W| aliases.iter().filter(move |(_, meant)| *meant == word).map(|(alias, _)| *alias);
    let values = W::ALL.iter().map(|word| PossibleValue::new(word.as_str()).aliases(spellings(*word)));
    PossibleValuesParser::new(values).try_map(move |given| {
        let alias = aliases.iter().find(|(alias, _)| *alias == given).map(|(_, word)| *word);
        let word = W::ALL.iter().copied().find(|word| word.as_str() == given);
        word.or(alias).ok_or("it is not one of the words")
    })
}
