//! Facts of manual pages and of the reference beside commands and options.

/// Variables of the environment and their effects.
pub const ENVIRONMENT: [(&str, &str); 4] = [
    ("XDG_STATE_HOME", "Absolute path of the directory that has haul's state directory; default ~/.local/state."),
    ("HOME", "The home directory, if XDG_STATE_HOME is not set."),
    ("SSL_CERT_FILE", "File of root certificates in PEM, in the place of the system's."),
    ("SSL_CERT_DIR", "Directory of root certificates, in the place of the system's."),
];

pub const FILES: [(&str, &str); 4] = [
    ("FILE.part", "Received bytes of a file that is not complete."),
    ("FILE.haul", "Its journal: the bytes that are safe, and the version that they belong to."),
    ("$XDG_STATE_HOME/haul/queue.haul", "The queue of haul jobs."),
    ("$XDG_STATE_HOME/haul/key", "The key that authenticates journals. Only its owner can read it."),
];

/// The exit codes. If several files fail, the highest code wins.
pub const STATUSES: [(&str, &str); 7] = [
    ("0", "Success: every file is complete, or was complete already."),
    ("1", "A file, a job or a call failed."),
    ("2", "The command line is wrong."),
    ("3", "Refused by a policy: the cost policy forbids the network, or the file is larger than --max-filesize."),
    ("4", "The content did not verify."),
    ("124", "The time of --max-time ran out."),
    ("130", "Interrupted by SIGINT or SIGTERM."),
];
