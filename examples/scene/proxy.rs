//! The way through a proxy on loopback, which is started for the scene and killed after it.

use std::env;
use std::error::Error;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use peerage::transports::pool::{Connect, is_quiet};

use crate::config::{self, Program};
use crate::connection::{CallError, exchange, tcp};
use crate::http;
use crate::load::Way;
use crate::server::Server;

const READY: Duration = Duration::from_secs(5);
/// Where Debian has them, which is not in the path of every user.
const SYSTEM: [&str; 2] = ["/usr/sbin", "/usr/local/sbin"];

pub(crate) struct Proxy {
    address: SocketAddr,
    child: Child,
    folder: PathBuf,
}

impl Proxy {
    /// The program's place, if it is installed.
    pub(crate) fn find(program: Program) -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = env::split_paths(&path).chain(SYSTEM.map(PathBuf::from));
        folders.map(|folder| folder.join(program.name())).find(|place| place.is_file())
    }

    /// What it says of its version.
    pub(crate) fn version(place: &Path) -> Option<String> {
        let output = Command::new(place).arg("-v").output().ok()?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        said.lines().next().map(str::to_owned)
    }

    /// Starts it in front of the servers, and waits until it accepts connections.
    pub(crate) fn start(
        place: &Path,
        program: Program,
        balance: &str,
        servers: &[Server],
    ) -> Result<Self, Box<dyn Error>> {
        // A port that is free now: the proxy cannot say which one it was given.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let folder = env::temp_dir().join(format!("peerage-scene-{}", process::id()));
        fs::create_dir_all(&folder)?;
        let file = folder.join("proxy.conf");
        let addresses: Vec<_> = servers.iter().map(|server| server.address).collect();
        fs::write(&file, config::text(program, balance, address, &addresses, &folder))?;
        let child = Command::new(place)
            .args(program.arguments(&file))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("said"))?)
            .spawn()
            .map_err(|error| format!("{} can't be started: {error}", place.display()))?;
        let mut proxy = Self { address, child, folder };
        proxy.wait()?;
        Ok(proxy)
    }

    fn wait(&mut self) -> Result<(), Box<dyn Error>> {
        let began = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            let ended = self.child.try_wait()?;
            if ended.is_some() || began.elapsed() > READY {
                let said = fs::read_to_string(self.folder.join("said")).unwrap_or_default();
                let how = ended.map_or("does not listen".into(), |status| status.to_string());
                return Err(format!("the proxy {how}: {said}").into());
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // An error says that it has ended already, or that the folder is in use: nothing is lost.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Way for Proxy {
    type Client = Option<TcpStream>;

    fn call(&self, client: &mut Option<TcpStream>) -> Result<u16, CallError> {
        let kept = client.take().filter(is_quiet);
        let mut stream = match kept {
            Some(kept) => kept,
            None => {
                let address = self.address.to_string();
                tcp().connect(&address).map_err(|_| CallError::NotConnected)?
            }
        };
        let status = exchange(&mut stream, http::write_request, http::read_answer)?;
        *client = Some(stream);
        Ok(status)
    }
}
