//! A URI, or a path, as the URI of a source.

use std::path::Path;

use peerage::sources::{SourceUri, schemes};

use crate::fault::Fault;

/// Reads a URI of the library, with the slashes that other programs have in theirs (`dns://NAME:PORT`,
/// `etcd://HOST:PORT/PREFIX`), or the path of a file.
pub(super) fn read(text: &str) -> Result<SourceUri, Fault> {
    uri_of(text).parse().map_err(Fault::wrong)
}

fn uri_of(text: &str) -> String {
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| schemes().any(|known| known.name() == scheme);
    match scheme {
        Some(scheme @ ("dns" | "dns+srv" | "etcd" | "etcd+https")) => {
            let rest = &text[scheme.len() + 1..];
            format!("{scheme}:{}", rest.trim_start_matches('/'))
        }
        Some(scheme) if is_scheme(scheme) => text.to_owned(),
        // What is no file is more likely a scheme that is misspelt.
        Some(_) if !Path::new(text).exists() => text.to_owned(),
        _ => format!("file:{}", text.replace('%', "%25").replace('#', "%23")),
    }
}

#[cfg(test)]
mod tests {
    use super::uri_of;

    #[test]
    fn what_people_write_is_a_uri() {
        for (text, uri) in [
            ("dns:a:80", "dns:a:80"),
            ("dns://a:80#max-ttl=1s", "dns:a:80#max-ttl=1s"),
            ("dns:///a:80", "dns:a:80"),
            ("etcd://h:2379/users/", "etcd:h:2379/users/"),
            ("http://h/users", "http://h/users"),
            ("file:/etc/users", "file:/etc/users"),
            ("static:a:80,b:80", "static:a:80,b:80"),
            ("/etc/users", "file:/etc/users"),
            ("users.peers", "file:users.peers"),
            ("100%#1", "file:100%25%231"),
            ("consul:users", "consul:users"),
        ] {
            assert_eq!(uri_of(text), uri, "{text}");
        }
    }
}
