//! What is typed.

mod get;

use clap::{Args, Parser, Subcommand};

pub use self::get::Get;

/// Downloads that resume after anything and are never wrong.
#[derive(Debug, Parser)]
#[command(name = "haul", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Get(Box<Get>),
    Errors(Errors),
}

/// Say what an error code means.
///
/// Without CODE all that are known are listed, but those of HTTP statuses: 0x80190000 and the status.
#[derive(Args, Debug)]
pub struct Errors {
    /// A code as 0x80D02013, 80D02013, 2161123347 or -2133843949, or a name such as DO_E_INVALID_STATE
    #[arg(value_name = "CODE", allow_negative_numbers = true)]
    pub code: Option<String>,

    /// One JSON object per line
    #[arg(long)]
    pub json: bool,
}
