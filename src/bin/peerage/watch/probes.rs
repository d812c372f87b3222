//! What the probes have been said to say.

use std::collections::HashMap;
use std::io::{self, Write};

use peerage::transports::{ProbeState, ProbeStatus};

use super::line::Form;

/// The states that lines have told, by name.
#[derive(Default)]
pub(super) struct Probes {
    told: HashMap<String, ProbeState>,
}

impl Probes {
    /// Writes a line for each peer whose state is another one. Returns whether the first probe of every
    /// peer has ended.
    pub(super) fn tell(
        &mut self,
        statuses: &HashMap<String, ProbeStatus>,
        form: Form,
        out: &mut dyn Write,
    ) -> io::Result<bool> {
        self.told.retain(|id, _| statuses.contains_key(id));
        let is_other = |status: &&ProbeStatus| {
            status.state != ProbeState::New
                && self.told.get(&status.identifier) != Some(&status.state)
        };
        let mut others: Vec<_> = statuses.values().filter(is_other).collect();
        others.sort_by(|a, b| a.identifier.cmp(&b.identifier));
        for status in others {
            form.probe(status, out)?;
            self.told.insert(status.identifier.clone(), status.state);
        }
        Ok(self.told.len() == statuses.len())
    }
}
