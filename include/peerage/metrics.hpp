// Choosers as text for Prometheus.

#ifndef PEERAGE_METRICS_HPP
#define PEERAGE_METRICS_HPP

#include "chooser.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

PEERAGE_HPP_BEGIN

/** How metrics are written. */
enum class metrics_format : std::int32_t {
  /** Prometheus' text, version 0.0.4. */
  prometheus = PEERAGE_METRICS_PROMETHEUS,
  /** OpenMetrics, version 1.0.0, for clients whose `Accept` has it. */
  openmetrics = PEERAGE_METRICS_OPENMETRICS,
};

/** What an HTTP server says of the text, as its `Content-Type`. Static. */
constexpr std::string_view content_type(metrics_format of) noexcept {
  return of == metrics_format::openmetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

/** What is written of choosers, and how. */
struct metrics_options {
  metrics_format format = metrics_format::prometheus;
  /**
   * Each peer has series of its own, some ten of them. A server of metrics keeps every series that it
   * has ever seen, so this is for choosers whose peers are few and stay.
   */
  bool peers = false;
};

/**
 * Choosers as one text that Prometheus scrapes: what an HTTP server answers to `GET /metrics`. Each metric
 * has the chooser's name as its label `chooser`; of two choosers of one name the second is `users (2)`, by
 * their order here. docs/metrics.md lists the metrics.
 */
inline result<std::string> metrics_text(const std::vector<chooser> &choosers,
                                        metrics_options options = {}) {
  std::vector<const peerage_chooser *> raw;
  raw.reserve(choosers.size());
  for (const chooser &one : choosers) raw.push_back(one.capi());
  peerage_metrics_opts opts = PEERAGE_METRICS_OPTS_INIT;
  opts.format = static_cast<peerage_metrics_format>(options.format);
  opts.peers = options.peers ? 1 : 0;
  return detail::written([&](char *buf, std::size_t len, std::size_t *needed) {
    return peerage_metrics_text(raw.data(), raw.size(), &opts, buf, len, needed);
  });
}

PEERAGE_HPP_END

#endif  // PEERAGE_METRICS_HPP
