//! A source that knows the same servers all the time, and is not always well.

use std::time::Duration;

use peerage::sources::{Answer, Source, SourceError, Stop};
use peerage::{Attributes, Member};

/// How long until it is asked again.
const PAUSE: Duration = Duration::from_millis(500);

/// Names of servers, as a registry would tell them.
pub(crate) struct Names {
    names: &'static [&'static str],
    asked: u16,
}

impl Names {
    pub(crate) fn new(names: &'static [&'static str]) -> Self {
        Self { names, asked: 0 }
    }
}

impl Source for Names {
    fn name(&self) -> &str {
        "names:example"
    }

    fn next(&mut self, _: &Stop) -> Result<Answer, SourceError> {
        self.asked += 1;
        let weight = 2 + self.asked / 4 % 2;
        let member = |&name: &&'static str| {
            // The weight of the first changes now and then, which is an update.
            let weight = if name == self.names[0] { weight } else { 1 };
            Member::new(name, Attributes::new().with_weight(weight))
        };
        match self.asked % 10 {
            8 => Err("the registry is away".into()),
            // As if it had just been started: the peers there are will be kept.
            9 => Ok(Answer::new([]).asked_again_in(PAUSE)),
            _ => Ok(Answer::new(self.names.iter().map(member)).asked_again_in(PAUSE)),
        }
    }

    fn answers_at_once(&self) -> bool {
        true
    }
}
