//! Failing system calls: `strace` makes each call on the command's disk path fail, once or from then on. No run gives a wrong
//! file its final name, forgets an acknowledged job, panics or hangs, and the next run finishes the work.

mod files;
mod queue;
mod table;
mod tracer;
