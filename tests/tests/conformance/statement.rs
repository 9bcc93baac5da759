//! What a statement is, and the macro that makes a test and an entry of the page out of it.

/// How firmly the sources say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// The official documentation says it.
    Doc,
    /// The IDL or a header says it.
    Idl,
    /// Seen in clients, tests or remarks of those who make Delivery Optimization.
    Observed,
    /// Follows from names and neighbours only.
    Inferred,
    /// The sources say nothing, or contradict each other.
    Silent,
}

/// What haul makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    /// The documentation leaves it open; this is haul's choice.
    Chosen(&'static str),
    /// No program can do otherwise: the types leave no way to write it.
    CannotBeWritten(&'static str),
    /// haul does something else, for this reason.
    Differs(&'static str),
}

/// One sentence of the documentation with the test of it.
#[derive(Debug)]
pub struct Statement {
    /// Path of the test in this target.
    pub test: &'static str,
    /// The lines of the sentence.
    pub said: &'static [&'static str],
    /// Key and file, as the page explains them.
    pub source: &'static str,
    pub strength: Strength,
    pub verdict: Verdict,
}

/// Statements that belong together.
#[derive(Debug)]
pub struct Theme {
    pub title: &'static str,
    pub statements: &'static [Statement],
}

/// A theme and its statements. Each is written as what the documentation says, how firmly and where, what haul makes of it,
/// and the test:
///
/// ```text
/// statements! {
///     "IDOManager";
///
///     /// A new download is in the state Created.
///     Doc("A/..."), Holds;
///     async fn a_new_download_is_created() { ... }
/// }
/// ```
macro_rules! statements {
    ($title:literal; $(
        $(#[doc = $said:literal])+
        $strength:ident($source:expr), $verdict:ident $(($remark:expr))?;
        async fn $name:ident() $body:block
    )+) => {
        pub const THEME: $crate::statement::Theme = $crate::statement::Theme {
            title: $title,
            statements: &[$($crate::statement::Statement {
                test: concat!(module_path!(), "::", stringify!($name)),
                said: &[$($said),+],
                source: $source,
                strength: $crate::statement::Strength::$strength,
                verdict: $crate::statement::Verdict::$verdict $(($remark))?,
            }),+],
        };
        $(
            #[tokio::test]
            async fn $name() $body
        )+
    };
}

pub(crate) use statements;
