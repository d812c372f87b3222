//! The two formats that are spoken.

/// How metrics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum MetricsFormat {
    /// Prometheus' text, version 0.0.4: what nearly everything reads.
    #[default]
    Prometheus,
    /// OpenMetrics, version 1.0.0: has units, and an end that a cut answer lacks.
    OpenMetrics,
}

impl MetricsFormat {
    /// What an HTTP server says of the text, as its `Content-Type`.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    /// The format for a client that sends this `Accept`: OpenMetrics if it takes version 1.0.0 of it at
    /// all, else Prometheus' text, which is also right where there is no such header.
    ///
    /// ```
    /// use peerage::MetricsFormat;
    ///
    /// let accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
    /// assert_eq!(MetricsFormat::accepted(accept), MetricsFormat::OpenMetrics);
    /// assert_eq!(MetricsFormat::accepted("*/*"), MetricsFormat::Prometheus);
    /// assert_eq!(MetricsFormat::accepted(""), MetricsFormat::Prometheus);
    /// ```
    #[must_use]
    pub fn accepted(accept: &str) -> Self {
        let takes = |range: &str| {
            let mut parts = range.split(';').map(|part| part.trim().to_ascii_lowercase());
            if parts.next().as_deref() != Some("application/openmetrics-text") {
                return false;
            }
            parts.all(|parameter| match parameter.split_once('=') {
                Some(("version", version)) => version.trim_matches('"') == "1.0.0",
                Some(("q", weight)) => weight.parse() != Ok(0.0),
                _ => true,
            })
        };
        if accept.split(',').any(takes) { Self::OpenMetrics } else { Self::Prometheus }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::MetricsFormat::{self, OpenMetrics, Prometheus};

    #[test]
    fn a_format_is_taken_from_what_is_accepted() {
        for (accept, format) in [
            // Prometheus 2.42 sends the first, Prometheus 3 the second.
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                 text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                OpenMetrics,
            ),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;q=0.2",
                OpenMetrics,
            ),
            ("text/plain;version=0.0.4;q=0.5,*/*;q=0.1", Prometheus),
            ("Application/OpenMetrics-Text", OpenMetrics),
            ("application/openmetrics-text; version=\"1.0.0\"", OpenMetrics),
            ("application/openmetrics-text;version=0.0.1", Prometheus),
            ("application/openmetrics-text;q=0, text/plain", Prometheus),
            ("text/html", Prometheus),
        ] {
            assert_eq!(MetricsFormat::accepted(accept), format, "{accept}");
        }
    }
}
