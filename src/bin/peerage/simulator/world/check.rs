//! What a world must not be.

use super::World;

impl World {
    /// Names the key that is wrong and what would be right. Lists the servers that are written as
    /// text.
    pub(super) fn check(&mut self) -> Result<(), String> {
        let n = self.servers;
        let counts = [
            ("calls", self.calls),
            ("clients", self.clients),
            ("servers", n),
            ("workers", self.workers),
        ];
        if let Some((key, _)) = counts.iter().find(|(_, count)| *count == 0) {
            return Err(format!("{key} = 0 must be at least 1"));
        }
        share("warm", self.warm)?;
        share("fail-everywhere", self.fail_everywhere)?;
        match (self.load, self.rate) {
            (Some(x), None) | (None, Some(x)) if x > 0.0 => {}
            (None, None) => return Err("load or rate is missing".into()),
            (Some(_), Some(_)) => return Err("load and rate: one of them is enough".into()),
            _ => return Err("load or rate must be more than 0".into()),
        }
        self.service.check()?;
        self.bad.resolve(n, "bad")?;
        for trouble in &mut self.troubles {
            trouble.servers.resolve(n, "trouble.servers")?;
            trouble.check()?;
        }
        if let Some(watch) = &self.watch {
            if watch.server >= n {
                return Err(format!("watch.server = {} must be below {n}", watch.server));
            }
        }
        if let Some(bursts) = &self.bursts {
            if bursts.every.0 == 0 || bursts.length.0 > bursts.every.0 || bursts.factor <= 0.0 {
                return Err("bursts: length must be at most every, and factor above 0".into());
            }
        }
        if self.keys.as_ref().is_some_and(|keys| keys.count == 0) {
            return Err("keys.count = 0 must be at least 1".into());
        }
        if self.capacity() <= 0.0 && self.rate.is_none() {
            return Err("load is a share of the capacity, and the servers have none".into());
        }
        Ok(())
    }
}

impl super::Trouble {
    fn check(&self) -> Result<(), String> {
        share("trouble.fail", self.fail)?;
        if self.slow < 1e-3 {
            return Err(format!("trouble.slow = {} must be at least 0.001", self.slow));
        }
        if self.every.is_some_and(|every| every.0 == 0) {
            return Err("trouble.every must be more than 0".into());
        }
        if self.every.is_some() && self.until.is_none() {
            return Err("trouble.every needs trouble.until: how long does one last?".into());
        }
        if self.until.is_some_and(|until| until.0 < self.from.0) {
            return Err("trouble.until must not be before trouble.from".into());
        }
        if self.random.is_some() && (self.every.is_some() || self.until.is_some()) {
            return Err("trouble.random has no every and no until: it draws them".into());
        }
        if self.rack == Some(0) {
            return Err("trouble.rack = 0 must be at least 1".into());
        }
        if self.rack.is_some() && self.every.is_none() {
            return Err("trouble.rack needs trouble.every: groups come in turn".into());
        }
        Ok(())
    }
}

fn share(key: &str, value: f64) -> Result<(), String> {
    if (0.0..=1.0).contains(&value) {
        return Ok(());
    }
    Err(format!("{key} = {value} must be from 0 to 1"))
}
