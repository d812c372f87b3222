//! News as lines.

use std::io::{self, Write};
use std::time::SystemTime;

use humantime::format_rfc3339_millis;
use peerage::Attributes;
use peerage::transports::ProbeStatus;
use serde_json::json;

use crate::follow::{Change, named};
use crate::name::word;

/// What a line looks like.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Plain,
    /// A JSON object.
    Json,
}

impl Form {
    /// Writes the line of a peer of the source.
    pub(super) fn peer(
        self,
        change: Change,
        id: &str,
        attributes: &Attributes,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let time = now();
        if let Self::Plain = self {
            // Of one that is gone nothing is known any more.
            let known = if change == Change::Removed { String::new() } else { known(attributes) };
            return writeln!(out, "{time} {} {}{known}", sign(change), word(id));
        }
        let event = match change {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Changed => "changed",
        };
        let Attributes { weight, tier, zone, shard } = attributes;
        let (zone, shard) = (zone.as_deref(), shard.as_deref());
        let line = json!({
            "time": time, "event": event, "peer": id,
            "weight": weight, "tier": tier, "zone": zone, "shard": shard,
        });
        writeln!(out, "{line}")
    }

    /// Writes the line of a peer whose probes say something else than before.
    pub(super) fn probe(self, status: &ProbeStatus, out: &mut dyn Write) -> io::Result<()> {
        let (time, state) = (now(), named(status.state));
        let ProbeStatus { identifier, last, .. } = status;
        if let Self::Plain = self {
            return writeln!(out, "{time} = {} {state}: {last}", word(identifier));
        }
        let line = json!({
            "time": time, "event": "probe", "peer": identifier, "state": state, "last": last,
        });
        writeln!(out, "{line}")
    }
}

fn now() -> String {
    format_rfc3339_millis(SystemTime::now()).to_string()
}

fn sign(change: Change) -> char {
    match change {
        Change::Added => '+',
        Change::Removed => '-',
        Change::Changed => '~',
    }
}

/// The attributes that are not those of any peer, as a file has them.
fn known(attributes: &Attributes) -> String {
    let mut text = String::new();
    if attributes.weight != 1 {
        text += &format!(" weight={}", attributes.weight);
    }
    if attributes.tier != 0 {
        text += &format!(" tier={}", attributes.tier);
    }
    for (key, value) in [("zone", &attributes.zone), ("shard", &attributes.shard)] {
        if let Some(value) = value {
            text += &format!(" {key}={}", word(value));
        }
    }
    text
}
