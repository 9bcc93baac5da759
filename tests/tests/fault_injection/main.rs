//! System calls that fail: each call of the disk path of the command fails once, or from then on, as `strace` tampers with it. No run
//! calls a wrong file its own, forgets an acknowledged job, panics or hangs, and the next run finishes the work.

mod files;
mod queue;
mod table;
mod tracer;
