//! Families and samples as lines.

use std::fmt;
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

/// Writes one family after the other.
pub(super) struct Writer<'a> {
    to: &'a mut dyn fmt::Write,
    format: MetricsFormat,
    /// The family of the last sample.
    family: &'static str,
}

impl<'a> Writer<'a> {
    pub(super) fn new(to: &'a mut dyn fmt::Write, format: MetricsFormat) -> Self {
        Self { to, format, family: "" }
    }

    /// One sample. `labels` are those of its subject, and `also` is one more, of words that need no
    /// escape.
    pub(super) fn sample(
        &mut self,
        family: &Family,
        labels: &str,
        also: Option<(&str, &str)>,
        value: impl fmt::Display,
    ) -> fmt::Result {
        self.begin(family)?;
        self.line(family.name, family.total(), labels, also, value)
    }

    /// The samples of a histogram.
    pub(super) fn histogram(
        &mut self,
        family: &Family,
        labels: &str,
        histogram: &Histogram,
    ) -> fmt::Result {
        self.begin(family)?;
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
    fn begin(&mut self, family: &Family) -> fmt::Result {
        let Family { name, kind, help } = *family;
        if self.family == name {
            return Ok(());
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
        writeln!(self.to, "# HELP {name}{end} {help}")?;
        writeln!(self.to, "# TYPE {name}{end} {kind}")?;
        if self.format == MetricsFormat::OpenMetrics && name.ends_with("_seconds") {
            writeln!(self.to, "# UNIT {name} seconds")?;
        }
        Ok(())
    }

    fn line(
        &mut self,
        name: &str,
        end: &str,
        labels: &str,
        also: Option<(&str, &str)>,
        value: impl fmt::Display,
    ) -> fmt::Result {
        let to = &mut *self.to;
        for piece in [name, end, "{", labels] {
            to.write_str(piece)?;
        }
        if let Some((key, value)) = also {
            for piece in [",", key, "=\"", value, "\""] {
                to.write_str(piece)?;
            }
        }
        writeln!(to, "}} {value}")
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
