//! The options as text: a row for each key.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::expect::Expect;
use super::options::{ProbeOptions, may_be};
use crate::error::{SpecError, SpecPlace};
use crate::settings::{self, KeyRow, Label, Setting, whole};

const TIME: Label = Label::new(c"a duration from 1ms to 24h, such as 200ms");

/// Sets a duration that lies within the limits; returns whether it does.
fn time(to: &mut Duration, text: &str) -> bool {
    let time = settings::duration(text).filter(|time| may_be(*time));
    time.map(|time| *to = time).is_some()
}

/// The same for one that may be left out.
fn optional_time(to: &mut Option<Duration>, text: &str) -> bool {
    let mut set = Duration::ZERO;
    let reads = text.is_empty() || time(&mut set, text);
    if reads {
        *to = Some(set).filter(|_| !text.is_empty());
    }
    reads
}

/// What a line of HTTP may have, between spaces.
fn is_token(text: &str, most: usize) -> bool {
    text.len() <= most && text.bytes().all(|byte| byte.is_ascii_graphic())
}

static SETTINGS: [Setting<ProbeOptions>; 14] = [
    Setting::parsed(
        [c"check", c"what a probe does: it connects, or asks by HTTP/1.1 without TLS", c"tcp"],
        Label::new(c"tcp or http"),
        |options, check| {
            let reads = ["tcp", "http"].contains(&check);
            if reads {
                options.is_http = check == "http";
            }
            reads
        },
        |options| Some(if options.is_http { "http" } else { "tcp" }.to_owned()),
    ),
    Setting::parsed(
        [c"path", c"what is asked for by HTTP, with GET", c"/"],
        Label::new(c"a path that begins with /, without spaces"),
        |options, path| {
            let reads = path.starts_with('/') && is_token(path, 1024);
            if reads {
                path.clone_into(&mut options.path);
            }
            reads
        },
        |options| Some(options.path.clone()),
    ),
    Setting::parsed(
        [c"host", c"the Host that HTTP names; without it the peer's own name", c""],
        Label::new(c"a name without spaces, with a port or without"),
        |options, host| {
            let reads = is_token(host, 255);
            if reads {
                options.host = Some(host.to_owned()).filter(|host| !host.is_empty());
            }
            reads
        },
        |options| options.host.clone(),
    ),
    Setting::parsed(
        [c"expect", c"which statuses of HTTP are good", c"200-299"],
        Label::new(c"statuses and ranges from 100 to 599 with spaces between, such as 200-299 404"),
        |options, text| Expect::parse(text).map(|expect| options.expect = expect).is_some(),
        |options| Some(options.expect.to_string()),
    ),
    Setting::number(
        [c"port", c"the port that is probed; 0: the peer's own", c"0"],
        whole!(0, 65535),
        |options, port| options.port = Some(port as u16).filter(|port| *port != 0),
        |options| Some(options.port.unwrap_or(0).into()),
    ),
    Setting::parsed(
        [c"interval", c"from one probe of a peer to the next", c"2s"],
        TIME,
        |options, text| time(&mut options.interval, text),
        |options| Some(settings::show_duration(options.interval)),
    ),
    Setting::number(
        [c"jitter", c"percent by which that is longer or shorter, at random", c"10"],
        whole!(0, 100),
        |options, percent| options.jitter = percent as u8,
        |options| Some(options.jitter.into()),
    ),
    Setting::parsed(
        [c"timeout", c"how long a probe may take", c"1s"],
        TIME,
        |options, text| time(&mut options.timeout, text),
        |options| Some(settings::show_duration(options.timeout)),
    ),
    Setting::number(
        [c"rise", c"good probes in a row that bring a peer back", c"2"],
        whole!(1, 1000),
        |options, probes| options.rise = probes as u32,
        |options| Some(options.rise.into()),
    ),
    Setting::number(
        [c"fall", c"failed probes in a row that take a peer out", c"3"],
        whole!(1, 1000),
        |options, probes| options.fall = probes as u32,
        |options| Some(options.fall.into()),
    ),
    Setting::parsed(
        [
            c"fast-interval",
            c"the interval while a peer is in doubt; without it 500ms, or interval if that is less",
            c"",
        ],
        TIME,
        |options, text| optional_time(&mut options.fast, text),
        |options| options.fast.map(settings::show_duration),
    ),
    Setting::parsed(
        [
            c"slow-interval",
            c"the interval while a peer is down; without it 5s, or interval if that is more",
            c"",
        ],
        TIME,
        |options, text| optional_time(&mut options.slow, text),
        |options| options.slow.map(settings::show_duration),
    ),
    Setting::number(
        [c"at-once", c"how many probes may be under way; those that are due wait in order", c"256"],
        whole!(1, 65536),
        |options, probes| options.at_once = probes as usize,
        |options| Some(options.at_once as u64),
    ),
    Setting::flag(
        [c"doubt-failures", c"a request that fails is a doubt in its peer", c"off"],
        |options, doubt| options.doubt_failures = doubt,
        |options| options.doubt_failures,
    ),
];

/// What HTTP alone looks at.
const OF_HTTP: [&str; 3] = ["path", "host", "expect"];

impl ProbeOptions {
    /// The keys that the text of options may have.
    pub fn keys() -> impl ExactSizeIterator<Item = &'static KeyRow> {
        SETTINGS.iter().map(Setting::row)
    }

    /// Sets one key to a value as it is: nothing in it is escaped. `path`, `host` and `expect` are looked
    /// at if `check` is `http`.
    ///
    /// # Errors
    ///
    /// There is no such key, or the value is not one that it takes. Nothing is changed.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), SpecError> {
        let mut changed = self.clone();
        settings::set(&SETTINGS, &mut changed, key, value, &SpecPlace::OPTIONS)?;
        *self = changed;
        Ok(())
    }
}

impl FromStr for ProbeOptions {
    type Err = SpecError;

    /// Also fails if `path`, `host` or `expect` is set and `check` is not `http`: such a text asks for
    /// less than its author believes.
    fn from_str(text: &str) -> Result<Self, SpecError> {
        let mut options = Self::default();
        settings::apply(&SETTINGS, &mut options, text, (&SpecPlace::OPTIONS, 0))?;
        if options.is_http {
            return Ok(options);
        }
        let defaults = Self::default();
        let given = SETTINGS.iter().filter(|row| OF_HTTP.contains(&row.row().name()));
        for row in given {
            let value = row.take(&options).unwrap_or_default();
            if value != row.take(&defaults).unwrap_or_default() {
                let (key, place) = (row.row().name(), SpecPlace::OPTIONS);
                let expected = "left out, or check=http be given";
                return Err(SpecError::InvalidValue { place, key, value, expected });
            }
        }
        Ok(options)
    }
}

impl fmt::Display for ProbeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        settings::write(&SETTINGS, self, &Self::default(), "", f)
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
