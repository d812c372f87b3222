//! The proxies' configurations.
//!
//! Both keep their connections, to the client and to the servers, and send a request again only if
//! no server can have seen it. Both are told to notice a dead server, and its return, faster than
//! they do by themselves: `HAProxy` looks every half second instead of every two, and nginx tries
//! again after two seconds instead of ten.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::Path;

/// A proxy that can be put in front of the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    Haproxy,
    Nginx,
}

/// For `HAProxy`: ten errors in a row mark a server down, until it passes two checks.
pub(crate) const OBSERVED: &str = "leastconn, observe layer7";

impl Program {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Haproxy => "haproxy",
            Self::Nginx => "nginx",
        }
    }

    /// Runs in the foreground with this configuration.
    pub(crate) fn arguments(self, file: &Path) -> Vec<String> {
        let file = file.display().to_string();
        match self {
            Self::Haproxy => vec!["-db".into(), "-f".into(), file],
            Self::Nginx => vec!["-e".into(), "stderr".into(), "-c".into(), file],
        }
    }
}

/// The configuration of a proxy that listens at `here` and balances as `balance` says.
pub(crate) fn text(
    program: Program,
    balance: &str,
    here: SocketAddr,
    servers: &[SocketAddr],
    folder: &Path,
) -> String {
    let mut list = String::new();
    for (nth, server) in servers.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = match program {
            Program::Haproxy => writeln!(list, "    server s{nth} {server}"),
            Program::Nginx => writeln!(list, "        server {server} fail_timeout=2s;"),
        };
    }
    match program {
        Program::Haproxy => haproxy(balance, here, &list),
        Program::Nginx => nginx(balance, here, &list, folder),
    }
}

fn haproxy(balance: &str, here: SocketAddr, servers: &str) -> String {
    let (balance, observe) = match balance.split_once(", ") {
        Some((balance, observe)) => {
            (balance, format!(" {observe} error-limit 10 on-error mark-down"))
        }
        None => (balance, String::new()),
    };
    format!(
        "global
    nbthread 1
    maxconn 4000
defaults
    mode http
    timeout connect 1s
    timeout client 60s
    timeout http-keep-alive 60s
    timeout server 2s
    option abortonclose
    option redispatch 1
    retries 3
    http-reuse always
frontend clients
    bind {here}
    default_backend servers
backend servers
    balance {balance}
    default-server check inter 500ms{observe}
{servers}"
    )
}

fn nginx(balance: &str, here: SocketAddr, servers: &str, folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "daemon off;
master_process off;
pid {folder}/pid;
error_log stderr crit;
events {{ worker_connections 4000; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000;
    upstream servers {{
        zone servers 256k;
        {balance};
{servers}        keepalive 256;
        keepalive_requests 1000000;
    }}
    server {{
        listen {here};
        location / {{
            proxy_pass http://servers;
            proxy_http_version 1.1;
            proxy_set_header Connection \"\";
            proxy_connect_timeout 1s;
            proxy_read_timeout 2s;
        }}
    }}
}}
"
    )
}
