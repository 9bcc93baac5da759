//! IBackgroundCopyFile5: the property of a file.

use haul_tests::origin::{Fault, When};

use super::bare::{self, Bare, text};
use super::sources::{BITS_FILE5_SET, FILE_PROPERTY_ID, FILE5, FILE5_GET, IDL_5_0};
use super::world::{done, fails, fetch, file};
use crate::codes::{DO_E_READ_ONLY_PROPERTY, E_NOT_SET};
use crate::http_codes::status;
use crate::lifetime::{keeping, reopen};
use crate::statement::statements;
use crate::world::{World, refused, wit};

/// A response without content, identified by a field.
fn answer(status: u16, what: &str) -> Fault {
    Fault::Status { status, headers: vec![("X-Answer".into(), what.into())], body: Vec::new() }
}

statements! {
    "IBackgroundCopyFile5";

    /// HTTP_RESPONSE_HEADERS returns all headers of the response for this file.
    Doc(FILE5_GET), Holds;
    async fn the_headers_of_the_response_can_be_read() {
        let world = World::faulty([(When::Every, Fault::header("X-Cdn", "east"))]).await;
        let job = world.job_of(&["/here"]).await;
        fetch(&job).await;
        let headers = file(&job, 0).await.response_headers().await.unwrap();
        let named = |name: &str, value: &str| {
            headers.split("\r\n").any(|line| line.to_lowercase() == format!("{name}: {value}"))
        };
        assert!(named("x-cdn", "east") && named("etag", "\"v1\""), "{headers}");
    }

    /// The headers are those of the last response.
    Doc(FILE_PROPERTY_ID), Holds;
    async fn the_headers_are_those_of_the_last_response() {
        let world = World::faulty([
            (When::Nth(0), answer(503, "first")),
            (When::From(1), Fault::header("X-Answer", "second")),
        ])
        .await;
        let job = world.job_of(&["/here"]).await;
        fetch(&job).await;
        assert_eq!(world.origin.requests()[0].status, Some(503));
        let headers = file(&job, 0).await.response_headers().await.unwrap();
        assert!(headers.contains("second") && !headers.contains("first"), "{headers}");
    }

    /// Each file has its own headers.
    Doc(FILE_PROPERTY_ID), Holds;
    async fn each_file_has_headers_of_its_own() {
        let world = World::new().await;
        let job = world.job_of(&["/file", "/other"]).await;
        fetch(&job).await;
        for (number, tag) in ["\"v1\"", "\"other\""].into_iter().enumerate() {
            assert!(file(&job, number).await.response_headers().await.unwrap().contains(tag));
        }
    }

    /// The documentation does not say whether an error response sets the headers.
    Silent(FILE5_GET), Chosen("It does.");
    async fn an_error_has_headers_too() {
        let world = World::faulty([(When::Every, answer(404, "gone"))]).await;
        let job = world.job_of(&["/here"]).await;
        fails(&job, status(404)).await;
        assert!(file(&job, 0).await.response_headers().await.unwrap().contains("gone"));
    }

    /// The result of GetProperty before the first response is not documented.
    Silent(FILE5_GET), Chosen("E_NOT_SET.");
    async fn there_are_no_headers_before_the_first_response() {
        let world = World::new().await;
        refused(file(&world.job_of(&["/file"]).await, 0).await.response_headers().await, E_NOT_SET);
    }

    /// The documentation does not say whether the headers survive a restart.
    Silent(FILE5_GET), Chosen("They do not.");
    async fn headers_are_not_kept_over_a_restart() {
        let world = keeping().await;
        let job = world.job_of(&["/file"]).await;
        fetch(&job).await;
        let id = job.id().to_owned();
        drop(job);
        let world = reopen(world).await;
        let job = world.engine.job(&id).await.unwrap();
        refused(file(&job, 0).await.response_headers().await, E_NOT_SET);
        job.complete().await.unwrap();
    }

    /// The documentation does not say whether the headers are available after the end of the job.
    Silent(FILE5_GET), Chosen("They are, as long as a client holds the job.");
    async fn headers_can_be_read_when_the_job_is_over() {
        let world = World::new().await;
        let job = world.job_of(&["/file"]).await;
        done(&job).await;
        assert!(file(&job, 0).await.response_headers().await.unwrap().contains("\"v1\""));
    }

    /// The caller frees the returned text.
    Doc(FILE5_GET), CannotBeWritten("The caller owns a string in a variant.");
    async fn the_headers_are_a_string() {
        assert_eq!(wit().parts("background-copy-file5", "file-property"), [("http-response-headers", "string".into())]);
    }

    /// The IDL says that the property can be written; the effect is not documented.
    Silent(IDL_5_0), Chosen("DO_E_READ_ONLY_PROPERTY: writing the headers of a response has no meaning.");
    async fn the_headers_cannot_be_written() {
        let mut bare = Bare::new().await;
        let job = bare.job().await;
        let file = bare.file_of(&job).await;
        let headers = text("http-response-headers", "X: y");
        let answer = bare.call("background-copy-file5", "set-property", &[file, headers]).await;
        bare::refused(answer, DO_E_READ_ONLY_PROPERTY);
    }

    /// SetProperty takes a pointer on its page, and the value itself in the IDL.
    Silent(BITS_FILE5_SET), Chosen("The value, as in the IDL.");
    async fn set_property_takes_a_value() {
        let expected = "set-property: func(file: borrow<file>, value: file-property) -> result<_, failure>";
        assert_eq!(wit().signature("background-copy-file5", "set-property"), expected);
    }

    /// The base of the interface is IUnknown on its page, and IBackgroundCopyFile4 in the IDL.
    Silent(FILE5), Chosen("It has no base: its two functions borrow the file.");
    async fn file5_has_no_base() {
        let wit = wit();
        assert!(wit.interface("background-copy-file5").functions.keys().eq(["get-property", "set-property"]));
    }
}
