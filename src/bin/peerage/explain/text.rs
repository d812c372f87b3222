//! The answer, for people.

use std::fmt::Write;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use peerage::policy::{PolicySpec, fingerprint32};

use super::chooser::Asked;
use super::{Args, ring};
use crate::fault::Fault;
use crate::follow::Shown;
use crate::name::{line, word};

/// Policies that go by the hash of the key.
const KEYED: [&str; 2] = ["hashring32", "maglev"];

pub(super) fn of(
    args: &Args,
    policy: &PolicySpec,
    asked: &Asked,
    peers: &[Shown],
) -> Result<String, Fault> {
    let mut text = String::new();
    let mut fact = |name: &str, what: &str| {
        // Into a `String`: it does not fail.
        let _ = writeln!(text, "{name:<8} {}", line(what));
    };
    fact("policy", &format!("{policy}: {}", policy.row().about()));
    if asked.has_subset {
        fact("subset", "of one client: others use other peers, and may find another owner");
    }
    if policy.name() == "direct" {
        let owner = asked.owners(&args.key, 1)?.remove(0);
        let is_there = peers.iter().any(|peer| peer.id == owner);
        fact("owner", &word(&owner));
        fact("why", "the key names the peer, whatever peers the source has");
        if !is_there {
            fact("but", "no peer of the source is called so");
        }
        return Ok(text);
    }
    if KEYED.contains(&policy.name()) {
        let hash = fingerprint32(args.key.as_bytes());
        fact("key", &format!("{:?}, hash 0x{hash:08x}", args.key));
        let owners = asked.owners(&args.key, args.owners as usize)?;
        fact("owner", &word(&owners[0]));
        fact("why", &why(policy, peers, &owners[0], hash));
        let next: Vec<_> = owners[1..].iter().map(|id| word(id)).collect();
        if !next.is_empty() {
            fact("then", &format!("{}, where those before cannot be chosen", next.join(", ")));
        }
    } else {
        fact("key", &format!("{:?}, which this policy does not look at", args.key));
        fact("owner", "none: any peer may get it");
    }
    if args.sample > 0 {
        let unit =
            if KEYED.contains(&policy.name()) { "keys" } else { "requests, one after the other" };
        fact("shares", &format!("of {} {unit}", args.sample));
        text += &shares(args, asked, peers)?;
    }
    Ok(text)
}

/// Why a key belongs to its owner.
fn why(policy: &PolicySpec, peers: &[Shown], owner: &str, hash: u32) -> String {
    let Some(options) = policy.hashring32() else {
        return "it has the slot of this hash in the table of all peers".into();
    };
    let owner = peers.iter().find(|peer| peer.id == owner);
    let point = owner.and_then(|owner| ring::point(options, owner, peers, hash));
    let Some((number, at, on)) = point else {
        return "it has the first point on the ring at or after this hash; points are by weight"
            .into();
    };
    let percent = 100.0 * f64::from(on) / 2_f64.powi(32);
    format!(
        "its point {number} of {}, 0x{at:08x}, is the first at or after this hash: {percent:.3} % of \
         the ring further on",
        options.replicas
    )
}

/// What part of the keys each peer has.
fn shares(args: &Args, asked: &Asked, peers: &[Shown]) -> Result<String, Fault> {
    let shares = asked.shares(args.sample)?;
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["PEER", "WEIGHT", "TIER", "SHARE", "BY WEIGHT"]);
    // Peers of a tier that does not serve have none, and are due none.
    let serves = |peer: &&Shown| shares.contains_key(&peer.id);
    let weight = |peer: &Shown| f64::from(peer.attributes.weight.max(1));
    let weights: f64 = peers.iter().filter(serves).map(weight).sum();
    for peer in peers {
        let due = if serves(&peer) { weight(peer) / weights } else { 0.0 };
        let share = f64::from(shares.get(&peer.id).copied().unwrap_or(0)) / f64::from(args.sample);
        table.add_row([
            word(&peer.id),
            peer.attributes.weight.to_string(),
            peer.attributes.tier.to_string(),
            format!("{:.2} %", 100.0 * share),
            format!("{:.2} %", 100.0 * due),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let lines = table.lines().map(|line| format!("  {}\n", line.trim()));
    Ok(lines.collect())
}
