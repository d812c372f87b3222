//! How long a request takes to serve.

use serde::Deserialize;

use crate::simulator::dice::Dice;
use crate::simulator::time::{MILLI, Span};

/// The time that a server works on one request, when nothing is the matter with it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Service {
    pub(crate) shape: Shape,
    pub(crate) mean: Span,
    /// Of a lognormal: the deviation of the logarithm.
    pub(crate) sigma: f64,
    /// Of a bounded Pareto: the exponent. The largest is 1,000 times the smallest.
    pub(crate) alpha: f64,
    /// Of a bimodal: the share of the long ones.
    pub(crate) long_share: f64,
    /// Of a bimodal: how many times longer they are.
    pub(crate) long_factor: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shape {
    #[default]
    Exponential,
    Lognormal,
    Pareto,
    Bimodal,
    Deterministic,
}

impl Default for Service {
    fn default() -> Self {
        let (sigma, alpha, long_share, long_factor) = (1.5, 1.5, 0.01, 100.0);
        let mean = Span(10 * MILLI);
        Self { shape: Shape::default(), mean, sigma, alpha, long_share, long_factor }
    }
}

/// Largest over smallest of a bounded Pareto.
const BOUND: f64 = 1000.0;

impl Service {
    /// The work of one request in nanoseconds.
    pub(crate) fn draw(&self, dice: &mut Dice) -> f64 {
        let relative = match self.shape {
            Shape::Exponential => dice.exponential(),
            Shape::Lognormal => (self.sigma * dice.normal() - self.sigma * self.sigma / 2.0).exp(),
            Shape::Pareto => {
                let a = self.alpha;
                let kept = 1.0 - BOUND.powf(-a);
                let drawn = (1.0 - dice.unit() * kept).powf(-1.0 / a);
                let mean = a / (a - 1.0) * (1.0 - BOUND.powf(1.0 - a)) / kept;
                drawn / mean
            }
            Shape::Bimodal => {
                let mean = 1.0 + self.long_share * (self.long_factor - 1.0);
                let is_long = dice.unit() < self.long_share;
                if is_long { self.long_factor / mean } else { 1.0 / mean }
            }
            Shape::Deterministic => 1.0,
        };
        relative * self.mean.0 as f64
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.mean.0 == 0 {
            return Err("service.mean must be more than 0".into());
        }
        if self.alpha <= 0.0 || (self.alpha - 1.0).abs() < 1e-9 {
            return Err(format!("service.alpha = {} must be above 0 and not 1", self.alpha));
        }
        if !(0.0..=1.0).contains(&self.long_share) {
            return Err(format!("service.long-share = {} must be from 0 to 1", self.long_share));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::dice::Purpose;

    #[test]
    fn every_shape_has_its_mean() {
        use Shape::{Bimodal, Deterministic, Exponential, Lognormal, Pareto};
        for shape in [Exponential, Lognormal, Pareto, Bimodal, Deterministic] {
            let service = Service { shape, sigma: 1.0, ..Service::default() };
            let mut dice = Dice::new(3, Purpose::Arrivals);
            let n = 400_000;
            let mean = (0..n).map(|_| service.draw(&mut dice)).sum::<f64>() / f64::from(n);
            let relative = mean / service.mean.0 as f64;
            assert!((0.97..1.03).contains(&relative), "{shape:?}: {relative}");
        }
    }
}
