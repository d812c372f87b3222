//! Rules by their texts.
//!
//! ```text
//! least-loaded:errors=on           a policy of this crate, as PolicySpec reads it
//! least-loaded queue=fifo          and the options of its list, as ListOptions reads them
//! exact-least:max-pending=1        a rule of another library, of rivals/
//! ```

use peerage::ListOptions;
use peerage::policy::PolicySpec;

use super::Client;
use super::real::{Real, Shared};
use super::rivals::{self, RivalSpec};
use crate::simulator::world::World;

/// A rule that clients go by.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// The text that it was made of.
    pub(crate) text: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Real(Box<(PolicySpec, ListOptions)>),
    Rival(RivalSpec),
}

impl Rule {
    /// Reads a rule.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (policy, options) = text.split_once(' ').unwrap_or((text, ""));
        let kind = if let Some(rival) = RivalSpec::parse(text)? {
            Kind::Rival(rival)
        } else {
            let policy: PolicySpec = policy.parse().map_err(|error| format!("{text}: {error}"))?;
            let options = options.trim().parse().map_err(|error| format!("{text}: {error}"))?;
            Kind::Real(Box::new((policy, options)))
        };
        Ok(Self { text: text.to_owned(), kind })
    }

    /// Whether it is a rule of another library that does without what servers say of themselves
    /// with their answers.
    pub(crate) fn is_rival_without_reports(&self) -> bool {
        matches!(&self.kind, Kind::Rival(rival) if !rival.needs_reports())
    }

    /// The client number `k` of a world.
    pub(crate) fn client(
        &self,
        world: &World,
        k: usize,
        seed: u64,
        shared: &Shared,
    ) -> Result<Box<dyn Client>, String> {
        let servers = world.slice(k);
        let seed = seed.wrapping_mul(7919).wrapping_add(17 * k as u64 + 5);
        Ok(match &self.kind {
            Kind::Real(real) => {
                let (spec, options) = &**real;
                Box::new(Real::new(spec, options, shared, &servers, &world.weights, seed)?)
            }
            Kind::Rival(rival) => rival.client(world, &servers, seed, shared.told.clone()),
        })
    }
}

/// Splits a list of rules at its commas, but not at those between the settings of one rule.
pub(crate) fn split(list: &str) -> Vec<String> {
    let mut rules: Vec<String> = vec![];
    for part in list.split(',') {
        let is_setting = part.contains('=') && !part.contains(':') && !part.contains(' ');
        match rules.last_mut() {
            Some(rule) if is_setting => *rule += &format!(",{part}"),
            _ => rules.push(part.trim().to_owned()),
        }
    }
    rules.retain(|rule| !rule.is_empty());
    rules
}

/// The names and descriptions of the rivals.
pub(crate) fn rivals() -> impl Iterator<Item = (&'static str, &'static str)> {
    rivals::ROWS.iter().map(|row| (row.name, row.about))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_split_between_rules() {
        let list = "random,hashring32:replicas=5,max-offset=2,prequal, two-random-choices seed=1";
        let rules = ["random", "hashring32:replicas=5,max-offset=2", "prequal"];
        assert_eq!(split(list)[..3], rules);
        assert_eq!(split(list)[3], "two-random-choices seed=1");
    }

    #[test]
    fn an_unknown_name_is_an_error_that_names_it() {
        let error = Rule::parse("no-such-policy").unwrap_err();
        assert!(error.contains("no-such-policy"), "{error}");
        assert!(Rule::parse("exact-least:maxpending=1").unwrap_err().contains("max-pending"));
        assert!(Rule::parse("round-robin fail-slow").unwrap_err().contains("fail-slow"));
    }

    #[test]
    fn every_rival_is_made_by_its_name() {
        for (name, _) in rivals() {
            let rule = Rule::parse(name).unwrap();
            assert!(matches!(rule.kind, Kind::Rival(_)), "{name}");
        }
    }
}
