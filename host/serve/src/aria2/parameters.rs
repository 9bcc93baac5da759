//! The parameters of a call, counted from 0 after the token.

use serde_json::{Map, Value};

use super::fault::Fault;
use crate::options::{self, Call, Options};

/// The parameters of a call.
pub struct Parameters(Vec<Value>);

impl Parameters {
    pub const fn new(values: Vec<Value>) -> Self {
        Self(values)
    }

    /// # Errors
    ///
    /// It is missing or no text.
    pub fn text(&self, at: usize) -> Result<&str, Fault> {
        self.required(at)?.as_str().ok_or_else(|| wrong_type(at))
    }

    /// The texts of a list; other members are skipped.
    ///
    /// # Errors
    ///
    /// It is missing or no list.
    pub fn texts(&self, at: usize) -> Result<Vec<String>, Fault> {
        let list = self.required(at)?.as_array().ok_or_else(|| wrong_type(at))?;
        Ok(list.iter().filter_map(Value::as_str).map(Into::into).collect())
    }

    /// As [`Self::texts`]; none if it is missing.
    ///
    /// # Errors
    ///
    /// It is no list.
    pub fn optional_texts(&self, at: usize) -> Result<Vec<String>, Fault> {
        if self.0.len() > at { self.texts(at) } else { Ok(Vec::new()) }
    }

    /// A number; a fraction is cut off.
    ///
    /// # Errors
    ///
    /// It is missing or no number.
    pub fn number(&self, at: usize) -> Result<i64, Fault> {
        let value = self.required(at)?;
        #[expect(clippy::cast_possible_truncation, reason = "out of range it saturates")]
        let cut = |number: f64| number as i64;
        value.as_i64().or_else(|| value.as_f64().map(cut)).ok_or_else(|| wrong_type(at))
    }

    /// A number that is not less than `least`.
    ///
    /// # Errors
    ///
    /// It is missing, no number, or less.
    pub fn number_from(&self, at: usize, least: i64) -> Result<usize, Fault> {
        let number = self.number(at)?;
        if number < least {
            let message = format!(
                "The integer parameter at {at} has invalid value: the value must be greater than or equal to {least}."
            );
            return Err(Fault::sentence(message));
        }
        Ok(usize::try_from(number).unwrap_or(usize::MAX))
    }

    /// A place in a list; `None` if it is missing.
    ///
    /// # Errors
    ///
    /// It is no number or negative.
    pub fn position(&self, at: usize) -> Result<Option<usize>, Fault> {
        if self.0.len() <= at {
            return Ok(None);
        }
        let number = self.number(at)?;
        let position = usize::try_from(number).ok();
        position.map(Some).ok_or_else(|| Fault::sentence("Position must be greater than or equal to 0."))
    }

    /// The options of a call.
    ///
    /// # Errors
    ///
    /// They are missing, no struct, or one of them is refused.
    pub fn options(&self, at: usize, call: Call) -> Result<Options, Fault> {
        let given: &Map<_, _> = self.required(at)?.as_object().ok_or_else(|| wrong_type(at))?;
        Ok(options::read(given, call)?)
    }

    /// As [`Self::options`]; none if they are missing.
    ///
    /// # Errors
    ///
    /// They are no struct, or one of them is refused.
    pub fn optional_options(&self, at: usize, call: Call) -> Result<Options, Fault> {
        if self.0.len() > at { self.options(at, call) } else { Ok(Options::new()) }
    }

    fn required(&self, at: usize) -> Result<&Value, Fault> {
        self.0.get(at).ok_or_else(|| Fault::sentence(format!("The parameter at {at} is required but missing.")))
    }
}

pub fn wrong_type(at: usize) -> Fault {
    Fault::sentence(format!("The parameter at {at} has wrong type."))
}
