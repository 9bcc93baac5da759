//! Values of Content-Disposition.

use super::{Case, Task};

const FIELDS: &[&[u8]] = &[
    b"attachment",
    b"inline",
    b"attachment; filename=a.txt",
    b"inline; filename=a.txt",
    b"attachment; filename=\"a.txt\"",
    b"attachment; filename=\"a b.txt\"",
    b"ATTACHMENT; FILENAME=a.txt",
    b"attachment; filename= a.txt",
    b"attachment;filename=a.txt",
    b"attachment; filename=a.txt;",
    b"attachment; filename=a.txt; size=3",
    b"attachment; size=3; filename=\"a.txt\"",
    b"filename=a.txt",
    b"attachment; filename=a b.txt",
    b"attachment; filename='a b.txt'",
    b"attachment; filename=a(1)[2].txt",
    b"attachment; filename=\"a;b.txt\"",
    b"attachment; filename=\"a=b.txt\"",
    "attachment; filename=\"über.txt\"".as_bytes(),
    "attachment; filename=über.txt".as_bytes(),
    "attachment; filename=\"日本.txt\"".as_bytes(),
    b"attachment; filename=\"/etc/passwd\"",
    b"attachment; filename=\"../../a.txt\"",
    b"attachment; filename=\"a/b.txt\"",
    b"attachment; filename=a.tar.gz",
    b"attachment; filename=\"a'b.txt\"",
    b"attachment; filename=\"a%20b.txt\"",
    b"attachment; filename=\"a.txt\"; filename=\"b.txt\"",
    b"attachment; name=a.txt",
];

const DIFFERENT: &[(&[u8], &str)] = &[];

pub fn cases() -> Vec<Case> {
    let same = FIELDS.iter().map(|value| Case::same(Task::Name(value.to_vec())));
    same.chain(DIFFERENT.iter().map(|(value, reason)| Case::differs(Task::Name(value.to_vec()), reason))).collect()
}
