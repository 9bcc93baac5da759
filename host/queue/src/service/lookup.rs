//! Jobs by id or name.

use haul::{Engine, Error, Job};

use crate::error::CommandError;
use crate::redaction::named;

/// Every job of the queue, with its display name.
pub async fn all(engine: &Engine) -> Result<Vec<(String, Job)>, Error> {
    let mut all = Vec::new();
    for job in engine.jobs(true).await?.rest().await? {
        all.push((job.display_name().await?, job));
    }
    Ok(all)
}

/// The job of each name, or the error if no job or several jobs have it.
pub async fn chosen(
    engine: &Engine,
    names: &[String],
) -> Result<Vec<(String, Result<Job, CommandError>)>, CommandError> {
    let known = all(engine).await?;
    let called: Vec<_> = known.iter().map(|(name, job)| (job.id(), name.as_str())).collect();
    let job = |name| find(&called, name).map(|at| known[at].1.clone());
    Ok(names.iter().map(|name| (name.clone(), job(name))).collect())
}

/// The job with this name.
///
/// # Errors
///
/// No job or several jobs have it.
pub async fn job(engine: &Engine, name: &str) -> Result<Job, CommandError> {
    let mut found = chosen(engine, &[name.to_owned()]).await?;
    let (_, job) = found.remove(0);
    job.map_err(|error| error.about(named(name)))
}

/// The fewest characters of a prefix that stands for an id, because a shorter one may be a display name with a typing error.
const SHORTEST: usize = 4;

/// The index of the job that `text` names among these ids and display names: an id, else a display name, else a prefix of an id. It
/// must be unique.
fn find(known: &[(&str, &str)], text: &str) -> Result<usize, CommandError> {
    let id = text.trim_start_matches('{').trim_end_matches('}').to_ascii_lowercase();
    let called = |is_meant: &dyn Fn(&(&str, &str)) -> bool| -> Vec<usize> {
        (0..known.len()).filter(|at| is_meant(&known[*at])).collect()
    };
    let by_id = called(&|(known, _)| *known == id);
    let by_name = called(&|(_, name)| *name == text);
    let by_beginning = called(&|(known, _)| id.len() >= SHORTEST && known.starts_with(&id));
    let meant = [by_id, by_name, by_beginning].into_iter().find(|meant| !meant.is_empty()).unwrap_or_default();
    match meant[..] {
        [at] => Ok(at),
        [] => Err(CommandError::failed("there is no such job; 'haul jobs list' has those that there are")),
        [one, other, ..] => Err(CommandError::failed(format!(
            "{} jobs are called so, such as {} and {}; write the id of one",
            meant.len(),
            known[one].0,
            known[other].0
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [(&str, &str); 4] = [
        ("3f2a0000-0000-0000-0000-000000000001", "images"),
        ("3f2b0000-0000-0000-0000-000000000002", "maps"),
        ("90000000-0000-0000-0000-000000000003", "maps"),
        ("3f2a0000-0000-0000-0000-000000000004", "3f2c"),
    ];

    #[test]
    fn a_job_is_meant_by_its_id_the_beginning_of_it_or_its_name() {
        for (text, expected) in [
            ("3f2a0000-0000-0000-0000-000000000001", 0),
            ("{3F2A0000-0000-0000-0000-000000000001}", 0),
            ("3f2b", 1),
            ("9000", 2),
            ("images", 0),
            ("3f2c", 3),
        ] {
            assert_eq!(find(&KNOWN, text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_could_be_several_jobs_is_none() {
        for (text, hint) in [
            ("maps", "2 jobs are called so"),
            ("3F2A", "2 jobs are called so"),
            ("9", "no such job"),
            ("Images", "no such job"),
            ("", "no such job"),
            ("{}", "no such job"),
        ] {
            let error = find(&KNOWN, text).unwrap_err().to_string();
            assert!(error.contains(hint), "{text}: {error}");
        }
    }
}
