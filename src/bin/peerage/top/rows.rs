//! The table: a line for the source, and one for each peer.

use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use humantime::format_duration;
use peerage::transports::ProbeState;

use crate::follow::{Following, Shown, named};
use crate::name::word;

/// A line of the table, and what it says of a peer.
pub(super) struct Row {
    pub(super) text: String,
    pub(super) state: Option<ProbeState>,
}

/// What is shown at one moment.
pub(super) struct Picture {
    /// The source, how many of its peers are up, and what is wrong.
    pub(super) title: String,
    pub(super) heading: String,
    pub(super) rows: Vec<Row>,
}

impl Picture {
    pub(super) fn of(following: &Following) -> Self {
        let mut peers = following.peers();
        // Those that are down first: a screen may have no room for all.
        peers.sort_by_key(|peer| state(peer).is_some_and(ProbeState::is_available));
        let mut table = Table::new();
        table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(["PEER", "STATE", "FOR", "WEIGHT", "TIER", "ZONE", "LAST PROBE"]);
        for peer in &peers {
            table.add_row(cells(peer));
        }
        for column in [3, 4] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let text = table.to_string();
        let mut lines = text.lines().map(|line| line.trim().to_owned());
        let heading = lines.next().unwrap_or_default();
        let states = peers.iter().map(state);
        let rows = lines.zip(states).map(|(text, state)| Row { text, state }).collect();
        Self { title: title(following, &peers), heading, rows }
    }
}

fn cells(peer: &Shown) -> [String; 7] {
    let Shown { id, attributes, status } = peer;
    let (word_of_state, since, last) = match status {
        None => ("no address", String::new(), String::new()),
        Some(status) => (named(status.state), shown(status.since), status.last.clone()),
    };
    let zone = attributes.zone.as_deref().map_or_else(|| "-".into(), word);
    let (weight, tier) = (attributes.weight.to_string(), attributes.tier.to_string());
    [word(id), word_of_state.into(), since, weight, tier, zone, last]
}

fn state(peer: &Shown) -> Option<ProbeState> {
    peer.status.as_ref().map(|status| status.state)
}

/// A duration in seconds, or milliseconds if it is short.
fn shown(time: Duration) -> String {
    let whole = if time.as_secs() > 0 {
        Duration::from_secs(time.as_secs())
    } else {
        Duration::from_millis(time.as_millis() as u64)
    };
    format_duration(whole).to_string()
}

fn title(following: &Following, peers: &[Shown]) -> String {
    let source = following.source();
    let up = peers.iter().filter(|peer| state(peer).is_some_and(ProbeState::is_available)).count();
    let mut title = format!("{up} of {} up  {}", peers.len(), word(&source.source));
    match (source.age, source.is_snapshot) {
        (_, true) => title += "  from its snapshot",
        (Some(age), _) => title += &format!("  answered {} ago", shown(age)),
        (None, _) => title += "  has not answered",
    }
    if let Some(error) = source.error {
        title += &format!("  {}", error.replace(char::is_control, " "));
    }
    title
}
