//! The same for programs.

use serde::Serialize;

use super::look;
use crate::chooser::Chooser;
use crate::stats::ChooserStatus;

/// The number of the form, which a change that breaks its readers would raise. New fields do not.
const FORM: u32 = 1;

struct Page<'a> {
    choosers: &'a [ChooserStatus],
}

impl Serialize for Page<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        super::serialize::object!(to, { "form": &FORM, "choosers": self.choosers })
    }
}

/// These choosers as JSON, in the order given, without line ends: `{"form":1,"choosers":[..]}`. To be sent as
/// `application/json`. `docs/status-page.md` has the fields.
///
/// Each chooser is as the [`Serialize`] of [`ChooserStatus`] has it: for a format other than JSON, or
/// another frame, use that. All peers are in it, in the order of their identifiers. A chooser of the user's
/// own that panics when it is looked at is left out.
///
/// Any thread may call it at any time. It blocks and calls back as [`Chooser::introspect`] does, of which
/// the text is made.
///
/// ```
/// use peerage::{Chooser, ListOptions, PeerList};
/// use peerage::{policy::RoundRobin, status_json, transports::Always};
///
/// let options = ListOptions::new().with_name("users");
/// let users = PeerList::new(RoundRobin::new(), Always::new(), options);
/// let json = status_json([&users as &dyn Chooser]);
/// assert!(json.starts_with(r#"{"form":1,"choosers":[{"name":"users","#));
/// ```
#[must_use]
pub fn status_json<'a>(choosers: impl IntoIterator<Item = &'a dyn Chooser>) -> String {
    to_json(&look(choosers))
}

pub(crate) fn to_json(choosers: &[ChooserStatus]) -> String {
    // All keys are texts and no number is infinite: it does not fail.
    serde_json::to_string(&Page { choosers }).unwrap_or_default()
}
