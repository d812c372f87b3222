//! The columns of the table of a chooser's peers.

use std::fmt::{self, Formatter};

use super::shown::{Count, Percent, Sentence, Span, Text, Thousandths, Took};
use super::standing::{Standing, errors};
use crate::stats::PeerStatus;

/// A column, in the order of the page. One in which every peer would have the same, as it has where
/// nothing was said, is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    State,
    Since,
    Pending,
    Requests,
    Errors,
    Latency,
    Cost,
    Weight,
    Tier,
    Zone,
    Check,
}

const ALL: [Column; 11] = [
    Column::State,
    Column::Since,
    Column::Pending,
    Column::Requests,
    Column::Errors,
    Column::Latency,
    Column::Cost,
    Column::Weight,
    Column::Tier,
    Column::Zone,
    Column::Check,
];

impl Column {
    /// Those of a table of these peers.
    pub(super) fn of(peers: &[PeerStatus]) -> Vec<Self> {
        let says = |column: &Self| match column {
            Self::Latency => {
                peers.iter().any(|peer| peer.cost.is_some_and(|it| it.latency.is_some()))
            }
            Self::Cost => peers.iter().any(|peer| peer.cost.is_some()),
            Self::Weight => peers.iter().any(|peer| peer.attributes.weight > 1),
            Self::Tier => peers.iter().any(|peer| peer.attributes.tier > 0),
            Self::Zone => peers.iter().any(|peer| peer.attributes.zone.is_some()),
            Self::Check => peers.iter().any(|peer| peer.check.is_some()),
            _ => true,
        };
        ALL.into_iter().filter(says).collect()
    }

    /// Its head, and what it means.
    pub(super) fn head(self) -> (&'static str, &'static str) {
        match self {
            Self::State => ("State", "Whether it can be chosen, and why not"),
            Self::Since => ("Since", "How long its connection has been as it is"),
            Self::Pending => ("Pending", "Its requests in flight from this chooser"),
            Self::Requests => ("Requests", "Given to it since it was retained"),
            Self::Errors => ("Errors", "Failures and refusals, and their share"),
            Self::Latency => ("Latency", "Its mean, as the policy has learnt it"),
            Self::Cost => ("Cost", "Of one more request, in requests on an idle, usual peer"),
            Self::Weight => ("Weight", "How much it can take beside others"),
            Self::Tier => ("Tier", "0 is the first to be used"),
            Self::Zone => ("Zone", "Where it is"),
            Self::Check => ("Last check", "What its transport has found out"),
        }
    }

    pub(super) fn is_number(self) -> bool {
        !matches!(self, Self::State | Self::Since | Self::Zone | Self::Check)
    }

    /// What stands in it. A number that is nothing is less prominent: what is left can be seen.
    pub(super) fn cell(
        self,
        (standing, peer): (Standing, &PeerStatus),
        f: &mut Formatter<'_>,
    ) -> fmt::Result {
        match self {
            Self::State => state(standing, peer, f),
            Self::Since => {
                write!(f, "<td>{}", Span(peer.since))?;
                match peer.status_changes {
                    0 => Ok(()),
                    1 => write!(f, " <small>1 change</small>"),
                    changes => write!(f, " <small>{} changes</small>", Count(changes)),
                }
            }
            Self::Pending => number(peer.status.pending_request_count.into(), f),
            Self::Requests => number(peer.requests, f),
            Self::Errors => faults(errors(&peer.outcomes), f),
            Self::Latency => match peer.cost.and_then(|cost| cost.latency) {
                Some(latency) => write!(f, "<td class=n>{}", Took(latency)),
                None => nothing(f),
            },
            Self::Cost => match peer.cost {
                Some(cost) => {
                    write!(f, "<td class=n>{}", Thousandths(cost.price))?;
                    let reported = cost.reported.filter(|reported| *reported > 0);
                    reported.map_or(Ok(()), |it| write!(f, " <small>reports {it}</small>"))
                }
                None => nothing(f),
            },
            Self::Weight => write!(f, "<td class=n>{}", peer.attributes.weight.max(1)),
            Self::Tier => write!(f, "<td class=n>{}", peer.attributes.tier),
            Self::Zone => match &peer.attributes.zone {
                Some(zone) => write!(f, "<td><bdi>{}</bdi>", Text(zone)),
                None => f.write_str("<td class=o>–"),
            },
            Self::Check => check(peer, f),
        }
    }

