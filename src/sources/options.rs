//! What can be set behind the `#` of a source's URI: a row for each key.

use std::path::PathBuf;
use std::time::Duration;

use crate::settings::{self, Label, Setting, whole};

/// How a source is asked.
///
/// ```
/// use std::time::Duration;
/// use peerage::sources::SourceUri;
///
/// let uri: SourceUri = "static:a:80,b:80#allow-empty,backoff=1s".parse()?;
/// assert!(uri.options().allow_empty);
/// assert_eq!(uri.options().backoff, Duration::from_secs(1));
/// # Ok::<(), peerage::error::SpecError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceOptions {
    /// `allow-empty`: an answer without any peer empties the list. Else the peers there are stay.
    pub allow_empty: bool,
    /// `snapshot`: a file that has the last set, for starts while the source is down.
    pub snapshot: Option<PathBuf>,
    /// `backoff`: after a failure it is asked again within this time, which doubles with each further
    /// one, and is drawn from 0 to that.
    pub backoff: Duration,
    /// `max-backoff`: the longest that time becomes.
    pub max_backoff: Duration,
    /// `poll`: how often a source that is not told of changes is looked at; one that is told of them, after
    /// how long a silence.
    pub poll: Option<Duration>,
    /// `wait`: how long a server may hold a question until it has news.
    pub wait: Option<Duration>,
    /// `timeout`: how long one question may take; of several servers, each for itself.
    pub timeout: Duration,
    /// `servers`: who is asked, as `ADDRESS[:PORT]` with spaces between, instead of those that the machine
    /// is set up with. Names are then complete as they are.
    pub servers: Option<String>,
    /// `min-ttl`: names are not asked for again sooner, whatever their records say.
    pub min_ttl: Duration,
    /// `max-ttl`: names are asked for again after this time at the latest.
    pub max_ttl: Duration,
    /// `user`: who logs in.
    pub user: Option<String>,
    /// `password-file`: the file with the password.
    pub password_file: Option<PathBuf>,
    /// `max-bytes`: the longest answer that is read.
    pub max_bytes: u64,
    /// `ca-file`: the certificates, as PEM, of those whose signature a server's certificate needs.
    pub ca_file: Option<PathBuf>,
    /// `cert-file`: the certificate, as PEM, that is shown to a server.
    pub cert_file: Option<PathBuf>,
    /// `key-file`: the private key of that, as PEM.
    pub key_file: Option<PathBuf>,
}

impl Default for SourceOptions {
    fn default() -> Self {
        Self {
            allow_empty: false,
            snapshot: None,
            backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(30),
            poll: None,
            wait: None,
            timeout: Duration::from_secs(2),
            servers: None,
            min_ttl: Duration::from_secs(1),
            max_ttl: Duration::from_secs(30),
            user: None,
            password_file: None,
            max_bytes: 16 << 20,
            ca_file: None,
            cert_file: None,
            key_file: None,
        }
    }
}

impl SourceOptions {
    /// `poll`, or what a source has instead: never so short that it would keep a processor busy.
    #[cfg(any(feature = "file", feature = "http"))]
    pub(super) fn poll_or(&self, usual: Duration) -> Result<Duration, String> {
        let poll = self.poll.unwrap_or(usual);
        if poll < Duration::from_millis(10) {
            return Err(format!("poll={} must be at least 10ms", settings::show_duration(poll)));
        }
        Ok(poll)
    }

    /// Checks options that need each other.
    pub(super) fn check(&self) -> Result<(), String> {
        match (&self.cert_file, &self.key_file) {
            (Some(_), None) => Err("cert-file needs a key-file".into()),
            (None, Some(_)) => Err("key-file needs a cert-file".into()),
            _ => Ok(()),
        }
    }
}

