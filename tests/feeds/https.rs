//! `https:`, against the server of OpenSSL's program, whose certificate a test's own authority has signed.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use peerage::Lifecycle;

use crate::folder::Folder;
use crate::http::SOON;
use crate::script::Bed;
use crate::server::{Server, page};
use crate::support::until;

/// Runs `openssl` in the folder. Returns whether there is such a program.
fn openssl(folder: &Folder, arguments: &str) -> bool {
    let mut command = Command::new("openssl");
    command.args(arguments.split_whitespace()).current_dir(folder.path());
    let Ok(output) = command.output() else {
        eprintln!("left out: there is no openssl");
        return false;
    };
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments}: {says}");
    true
}

/// `openssl s_server`, which says as whole answers what files of the folder have.
struct Process {
    child: Child,
    port: u16,
}

impl Process {
    fn new(folder: &Folder) -> Self {
        let mut command = Command::new("openssl");
        command.args(["s_server", "-accept", "127.0.0.1:0", "-HTTP", "-cert", "one.pem"]);
        command.args(["-key", "one.key"]).current_dir(folder.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let accepts = lines.find_map(|line| Some(line.ok()?.strip_prefix("ACCEPT ")?.to_owned()));
        let port = accepts.and_then(|line| line.rsplit_once(':')?.1.parse().ok()).expect("a port");
        // What it says later is of no interest, but has to go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_server_is_believed_that_the_named_authority_has_signed() {
    let folder = Folder::new("https");
    let new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
    let made = openssl(&folder, &format!("{new} -keyout ca.key -out ca.pem -subj /CN=ours"))
        && openssl(&folder, &format!("{new} -keyout other.key -out other.pem -subj /CN=other"))
        && openssl(
            &folder,
            &format!(
                "{new} -keyout one.key -out one.pem -subj /CN=one -CA ca.pem -CAkey ca.key \
                 -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE"
            ),
        );
    if !made {
        return;
    }
    folder.write("users", page("", "a:1\nb:1\n"));
    // Each has a server of its own, which serves one client at a time.
    let bed = |host: &str, options: &str| {
        let server = Process::new(&folder);
        let port = server.port;
        let uri = format!("https://{host}:{port}/users#backoff=10ms,max-backoff=10ms{options}");
        let bed = Bed::of(&uri);
        bed.updater.start().unwrap();
        (bed, server)
    };
    let ca = |name: &str| format!(",ca-file={}", folder.join(name).display());
    let fails = |bed: &Bed, error: &str| {
        until("it fails", || bed.updater.status().failures > 0);
        let found = bed.updater.status().error.unwrap();
        eprintln!("{found}");
        assert!(found.contains(error), "{found}");
    };

    let (good, _server) = bed("localhost", &ca("ca.pem"));
    good.has("a:1 b:1");
    fails(&bed("localhost", "").0, "UnknownIssuer");
    fails(&bed("localhost", &ca("other.pem")).0, "invalid peer certificate");
    fails(&bed("127.0.0.1", &ca("ca.pem")).0, "not valid for name");
    fails(&bed("localhost", &ca("users")).0, "has no certificate (PEM)");
    // The file comes later.
    let (late, _server) = bed("localhost", &ca("late.pem"));
    fails(&late, "cannot be read: No such file");
    fs::copy(folder.join("ca.pem"), folder.join("late.pem")).unwrap();
    late.has("a:1 b:1");
}

/// To a server without TLS, no answer to the first message is like a slow one.
#[test]
fn a_stop_ends_a_handshake() {
    let server = Server::saying("");
    let bed = Bed::of(&format!("https://{}/users#timeout=1h", server.address));
    bed.updater.start().unwrap();
    until("it is connected", || server.connections() == 1);
    let begun = Instant::now();
    bed.updater.stop().unwrap();
    let took = begun.elapsed();
    eprintln!("stopped after {took:?}");
    assert!(took < SOON, "{took:?}");
    until("the connection is ended", || server.connections() == 0);
}
