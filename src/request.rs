//! What a policy may look at when it chooses. Everything is borrowed: a request costs no allocation.

use std::fmt;

use crate::shown::Shown;

/// Request headers: names are text, looked up without regard to ASCII case; values are bytes.
///
/// Implemented for slices, arrays and vectors of pairs, searched in order. A stack with its own
/// header map implements it there.
pub trait Headers {
    /// The value of the header called `name`, whatever the case of either.
    fn get(&self, name: &str) -> Option<&[u8]>;
}

impl<K: AsRef<str>, V: AsRef<[u8]>> Headers for [(K, V)] {
    fn get(&self, name: &str) -> Option<&[u8]> {
        let found = self.iter().find(|(key, _)| key.as_ref().eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_ref())
    }
}

impl<K: AsRef<str>, V: AsRef<[u8]>, const N: usize> Headers for [(K, V); N] {
    fn get(&self, name: &str) -> Option<&[u8]> {
        Headers::get(self.as_slice(), name)
    }
}

impl<K: AsRef<str>, V: AsRef<[u8]>> Headers for Vec<(K, V)> {
    fn get(&self, name: &str) -> Option<&[u8]> {
        Headers::get(self.as_slice(), name)
    }
}

/// What is known of a request when its peer is chosen. Empty by default; most policies look at
/// nothing in it.
///
/// Keys and header values are bytes, of which text is one kind: an id or a hash is as good a key.
/// Two keys are the same if their bytes are.
///
/// ```
/// use peerage::Request;
///
/// let headers = [("X-Shard", "7")];
/// let request = Request::new().with_shard_key("user-42").with_headers(&headers);
/// assert_eq!(request.shard_key(), b"user-42");
/// assert_eq!(request.header_text("x-shard"), Some("7"));
///
/// let request = Request::new().with_shard_key(&[0xff, 0x00, 0x2a]);
/// assert_eq!(request.shard_key(), b"\xff\0*");
/// assert_eq!(request.shard_key_text(), None);
/// ```
#[derive(Clone, Copy, Default)]
pub struct Request<'a> {
    shard_key: &'a [u8],
    routing_key: &'a [u8],
    routing_delegate: &'a [u8],
    headers: Option<&'a dyn Headers>,
    avoid: &'a [&'a str],
    /// Not empty. Nothing is one word to write.
    preferred: Option<&'a str>,
}

