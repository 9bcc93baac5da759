//! A private PostgreSQL: a cluster in a temporary folder that listens on a Unix socket only.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::process::wait_until;

/// A running server, until this is dropped.
#[derive(Debug)]
pub struct Postgres {
    folder: TempDir,
    clients: u32,
    server: Option<Child>,
}

impl Postgres {
    /// # Panics
    ///
    /// If PostgreSQL is not installed; `make setup` installs it.
    pub fn start() -> Self {
        Self::for_clients(200)
    }

    /// A server for this many connections.
    ///
    /// # Panics
    ///
    /// If PostgreSQL is not installed.
    pub fn for_clients(clients: u32) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        if let Some((user, group)) = other_user() {
            chown(folder.path(), Some(user), Some(group)).expect("the folder can be given away");
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("its mode can be set");
        let mut made = program("initdb", folder.path());
        made.args([
            "--auth=trust",
            "--username=haul",
            "--no-sync",
            "--no-instructions",
            "--locale=C",
            "--encoding=UTF8",
        ]);
        let made = made.arg("-D").arg(folder.path().join("data")).output().expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut postgres = Self { folder, clients, server: None };
        postgres.restart();
        postgres
    }

    /// Starts the server, after [`signal`](Self::signal) has ended it.
    ///
    /// # Panics
    ///
    /// If it does not accept connections.
    pub fn restart(&mut self) {
        assert!(self.server.is_none(), "the server runs already");
        let folder = self.folder.path();
        // As a killed server may leave behind.
        let _ = fs::remove_file(folder.join("data/postmaster.pid"));
        let log = fs::File::options().create(true).append(true).open(folder.join("log")).expect("a log");
        let mut server = program("postgres", folder);
        server.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
        server.args(["-c", "listen_addresses=", "-c", &format!("max_connections={}", self.clients)]);
        self.server = Some(server.stdin(Stdio::null()).stderr(log).spawn().expect("postgres runs"));
        wait_until("the server accepts connections", || self.try_sql("SELECT 1").is_ok());
    }

    /// Ends the server with this signal, and waits for its end.
    ///
    /// # Panics
    ///
    /// If it does not run.
    pub fn signal(&mut self, signal: &str) {
        let mut server = self.server.take().expect("the server runs");
        let sent = Command::new("kill").args([signal, &server.id().to_string()]).status();
        assert!(sent.expect("kill runs").success());
        server.wait().expect("the server ends");
        // The processes of connections notice the end of a killed server by themselves, and hold its shared memory until then.
        wait_until("the connections end", || !self.has_processes());
    }

    fn has_processes(&self) -> bool {
        let data = self.folder.path().join("data");
        let of_cluster = |entry: fs::DirEntry| fs::read_link(entry.path().join("cwd")).is_ok_and(|found| found == data);
        fs::read_dir("/proc").is_ok_and(|processes| processes.flatten().any(of_cluster))
    }

    /// The output of a script: a line for each row, with `|` between columns.
    ///
    /// # Panics
    ///
    /// If the script fails.
    #[track_caller]
    pub fn sql(&self, script: &str) -> String {
        self.try_sql(script).unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// The output of a script, or its error.
    ///
    /// # Errors
    ///
    /// The message of the server or of `psql`.
    pub fn try_sql(&self, script: &str) -> Result<String, String> {
        self.execute("haul", script)
    }

    fn execute(&self, user: &str, script: &str) -> Result<String, String> {
        let mut psql = Command::new("psql");
        psql.args(["-wqAtX", "-v", "ON_ERROR_STOP=1", "-U", user, "-d", "postgres", "-h"]).arg(self.folder.path());
        let output = psql.args(["-c", script]).output().expect("psql is installed: run `make setup`");
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }

    /// `pgbench` with these options and script. Returns the milliseconds of each transaction.
    ///
    /// # Panics
    ///
    /// If it fails.
    pub fn bench(&self, options: &[&str], script: &str) -> Vec<f64> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("script"), script).expect("the script");
        let mut bench = Command::new(directory().join("pgbench"));
        bench
            .args(["-n", "-l", "-f", "script", "-U", "haul", "-h"])
            .arg(self.folder.path())
            .args(options)
            .arg("postgres");
        let output = bench.current_dir(&folder).output().expect("pgbench runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let logs = fs::read_dir(&folder).expect("the logs").flatten().filter(|entry| entry.file_name() != "script");
        let lines = logs.map(|entry| fs::read_to_string(entry.path()).expect("a log")).collect::<String>();
        // Client, number, microseconds, ...
        let times = lines.lines().filter_map(|line| line.split(' ').nth(2)?.parse::<f64>().ok());
        times.map(|time| time / 1000.0).collect()
    }

    /// Asks this user for a password from now on.
    ///
    /// # Panics
    ///
    /// If the server does not.
    pub fn demand_password(&self, user: &str) {
        let path = self.folder.path().join("data/pg_hba.conf");
        let rules = fs::read_to_string(&path).expect("the rules");
        fs::write(&path, format!("local all {user} scram-sha-256\n{rules}")).expect("the rules can be written");
        self.sql("SELECT pg_reload_conf()");
        wait_until("the rule counts", || self.execute(user, "SELECT 1").is_err());
    }

    /// The socket at which the server listens.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join(".s.PGSQL.5432")
    }

    /// The URL of a queue.
    pub fn url(&self, queue: &str) -> String {
        self.url_for("haul", queue)
    }

    /// The URL of a queue for another user of the database.
    pub fn url_for(&self, user: &str, queue: &str) -> String {
        format!("postgres://{user}@/postgres/{queue}?host={}", self.folder.path().display())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.signal("-QUIT");
        }
    }
}

/// A program of the newest installed version. It refuses to run as root.
fn program(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(directory().join(name));
    command.current_dir(folder).stdout(Stdio::null());
    if let Some((user, group)) = other_user() {
        command.uid(user).gid(group);
    }
    command
}

/// Debian keeps the programs of each version in a directory of its own.
fn directory() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()).max();
    let newest = newest.expect("PostgreSQL is installed: run `make setup`");
    format!("/usr/lib/postgresql/{newest}/bin").into()
}

/// The user and group `postgres`, if this process is root's.
fn other_user() -> Option<(u32, u32)> {
    let id = |option: &str, user: &[&str]| {
        let output = Command::new("id").arg(option).args(user).output().expect("id runs");
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()
    };
    (id("-u", &[]) == Some(0))
        .then(|| (id("-u", &["postgres"]), id("-g", &["postgres"])))
        .and_then(|(user, group)| Some((user.expect("the package has made the user postgres"), group?)))
}
