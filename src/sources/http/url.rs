//! Checks the URL before anything is asked.

use ureq::http::Uri;

/// What is wrong with it: at which byte, what is there, and what would be right.
pub(super) type Fault = (usize, String);

pub(super) fn check(url: &str) -> Result<(), Fault> {
    if let Some((at, found)) = url.char_indices().find(|(_, char)| !char.is_ascii_graphic()) {
        let mut bytes = [0; 4];
        let bytes = found.encode_utf8(&mut bytes).bytes();
        let written: String = bytes.map(|byte| format!("%{byte:02X}")).collect();
        return Err((at, format!("{found:?} in a URL is written {written}")));
    }
    let authority_at = url.find("//").map(|at| at + 2).filter(|at| url[..*at].ends_with("://"));
    let Some(at) = authority_at else {
        return Err((0, format!("{url:?} is no URL with a host")));
    };
    let end = url[at..].find(['/', '?']).map_or(url.len(), |length| at + length);
    let authority = &url[at..end];
    let uri: Uri = url.parse().map_err(|error| (at, format!("{url:?} is no URL: {error}")))?;
    let port = authority.rsplit_once(':').filter(|(_, port)| !port.contains(']'));
    if port.is_some() && uri.port_u16().is_none_or(|port| port == 0) {
        return Err((
            at,
            format!("{authority:?}: the port must be a whole number from 1 to 65535"),
        ));
    }
    if uri.host().is_none_or(str::is_empty) {
        return Err((at, format!("{url:?} needs a host")));
    }
    Ok(())
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_and_what_is_right_is_not() {
        for url in [
            "http://a",
            "https://a.b:1/",
            "http://[::1]:80/a?b=c&d=%23",
            "http://127.0.0.1:65535?a=b@c:d",
            "http://a_b/*,'()",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        for (url, at, text) in [
            ("http:a", 0, "\"http:a\" is no URL with a host"),
            ("http:a//b", 0, "\"http:a//b\" is no URL with a host"),
            ("http://", 7, "\"http://\""),
            ("http:///a", 7, "\"http:///a\""),
            ("http://:80/", 7, "\"http://:80/\""),
            ("http://a:0/", 7, "\"a:0\": the port must be a whole number from 1 to 65535"),
            ("http://a:65536/", 7, "\"a:65536\": the port must be"),
            ("http://a:/", 7, "\"a:\": the port must be"),
            ("http://a:b/", 7, "\"a:b\": the port must be"),
            ("http://[::1/", 7, "\"http://[::1/\" is no URL: "),
            ("http://a/b c", 10, "' ' in a URL is written %20"),
            ("http://a/ä", 9, "'ä' in a URL is written %C3%A4"),
            ("http://a/\r\nHost: b", 9, "'\\r' in a URL is written %0D"),
        ] {
            let (found_at, found) = check(url).unwrap_err();
            assert!(found_at == at && found.starts_with(text), "{url}: {found_at} {found}");
        }
    }
}