// Six borrowed things and nothing else: a request is made for every choice.
const _: () = assert!(size_of::<Request<'_>>() == 6 * size_of::<&[u8]>());

impl<'a> Request<'a> {
    /// A request of which nothing is known.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            shard_key: &[],
            routing_key: &[],
            routing_delegate: &[],
            headers: None,
            avoid: &[],
            preferred: None,
        }
    }

    /// All at once, for the C layer.
    #[cfg(feature = "capi")]
    #[inline]
    pub(crate) fn of(
        shard_key: &'a [u8],
        routing_key: &'a [u8],
        routing_delegate: &'a [u8],
        headers: Option<&'a dyn Headers>,
    ) -> Self {
        Self { shard_key, routing_key, routing_delegate, headers, avoid: &[], preferred: None }
    }

    /// Sets the key that hash rings place and that `direct` takes for the peer's name: `"text"`,
    /// `&string`, `b"bytes"`, `&vector`. Any bytes for a ring; `direct` wants UTF-8, which its
    /// peers' names are.
    #[must_use]
    pub fn with_shard_key(mut self, key: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.shard_key = key.as_ref();
        self
    }

    /// Sets the routing key: the traffic group the request belongs to. Text or any bytes.
    #[must_use]
    pub fn with_routing_key(mut self, key: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.routing_key = key.as_ref();
        self
    }

    /// Sets the routing delegate: the service that stands in for the one called. Text or any bytes.
    #[must_use]
    pub fn with_routing_delegate(mut self, delegate: &'a (impl AsRef<[u8]> + ?Sized)) -> Self {
        self.routing_delegate = delegate.as_ref();
        self
    }

    /// Lends the headers.
    #[must_use]
    pub fn with_headers(mut self, headers: &'a dyn Headers) -> Self {
        self.headers = Some(headers);
        self
    }

    /// Names peers not to choose: those that an earlier attempt of the request has tried.
    ///
    /// They are chosen only if no other peer is available, and then as if nothing had been said: a
    /// request never waits because of them. What counts is the [identifier](crate::Identifier). A
    /// [`SerialPolicy`](crate::policy::SerialPolicy) is asked again a few times, and may read the
    /// names itself; [`Direct`](crate::Direct) does not look at them.
    #[must_use]
    pub const fn with_avoid(mut self, identifiers: &'a [&'a str]) -> Self {
        self.avoid = identifiers;
        self
    }

    /// Names the peer that the request would have best: the one that has its session, say. An empty
    /// name is none.
    ///
    /// It is chosen, whatever the policy, if it is in the list, can be chosen now, is not among those
    /// to [avoid](Request::with_avoid), and has no more requests in flight than a policy with a bound
    /// or a limit lets it have. Otherwise the policy chooses as if nothing had been said: a request
    /// never waits for the peer, and never fails because of it. [`Direct`](crate::Direct) does not
    /// look at it, as its requests name their peer.
    ///
    /// ```
    /// use peerage::policy::RoundRobin;
    /// use peerage::transports::Always;
    /// use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, Outcome, PeerList, Request};
    ///
    /// let list = PeerList::new(RoundRobin::new(), Always::new(), ListOptions::new());
    /// list.start()?;
    /// list.update(ListUpdates::adding(["a:1", "b:1", "c:1"]))?;
    ///
    /// // A session remembers who served it last, and goes elsewhere only when that peer is gone.
    /// let mut session = String::new();
    /// let mut serve = || {
    ///     let pick = list.try_choose(&Request::new().with_preferred(&session))?;
    ///     session = pick.identifier().to_owned();
    ///     pick.finish(Outcome::Success);
    ///     Ok::<_, peerage::ChooseError>(session.clone())
    /// };
    /// let first = serve()?;
    /// assert_eq!(serve()?, first);
    /// list.update(ListUpdates::removing([first.as_str()]))?;
    /// let second = serve()?;
    /// assert_ne!(second, first);
    /// assert_eq!(serve()?, second);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A hash ring keeps a session with a peer without memory, but moves some when peers join; this
    /// moves none, at the price of a look-up by name under a lock.
    #[must_use]
    pub const fn with_preferred(mut self, identifier: &'a str) -> Self {
        self.preferred = if identifier.is_empty() { None } else { Some(identifier) };
        self
    }

    /// The peer that the request would have best, if any.
    #[must_use]
    pub const fn preferred(&self) -> Option<&'a str> {
        self.preferred
    }

    /// Whether it says anything about which peers it wants: one branch for both.
    #[inline(always)]
    pub(crate) const fn has_wishes(&self) -> bool {
        !self.avoid.is_empty() | self.preferred.is_some()
    }

    /// The peers not to choose if there are others.
    #[must_use]
    pub const fn avoid(&self) -> &'a [&'a str] {
        self.avoid
    }

    /// The shard key, or no bytes.
    #[must_use]
    pub const fn shard_key(&self) -> &'a [u8] {
        self.shard_key
    }

    /// The shard key as text, or `None` if it is not UTF-8. A request without one has an empty text.
    #[must_use]
    pub fn shard_key_text(&self) -> Option<&'a str> {
        std::str::from_utf8(self.shard_key).ok()
    }

    /// The routing key, or no bytes.
    #[must_use]
    pub const fn routing_key(&self) -> &'a [u8] {
        self.routing_key
    }

    /// The routing delegate, or no bytes.
    #[must_use]
    pub const fn routing_delegate(&self) -> &'a [u8] {
        self.routing_delegate
    }

    /// The value of the header called `name`, whatever the case of either.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        self.headers?.get(name)
    }

    /// The same as text, or `None` if there is no such header or its value is not UTF-8.
    #[must_use]
    pub fn header_text(&self, name: &str) -> Option<&'a str> {
        std::str::from_utf8(self.header(name)?).ok()
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("shard_key", &Shown(self.shard_key))
            .field("routing_key", &Shown(self.routing_key))
            .field("routing_delegate", &Shown(self.routing_delegate))
            .field("headers", &self.headers.map(|_| ".."))
            .field("avoid", &self.avoid)
            .field("preferred", &self.preferred)
            .finish()
    }
}
