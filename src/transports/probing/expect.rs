//! Which statuses of HTTP are good.

use std::fmt;

/// Statuses and ranges of them, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expect(Vec<(u16, u16)>);

impl Default for Expect {
    fn default() -> Self {
        Self(vec![(200, 299)])
    }
}

impl Expect {
    /// How many ranges there may be.
    const MOST: usize = 16;

    /// Reads `200-299 404`. `None`: it is not of that form.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let ranges: Option<Vec<_>> = text.split(' ').map(range).collect();
        ranges.filter(|ranges| ranges.len() <= Self::MOST).map(Self)
    }

    pub(super) fn has(&self, status: u16) -> bool {
        self.0.iter().any(|(first, last)| (*first..=*last).contains(&status))
    }
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (status(first)?, status(last)?);
    (first <= last).then_some((first, last))
}

/// Three digits, from 100 to 599.
fn status(text: &str) -> Option<u16> {
    let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|status| digits && (100..=599).contains(status))
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (first, last)) in self.0.iter().enumerate() {
            let space = if n == 0 { "" } else { " " };
            write!(f, "{space}{first}")?;
            if last != first {
                write!(f, "-{last}")?;
            }
        }
        Ok(())
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_written() {
        for (text, good, bad) in [
            ("200-299", vec![200, 204, 299], vec![199, 300, 404]),
            ("200", vec![200], vec![201]),
            ("100-599", vec![100, 599], vec![600, 99]),
            ("200-204 301 404-404", vec![202, 301, 404], vec![205, 300, 403]),
        ] {
            let expect = Expect::parse(text).expect(text);
            assert!(good.iter().all(|status| expect.has(*status)), "{text}");
            assert!(!bad.iter().any(|status| expect.has(*status)), "{text}");
            assert_eq!(expect.to_string(), text.replace("404-404", "404"));
        }
    }

    #[test]
    fn everything_else_is_no_range() {
        for text in [
            "",
            " ",
            "2xx",
            "20",
            "2000",
            "99",
            "600",
            "299-200",
            "200-",
            "-200",
            "200 ",
            "200  204",
            "200,204",
            "+20",
            "200-299-300",
            "٢٠٠",
        ] {
            assert_eq!(Expect::parse(text), None, "{text:?}");
        }
        assert_eq!(Expect::parse(&["200"; 17].join(" ")), None);
    }
}
