//! Facts of manual pages and of the reference beside commands and options.

/// Variables of the environment and their effects.
pub const ENVIRONMENT: [(&str, &str); 7] = [
    ("XDG_STATE_HOME", "Absolute path of the directory that has haul's state directory; default ~/.local/state."),
    ("HOME", "The home directory, if XDG_STATE_HOME is not set."),
    ("HAUL_QUEUE", "The queue of haul fleet, if --queue is not given."),
    ("PGPASSWORD", "The password for the database of haul fleet."),
    ("PGPASSFILE", "File of such passwords in PostgreSQL's format; default ~/.pgpass."),
    ("SSL_CERT_FILE", "File of root certificates in PEM, in the place of the system's."),
    ("SSL_CERT_DIR", "Directory of root certificates, in the place of the system's."),
];

pub const FILES: [(&str, &str); 4] = [
    ("FILE.part", "Received bytes of a file that is not complete."),
    ("FILE.haul", "Its journal: the bytes that are safe, and the version that they belong to."),
    ("$XDG_STATE_HOME/haul/queue.haul", "The queue of haul jobs."),
    ("$XDG_STATE_HOME/haul/key", "The key that authenticates journals. Only its owner can read it."),
];

/// The exit codes. If several files fail, the first of 4, 3, 2, 8, 7, 6, 5 and 1 counts.
pub const STATUSES: [(&str, &str); 11] = [
    ("0", "Success: every file is complete, or was complete already."),
    ("1", "Another failure: of the engine, of a call, or of a signal handler."),
    ("2", "Usage: the command line, a list or a document is wrong."),
    ("3", "Policy: the cost policy forbids the network, or the file is larger than --max-filesize."),
    ("4", "Verification: the content does not match its digest or length."),
    ("5", "Network: the host was not found or not reached, or sent nothing for too long."),
    ("6", "HTTP: the server answered with an error such as 404, or not as HTTP requires."),
    ("7", "TLS: a certificate, or the version or parameters of the secure connection."),
    ("8", "Disk: no room, no permission, or another file is at the target."),
    ("124", "The time of --max-time ran out."),
    ("130", "Interrupted by SIGINT, SIGTERM or SIGHUP."),
];
