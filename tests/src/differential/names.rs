//! Values of Content-Disposition.

use super::{Case, Task};

const FIELDS: &[&[u8]] = &[
    b"attachment",
    b"inline",
    b"attachment; filename=a.txt",
    b"inline; filename=a.txt",
    b"attachment; filename=\"a.txt\"",
    b"attachment; filename=\"a b.txt\"",
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
    b"attachment; filename=\"a b.txt",
    b"attachment; filename=\"a.txt\" x",
    b"attachment; filename=\"C:\\dir\\a.txt\"",
    b"\"attachment\"; filename=a.txt",
    b"; filename=a.txt",
    b"attachment; filename",
    b"attachment, filename=a.txt",
    b"attachment filename=a.txt",
    b"attachment; filename=a=b.txt",
];

const GRAMMAR: &str = "RFC 6266 and browsers read it so; curl 7.88 looks for one spelling only";

const EXTENDED: &str = "haul reads filename*, RFC 6266; curl does not";

const TEXT: &str = "haul gives names in UTF-8; curl writes the bytes as they come";

const HARMLESS: &str = "a name of an origin must be harmless on every system, and no hidden file";

const OWN: &str = "haul would mistake it for a partial file of its own";

const ELSE: &str = "without a usable name of the origin haul takes that of the URL; curl fails";

const DIFFERENT: &[(&[u8], &str)] = &[
    (b"ATTACHMENT; FILENAME=a.txt", GRAMMAR),
    (b"attachment; FileName=\"a.txt\"", GRAMMAR),
    (b"attachment; filename= a.txt", GRAMMAR),
    (b"attachment; filename =a.txt", GRAMMAR),
    (b"attachment; filename=\"a\\\"b.txt\"", GRAMMAR),
    (b"attachment; filename=\" a.txt \"", GRAMMAR),
    (b"attachment; filename*=UTF-8''%e2%82%ac.txt", EXTENDED),
    (b"attachment; filename=plain.txt; filename*=UTF-8''%e2%82%ac.txt", EXTENDED),
    (b"attachment; filename*=\"UTF-8''a.txt\"", EXTENDED),
    (b"attachment; filename=\"caf\xe9.txt\"", TEXT),
    (b"attachment; filename=.bashrc", HARMLESS),
    (b"attachment; filename=\"a.\"", HARMLESS),
    (b"attachment; filename=\"a?b*c.txt\"", HARMLESS),
    (b"attachment; filename=\"a:b.txt\"", HARMLESS),
    (b"attachment; filename=\"nul.txt\"", HARMLESS),
    (b"attachment; filename=\"a\x01b.txt\"", HARMLESS),
    (b"attachment; filename=\"=?UTF-8?B?w7xiZXI=?=\"", HARMLESS),
    (b"attachment; filename=a.part", OWN),
    (b"attachment; filename=\"..\"", ELSE),
    (b"attachment; filename=\"\"", ELSE),
    (b"attachment; filename=", ELSE),
];

pub fn cases() -> Vec<Case> {
    let same = FIELDS.iter().map(|value| Case::same(Task::Name(value.to_vec())));
    same.chain(DIFFERENT.iter().map(|(value, reason)| Case::differs(Task::Name(value.to_vec()), reason))).collect()
}
