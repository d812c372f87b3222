//! What takes part: a list with peers in it, and what is done to it.

/// Which side, and by which rule it chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) side: &'static str,
    /// By the side's own name.
    pub(crate) policy: &'static str,
    /// Whether it counts the requests that are pending; one that does not, does less work.
    pub(crate) counts: bool,
}

/// Makes so many requests. The second number differs from call to call and from thread to thread: it
/// says which keys and which random numbers come first.
pub(crate) type Requests = Box<dyn Fn(u64, u64) + Send + Sync>;

/// Has a peer go, or come back.
pub(crate) type Flip = Box<dyn Fn(usize) + Send + Sync>;

/// A list of available peers.
pub(crate) struct Side {
    pub(crate) name: Name,
    pub(crate) requests: Requests,
    /// `None`: it knows no status.
    pub(crate) flip: Option<Flip>,
}

/// Keys of 11 bytes, of which there are a thousand.
pub(crate) struct Keys(Vec<String>);

impl Keys {
    pub(crate) fn new() -> Self {
        Self((0..1_024).map(|n| format!("user-{n:06}")).collect())
    }

    pub(crate) fn nth(&self, nth: u64) -> &str {
        &self.0[nth as usize % self.0.len()]
    }
}