fn given(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

const TIME: Label = Label::new(c"a whole number of ns, us, ms, s, m or h, such as 200ms");

/// Takes a time over, or none. Returns whether `text` is one of these.
fn put_time(to: &mut Option<Duration>, text: &str) -> bool {
    let time = settings::duration(text);
    let reads = time.is_some() || text.is_empty();
    if reads {
        *to = time;
    }
    reads
}

/// Keys that every source has.
pub(super) const COMMON: [&str; 4] = ["allow-empty", "snapshot", "backoff", "max-backoff"];

pub(super) static SETTINGS: [Setting<SourceOptions>; 16] = [
    Setting::flag(
        [c"allow-empty", c"an answer without any peer empties the list", c"off"],
        |options, allow| options.allow_empty = allow,
        |options| options.allow_empty,
    ),
    Setting::text(
        [c"snapshot", c"a file that keeps the last set, for starts while the source is down", c""],
        |options, path| options.snapshot = given(path).map(PathBuf::from),
        |options| options.snapshot.as_deref().and_then(|path| path.to_str()),
    ),
    Setting::duration(
        [
            c"backoff",
            c"the longest pause after a failure; it doubles with each further one",
            c"100ms",
        ],
        |options, time| options.backoff = time,
        |options| options.backoff,
    ),
    Setting::duration(
        [c"max-backoff", c"the longest that such a pause becomes", c"30s"],
        |options, time| options.max_backoff = time,
        |options| options.max_backoff,
    ),
    Setting::parsed(
        [c"poll", c"how often it is looked at", c""],
        TIME,
        |options, text| put_time(&mut options.poll, text),
        |options| options.poll.map(settings::show_duration),
    ),
    Setting::parsed(
        [c"wait", c"how long a server may hold a question until it has news", c""],
        TIME,
        |options, text| put_time(&mut options.wait, text),
        |options| options.wait.map(settings::show_duration),
    ),
    Setting::duration(
        [c"timeout", c"how long one question may take", c"2s"],
        |options, time| options.timeout = time,
        |options| options.timeout,
    ),
    Setting::text(
        [c"servers", c"who is asked, as ADDRESS[:PORT] with spaces between", c""],
        |options, servers| options.servers = given(servers),
        |options| options.servers.as_deref(),
    ),
    Setting::duration(
        [c"min-ttl", c"names are not asked for again sooner", c"1s"],
        |options, time| options.min_ttl = time,
        |options| options.min_ttl,
    ),
    Setting::duration(
        [c"max-ttl", c"names are asked for again after this time at the latest", c"30s"],
        |options, time| options.max_ttl = time,
        |options| options.max_ttl,
    ),
    Setting::text(
        [c"user", c"who logs in", c""],
        |options, user| options.user = given(user),
        |options| options.user.as_deref(),
    ),
    Setting::text(
        [c"password-file", c"the file with the password", c""],
        |options, path| options.password_file = given(path).map(PathBuf::from),
        |options| options.password_file.as_deref().and_then(|path| path.to_str()),
    ),
    Setting::number(
        [c"max-bytes", c"the longest answer that is read", c"16777216"],
        whole!(1, 1073741824),
        |options, bytes| options.max_bytes = bytes,
        |options| Some(options.max_bytes),
    ),
    Setting::text(
        [c"ca-file", c"the certificates (PEM) of those who sign servers' certificates", c""],
        |options, path| options.ca_file = given(path).map(PathBuf::from),
        |options| options.ca_file.as_deref().and_then(|path| path.to_str()),
    ),
    Setting::text(
        [c"cert-file", c"the certificate (PEM) that is shown to a server", c""],
        |options, path| options.cert_file = given(path).map(PathBuf::from),
        |options| options.cert_file.as_deref().and_then(|path| path.to_str()),
    ),
    Setting::text(
        [c"key-file", c"the private key (PEM) of that", c""],
        |options, path| options.key_file = given(path).map(PathBuf::from),
        |options| options.key_file.as_deref().and_then(|path| path.to_str()),
    ),
];

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_rows_say_the_defaults() {
        for setting in &SETTINGS {
            setting.check(&SourceOptions::default());
        }
        assert!(COMMON.iter().all(|key| SETTINGS.iter().any(|row| row.row().name() == *key)));
    }
}
