//! Which rules are compared.

use std::collections::HashSet;
use std::fmt::Write;

use peerage::policy::catalogue;

use crate::simulator::clients::{Rule, rivals};
use crate::simulator::world::World;

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

/// Says of each rule that is not there that it is left out, once.
#[derive(Debug, Default)]
pub(crate) struct Known {
    left_out: HashSet<String>,
}

impl Known {
    /// The rules of these names that are there.
    pub(crate) fn those_there_are(&mut self, names: &[String]) -> Vec<Rule> {
        let mut rules = vec![];
        for name in names {
            match Rule::parse(name) {
                Ok(rule) => rules.push(rule),
                Err(error) if self.left_out.insert(name.clone()) => eprintln!("left out: {error}"),
                Err(_) => {}
            }
        }
        rules
    }
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
