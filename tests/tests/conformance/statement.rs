//! Statements, and the macro that turns each into a test and an entry of the page.

/// The evidence for a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// The official documentation has it.
    Doc,
    /// The IDL or a header has it.
    Idl,
    /// Clients, tests or remarks by the makers of Delivery Optimization show it.
    Observed,
    /// Only names and neighbours suggest it.
    Inferred,
    /// The sources say nothing, or contradict each other.
    Silent,
}

/// The behaviour of haul.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    /// The documentation leaves it open; this is haul's choice.
    Chosen(&'static str),
    /// The types cannot express anything else, so no program can do otherwise.
    CannotBeWritten(&'static str),
    /// haul does something else, for this reason.
    Differs(&'static str),
}

/// A sentence of the documentation with its test.
#[derive(Debug)]
pub struct Statement {
    /// The path of the test in this target.
    pub test: &'static str,
    /// The lines of the sentence.
    pub said: &'static [&'static str],
    /// Key and file, as explained on the page.
    pub source: &'static str,
    pub strength: Strength,
    pub verdict: Verdict,
}

/// Statements on one topic.
#[derive(Debug)]
pub struct Theme {
    pub title: &'static str,
    pub statements: &'static [Statement],
}

/// Defines a theme and its statements. Each has the sentence of the documentation, its strength and source, haul's verdict, and
/// the test:
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
