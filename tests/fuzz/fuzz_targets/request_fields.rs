//! A caller's fields never break a request, never replace the engine's fields, and go to another origin only if they are harmless. The
//! first line is the URL's user information, the rest are the fields.

#![no_main]

use haul_core::border::output::Request;
use haul_core::download::StartMode;
use haul_core::failure::Cause;
use haul_core::http::head::Head;
use haul_core::parse::url::Url;
use haul_core::settings::property::Property;
use haul_core_fuzz::single::Single;
use libfuzzer_sys::fuzz_target;

/// A URL beyond the length limit cannot be redirected.
const LONGEST_USER: usize = 1000;

fuzz_target!(|text: &str| {
    let (user, fields) = text.split_once('\n').unwrap_or(("", text));
    if user.len() > LONGEST_USER {
        return;
    }
    let mut single = Single::new();
    let source = source(user);
    single.set(Property::Uri(source.as_str().into())).expect("a sound URL");
    if let Err(cause) = single.set(Property::HttpCustomHeaders(fields.into())) {
        return assert!(matches!(cause, Cause::InvalidArgument | Cause::ReservedField), "{cause:?}");
    }
    let mut asked = single.start(StartMode::Ranges(Vec::new())).expect("everything is set");
    let (attempt, request) = asked.requests.pop().expect("a request");
    check(&request);
    check_count(&request, &source, fields);

    let home = single.respond(attempt, redirect("/elsewhere")).requests.pop().expect("a redirected request");
    assert_eq!(home.1.fields, request.fields);
    let away = single.respond(home.0, redirect("http://elsewhere/")).requests.pop().expect("a redirected request");
    check(&away.1);
    let harmless = ["accept", "accept-language", "user-agent", "referer", "accept-encoding"];
    assert!(away.1.fields.iter().all(|(name, _)| harmless.contains(&name.as_str())), "{away:?}");
});

fn source(user: &str) -> Url {
    let given = Url::parse(&format!("http://{user}@origin/file")).filter(|url| url.authority() == "origin");
    given.or_else(|| Url::parse("http://name:secret@origin/file")).expect("a sound URL")
}

fn redirect(location: &str) -> Head {
    Head { status: 302, fields: vec![("location".into(), location.into())] }
}

fn check(request: &Request) {
    for (name, value) in &request.fields {
        let token = |byte: u8| byte.is_ascii_graphic() && !b"\"(),/:;<=>?@[\\]{}".contains(&byte);
        assert!(!name.is_empty() && name.bytes().all(token) && *name == name.to_ascii_lowercase(), "{name:?}");
        assert!(!value.chars().any(|c| c.is_control() && c != '\t') && value.trim() == value, "{value:?}");
    }
    let values = |wanted: &str| -> Vec<_> {
        request.fields.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.as_str()).collect()
    };
    assert_eq!(values("accept-encoding"), ["identity"]);
    for reserved in ["range", "if-range", "host", "connection", "content-length", "transfer-encoding", "upgrade"] {
        assert!(values(reserved).is_empty(), "{reserved}");
    }
    assert!(!values("user-agent").is_empty());
}

/// All of the caller's fields are present; the engine adds at most three.
fn check_count(request: &Request, source: &Url, fields: &str) {
    let given = fields.lines().filter(|line| !line.trim().is_empty()).count();
    let names = |wanted: &str| fields.lines().any(|line| line.to_ascii_lowercase().starts_with(wanted));
    let credentials = source.user_information().is_some_and(|user| !user.is_empty()) && !names("authorization:");
    let added = 1 + usize::from(!names("user-agent:")) + usize::from(credentials);
    assert_eq!(request.fields.len(), given + added, "{request:?}");
}
