//! The settings of the policies that price peers.

/// The settings of a [`Priced`](super::Priced) policy.
///
/// ```
/// use peerage::policy::{Priced, PricedOptions};
///
/// let policy = Priced::least_loaded(PricedOptions::new().with_choices(3));
/// # let _ = policy;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PricedOptions {
    pub(crate) choices: u8,
    pub(crate) memory: u8,
    pub(crate) errors: bool,
    pub(crate) measure: bool,
}

impl PricedOptions {
    /// The most random peers that are looked at.
    const MAX_CHOICES: u8 = 16;
    /// The most peers that are remembered.
    const MAX_MEMORY: u8 = 64;

    /// Two random peers, and a memory that grows to 64; failures count; latencies that the caller
    /// does not give are measured.
    #[must_use]
    pub const fn new() -> Self {
        Self { choices: 2, memory: Self::MAX_MEMORY, errors: true, measure: true }
    }

    /// Two random peers and nothing else: what `two-random-choices` has without settings.
    pub(crate) const fn plain() -> Self {
        Self { choices: 2, memory: 0, errors: false, measure: true }
    }

    /// How many random peers are looked at: 1 to 16, and cut to that.
    #[must_use]
    pub const fn with_choices(mut self, choices: u8) -> Self {
        self.choices = if choices == 0 {
            1
        } else if choices > Self::MAX_CHOICES {
            Self::MAX_CHOICES
        } else {
            choices
        };
        self
    }

    /// The most peers that are remembered: 0 for none, up to 64, and cut to that. At least four are,
    /// if any.
    #[must_use]
    pub const fn with_memory(mut self, peers: u8) -> Self {
        self.memory = if peers > Self::MAX_MEMORY { Self::MAX_MEMORY } else { peers };
        self
    }

    /// Whether failures make a peer dearer.
    #[must_use]
    pub const fn with_errors(mut self, errors: bool) -> Self {
        self.errors = errors;
        self
    }

    /// Whether a latency that a finish does not give is measured, for policies that go by it: then
    /// each choice reads the clock, which costs more than the rest of it. Without, a request whose
    /// finish gives no latency teaches none.
    #[must_use]
    pub const fn with_measure(mut self, measure: bool) -> Self {
        self.measure = measure;
        self
    }
}

impl Default for PricedOptions {
    fn default() -> Self {
        Self::new()
    }
}
