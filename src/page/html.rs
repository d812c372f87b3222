//! The document around the lists.

use std::fmt::{self, Display, Formatter};
use std::time::SystemTime;

use super::list::{List, available, sign_of};
use super::look;
use super::options::PageOptions;
use super::shown::{Count, Moment, Text};
use crate::chooser::Chooser;
use crate::stats::ChooserStatus;

const STYLE: &str = include_str!("style.css");

/// A page of these choosers, in the order given, as an HTML document of one file: no script, nothing that
/// is fetched. To be sent as `text/html; charset=utf-8`. It says when it was made, by the system's clock.
///
/// Each chooser has its numbers, its source, and a table of its peers: those that do not serve first
/// (unavailable, connecting, ejected, draining), then the others with the largest share of errors first,
/// at last those that stand by (of a later tier, outside the subset). Columns that would say nothing are
/// left out. `docs/status-page.md` says what each means.
///
/// Names and texts of errors may be anything: they are escaped. A chooser of the user's own that panics
/// when it is looked at is left out.
///
/// Any thread may call it at any time. It blocks and calls back as [`Chooser::introspect`] does, of which
/// the page is made.
///
/// ```
/// use peerage::{Chooser, Lifecycle, List, ListOptions, ListUpdates, PageOptions, PeerList};
/// use peerage::{policy::RoundRobin, status_html, transports::Always};
///
/// let options = ListOptions::new().with_name("users");
/// let users = PeerList::new(RoundRobin::new(), Always::new(), options);
/// users.start()?;
/// users.update(ListUpdates::adding(["10.0.0.1:80", "10.0.0.2:80"]))?;
///
/// let options = PageOptions::new().with_title("shop");
/// let page = status_html([&users as &dyn Chooser], &options);
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// assert!(page.contains("<b>2</b> of 2 available"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn status_html<'a>(
    choosers: impl IntoIterator<Item = &'a dyn Chooser>,
    options: &PageOptions,
) -> String {
    Document::new(&look(choosers), options).to_string()
}

/// The page, piece by piece.
pub(crate) struct Document<'a> {
    choosers: &'a [ChooserStatus],
    options: &'a PageOptions,
    made: SystemTime,
}

impl<'a> Document<'a> {
    pub(crate) fn new(choosers: &'a [ChooserStatus], options: &'a PageOptions) -> Self {
        Self { choosers, options, made: SystemTime::now() }
    }

    #[cfg(all(test, not(loom)))]
    pub(super) fn made_at(mut self, made: SystemTime) -> Self {
        self.made = made;
        self
    }

    fn head(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(concat!(
            "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n",
            "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; ",
            "style-src 'unsafe-inline'; img-src data:\">\n",
            "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n",
            "<meta name=color-scheme content=\"light dark\">\n",
            "<meta name=referrer content=no-referrer>\n",
        ))?;
        if let Some(refresh) = self.options.refresh {
            writeln!(f, "<meta http-equiv=refresh content={}>", refresh.as_secs())?;
        }
        // Without a picture of its own the browser would ask the server for one.
        f.write_str("<link rel=icon href=\"data:,\">\n")?;
        writeln!(f, "<title>{}</title>", Text(&self.options.title))?;
        writeln!(f, "<style>\n{STYLE}</style>\n</head>")
    }

    fn summary(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (mut up, mut all, mut pending, mut waiting) = (0, 0, 0_u64, 0_u64);
        for chooser in self.choosers {
            let (available, peers) = available(chooser);
            (up, all) = (up + available, all + peers);
            pending = pending.saturating_add(chooser.stats.pending);
            waiting = waiting.saturating_add(chooser.stats.waiting as u64);
        }
        let lists = self.choosers.len();
        let plural = if lists == 1 { "" } else { "s" };
        write!(
            f,
            "<p>{} list{plural}, {} of {} peers available, {} pending, {} waiting · ",
            Count(lists as u64),
            Count(up as u64),
            Count(all as u64),
            Count(pending),
            Count(waiting)
        )?;
        writeln!(f, "<time>{}</time></p>", Moment(self.made))
    }

    /// One link for each chooser, if there are several.
    fn contents(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.choosers.len() < 2 {
            return Ok(());
        }
        f.write_str("<nav aria-label=Lists><ul>\n")?;
        for (n, chooser) in self.choosers.iter().enumerate() {
            let ((colour, sign), (up, all)) = (sign_of(chooser), available(chooser));
            write!(f, "<li><a href=#list-{}><span class={colour}>", n + 1)?;
            write!(f, "<i aria-hidden=true>{sign}</i></span> <bdi>{}</bdi> ", Text(&chooser.name))?;
            let (up, all) = (Count(up as u64), Count(all as u64));
            writeln!(f, "<small>{up} of {all}</small></a></li>")?;
        }
        f.write_str("</ul></nav>\n")
    }
}

impl Display for Document<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.head(f)?;
        writeln!(
            f,
            "<body>\n<header class=top>\n<h1><bdi>{}</bdi></h1>",
            Text(&self.options.title)
        )?;
        self.summary(f)?;
        self.contents(f)?;
        f.write_str("</header>\n<main>\n")?;
        for (n, status) in self.choosers.iter().enumerate() {
            write!(f, "{}", List { number: n + 1, status, options: self.options })?;
        }
        f.write_str("</main>\n</body>\n</html>\n")
    }
}
