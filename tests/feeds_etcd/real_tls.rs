//! etcd by TLS, with certificates of an authority of the test's own.

use std::path::Path;
use std::process::Command;

use ureq::Agent;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use crate::bed::{Bed, Folder};
use crate::client::Client;
use crate::server::Server;

/// Makes `ca.pem`, and a certificate and key of `server` and `client` that it has signed.
fn certificates(folder: &Path) {
    let script = "set -e
        ec='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
        openssl req -x509 $ec -keyout ca-key.pem -out ca.pem -days 30 -subj /CN=authority
        for name in server client; do
            openssl req $ec -keyout $name-key.pem -out $name.csr -subj /CN=$name
            echo 'subjectAltName=IP:127.0.0.1,DNS:localhost' > $name.ext
            openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 30 \
                -extfile $name.ext -out $name.pem
        done";
    let made = Command::new("sh").args(["-c", script]).current_dir(folder).output();
    let made = made.expect("openssl is there: apt-get install openssl");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn client(folder: &Path, url: &str) -> Client {
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let certificate = |name| Certificate::from_pem(&read(name)).unwrap();
    let key = PrivateKey::from_pem(&read("client-key.pem")).unwrap();
    let shown = ClientCert::new_with_certs(&[certificate("client.pem")], key);
    let roots = RootCerts::new_with_certs(&[certificate("ca.pem")]);
    let tls = TlsConfig::builder().root_certs(roots).client_cert(Some(shown)).build();
    Client::by(Agent::config_builder().tls_config(tls).proxy(None).build().into(), url)
}

#[test]
#[ignore = "needs etcd and openssl: ffi-tests/run.sh etcd"]
fn certificates_are_checked_on_both_sides() {
    let folder = Folder::new("certificates");
    certificates(folder.path());
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let options = ["--cert-file", "server.pem", "--key-file", "server-key.pem"];
    let mut options: Vec<_> = options
        .map(|option| match option.starts_with("--") {
            true => option.to_owned(),
            false => at(option),
        })
        .into();
    options.extend(["--client-cert-auth".into(), "--trusted-ca-file".into(), at("ca.pem")]);
    let server = Server::not_started("tls", "https", options).started();
    let client = client(folder.path(), &format!("https://127.0.0.1:{}", server.port));
    client.put("users/0", "a:1").unwrap();
    let uri = format!("etcd+https:127.0.0.1:{}/users/#poll=100ms", server.port);
    let (ca, cert, key) = (at("ca.pem"), at("client.pem"), at("client-key.pem"));
    let all = format!("{uri},ca-file={ca},cert-file={cert},key-file={key}");
    let bed = Bed::new(&all);
    bed.has("a:1");
    client.put("users/1", "b:1").unwrap();
    bed.has("a:1 b:1");
    // A silence in which nothing has changed does not end the watch.
    let successes = bed.updater.status().successes;
    bed.until("looks", |bed, _| bed.updater.status().successes > successes + 2);
    client.put("users/2", "c:1").unwrap();
    bed.has("a:1 b:1 c:1");
    assert_eq!(bed.updater.status().failures, 0);
    println!("stopped in {:?} in a watch by TLS", bed.stopped_in());

    for (set, error) in [
        (String::new(), "invalid peer certificate: UnknownIssuer"),
        (format!(",ca-file={ca}"), "did not answer"),
        (format!(",ca-file={}", at("none.pem")), "none.pem\" cannot be read: No such file"),
        (format!(",ca-file={key}"), "client-key.pem\" has no certificate (PEM)"),
    ] {
        let told = Bed::new(&format!("{uri}{set}")).hears(error);
        println!("{told}");
    }
}
