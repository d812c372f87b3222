//! The service that requests are for, and its peers' URLs.

use ureq::http::uri::{Authority, PathAndQuery, Scheme, Uri};

use super::error::CallError;

/// Scheme and authority of the service.
#[derive(Debug, Clone)]
pub(super) struct Service {
    scheme: Scheme,
    authority: Authority,
}

fn wrong(what: String) -> CallError {
    CallError::Request(what)
}

impl Service {
    /// Reads `http://users` or `https://users.example:8443`.
    pub(super) fn new(text: &str) -> Result<Self, CallError> {
        let needed = "a service is http://NAME or https://NAME, with a port if it has one";
        let uri: Uri =
            text.parse().map_err(|error| wrong(format!("{text:?}: {error}; {needed}")))?;
        let parts = uri.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(wrong(format!("{text:?} has no scheme or no name; {needed}")));
        };
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(wrong(format!("{text:?} has the scheme {:?}; {needed}", scheme.as_str())));
        }
        if scheme == Scheme::HTTPS && cfg!(not(feature = "tls")) {
            return Err(wrong(format!("{text:?} needs the feature `tls`, which is not built in")));
        }
        if parts.path_and_query.is_some_and(|path| path != "/") || authority.as_str().contains('@')
        {
            return Err(wrong(format!("{text:?} has more than a name and a port; {needed}")));
        }
        Ok(Self { scheme, authority })
    }

    pub(super) fn authority(&self) -> &str {
        self.authority.as_str()
    }

    /// A URL of it, for the name in TLS.
    pub(super) fn root(&self) -> Uri {
        self.at(self.authority.clone(), PathAndQuery::from_static("/"))
    }

    /// What a request asks for: the path of a URL without a name, or of one with this service's.
    pub(super) fn path(&self, uri: &Uri) -> Result<PathAndQuery, CallError> {
        let is_other = uri.authority().is_some_and(|authority| *authority != self.authority)
            || uri.scheme().is_some_and(|scheme| *scheme != self.scheme);
        if is_other {
            let (scheme, authority) = (&self.scheme, &self.authority);
            return Err(wrong(format!("{uri} is not of the service {scheme}://{authority}")));
        }
        let path = uri.path_and_query().cloned();
        Ok(path.unwrap_or_else(|| PathAndQuery::from_static("/")))
    }

    /// The URL at a peer.
    pub(super) fn at_peer(&self, peer: &str, path: PathAndQuery) -> Result<Uri, String> {
        let authority: Authority =
            peer.parse().map_err(|error| format!("{peer:?} is no host:port: {error}"))?;
        if peer.contains('@') {
            return Err(format!("{peer:?} is no host:port: it has a user"));
        }
        Ok(self.at(authority, path))
    }

    fn at(&self, authority: Authority, path: PathAndQuery) -> Uri {
        let uri = Uri::builder().scheme(self.scheme.clone()).authority(authority);
        uri.path_and_query(path).build().expect("all three parts are there and were read")
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_a_scheme_and_a_name_and_all_else_is_refused() {
        for good in ["http://users", "http://users/", "http://[::1]:8080"] {
            assert!(Service::new(good).is_ok(), "{good}");
        }
        for (bad, what) in [
            ("users", "has no scheme or no name"),
            ("ftp://users", "has the scheme \"ftp\""),
            ("http://users/v1", "has more than a name and a port"),
            ("http://me@users", "has more than a name and a port"),
            ("http://us ers", "invalid uri character"),
        ] {
            let said = Service::new(bad).unwrap_err().to_string();
            assert!(said.contains(what) && said.contains(bad), "{said}");
        }
        let said = Service::new("https://users").map(drop).map_err(|error| error.to_string());
        assert_eq!(said.is_ok(), cfg!(feature = "tls"), "{said:?}");
    }

    #[test]
    fn a_request_for_another_service_is_refused() {
        let users = Service::new("http://users:81").unwrap();
        let path = |uri: &str| users.path(&uri.parse().unwrap()).map(|path| path.to_string());
        assert_eq!(path("/a?b").unwrap(), "/a?b");
        assert_eq!(path("http://users:81").unwrap(), "/");
        for other in ["http://users/a", "https://users:81/a", "http://items:81/a"] {
            let text = format!("{other} is not of the service http://users:81");
            assert!(path(other).unwrap_err().to_string().ends_with(&text));
        }
        let at = users.at_peer("10.0.0.1:80", PathAndQuery::from_static("/a?b")).unwrap();
        assert_eq!(at, "http://10.0.0.1:80/a?b");
        assert!(users.at_peer("me@10.0.0.1:80", PathAndQuery::from_static("/")).is_err());
    }
}
