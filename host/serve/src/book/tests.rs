use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

fn gid(number: u64) -> Gid {
    Gid::parse(&format!("{number:016x}")).unwrap()
}

fn entry(number: u64) -> Entry {
    Entry::new(gid(number), vec![format!("http://h/{number}?secret")], BTreeMap::new())
}

fn put(entry: Entry, at: Option<usize>) -> Change {
    Change::Put { entry: Box::new(entry), at }
}

fn write(book: &mut Book) {
    if let Some(unwritten) = book.unwritten().unwrap() {
        unwritten.write().unwrap();
    }
}

fn waiting(book: &Book) -> Vec<Gid> {
    book.lists().of(List::Waiting).to_vec()
}

#[test]
fn a_list_that_is_opened_again_has_its_order_and_options() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Book::open(folder.path()).unwrap();
    for number in 1..=3 {
        book.change(put(entry(number), None));
    }
    book.change(put(entry(4), Some(0)));
    let active = Entry { state: State::Active, ..entry(2) };
    book.change(put(active.clone(), None));
    book.change(put(Entry { state: State::Paused, ..entry(1) }, None));
    book.change(Change::Global([("split".into(), Some("7".into())), ("dir".into(), None)].into()));
    book.change(Change::Forget(gid(3)));
    write(&mut book);
    // Not durable, so it never happened.
    book.change(put(entry(9), None));

    for _ in 0..2 {
        let book = Book::open(folder.path()).unwrap();
        assert_eq!(waiting(&book), [gid(4), gid(1)]);
        assert_eq!(book.listed(List::Active).collect::<Vec<_>>(), [&active]);
        assert_eq!(book.global().iter().collect::<Vec<_>>(), [(&"split".to_owned(), &"7".to_owned())]);
        assert_eq!(book.len(), 3);
    }
    let mode = fs::metadata(folder.path().join("downloads.journal")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_torn_line_is_dropped_and_a_damaged_one_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("downloads.journal");
    let mut book = Book::open(folder.path()).unwrap();
    book.change(put(entry(1), None));
    book.change(put(entry(2), None));
    write(&mut book);
    let whole = fs::read(&path).unwrap();
    // After each byte at which a kill may have cut the last line.
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    for cut in [last, last + 1, last + 20, whole.len() - 1] {
        fs::write(&path, &whole[..cut]).unwrap();
        assert_eq!(waiting(&Book::open(folder.path()).unwrap()), [gid(1)], "{cut}");
    }
    let mut damaged = whole;
    damaged[last - 3] ^= 1;
    fs::OpenOptions::new().write(true).truncate(true).open(&path).unwrap().write_all(&damaged).unwrap();
    let error = Book::open(folder.path()).err().unwrap().to_string();
    assert!(error.contains("is damaged in line"), "{error}");
}

#[test]
fn a_long_journal_is_rewritten_with_the_same_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("downloads.journal");
    let mut book = Book::open(folder.path()).unwrap();
    let large = Entry { uris: vec!["u".repeat(100_000)], ..entry(1) };
    let mut longest = 0;
    for round in 0..40 {
        book.change(put(Entry { bytes: round, ..large.clone() }, None));
        write(&mut book);
        longest = longest.max(fs::metadata(&path).unwrap().len());
    }
    assert!((1 << 20..3 << 20).contains(&longest), "{longest}");
    assert_eq!(Book::open(folder.path()).unwrap().entry(gid(1)).unwrap().bytes, 39);
}

#[test]
fn a_name_may_be_abbreviated_if_it_is_unique() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Book::open(folder.path()).unwrap();
    for number in [0xab, 0xcd] {
        book.change(put(entry(number), None));
    }
    assert_eq!(book.find("00000000000000A").unwrap().gid, gid(0xab));
    for (text, error) in
        [("0000", Unnamed::Ambiguous), ("", Unnamed::Invalid), ("xyz", Unnamed::Invalid), ("f", Unnamed::Unknown)]
    {
        assert_eq!(book.find(text).err(), Some(error), "{text}");
    }
}

#[test]
fn a_job_leads_to_the_download_that_it_works_for_last() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Book::open(folder.path()).unwrap();
    let job = Some(JobLink { id: "j".into(), stage: Stage::Kept, foreign: false });
    book.change(put(Entry { job: job.clone(), ..entry(1) }, None));
    book.change(put(Entry { job, ..entry(2) }, None));
    book.change(put(entry(1), None));
    assert_eq!(book.of_job("j").unwrap().gid, gid(2));
    book.change(Change::Forget(gid(2)));
    assert!(book.of_job("j").is_none());
}

#[test]
fn after_a_failed_write_the_whole_list_is_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Book::open(folder.path()).unwrap();
    book.change(put(entry(1), None));
    // Not written, as on a full disk.
    drop(book.unwritten().unwrap());
    book.distrust();
    book.change(put(entry(2), None));
    write(&mut book);
    book.change(put(entry(3), None));
    write(&mut book);
    assert_eq!(waiting(&Book::open(folder.path()).unwrap()), [gid(1), gid(2), gid(3)]);
}
