//! Every statement, from its file. `tests/tests/fleet/plans.rs` explains each against 100,000 rows.

macro_rules! statements {
    ($($name:ident = $file:literal),* $(,)?) => {
        $(pub const $name: &str = include_str!(concat!("../sql/", $file, ".sql"));)*
    };
}

statements! {
    ADD = "add",
    CANCEL = "cancel",
    CLAIM = "claim",
    CREATE_QUEUE = "create_queue",
    DONE = "done",
    ENROL = "enrol",
    FAIL = "fail",
    FAILURES = "failures",
    FIND = "find",
    HOLD = "hold",
    HOLDS = "holds",
    INSTALLED = "installed",
    LIMIT = "limit",
    LIST = "list",
    MACHINES = "machines",
    NEW_WORKER = "new_worker",
    ORIGINS = "origins",
    PAUSE = "pause",
    QUEUE = "queue",
    RELEASE = "release",
    RENEW = "renew",
    RETRY = "retry",
    SHARE = "share",
    STATES = "states",
    TASKS = "tasks",
    TOTALS = "totals",
    VERSION = "version",
    WORKER = "worker",
}
