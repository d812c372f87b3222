//! An etcd of a test's own, which can be killed.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::bed::Folder;
use crate::client::Client;

pub(crate) struct Server {
    folder: Folder,
    pub(crate) port: u16,
    peer_port: u16,
    protocol: &'static str,
    /// What it is started with beside that.
    more: Vec<String>,
    child: Option<Child>,
}

impl Server {
    pub(crate) fn new(name: &str) -> Self {
        let server = Self::not_started(name, "http", vec![]);
        server.started()
    }

    pub(crate) fn not_started(name: &str, protocol: &'static str, more: Vec<String>) -> Self {
        let folder = Folder::new(&format!("server-{name}"));
        Self { folder, port: free_port(), peer_port: free_port(), protocol, more, child: None }
    }

    pub(crate) fn started(mut self) -> Self {
        self.start();
        self
    }

    /// A cluster of three.
    pub(crate) fn cluster(name: &str) -> [Self; 3] {
        let mut members =
            [1, 2, 3].map(|n| Self::not_started(&format!("{name}-{n}"), "http", vec![]));
        let peers = |server: &Self| format!("{0}=http://127.0.0.1:{0}", server.peer_port);
        let all = members.iter().map(peers).collect::<Vec<_>>().join(",");
        for member in &mut members {
            let name = member.peer_port.to_string();
            // Of an option that is given twice the last counts.
            member.more = ["--initial-cluster", &all, "--name", &name].map(Into::into).into();
            member.spawn();
        }
        members.iter().for_each(Self::wait);
        members
    }

    /// Starts it with the data that it had, and waits until it answers.
    pub(crate) fn start(&mut self) {
        self.spawn();
        self.wait();
    }

    fn url(&self) -> String {
        format!("{}://127.0.0.1:{}", self.protocol, self.port)
    }

    fn spawn(&mut self) {
        let (url, peers) = (self.url(), format!("http://127.0.0.1:{}", self.peer_port));
        let mut command = Command::new("etcd");
        command.arg("--data-dir").arg(self.folder.path().join("data"));
        command.args(["--listen-client-urls", &url, "--advertise-client-urls", &url]);
        command.args(["--listen-peer-urls", &peers, "--initial-advertise-peer-urls", &peers]);
        command.args(["--initial-cluster", &format!("default={peers}")]).args(&self.more);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("etcd is there: apt-get install etcd-server");
        self.child = Some(child);
    }

    fn wait(&self) {
        let begun = Instant::now();
        while !self.client().answers() {
            assert!(begun.elapsed() < Duration::from_secs(30), "etcd does not start");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// As `kill -9` does.
    pub(crate) fn kill(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        child.kill().expect("it runs");
        child.wait().expect("it ends");
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url())
    }

    /// The URI of the keys below `users/`.
    pub(crate) fn uri(&self, options: &str) -> String {
        format!("etcd:127.0.0.1:{}/users/#{options}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
