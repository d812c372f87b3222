//! Which rules are compared.

use std::fmt::Write;

use peerage::policy::catalogue;

use crate::clients::{Rule, rivals};
use crate::world::World;

/// Policies that are compared if nothing else is said. One that is not in the catalogue is left out.
const POLICIES: [&str; 9] = [
    "round-robin",
    "random",
    "two-random-choices",
    "two-random-choices:errors=on",
    "fewest-pending-requests",
    "least-loaded",
    "least-latency",
    "least-reported",
    "weighted-round-robin",
];

/// The policies, and every rival.
pub(crate) fn defaults() -> Vec<String> {
    let policies = POLICIES.into_iter();
    policies.chain(rivals().map(|(name, _)| name)).map(str::to_owned).collect()
}

/// The rules of these names. Those that are not there are reported, and left out.
pub(crate) fn those_there_are(names: &[String]) -> Vec<Rule> {
    let parsed = names.iter().map(|name| Rule::parse(name));
    parsed.filter_map(|rule| rule.map_err(|error| eprintln!("left out: {error}")).ok()).collect()
}

/// Worlds and rules, for `--list`.
pub(crate) fn listed(worlds: &[World]) -> String {
    let mut text = "Worlds\n".to_owned();
    for world in worlds {
        let _ = writeln!(text, "  {:<42} {}", world.name, world.title);
    }
    text += "\nPolicies of this crate\n";
    for row in catalogue() {
        let keys: Vec<_> = row.keys().map(|key| format!("{}=", key.name())).collect();
        let _ = writeln!(text, "  {:<26} {} {}", row.name(), row.about(), keys.join(" "));
    }
    text += "\nRules of other libraries\n";
    for (name, about) in rivals() {
        let _ = writeln!(text, "  {name:<26} {about}");
    }
    text
}
