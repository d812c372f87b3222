//! News as lines.

use std::collections::HashMap;
use std::io::{self, Write};
use std::time::SystemTime;

use humantime::format_rfc3339_millis;
use peerage::transports::ProbeStatus;
use peerage::{Attributes, ConnectionStatus};
use serde_json::json;

use crate::follow::{Change, News};
use crate::name::word;

/// What a line looks like.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Plain,
    /// A JSON object.
    Json,
}

type Statuses = HashMap<String, ProbeStatus>;

impl Form {
    /// Writes the line of a peer or a status; of all else there is none.
    pub(super) fn write(
        self,
        now: SystemTime,
        news: &News,
        statuses: &Statuses,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let time = format_rfc3339_millis(now);
        match (self, news) {
            (Self::Plain, News::Peer { change, id, attributes }) => {
                // Of one that is gone nothing is known any more.
                let known =
                    if *change == Change::Removed { String::new() } else { known(attributes) };
                writeln!(out, "{time} {} {}{known}", sign(*change), word(id))
            }
            (Self::Json, News::Peer { change, id, attributes }) => {
                let event = match change {
                    Change::Added => "added",
                    Change::Removed => "removed",
                    Change::Changed => "changed",
                };
                let Attributes { weight, tier, zone, shard } = attributes;
                let (time, zone, shard) = (time.to_string(), zone.as_deref(), shard.as_deref());
                let line = json!({
                    "time": time, "event": event, "peer": id,
                    "weight": weight, "tier": tier, "zone": zone, "shard": shard,
                });
                writeln!(out, "{line}")
            }
            (Self::Plain, News::Status { id, to }) => {
                let said = said(id, statuses).map(|said| format!(": {said}"));
                writeln!(out, "{time} = {} {to}{}", word(id), said.unwrap_or_default())
            }
            (Self::Json, News::Status { id, to }) => {
                let said = said(id, statuses);
                let status = status(*to);
                let line = json!({
                    "time": time.to_string(), "event": "status", "peer": id, "status": status,
                    "probe": said,
                });
                writeln!(out, "{line}")
            }
            _ => Ok(()),
        }
    }
}

fn sign(change: Change) -> char {
    match change {
        Change::Added => '+',
        Change::Removed => '-',
        Change::Changed => '~',
    }
}

fn status(status: ConnectionStatus) -> String {
    status.to_string().to_lowercase()
}

/// What the last probe of a peer came to, on one line.
fn said<'a>(id: &str, statuses: &'a Statuses) -> Option<&'a str> {
    statuses.get(id).map(|status| &*status.last).filter(|last| !last.is_empty())
}

/// The attributes that are not those of any peer, as a file has them.
pub(crate) fn known(attributes: &Attributes) -> String {
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
