//! Options of the commands of the queue.

use alloc::format;
use alloc::string::String;

use crate::option::{Kind, OPTION, Opt, Place, Value, Word};
use crate::values;

/// The priorities of BITS.
pub const PRIORITIES: &[&str] = &["foreground", "high", "normal", "low"];

/// The words for the transfer policies of BITS, and their cost flags.
pub const TRANSFER_POLICIES: [(&str, u32); 5] = [
    ("always", 0x8000_00FF),
    ("no-roaming", 0x8000_007F),
    ("no-surcharge", 0x8000_006F),
    ("standard", 0x8000_0067),
    ("unrestricted", 0x8000_0021),
];

const POLICY_WORDS: &[&str] = &["always", "no-roaming", "no-surcharge", "standard", "unrestricted"];

/// The sources of a job's proxy.
pub const PROXY_USAGES: &[&str] = &["preconfig", "no-proxy", "override", "autodetect"];

/// The flags of `BG_NOTIFY`.
pub const NOTIFICATIONS: &[&str] = &["none", "transferred", "error", "modification", "file-transferred"];

const NO_PROXY: Place = Place::Native("a stock runtime has no setting for proxies");

/// The known word that was typed.
fn word<'a>(typed: Word<'a>, known: &[&str]) -> Result<&'a str, String> {
    let typed = typed.text()?;
    if known.contains(&typed) { Ok(typed) } else { Err(format!("write one of {}", known.join(", "))) }
}

pub const JOB: Opt = Opt {
    long: "job",
    short: Some('j'),
    value: Value::One("JOB", Kind::Job),
    help: "Add the files to this job",
    set: |to, word| Ok(to.job = Some(word.string()?)),
    ..OPTION
};

pub const SUSPENDED: Opt = Opt {
    long: "suspended",
    help: "Leave the new job suspended",
    conflicts: &["job"],
    set: |to, _| Ok(to.suspended = true),
    ..OPTION
};

pub const DISPLAY_NAME: Opt = Opt {
    long: "display-name",
    short: Some('n'),
    aliases: &["name"],
    value: Value::One("NAME", Kind::Text),
    help: "Display name of the job [default: the name of the first file]",
    set: |to, word| Ok(to.display_name = Some(word.string()?)),
    ..OPTION
};

pub const DESCRIPTION: Opt = Opt {
    long: "description",
    value: Value::One("TEXT", Kind::Text),
    help: "Note that is kept with the job",
    set: |to, word| Ok(to.description = Some(word.string()?)),
    ..OPTION
};

pub const PRIORITY: Opt = Opt {
    long: "priority",
    value: Value::One("LEVEL", Kind::Words(PRIORITIES)),
    help: "A job goes before those of lower levels [default: normal]",
    set: |to, typed| Ok(to.priority = Some(word(typed, PRIORITIES)?.into())),
    ..OPTION
};

pub const RETRY_INTERVAL: Opt = Opt {
    long: "retry-interval",
    aliases: &["min-retry-delay"],
    value: Value::One("TIME", Kind::Text),
    help: "Time to wait at least before a failed file is tried again; less than 5 seconds count as 5, and 0 lets the engine choose",
    set: |to, word| Ok(to.retry_interval = Some(values::seconds(word.text()?)?)),
    ..OPTION
};

pub const RETRY_TIMEOUT: Opt = Opt {
    long: "retry-timeout",
    aliases: &["no-progress-timeout"],
    value: Value::One("TIME", Kind::Text),
    help: "Time without a byte after which the job fails [default: a day, in the foreground an hour]",
    set: |to, word| Ok(to.retry_timeout = Some(values::seconds(word.text()?)?)),
    ..OPTION
};

pub const TRANSFER_POLICY: Opt = Opt {
    long: "cost-policy",
    aliases: &["transfer-policy"],
    value: Value::One("POLICY", Kind::Words(POLICY_WORDS)),
    help: "Allowed networks [default: standard, in the foreground always]",
    set: |to, typed| Ok(to.transfer_policy = Some(word(typed, POLICY_WORDS)?.into())),
    ..OPTION
};

pub const PROXY_USAGE: Opt = Opt {
    long: "proxy-usage",
    value: Value::One("USAGE", Kind::Words(PROXY_USAGES)),
    help: "Source of the proxy [default: preconfig; with --proxy-list: override]",
    more: "preconfig is no proxy, because the command configures none; system-default means the same.",
    place: NO_PROXY,
    set: |to, typed| {
        let typed = if typed.0 == b"system-default" { Word(b"preconfig") } else { typed };
        Ok(to.proxy_usage = Some(word(typed, PROXY_USAGES)?.into()))
    },
    ..OPTION
};

