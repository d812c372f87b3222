//! PATH of the URI.

use std::path::{PathBuf, absolute};

/// Reads it. The error says what is there and what would be right.
pub(super) fn read(text: &str) -> Result<PathBuf, String> {
    // Of `file://HOST/PATH` no host but this one could be meant, and mostly a slash is missing.
    if let Some(after) = text.strip_prefix("//").filter(|after| !after.starts_with('/')) {
        let host = after.split('/').next().unwrap_or(after);
        return Err(format!("{text:?} names the host {host:?}; need file:PATH or file:///PATH"));
    }
    if text.contains('\0') {
        return Err(format!("{text:?}: a path has no NUL"));
    }
    let text = text.strip_prefix("//").unwrap_or(text);
    let path = text.replace("%23", "#").replace("%25", "%");
    Ok(absolute(&path).unwrap_or_else(|_| path.into()))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_path_is_what_it_says() {
        for (text, path) in [
            ("/etc/users", "/etc/users"),
            ("///etc/users", "/etc/users"),
            ("/a%23b", "/a#b"),
            ("/a%2523b%25%", "/a%23b%%"),
            ("/a%20b*?,ä", "/a%20b*?,ä"),
        ] {
            assert_eq!(read(text).unwrap(), Path::new(path), "{text}");
        }
        let relative = read("etc/users").unwrap();
        assert!(relative.is_absolute() && relative.ends_with("etc/users"), "{relative:?}");
    }

    #[test]
    fn a_host_is_refused() {
        let error = read("//etc/users").unwrap_err();
        assert_eq!(error, "\"//etc/users\" names the host \"etc\"; need file:PATH or file:///PATH");
        assert_eq!(read("/a\0b").unwrap_err(), "\"/a\\0b\": a path has no NUL");
    }
}
