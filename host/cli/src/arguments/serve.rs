//! Arguments of `haul serve`.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use haul_command::values;

use super::convert::place;

/// Run the queue as a daemon that aria2's clients know.
///
/// It answers aria2's JSON-RPC (POST and WebSocket) at /jsonrpc and XML-RPC at /rpc, and has a page at /. The first start creates a
/// secret and prints it once.
///
/// Examples:
///   haul serve --dir ~/Downloads
///   haul serve --dir /srv/files --listen 0.0.0.0:6800 --allow-host nas.local
///   haul serve --aria2-compatible --enable-rpc --dir=/srv/files --rpc-secret=SECRET
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct Serve {
    /// Directory that downloads may be written to, the first one by default; repeatable [default: the working directory]
    #[arg(short, long, value_name = "DIR", value_parser = place())]
    pub dir: Vec<PathBuf>,

    /// Address and port; repeatable [default: 127.0.0.1:6800 and [::1]:6800]
    #[arg(short, long, value_name = "ADDRESS:PORT")]
    pub listen: Vec<SocketAddr>,

    /// Directory of the queue [default: haul in $XDG_STATE_HOME or ~/.local/state]
    #[arg(long, value_name = "DIR", value_parser = place())]
    pub state_dir: Option<PathBuf>,

    /// Downloads in flight; a client can change it
    #[arg(short, long, value_name = "N", default_value_t = 5, value_parser = values::count)]
    pub jobs: u32,

    /// Connections to one server, of all downloads together
    #[arg(long, value_name = "N", value_parser = values::count)]
    pub max_per_origin: Option<u32>,

    /// Bytes per second of all downloads together (see BYTES); a client can change it
    #[arg(long, value_name = "BYTES", value_parser = values::rate)]
    pub limit_rate: Option<u64>,

    /// File with the secret [default: $HAUL_RPC_SECRET, the credential rpc-secret, or a file in the queue's directory]
    #[arg(long, value_name = "FILE", value_parser = place(), conflicts_with = "no_secret")]
    pub secret_file: Option<PathBuf>,

    /// Trust every program and user of this machine
    #[arg(long)]
    pub no_secret: bool,

    /// Name of this machine in URLs of clients; repeatable
    #[arg(long, value_name = "NAME")]
    pub allow_host: Vec<String>,

    /// Origin of another page that may use the daemon, such as http://ariang.example; repeatable
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,

    /// Pages of all origins may use the daemon, with the secret
    #[arg(long)]
    pub allow_origin_all: bool,

    /// Address that is not public and may be downloaded from, or a range such as 10.0.0.0/8; repeatable
    #[arg(long, value_name = "RANGE")]
    pub allow_address: Vec<String>,

    /// List of downloads to add at the start, in aria2's format
    #[arg(short, long, value_name = "FILE")]
    pub input_file: Option<PathBuf>,

    /// Log more than warnings to standard error
    #[arg(short, long)]
    pub verbose: bool,

    /// All arguments behind it are those of aria2c
    #[arg(long, value_name = "ARGUMENTS", num_args = 0.., allow_hyphen_values = true, conflicts_with_all = ["dir", "listen", "jobs", "limit_rate", "input_file"])]
    pub aria2_compatible: Option<Vec<OsString>>,
}
