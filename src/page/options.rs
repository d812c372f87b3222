//! What can be set on a status page.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::error::{SpecError, SpecPlace};
use crate::settings::{self, KeyRow, Label, Setting, whole};

/// How [`status_html`](crate::status_html) makes its page.
///
/// ```
/// use std::time::Duration;
/// use peerage::PageOptions;
///
/// let options = PageOptions::new().with_refresh(Duration::from_secs(5)).with_peers(200);
/// assert_eq!(options.to_string(), "refresh=5s,peers=200");
/// assert_eq!("refresh=5s,peers=200".parse(), Ok(options));
/// ```
///
/// As text: `key=value,...`, the same in every language.
///
/// ```
/// use peerage::PageOptions;
///
/// let wrong = "refresh=10ms".parse::<PageOptions>().unwrap_err();
/// let text = "options at byte 0: refresh=\"10ms\" must be a duration from 1s to 24h, such as 5s";
/// assert_eq!(wrong.to_string(), text);
/// ```
///
/// | key | accepts | default | what |
/// |---|---|---|---|
/// | `title` | text | `peerage` | what the page is called |
/// | `refresh` | a duration from 1s to 24h, such as 5s | | how often the browser asks for it again; without it, when its user does |
/// | `peers` | a whole number from 0 to 1000000 | `1000` | of how many peers of a list there is a row; the others are counted |
///
/// A comma in a value is written `\,` and a backslash `\\`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageOptions {
    pub(super) title: String,
    pub(super) refresh: Option<Duration>,
    pub(super) peers: usize,
}

/// What a refresh may be, in seconds.
const SECONDS: std::ops::RangeInclusive<u64> = 1..=86_400;
const MOST_PEERS: usize = 1_000_000;

impl Default for PageOptions {
    fn default() -> Self {
        Self { title: "peerage".into(), refresh: None, peers: 1_000 }
    }
}

impl PageOptions {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what the page is called: the program, and where it runs.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Has the browser ask for the page again so often: in whole seconds, cut to 1 s and 24 h.
    #[must_use]
    pub fn with_refresh(mut self, refresh: Duration) -> Self {
        let seconds = refresh.as_secs().clamp(*SECONDS.start(), *SECONDS.end());
        self.refresh = Some(Duration::from_secs(seconds));
        self
    }

    /// Sets of how many peers of a list there is a row, a million at most. Those that do not serve come
    /// first; the others are counted, and are in the totals.
    #[must_use]
    pub fn with_peers(mut self, peers: usize) -> Self {
        self.peers = peers.min(MOST_PEERS);
        self
    }

    /// The keys that the text of options may have.
    pub fn keys() -> impl ExactSizeIterator<Item = &'static KeyRow> {
        SETTINGS.iter().map(Setting::row)
    }
}

static SETTINGS: [Setting<PageOptions>; 3] = [
    Setting::text(
        [c"title", c"what the page is called", c"peerage"],
        |options, title| options.title = title,
        |options| Some(&options.title),
    ),
    Setting::parsed(
        [
            c"refresh",
            c"how often the browser asks for it again; without it, when its user does",
            c"",
        ],
        Label::new(c"a duration from 1s to 24h, such as 5s"),
        |options, text| {
            let time = settings::duration(text)
                .filter(|time| time.subsec_nanos() == 0 && SECONDS.contains(&time.as_secs()));
            let reads = time.is_some() || text.is_empty();
            if reads {
                options.refresh = time;
            }
            reads
        },
        |options| options.refresh.map(settings::show_duration),
    ),
    Setting::number(
        [c"peers", c"of how many peers of a list there is a row; the others are counted", c"1000"],
        whole!(0, 1000000),
        |options, peers| options.peers = peers as usize,
        |options| Some(options.peers as u64),
    ),
];

impl FromStr for PageOptions {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let mut options = Self::default();
        settings::apply(&SETTINGS, &mut options, text, (&SpecPlace::OPTIONS, 0))?;
        Ok(options)
    }
}

impl fmt::Display for PageOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        settings::write(&SETTINGS, self, &Self::default(), "", f)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_as_the_rows_say() {
        for setting in &SETTINGS {
            setting.check(&PageOptions::default());
        }
    }

    #[test]
    fn the_documentation_has_the_rows() {
        let source = include_str!("options.rs");
        for row in PageOptions::keys() {
            let default = match row.default() {
                "" => String::new(),
                default => format!("`{default}` "),
            };
            let line = format!(
                "/// | `{}` | {} | {default}| {} |",
                row.name(),
                row.accepts(),
                row.about()
            );
            assert!(source.contains(&line), "{line}");
        }
    }

    #[test]
    fn what_is_cut_can_be_written_and_read() {
        for refresh in [Duration::ZERO, Duration::from_millis(2_500), Duration::MAX] {
            let options = PageOptions::new().with_refresh(refresh).with_peers(usize::MAX);
            assert_eq!(options.to_string().parse(), Ok(options));
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for wrong in ["refresh=0s", "refresh=1500ms", "refresh=25h", "refresh=5", "refresh=forever"]
        {
            let text = wrong.parse::<PageOptions>().expect_err(wrong).to_string();
            assert!(text.ends_with("must be a duration from 1s to 24h, such as 5s"), "{text}");
        }
        let text = "rows=5".parse::<PageOptions>().expect_err("no key").to_string();
        let known =
            "options at byte 0: there is no key \"rows\"; need one of title, refresh, peers";
        assert_eq!(text, known);
    }
}
