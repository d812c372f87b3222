//! `${NAME}` and `${NAME:default}` in values, as YARPC has them.
//!
//! A name begins with a letter or `_`, and has letters, digits, `_`, and single dots and dashes between
//! them. A default is everything up to the next `}`. A backslash keeps what stands behind it as it is.
//! YARPC looks for variables in few values, such as `peer`; here they may stand in any, and in those the
//! backslash means something before `${` alone, so that the escapes of other grammars stay.

/// What a name stands for, if for anything; the error says what is wrong with that.
pub(super) type Variables<'a> = dyn Fn(&str) -> Result<Option<String>, String> + 'a;

/// Puts values in the place of names. `escapes` is YARPC's own rule for backslashes. The error says what is
/// there and what would be right.
pub(super) fn interpolate(
    text: &str,
    escapes: bool,
    variables: &Variables<'_>,
) -> Result<String, (String, &'static str)> {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    let malformed = || (format!("cannot parse string {text:?}"), "need ${NAME} or ${NAME:default}");
    while let Some(at) = rest.find(['$', '\\']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('\\') {
            let Some(next) = after.chars().next() else {
                if escapes {
                    return Err((malformed().0, r"need \\ for a backslash"));
                }
                break;
            };
            if escapes || after.starts_with("${") {
                out.push(next);
                rest = &after[next.len_utf8()..];
            } else {
                out.push('\\');
                rest = after;
            }
        } else if let Some(after) = rest.strip_prefix("${") {
            let name = name_len(after);
            let (name, after) = after.split_at(name);
            let (default, after) = match after.strip_prefix(':') {
                Some(after) => after.split_once('}').map(|(text, after)| (Some(text), after)),
                None => after.strip_prefix('}').map(|after| (None, after)),
            }
            .filter(|_| !name.is_empty())
            .ok_or_else(malformed)?;
            let value = variables(name)
                .map_err(|wrong| (format!("variable {name:?} {wrong}"), "need a text"))?;
            match (value, default) {
                (Some(value), _) => out.push_str(&value),
                (None, Some(default)) => out.push_str(default),
                (None, None) => {
                    let what = format!("variable {name:?} does not have a value or a default");
                    return Err((what, "set it, or need ${NAME:default}"));
                }
            }
            rest = after;
        } else {
            // A dollar alone. In YARPC one at the end is wrong.
            if escapes && rest.len() == 1 {
                return Err((malformed().0, r"need \$ for a dollar"));
            }
            let next = rest[1..].chars().next().map_or(0, char::len_utf8);
            // What stands behind it is not looked at, as YARPC has it: "$$" and "$\" are texts.
            let taken = 1 + next;
            out.push_str(&rest[..taken]);
            rest = &rest[taken..];
        }
    }
    out.push_str(rest);
    Ok(out)
}

/// How much of a text is a name.
fn name_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_word =
        |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    if !is_word(0) || bytes[0].is_ascii_digit() {
        return 0;
    }
    let mut at = 1;
    loop {
        if is_word(at) {
            at += 1;
        } else if matches!(bytes.get(at), Some(b'.' | b'-')) && is_word(at + 1) {
            at += 2;
        } else {
            return at;
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn with(text: &str, escapes: bool) -> Result<String, (String, &'static str)> {
        let known = |name: &str| match name {
            "a" | "b-c.d" => Ok(Some("[x]".to_owned())),
            "bytes" => Err("is not UTF-8".to_owned()),
            _ => Ok(None),
        };
        interpolate(text, escapes, &known)
    }

    #[test]
    fn names_stand_for_values() {
        for (text, ours, of_yarpc) in [
            ("", "", ""),
            ("${a}", "[x]", "[x]"),
            ("1${a}2${b-c.d}3", "1[x]2[x]3", "1[x]2[x]3"),
            ("${z:}", "", ""),
            ("${z::80 x}y", ":80 xy", ":80 xy"),
            ("${a:no}", "[x]", "[x]"),
            ("$ {a}", "$ {a}", "$ {a}"),
            ("$a${a}", "$a[x]", "$a[x]"),
            (r"\${a}", "${a}", "${a}"),
            (r"a\,b\\c", r"a\,b\\c", r"a,b\c"),
            ("$$${a}", "$$[x]", "$$[x]"),
            ("$${a}", "$${a}", "$${a}"),
        ] {
            assert_eq!(with(text, false).as_deref(), Ok(ours), "{text}");
            assert_eq!(with(text, true).as_deref(), Ok(of_yarpc), "{text}");
        }
        for text in ["a$", "a\\", "\\"] {
            assert_eq!(with(text, false).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_stands_for_nothing_is_an_error() {
        for text in ["${", "${}", "${a", "${1}", "${a..b}", "${a-}", "${a:", "${ a}"] {
            for escapes in [false, true] {
                assert_eq!(
                    with(text, escapes).unwrap_err().0,
                    format!("cannot parse string {text:?}")
                );
            }
        }
        assert!(with("a$", true).is_err() && with("a\\", true).is_err());
        let none = with("${zz}", true).unwrap_err();
        assert_eq!(none.0, "variable \"zz\" does not have a value or a default");
        // A default is for what is not set.
        let wrong = with("${bytes:x}", true).unwrap_err();
        assert_eq!(wrong, ("variable \"bytes\" is not UTF-8".to_owned(), "need a text"));
    }
}