pub const PROXY_LIST: Opt = Opt {
    long: "proxy-list",
    value: Value::One("LIST", Kind::Secret),
    help: "host:port entries, separated by spaces; the first that answers is used",
    place: NO_PROXY,
    set: |to, word| Ok(to.proxy_list = Some(word.string()?)),
    ..OPTION
};

pub const PROXY_BYPASS: Opt = Opt {
    long: "proxy-bypass",
    value: Value::One("LIST", Kind::Secret),
    help: "Hosts that are reached directly, separated by spaces",
    more: "Names, addresses, *.domain, and <local> for names without a dot.",
    requires: &["proxy-list"],
    place: NO_PROXY,
    set: |to, word| Ok(to.proxy_bypass = Some(word.string()?)),
    ..OPTION
};

pub const KEEP_GOING: Opt = Opt {
    long: "keep-going",
    value: Value::Optional("yes|no", "yes", Kind::Text),
    help: "A failed file does not stop the others",
    set: |to, word| Ok(to.keep_going = Some(values::truth(word.text()?)?)),
    ..OPTION
};

pub const NOTIFY: Opt = Opt {
    long: "notify",
    aliases: &["notify-flags"],
    value: Value::List("WHAT", Kind::Words(NOTIFICATIONS)),
    help: "Events that a program that serves the queue is called for, separated by commas",
    place: Place::Native("no program serves the queue of a stock runtime"),
    set: |to, typed| {
        for one in typed.text()?.split(',') {
            to.notify.push(word(Word(one.as_bytes()), NOTIFICATIONS)?.into());
        }
        Ok(())
    },
    ..OPTION
};

pub const ALL_SHOWN: Opt =
    Opt { long: "all", help: "Every job, which is the default", set: |to, _| Ok(to.all = true), ..OPTION };

pub const HISTORY: Opt = Opt {
    long: "all",
    help: "Also show the last 1000 jobs that ended",
    place: Place::Native("a component keeps no history of its queue"),
    set: |to, _| Ok(to.history = true),
    ..OPTION
};

pub const YES: Opt =
    Opt { long: "yes", short: Some('y'), help: "Do not ask", set: |to, _| Ok(to.yes = true), ..OPTION };

pub const ALL_CHANGED: Opt = Opt { long: "all", help: "Every job", set: |to, _| Ok(to.all = true), ..OPTION };

pub const SHOW_FILES: Opt =
    Opt { long: "files", help: "Show their files too", set: |to, _| Ok(to.show_files = true), ..OPTION };

pub const INTERVAL: Opt = Opt {
    long: "interval",
    aliases: &["refresh"],
    value: Value::One("TIME", Kind::Text),
    help: "Time between two updates",
    default: "1s",
    set: |to, word| Ok(to.interval = values::duration(word.text()?)?),
    ..OPTION
};

pub const PARTIAL: Opt = Opt {
    long: "partial",
    help: "Also take jobs that are not transferred: complete files get their names, and the others are dropped",
    set: |to, _| Ok(to.partial = true),
    ..OPTION
};

pub const WATCH: Opt = Opt {
    long: "watch",
    short: Some('w'),
    help: "Stay, and download jobs that are added later",
    place: Place::Native("no other process can hand jobs to a component"),
    set: |to, _| Ok(to.watch = true),
    ..OPTION
};

pub const NO_COMPLETE: Opt = Opt {
    long: "no-complete",
    help: "Leave transferred jobs to 'jobs complete'",
    set: |to, _| Ok(to.no_complete = true),
    ..OPTION
};

pub const SCHEDULE: Opt = Opt {
    long: "schedule",
    value: Value::Repeated("DAYS HH:MM-HH:MM BYTES", Kind::Text),
    help: "Bytes per second in a window of local time, such as 'Mon-Fri 08:00-18:00 2M' or '22:00-06:00 unlimited'; repeatable, and the first that fits counts. At all other times --limit-rate counts",
    more: "Days are Mon-Fri or Sat,Sun; without days it is every day. A window may cross midnight.",
    place: Place::Native("the clock of WASI 0.2 knows no local time"),
    set: |to, word| Ok(to.schedule.push(word.string()?)),
    ..OPTION
};
