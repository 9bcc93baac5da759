//! Passwords and TLS of the connection to the database.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use haul_lab::postgres::Postgres;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::UnixStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::fleet::Fleet;

/// Lets the server ask `member` for a password.
fn with_password(database: &Postgres) {
    database.sql("CREATE ROLE member LOGIN PASSWORD 's3cret' IN ROLE haul_look");
    database.demand_password("member");
}

fn password_file(folder: &Path, mode: u32, password: &str) -> PathBuf {
    let path = folder.join("pgpass");
    fs::write(&path, format!("localhost:*:postgres:member:{password}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

#[test]
fn a_password_comes_from_a_file_that_only_its_owner_can_read() {
    let fleet = Fleet::new("once");
    with_password(&fleet.database);
    let url = fleet.database.url_for("member", "q");
    for (mode, password, expected) in [
        (0o600, "s3cret", Ok(())),
        (0o600, "wrong", Err("refuses this role")),
        (0o644, "s3cret", Err("chmod 600")),
        (0o600, "", Err("refuses this role")),
    ] {
        let file = password_file(fleet.folder.path(), mode, password);
        let output = fleet.command(&["list", "--queue", &url]).env("PGPASSFILE", file).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        match expected {
            Ok(()) => assert!(output.status.success(), "{told}"),
            Err(hint) => assert!(!output.status.success() && told.contains(hint) && !told.contains("s3cret"), "{told}"),
        }
    }
    let without = fleet.command(&["list", "--queue", &url]).env("PGPASSFILE", "/nonexistent").output().unwrap();
    assert!(String::from_utf8_lossy(&without.stderr).contains("~/.pgpass"));
    let variable = fleet.command(&["list", "--queue", &url]).env("PGPASSWORD", "s3cret").output().unwrap();
    assert!(variable.status.success(), "{}", String::from_utf8_lossy(&variable.stderr));
}

/// A server with TLS for `localhost`, in front of the database. Returns its port and the path of its certificate.
fn tls_in_front_of(database: &Postgres, folder: &Path) -> (u16, PathBuf) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let path = folder.join("root.pem");
    fs::write(&path, cert.pem()).unwrap();
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let configuration = builder.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    listener.set_nonblocking(true).unwrap();
    let socket = database.socket();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let acceptor = TlsAcceptor::from(Arc::new(configuration));
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 8];
                stream.read_exact(&mut request).await.unwrap();
                assert_eq!(request, [0, 0, 0, 8, 4, 210, 22, 47], "the request for TLS");
                stream.write_all(b"S").await.unwrap();
                // A client that rejects the certificate ends the handshake.
                let Ok(mut encrypted) = acceptor.accept(stream).await else { continue };
                let mut server = UnixStream::connect(&socket).await.unwrap();
                let _ = copy_bidirectional(&mut encrypted, &mut server).await;
            }
        });
    });
    (port, path)
}

#[test]
fn tls_verifies_the_certificate_and_its_name() {
    let fleet = Fleet::new("once");
    let (port, root) = tls_in_front_of(&fleet.database, fleet.folder.path());
    let root = root.to_str().unwrap();
    let url = |host: &str, options: &str| format!("postgres://haul@{host}:{port}/postgres/q{options}");
    fleet.said(&["list", "--queue", &url("localhost", &format!("?sslrootcert={root}"))]);
    for (host, options) in [("localhost", String::new()), ("127.0.0.1", format!("?sslrootcert={root}"))] {
        let (code, told) = fleet.refused(&["list", "--queue", &url(host, &options)]);
        assert!(code == Some(1) && told.contains("certificate"), "{told}");
    }
}

/// A server that has no TLS, or an attacker who says so, gets neither the user nor the password.
#[test]
fn without_tls_nothing_is_sent() {
    let fleet = Fleet::without_queue();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let received = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = vec![0; 8];
        stream.read_exact(&mut bytes).unwrap();
        stream.write_all(b"N").unwrap();
        stream.read_to_end(&mut bytes).unwrap();
        bytes
    });
    let mut command = fleet.command(&["list", "--queue", &format!("postgres://haul@localhost:{port}/postgres/q")]);
    let output = command.env("PGPASSWORD", "s3cret").output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("ssl = on") && !output.status.success(), "{told}");
    assert_eq!(received.join().unwrap(), [0, 0, 0, 8, 4, 210, 22, 47]);
}
