//! Families and samples as lines.
//!
//! With 100,000 peers there are a million lines. So a line is put together in a `String` and given on as one
//! piece, and most numbers, which are small, are written without `fmt`.

use std::fmt::{self, Write};
use std::time::Duration;

use super::format::MetricsFormat;
use crate::stats::Histogram;

/// What a family is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// All series of one name.
#[derive(Debug)]
pub(crate) struct Family {
    /// Without `_total`, which every counter has at its end.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// For the person who reads it on a dashboard: one line without a backslash or a quote.
    pub(crate) help: &'static str,
}

impl Family {
    pub(super) const fn counter(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: Kind::Counter, help }
    }

    pub(super) const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: Kind::Gauge, help }
    }

    /// Of seconds.
    pub(super) const fn histogram(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: Kind::Histogram, help }
    }

    /// What its samples have at the end of their name.
    pub(crate) const fn total(&self) -> &'static str {
        if matches!(self.kind, Kind::Counter) { "_total" } else { "" }
    }
}

/// A number of a sample.
pub(super) trait Value {
    fn push(self, line: &mut String);
}

impl Value for u64 {
    fn push(self, line: &mut String) {
        match self {
            digit @ 0..=9 => line.push(char::from(b'0' + digit as u8)),
            number => show(line, number),
        }
    }
}

impl Value for f64 {
    fn push(self, line: &mut String) {
        show(line, self);
    }
}

/// As it stands.
impl Value for String {
    fn push(self, line: &mut String) {
        line.push_str(&self);
    }
}

fn show(line: &mut String, number: impl fmt::Display) {
    // Writing to a String does not fail.
    let _ = write!(line, "{number}");
}

/// Writes one family after the other.
pub(super) struct Writer<'a> {
    to: &'a mut dyn Write,
    format: MetricsFormat,
    /// The family of the last sample.
    family: &'static str,
    /// What is not given on yet: up to the end of a line.
    line: String,
}

impl<'a> Writer<'a> {
    pub(super) fn new(to: &'a mut dyn Write, format: MetricsFormat) -> Self {
        Self { to, format, family: "", line: String::new() }
    }

    /// One sample. `labels` are those of its subject, and `also` is one more, of words that need no
    /// escape.
    pub(super) fn sample(
        &mut self,
        family: &Family,
        labels: &str,
        also: Option<(&str, &str)>,
        value: impl Value,
    ) -> fmt::Result {
        self.begin(family);
        self.line(family.name, family.total(), labels, also, value)
    }

    /// The samples of a histogram.
    pub(super) fn histogram(
        &mut self,
        family: &Family,
        labels: &str,
        histogram: &Histogram,
    ) -> fmt::Result {
        self.begin(family);
        let mut below = 0;
        for (bound, count) in Histogram::BOUNDS.iter().copied().zip(histogram.counts) {
            below += count;
            let bound = self.bound(bound);
            self.line(family.name, "_bucket", labels, Some(("le", &bound)), below)?;
        }
        let count = histogram.count();
        self.line(family.name, "_bucket", labels, Some(("le", "+Inf")), count)?;
        self.line(family.name, "_sum", labels, None, histogram.sum.as_secs_f64())?;
        self.line(family.name, "_count", labels, None, count)
    }

    /// What stands after the last family.
    pub(super) fn end(self) -> fmt::Result {
        match self.format {
            MetricsFormat::Prometheus => Ok(()),
            MetricsFormat::OpenMetrics => self.to.write_str("# EOF\n"),
        }
    }

    /// Before the first sample of a family: what it is.
    fn begin(&mut self, family: &Family) {
        let Family { name, kind, help } = *family;
        if self.family == name {
            return;
        }
        self.family = name;
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        // In OpenMetrics a counter is called without the end that its samples have.
        let end = match self.format {
            MetricsFormat::Prometheus => family.total(),
            MetricsFormat::OpenMetrics => "",
        };
        let line = &mut self.line;
        for piece in ["# HELP ", name, end, " ", help, "\n# TYPE ", name, end, " ", kind, "\n"] {
            line.push_str(piece);
        }
        if self.format == MetricsFormat::OpenMetrics && name.ends_with("_seconds") {
            for piece in ["# UNIT ", name, " seconds\n"] {
                line.push_str(piece);
            }
        }
    }

    fn line(
        &mut self,
        name: &str,
        end: &str,
        labels: &str,
        also: Option<(&str, &str)>,
        value: impl Value,
    ) -> fmt::Result {
        let line = &mut self.line;
        for piece in [name, end, "{", labels] {
            line.push_str(piece);
        }
        if let Some((key, value)) = also {
            for piece in [",", key, "=\"", value, "\""] {
                line.push_str(piece);
            }
        }
        line.push_str("} ");
        value.push(line);
        line.push('\n');
        let written = self.to.write_str(line);
        line.clear();
        written
    }

    /// A bound of a histogram: OpenMetrics wants a point in every number there.
    fn bound(&self, bound: Duration) -> String {
        let seconds = bound.as_secs_f64();
        match self.format {
            MetricsFormat::Prometheus => seconds.to_string(),
            MetricsFormat::OpenMetrics => format!("{seconds:?}"),
        }
    }
}
