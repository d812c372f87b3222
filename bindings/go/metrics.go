package peerage

// #include "shim.h"
import "C"

import (
	"runtime"
	"unsafe"
)

// MetricsFormat says how metrics are written.
type MetricsFormat int32

const (
	// PrometheusText is Prometheus' text, version 0.0.4: what nearly everything reads.
	PrometheusText MetricsFormat = C.PEERAGE_METRICS_PROMETHEUS
	// OpenMetrics is version 1.0.0 of OpenMetrics, for clients whose Accept has it.
	OpenMetrics MetricsFormat = C.PEERAGE_METRICS_OPENMETRICS
)

// ContentType is what an HTTP server says of the text, as its Content-Type.
func (f MetricsFormat) ContentType() string {
	if f == OpenMetrics {
		return "application/openmetrics-text; version=1.0.0; charset=utf-8"
	}
	return "text/plain; version=0.0.4; charset=utf-8"
}

// MetricsOptions say what is written of choosers, and how.
type MetricsOptions struct {
	// Format is Prometheus' text unless it is set.
	Format MetricsFormat
	// Peers gives each peer series of its own, some ten of them. A server of metrics keeps every series
	// that it has ever seen, so this is for choosers whose peers are few and stay.
	Peers bool
}

// MetricsText is choosers as one text that Prometheus scrapes: what an HTTP server answers to
// "GET /metrics". Each metric has the chooser's name as its label "chooser"; of two choosers of one name the
// second is "users (2)", by their order here. A chooser that is nil or was closed is left out.
// docs/metrics.md lists the metrics.
//
// What the program has itself goes before it: OpenMetrics ends with "# EOF".
func MetricsText(options MetricsOptions, choosers ...*Chooser) string {
	cores := make([]*core, 0, len(choosers))
	handles := make([]*C.peerage_chooser, 0, len(choosers)+1)
	for _, chooser := range choosers {
		if chooser == nil {
			continue
		}
		if core := chooser.core.Load(); core != nil {
			core.deferred.tell()
			cores = append(cores, core)
			handles = append(handles, core.handle())
		}
	}
	defer runtime.KeepAlive(cores)
	opts := C.peerage_metrics_opts{format: C.peerage_metrics_format(options.Format)}
	opts.size = C.size_t(unsafe.Sizeof(opts))
	if options.Peers {
		opts.peers = 1
	}
	return written(func(buf *C.char, size C.size_t, needed *C.size_t) C.peerage_status {
		return C.peerage_metrics_text(unsafe.SliceData(handles), C.size_t(len(handles)), &opts, buf, size, needed)
	})
}
