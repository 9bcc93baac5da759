//! `errors`, in both ways of running the command.

use std::process::{Command, Output};

use haul_tests::component;
use haul_tests::process::built;
use serde_json::Value;

/// The output of `haul errors`, and of the component under stock wasmtime.
fn both(arguments: &[&str]) -> [Output; 2] {
    let mut stock = Command::new(built("wasmtime"));
    stock.args(["run", "-S", "http"]).arg(component());
    [Command::new(built("haul")), stock].map(|mut command| command.arg("errors").args(arguments).output().unwrap())
}

/// The standard output of both, which must succeed and agree.
fn said(arguments: &[&str]) -> String {
    let [native, stock] = both(arguments).map(|output| {
        assert!(output.status.success() && output.stderr.is_empty(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    });
    assert_eq!(native, stock, "{arguments:?}");
    native
}

#[test]
fn a_code_is_explained_however_it_is_written() {
    let expected = said(&["0x80D02200"]);
    assert!(expected.starts_with("0x80D02200 DO_E_DOWNLOAD_NO_URI\n"), "{expected}");
    assert!(expected.contains("started without a URL") && expected.contains("set the URL"), "{expected}");
    for text in ["80d02200", "2161123840", "-2133843456", "do_e_download_no_uri"] {
        assert_eq!(said(&[text]), expected, "{text}");
    }
    assert!(said(&["0x80190194"]).contains("404 Not Found"));
}

#[test]
fn the_list_has_one_line_for_each_code() {
    let list = said(&[]);
    let codes: Vec<&str> = list.lines().map(|line| line.split_once(' ').unwrap().0).collect();
    assert!(codes.len() > 200 && codes.is_sorted(), "{codes:?}");
    for known in ["0x80D02013 DO_E_INVALID_STATE: ", "0x80200053 BG_E_VALIDATION_FAILED: ", "0x80070057 E_INVALIDARG: "]
    {
        assert!(list.lines().any(|line| line.starts_with(known)), "{known}");
    }
}

#[test]
fn programs_read_objects() {
    let object: Value = serde_json::from_str(&said(&["--json", "0x80D02013"])).unwrap();
    assert_eq!((&object["code"], &object["name"]), (&"0x80D02013".into(), &"DO_E_INVALID_STATE".into()));
    let lines = said(&["--json"]);
    let objects: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(objects.iter().all(|object| object["meaning"].is_string()));
    assert!(objects.iter().any(|object| object["advice"].is_string()));
}

#[test]
fn a_code_that_is_not_known_fails_with_one_line() {
    for text in ["DO_E_NO_SUCH_CODE", "0x80190000", "-1", ""] {
        for output in both(&[text]) {
            let told = String::from_utf8(output.stderr).unwrap();
            assert_eq!((output.status.code(), output.stdout.len(), told.lines().count()), (Some(1), 0, 1), "{told}");
        }
    }
}