    /// What stands below it, of all peers.
    pub(super) fn total(self, peers: &[PeerStatus], f: &mut Formatter<'_>) -> fmt::Result {
        let sum = |of: fn(&PeerStatus) -> u64| peers.iter().map(of).fold(0, u64::saturating_add);
        match self {
            Self::State => {
                let available = peers.iter().filter(|peer| peer.is_available()).count();
                write!(f, "<td>{} available", Count(available as u64))
            }
            Self::Pending => number(sum(|peer| peer.status.pending_request_count.into()), f),
            Self::Requests => number(sum(|peer| peer.requests), f),
            Self::Errors => {
                let errors = (sum(|it| errors(&it.outcomes).0), sum(|it| errors(&it.outcomes).1));
                faults(errors, f)
            }
            Self::Weight => number(sum(|peer| peer.attributes.weight.max(1).into()), f),
            _ => f.write_str("<td>"),
        }
    }
}

/// The word and its sign; the other reasons; how long it is out.
fn state(standing: Standing, peer: &PeerStatus, f: &mut Formatter<'_>) -> fmt::Result {
    let (colour, sign) = standing.look();
    write!(f, "<td class=s><span class={colour}><i aria-hidden=true>{sign}</i> ")?;
    write!(f, "{}</span>", standing.word())?;
    let mut more = vec![];
    // The first of them is the word above, but for a connection that is one of two.
    if peer.reasons.iter().count() > 1 {
        more.push(peer.reasons.to_string());
    }
    if let Some(left) = peer.ejected_for {
        more.push(format!("tried again in {}", Span(left)));
    }
    match peer.ejections {
        0 => {}
        1 => more.push("ejected once".into()),
        times => more.push(format!("ejected {} times", Count(times))),
    }
    if more.is_empty() { Ok(()) } else { write!(f, " <small>{}</small>", more.join(", ")) }
}

fn check(peer: &PeerStatus, f: &mut Formatter<'_>) -> fmt::Result {
    let Some(check) = peer.check.as_ref().filter(|it| it.passed > 0 || it.failed > 0) else {
        return f.write_str("<td class=o>–");
    };
    write!(f, "<td class=w>{} ", Sentence(&check.last))?;
    let (passed, failed) = (Count(check.passed), Count(check.failed));
    match (check.passed, check.failed) {
        (_, 0) => write!(f, "<small>{passed} passed</small>"),
        (0, _) => write!(f, "<small>{failed} failed</small>"),
        _ => write!(f, "<small>{passed} passed, {failed} failed</small>"),
    }
}

fn number(number: u64, f: &mut Formatter<'_>) -> fmt::Result {
    let class = if number == 0 { "\"n o\"" } else { "n" };
    write!(f, "<td class={class}>{}", Count(number))
}

/// Errors and their share, which has a place of its own so that counts stand below each other. One that is
/// no accident is more prominent.
fn faults((errors, ended): (u64, u64), f: &mut Formatter<'_>) -> fmt::Result {
    let many = u128::from(errors) * 100 / u128::from(ended.max(1));
    let class = match (errors, many) {
        (0, _) => "n o",
        (_, 0..5) => "n",
        (_, 5..50) => "n warn",
        _ => "n bad",
    };
    write!(f, "<td class=\"{class} e\">{}<small>", Count(errors))?;
    if errors > 0 {
        write!(f, "{}", Percent { part: errors, of: ended })?;
    }
    f.write_str("</small>")
}

fn nothing(f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str("<td class=\"n o\">–")
}
