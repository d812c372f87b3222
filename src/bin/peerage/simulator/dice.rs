//! The random numbers of a world.
//!
//! Each purpose draws from a stream of its own, so that what a rule draws changes neither the
//! arrivals nor the troubles that it meets. SplitMix64: Steele, Lea and Flood (OOPSLA 2014).

/// A stream of random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

/// What a stream is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    Arrivals = 1,
    Troubles = 2,
    Clients = 3,
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Dice {
    pub(crate) fn new(seed: u64, purpose: Purpose) -> Self {
        let mut dice = Self(seed.wrapping_mul(STEP) ^ ((purpose as u64) << 56));
        dice.next();
        dice.next();
        dice
    }

    /// The next 64 random bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between 0 and 1, never either.
    pub(crate) fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// Exponential of mean 1.
    pub(crate) fn exponential(&mut self) -> f64 {
        -self.unit().ln()
    }

    /// Standard normal (Box and Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}

/// Draws `0..n`, the `k`th with a probability that falls as `(k + 1)^-skew`: Zipf's law. Skew 0 is
/// the same for all.
#[derive(Debug, Clone)]
pub(crate) struct Zipf {
    cumulated: Vec<f64>,
}

impl Zipf {
    pub(crate) fn new(n: usize, skew: f64) -> Self {
        let mut sum = 0.0;
        let weight = |k: usize| ((k + 1) as f64).powf(-skew);
        let cumulated = (0..n).map(|k| {
            sum += weight(k);
            sum
        });
        Self { cumulated: cumulated.collect() }
    }

    pub(crate) fn draw(&self, dice: &mut Dice) -> usize {
        let last = self.cumulated.len() - 1;
        let at = dice.unit() * self.cumulated[last];
        self.cumulated.partition_point(|sum| *sum <= at).min(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zipf_gives_the_first_its_share() {
        let (zipf, mut dice) = (Zipf::new(4, 1.0), Dice::new(1, Purpose::Clients));
        let first = (0..100_000).filter(|_| zipf.draw(&mut dice) == 0).count();
        // 1 / (1 + 1/2 + 1/3 + 1/4) = 0.48
        assert!((47_000..49_000).contains(&first), "{first}");
    }
}
