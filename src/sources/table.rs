//! All schemes: a row for each kind of source that a URI can name.

use super::fixed;
use super::scheme::Scheme;

/// A row whose source this build has if it was made with the feature.
macro_rules! featured {
    ($feature:literal, $module:ident, $form:literal, $about:literal, $keys:expr) => {
        Scheme {
            name: $feature,
            form: $form,
            about: $about,
            feature: Some($feature),
            keys: $keys,
            #[cfg(feature = $feature)]
            open: Some(super::$module::open),
            #[cfg(not(feature = $feature))]
            open: None,
        }
    };
}

/// The keys of sources that ask for names.
const OF_NAMES: &[&str] = &["servers", "timeout", "min-ttl", "max-ttl"];

static SCHEMES: &[Scheme] = &[
    fixed::SCHEME,
    featured!("file", file, "file:PATH", "a file of lines or JSON", &["poll", "max-bytes"]),
    featured!("dns", dns, "dns:NAME:PORT", "the addresses of a name", OF_NAMES),
    Scheme {
        name: "dns+srv",
        form: "dns+srv:NAME",
        about: "the servers of a service, by its SRV records",
        feature: Some("dns"),
        keys: OF_NAMES,
        #[cfg(feature = "dns")]
        open: Some(super::dns::open_services),
        #[cfg(not(feature = "dns"))]
        open: None,
    },
    featured!(
        "etcd",
        etcd,
        "etcd:HOST:PORT[,HOST:PORT].../PREFIX",
        "the values of the keys below a prefix",
        &["poll", "timeout", "user", "password-file", "max-bytes"]
    ),
    Scheme {
        name: "etcd+https",
        form: "etcd+https:HOST:PORT[,HOST:PORT].../PREFIX",
        about: "the same, by TLS",
        feature: Some(if cfg!(feature = "etcd") { "tls" } else { "etcd" }),
        keys: &[
            "poll",
            "timeout",
            "user",
            "password-file",
            "max-bytes",
            "ca-file",
            "cert-file",
            "key-file",
        ],
        #[cfg(all(feature = "etcd", feature = "tls"))]
        open: Some(super::etcd::open),
        #[cfg(not(all(feature = "etcd", feature = "tls")))]
        open: None,
    },
    featured!(
        "http",
        http,
        "http://HOST[:PORT]/PATH",
        "what a URL answers",
        &["poll", "wait", "timeout", "max-bytes"]
    ),
    Scheme {
        name: "https",
        form: "https://HOST[:PORT]/PATH",
        about: "the same, by TLS",
        feature: Some(if cfg!(feature = "http") { "tls" } else { "http" }),
        keys: &["poll", "wait", "timeout", "max-bytes", "ca-file", "cert-file", "key-file"],
        #[cfg(all(feature = "http", feature = "tls"))]
        open: Some(super::http::open),
        #[cfg(not(all(feature = "http", feature = "tls")))]
        open: None,
    },
];

/// All schemes, those that this build was made without too.
pub fn schemes() -> impl ExactSizeIterator<Item = &'static Scheme> {
    SCHEMES.iter()
}
