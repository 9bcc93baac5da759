//! Columns of rows, and parameters, in PostgreSQL's text form.

use crate::error::Error;
use crate::wire::Row;

/// A value of a column.
pub trait Column: Sized {
    /// `None` if the text is no such value. `text` is `None` for NULL.
    fn read(text: Option<&str>) -> Option<Self>;
}

macro_rules! columns {
    ($($kind:ty),*) => {
        $(impl Column for $kind {
            fn read(text: Option<&str>) -> Option<Self> {
                text?.parse().ok()
            }
        })*
    };
}

columns!(i32, i64, u32, u64, f64, String);

impl Column for bool {
    fn read(text: Option<&str>) -> Option<Self> {
        Some(text? == "t")
    }
}

impl<T: Column> Column for Option<T> {
    fn read(text: Option<&str>) -> Option<Self> {
        match text {
            Some(_) => T::read(text).map(Some),
            None => Some(None),
        }
    }
}

/// A column of a row.
///
/// # Errors
///
/// There is no such column, or it has another type: the tables are not those of haul.
pub fn field<T: Column>(row: &Row, name: &str) -> Result<T, Error> {
    let read = row.column(name).and_then(T::read);
    read.ok_or_else(|| Error::Rejected { message: format!("unexpected answer in the column {name}") })
}

/// A value of a parameter.
pub trait Parameter {
    /// `None` is NULL.
    fn text(&self) -> Option<String>;
}

impl<T: ToString> Parameter for T {
    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }
}

/// An array, or NULL for a missing value.
pub struct Sql<T>(pub T);

impl<T: ToString> Parameter for Sql<Option<T>> {
    fn text(&self) -> Option<String> {
        self.0.as_ref().map(ToString::to_string)
    }
}

/// An array in PostgreSQL's text form: each element in quotation marks, `NULL` without them.
pub fn array<T: ToString>(values: impl IntoIterator<Item = Option<T>>) -> String {
    let element = |value: Option<T>| match value {
        Some(value) => format!("\"{}\"", value.to_string().replace('\\', "\\\\").replace('"', "\\\"")),
        None => "NULL".into(),
    };
    format!("{{{}}}", values.into_iter().map(element).collect::<Vec<_>>().join(","))
}

/// Parameters of a statement, in text form.
macro_rules! parameters {
    ($($value:expr),* $(,)?) => {
        [$($crate::sql::Parameter::text(&$value)),*]
    };
}
pub(crate) use parameters;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_arrays_are_quoted() {
        assert_eq!(array([Some("a,b"), Some(r#"q"\"#), Some(""), None]), r#"{"a,b","q\"\\","",NULL}"#);
        assert_eq!(array::<i64>([]), "{}");
    }

    #[test]
    fn a_column_that_is_null_or_of_another_type_is_told_apart() {
        assert_eq!((i64::read(Some("5")), i64::read(Some("x")), i64::read(None)), (Some(5), None, None));
        assert_eq!((Option::<i64>::read(None), Option::<i64>::read(Some("5"))), (Some(None), Some(Some(5))));
        assert_eq!((bool::read(Some("t")), bool::read(Some("f"))), (Some(true), Some(false)));
    }
}
